"""Words of closed vocabularies as ticketing systems write them, in French and English; pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from app.boxoffice.connectors.cells import CellError, cents, plain


def _table(said: dict[str, str]) -> dict[str, str]:
    """Each way of writing a word, to the word itself."""
    found = {plain(code): code for code in said}
    for code, phrases in said.items():
        found |= {plain(phrase): code for phrase in phrases.split("|")}
    return found


CHANNELS: Final = _table({
    "web": "internet|en ligne|online|site", "counter": "guichet|caisse|billetterie|sur place|box office",
    "phone": "téléphone", "reseller": "revendeur|distributeur", "school": "scolaire|école",
})  # fmt: skip
KINDS: Final = _table({
    "single": "unité|à l’unité|billet", "subscription": "abonnement|pass|abo", "group": "groupe",
    "invitation": "exonéré|exo",
})  # fmt: skip
STATUSES: Final = _table({
    "valid": "valide|émis|vendu|sold", "used": "utilisé|contrôlé|scanné|scanned", "cancelled": "annulé|canceled",
    "exchanged": "échangé", "resold": "revendu",
})  # fmt: skip
PERFORMANCES: Final = _table({
    "scheduled": "prévue|prévu|programmée|maintenue|planned|on sale", "delayed": "retardée|retardé",
    "postponed": "reportée|reporté|déplacée|moved", "cancelled": "annulée|annulé|canceled",
    "interrupted": "interrompue|interrompu|broken off", "done": "jouée|joué|terminée|played",
})  # fmt: skip
CUSTOMERS: Final = _table({
    "individual": "particulier|personne", "company": "société|entreprise",
    "school": "école|scolaire|établissement scolaire|collège|lycée", "association": "asso",
    "works_council": "CE|CSE|works council|comité d’entreprise|comité social et économique", "press": "presse",
    "artist": "artiste", "unknown": "inconnu|anonyme",
})  # fmt: skip
TENDERS: Final = _table({
    "card": "CB|carte|carte bancaire|carte bleue|credit card|visa|mastercard", "cash": "espèces|liquide",
    "cheque": "chèque|check|chq", "transfer": "virement|bank transfer",
    "ancv": "chèque-vacances|chèques-vacances|ANCV Connect|CV", "passculture": "pass Culture",
    "giftcard": "carte cadeau|gift card|bon cadeau", "works_council": "CE|CSE|works council",
    "local": "monnaie locale|local currency", "invoice": "facture|mandat|Chorus", "free": "gratuit|offert|exonéré",
})  # fmt: skip
LANGUAGES: Final = _table({"fr": "français|french|fra", "en": "anglais|english|eng"})


@lru_cache(maxsize=2_048)
def tenders(text: str, total_cents: int, currency: str) -> dict[str, int]:
    """How something was paid: `CB`, for all of it, or `CB=30,00+ANCV=20,00`. Units: cents.

    Raises:
        CellError: a word is no means of payment, or an amount is none.
    """
    parts = text.split("+")
    if len(parts) == 1 and "=" not in text:
        return {_tender(text): total_cents}
    found: dict[str, int] = {}
    for part in parts:
        word, mark, amount = part.partition("=")
        if not mark:
            raise CellError("tender_amount")
        tender = _tender(word)
        found[tender] = found.get(tender, 0) + cents(amount, currency)
    return found


def _tender(word: str) -> str:
    found = TENDERS.get(plain(word))
    if found is None:
        raise CellError("tender")
    return found
