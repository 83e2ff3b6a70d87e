"""Telling French from English, the two languages of the house, on texts as short as one word.

Function words decide, then the words of the trade, then py3langid where both leave a doubt.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from app.triage.labels import Language

WORDS_READ: Final = 150
SURE_ENOUGH: Final = 0.6
"""Below this py3langid is guessing, on texts it has hardly any letters of."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_FRENCH_LETTER: Final = re.compile(r"[éèêëàâçùûîïôœ]")

_FRENCH: Final = frozenset(
    """
    je j tu il elle nous vous ils elles mon ma mes ton ta tes notre nos votre vos leur leurs le la les l un une des du d
    au aux ce cet cette ces c ca cela qui que qu quoi dont ou et mais donc car ni si ne n pas plus jamais rien avec sans
    pour par dans sur sous chez vers entre depuis avant apres pendant en y est es suis sont etes etait etaient sera seront
    serait ai as avons avez ont avait avais aura aurait aurais etre avoir fait faire faites peut peux pouvez pouvons
    pourriez pourrais puis puisse veux voudrais voulons souhaite souhaitons souhaiterais dois doit faut comment quand
    pourquoi combien quel quelle quels quelles aussi tres trop bien deja encore toujours meme aucun aucune tout tous toute
    toutes autre autres moi toi lui eux ici alors voici voila merci bonjour bonsoir salut madame monsieur mme svp stp
    cordialement sincerement salutations hier demain aujourd hui soir matin midi lundi mardi mercredi jeudi vendredi samedi
    dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre oui non allo jai cest
    nai dun dune quil quon afin lors suite svp slt bjr bsr pourquoi toujours beaucoup peu chaque quelqu
    """.split()
)
_ENGLISH: Final = frozenset(
    """
    i you he she it we they my your his her its our their the an this that these those who which what when where why how
    and but or so because if not no never nothing with without for from by at of to into onto under between since before
    after during is are was were be been being am have has had having do does did doing can could would should will shall
    may might must need want like just also very too already still even any some all each every other another me him us
    them here there then thanks thank please hello hi hey dear sir madam regards sincerely yesterday tomorrow today tonight
    evening morning afternoon monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december yes don didn doesn isn wasn won couldn can't cant ive im id ll ve re pls
    plz thx cheers kind best as out up off about again get got give let know tell say said going
    """.split()
)
_TRADE_FRENCH: Final = frozenset(
    """
    billet billets billetterie place places spectacle spectacles remboursement rembourser remboursez remboursee rembourse
    commande facture abonnement abonne abonnee avoir echange echanger annulation annule annulee annuler report reporte reçu
    recu perdu perdue horaire horaires seance representation adhesion achat achete guichet salle siege fauteuil rang
    perte objet trouve oublie vestiaire bon cadeau cheque carte paiement compte passe mot don eleves classe devis
    ascenseur gradin entree enfants enfant scolaire groupe urgent urgence douchette caisse panne bonne soiree journee
    """.split()
)
_TRADE_ENGLISH: Final = frozenset(
    """
    ticket tickets seat seats booking booked refund refunds refunded order invoice subscription voucher exchange swap
    cancelled canceled cancellation postponed rescheduled received receipt lost found opening hours show shows performance
    gift card payment account password donation school pupils students quote lift wheelchair stalls circle till scanner
    door doors parking car coat help money back charged twice purchase price prices available availability
    """.split()
)


def detect(folded: str, plain: str = "", default: Language = "fr") -> Language:
    """The main language of a text given in its folded form, and in its plain form for its accents."""
    words = _WORD.findall(folded[:2_000])[:WORDS_READ]
    french = sum(word in _FRENCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    if french != english and (min(french, english) * 3 <= max(french, english) or len(words) > 12):
        return "fr" if french > english else "en"
    return _by_trade(words, plain, french - english) or _by_letters(plain[:500] or folded[:500], default)


def _by_trade(words: list[str], plain: str, lean: int) -> Language | None:
    score = lean + sum((word in _TRADE_FRENCH) - (word in _TRADE_ENGLISH) for word in words)
    if plain and _FRENCH_LETTER.search(plain[:500].lower()):
        score += 2
    if score == 0:
        return None
    return "fr" if score > 0 else "en"


def _by_letters(folded: str, default: Language) -> Language:
    if not _WORD.search(folded):
        return default
    label, probability = _identifier().classify(folded)
    if probability < SURE_ENOUGH:
        return default
    return "en" if label == "en" else "fr"


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier
