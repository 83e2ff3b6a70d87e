"""What became of the money of a choice, as its household reads it: on its way, paid, come back and why; no route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.cancellations.choices import TRANSFER, VOUCHER
from app.cancellations.choosing import ChoicePage
from app.settlements import correcting, gifts, listing
from app.settlements.correcting import Asked
from app.settlements.files import reasons
from app.settlements.listing import LineCard
from app.web.option_words import Word
from app.web.tongue import language

#: Which mark of the line of time a state has; what came back has none.
_MARKS = {"done": "done", "returned": "", "refused": ""}
_WORDS: Mapping[str, Word] = {
    "waiting": lambda: _("Waits for the next batch"),
    "approved": lambda: _("Is about to leave"),
    "sent": lambda: _("On its way"),
    "done": lambda: _("Carried out"),
    "returned": lambda: _("Came back"),
    "refused": lambda: _("Was not sent"),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """A part of what was chosen, where it goes and how it stands; `why` is said where it came back. Cents."""

    option: str
    cents: int
    masked: str
    again: bool
    mark: str
    words: str
    on: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Money:
    """Everything that was set going, the oldest first; what is asked for; whether there is a voucher."""

    fates: tuple[Fate, ...]
    asked: Asked | None
    reason: str
    vouchers: bool
    receipts: tuple[str, ...]


def money_of(token: str, page: ChoicePage) -> Money | None:
    """What became of the money behind a link; None before it was locked."""
    if page.locked_at is None:
        return None
    asked = correcting.asked_of(page)
    fates = tuple(_fate(line) for line in listing.of_link(token))
    issued = any(one.option == VOUCHER and one.mark == "done" for one in fates)
    receipts = tuple(one.number for one in gifts.of_link(token))
    return Money(fates, asked, reason(asked.reason) if asked else "", issued, receipts) if fates else None


def reason(code: str) -> str:
    """Why a bank sent money back, or we did not pay it, as the end of a sentence."""
    return reasons.said(code, language())


def _fate(line: LineCard) -> Fate:
    why = reason(line.reason) if line.state == "returned" else ""
    return Fate(
        line.option, line.cents, line.masked, line.attempt > 1, _MARKS.get(line.state, "now"),
        _words(line), line.on, why,
    )  # fmt: skip


def _words(line: LineCard) -> str:
    if line.state == "sent" and line.option == TRANSFER:
        return _("Handed to the bank")
    return _WORDS[line.state]()
