"""The receipt of a gift as the French tax code asks for it, as a paper and as a page with the same words; pure.

Source: articles 200 and 238 bis of the code général des impôts, and the mentions of form 11580*05 (April 2023), whose
layout a body may replace as long as it keeps them; looked up in November 2026, to be validated by the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from app.settlements.files import papers
from app.settlements.spoken import euros

#: How what was given is described, by the way in which a campaign gives receipts.
_FORMS = {
    "waiver": "Renonciation expresse au remboursement de billets de spectacles annulés",
    "refund_then_gift": "Don d’une somme dont le remboursement était dû au donateur",
}
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything a receipt says. Units: cents; `house` and `donor` are lines of an address."""

    number: str
    house: tuple[str, ...]
    siren: str
    statute: str
    object: str
    articles: str
    ruling: str
    donor: tuple[str, ...]
    donor_siren: str
    cents: int
    mode: str
    credit: str
    given_on: date
    made_at: datetime
    signer: str
    signer_role: str


#: A part of a receipt: its title, and lines of (what, said).
_Part = tuple[str, tuple[tuple[str, str], ...]]


def paper(words: Words) -> bytes:
    """The receipt as PDF."""
    sheet = papers.begun(_title(words), words.made_at, "fr")
    sheet.add_page()
    papers.line(sheet, "Reçu au titre d’un don", size=18, bold=True, after=1)
    papers.line(sheet, f"Numéro d’ordre\u00a0: {words.number}", size=12, after=6)
    for title, some in _parts(words):
        papers.line(sheet, title, size=12, bold=True, after=1)
        for what, said in some:
            papers.line(sheet, f"{what}\u00a0: {said}" if what else said, after=0.5)
        papers.line(sheet, "", after=1.5)
    papers.line(sheet, _attested(words), after=6)
    papers.line(sheet, _signed(words), align="R")
    return bytes(sheet.output())


def page(words: Words) -> bytes:
    """The same receipt as a page that is read aloud well; it needs nothing else."""
    parts = "".join(
        f"<section><h2>{escape(title)}</h2><dl>"
        + "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(said)}</dd></div>" for what, said in some)
        + "</dl></section>"
        for title, some in _parts(words)
    )
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(_title(words))}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"></head><body><main>'
        f"<h1>Reçu au titre d’un don</h1><p>Numéro d’ordre\u00a0: <strong>{escape(words.number)}</strong></p>{parts}"
        f"<p>{escape(_attested(words))}</p><p>{escape(_signed(words))}</p></main></body></html>\n"
    ).encode()


def _title(words: Words) -> str:
    return f"Reçu {words.number} – {words.house[0]}"


def _parts(words: Words) -> tuple[_Part, ...]:
    donor, house = words.donor, words.house
    company = (("SIREN", words.donor_siren),) if words.donor_siren else ()
    ruling = (("Prise de position de l’administration", words.ruling),) if words.ruling else ()
    return (
        ("Bénéficiaire du don", (
            ("Nom", house[0]), ("Adresse", ", ".join(house[1:])), ("SIREN", words.siren), ("Nature", words.statute),
            ("Objet", words.object), *ruling,
        )),
        ("Donateur", (("Nom", donor[0]), ("Adresse", ", ".join(filter(None, donor[1:]))), *company)),
        ("Don", (
            ("Somme en euros", f"***{_figures(words.cents)}***"), ("En toutes lettres", euros(words.cents)),
            ("Date du don", _day(words.given_on)), ("Forme", "Déclaration expresse du donateur"),
            ("Nature", _FORMS[words.mode]), ("Mode de versement", f"Imputation sur l’avoir {words.credit}"),
        )),
    )  # fmt: skip


def _attested(words: Words) -> str:
    return (
        f"{words.house[0]} certifie sur l’honneur que ce don ouvre droit à la réduction d’impôt prévue par\u00a0: "
        f"{words.articles}."
    )


def _signed(words: Words) -> str:
    return f"Le {_day(words.made_at.date())}, {words.signer}, {words.signer_role}"


def _figures(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", "\u00a0") + f",{cents % 100:02}"


def _day(on: date) -> str:
    return f"{'1er' if on.day == 1 else on.day} {_MONTHS[on.month - 1]} {on.year}"
