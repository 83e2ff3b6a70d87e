"""Words of closed vocabularies as ticketing systems write them, in French and English; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from app.boxoffice.connectors.cells import CellError, cents, end_of_card, plain


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


#: A card's number after the word for it: its end, alone or after signs that stand for the rest.
_NUMBERED: Final = re.compile(r"(?P<word>[^\d*•#…]*?)[\s:]*(?P<number>(?:[xX]{2}|[*•#…\d])[xX*•#…\d\s.\-]*)")


@lru_cache(maxsize=2_048)
def tenders(text: str, total_cents: int, currency: str) -> dict[str, int]:
    """How something was paid: `CB`, for all of it, or `CB 4021=30,00+ANCV=20,00`. Units: cents.

    Raises:
        CellError: a word is no means of payment, or an amount is none.
    """
    found: dict[str, int] = {}
    for word, amount in _parts(text):
        tender = _tender(word)[0]
        found[tender] = found.get(tender, 0) + (total_cents if amount is None else cents(amount, currency))
    return found


@lru_cache(maxsize=2_048)
def paid_card(text: str, currency: str) -> str:
    """The last four digits of the card that paid, of several the one that paid the most; empty where none is told.

    Raises:
        CellError: as of `tenders` and `end_of_card`.
    """
    numbered = [(_tender(word)[1], amount) for word, amount in _parts(text)]
    ends = [(0 if amount is None else cents(amount, currency), end_of_card(number)) for number, amount in numbered
            if number]  # fmt: skip
    return max(ends, key=lambda one: one[0])[1] if ends else ""


def _parts(text: str) -> list[tuple[str, str | None]]:
    """Each means as written, with its amount; one alone pays all."""
    if "+" not in text and "=" not in text:
        return [(text, None)]
    found: list[tuple[str, str | None]] = []
    for part in text.split("+"):
        word, mark, amount = part.partition("=")
        if not mark:
            raise CellError("tender_amount")
        found.append((word, amount))
    return found


def _tender(word: str) -> tuple[str, str]:
    """A means of payment, and what is written of its card's number."""
    numbered = _NUMBERED.fullmatch(word.strip())
    bare, number = (numbered["word"], numbered["number"]) if numbered else (word, "")
    found = TENDERS.get(plain(bare))
    if found is None or (number and found != "card"):
        raise CellError("tender")
    return found, number
