"""Papers that go with a batch: a letter for each cheque, for window envelopes, and the sheet of a counter; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from app.settlements.files import papers
from app.settlements.files.lists import Item
from app.settlements.files.tables import amount
from app.settlements.spoken import euros

if TYPE_CHECKING:
    from fpdf import FPDF

_LETTER: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "subject": "Votre chèque de {amount}, avoir {credit}", "hello": "Bonjour,",
        "body": "Vous avez choisi d’être remboursé par chèque pour\u00a0: {title}. Vous trouverez ci-joint un chèque "
        "de {amount} ({words}) à l’ordre de {payee}.",
        "until": "Un chèque s’encaisse dans l’année qui suit sa date. Passé ce délai, écrivez-nous\u00a0: la somme "
        "vous reste due.",
        "bye": "Bien à vous,", "pin": "Agrafer ici le chèque {reference}",
    },
    "en": {
        "subject": "Your cheque of €{amount}, credit {credit}", "hello": "Hello,",
        "body": "You chose to be refunded by cheque for: {title}. A cheque of €{amount} to the order of {payee} comes "
        "with this letter.",
        "until": "A cheque is cashed within the year after its date. After that write to us: the amount stays yours.",
        "bye": "Yours,", "pin": "Pin cheque {reference} here",
    },
}  # fmt: skip
#: Columns of the sheet, in millimetres, and what stands above them.
_WIDTHS = (50, 34, 22, 28, 32)
_HEADS = {
    "fr": ("Nom", "Avoir", "Montant", "Remis le", "Signature"),
    "en": ("Name", "Credit", "Amount", "Handed over", "Signature"),
}  # fmt: skip
_LINE, _SHORT = "_" * 18, "_" * 11
_SHEET = {
    "fr": (
        "Feuille de caisse {number}", f"Guichet\u00a0: {{counter}}   Jour\u00a0: {_SHORT}   Remis par\u00a0: {_LINE}",
        f"{{count}} personnes, {{amount}} en tout. Rendu à la caisse\u00a0: {_SHORT}   Visa\u00a0: {_SHORT}",
    ),
    "en": (
        "Cash sheet {number}", f"Counter: {{counter}}   Day: {_SHORT}   Handed over by: {_LINE}",
        f"{{count}} people, €{{amount}} in all. Back in the till: {_SHORT}   Signed: {_SHORT}",
    ),
}  # fmt: skip
_ROW = 11


@dataclass(frozen=True, slots=True)
class Sender:
    """The house as it writes: its name, and the lines of its address."""

    name: str
    lines: tuple[str, ...]


def letters(sender: Sender, number: str, items: Iterable[tuple[Item, str]], at: datetime) -> bytes:
    """A page for each cheque of a batch, in its household's language. Shape: (item, language)."""
    paper = papers.begun(f"{number} – {sender.name}", at, "fr")
    for item, language in items:
        _letter(paper, sender, item, "fr" if language == "fr" else "en")
    return bytes(paper.output())


def _letter(paper: FPDF, sender: Sender, item: Item, language: str) -> None:
    words, cash = _LETTER[language], amount(item.cents, language) + ("\u00a0€" if language == "fr" else "")
    paper.add_page()
    papers.line(paper, sender.name, bold=True)
    papers.line(paper, "\n".join(filter(None, sender.lines)), size=10)
    paper.set_xy(110, 50)  # where windows of French envelopes are
    line1, line2, postcode, city, country = item.address
    where = (item.payee, line1, line2, f"{postcode} {city}".strip(), "" if country == "FR" else country)
    papers.line(paper, "\n".join(filter(None, where)), width=85)
    paper.set_y(100)
    told = {
        "amount": cash, "credit": item.credit, "title": item.title, "payee": item.payee, "words": euros(item.cents),
        "reference": item.reference,
    }  # fmt: skip
    papers.line(paper, words["subject"].format(**told), bold=True, after=5)
    for part in ("hello", "body", "until", "bye"):
        papers.line(paper, words[part].format(**told), after=3)
    papers.line(paper, sender.name, after=12)
    papers.line(paper, words["pin"].format(**told), size=9)


def sheet(number: str, items: Sequence[Item], at: datetime, language: str) -> bytes:
    """What is handed over, a sheet for each counter: by name, with a place for each signature, and what it adds up to.

    The day is written by hand: whoever staffs the counter takes a sheet along each day, until everybody has come.
    """
    tongue = "fr" if language == "fr" else "en"
    paper = papers.begun(_SHEET[tongue][0].format(number=number), at, tongue)
    ordered = sorted(items, key=lambda one: (one.counter.casefold(), one.name.casefold(), one.reference))
    for counter, some in groupby(ordered, key=attrgetter("counter")):
        _till(paper, number, counter, list(some), tongue)
    return bytes(paper.output())


def _till(paper: FPDF, number: str, counter: str, items: Sequence[Item], tongue: str) -> None:
    """The sheet of one counter, on pages of its own."""
    title, head, foot = _SHEET[tongue]
    paper.add_page()
    papers.line(paper, title.format(number=number), size=16, bold=True, after=4)
    papers.line(paper, head.format(counter=counter or _LINE), after=4)
    _row(paper, _HEADS[tongue], bold=True)
    for item in items:
        _row(paper, (item.name, item.credit, amount(item.cents, tongue), "", ""), bold=False)
    total = amount(sum(item.cents for item in items), tongue) + ("\u00a0€" if tongue == "fr" else "")
    paper.ln(4)
    papers.line(paper, foot.format(count=len(items), amount=total), bold=True)


def _row(paper: FPDF, cells: Sequence[str], *, bold: bool) -> None:
    paper.set_font("Helvetica", "B" if bold else "", 9)
    if paper.will_page_break(_ROW):
        paper.add_page()
    for width, text in zip(_WIDTHS, cells, strict=True):
        said = papers.signs(text)
        while paper.get_string_width(said) > width - 3:
            said = said[:-2].rstrip() + "."
        paper.cell(width, _ROW, said, border=1)
    paper.ln(_ROW)
