"""Why a decision was taken, as codes with values, and where the words stand; sentences are made where they are shown.

The sentences are marked for the catalogues here and translated by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.triage.text import Span

Value = str | int | float | list[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, the values of its sentence, and the words to highlight."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


def N_(text: str) -> str:  # noqa: N802 — the name gettext tools look for
    """Mark a sentence for the catalogues without translating it."""
    return text


SENTENCES: Final[dict[str, str]] = {
    "words": N_("words that point to this category: %(words)s"),
    "described": N_("it reads like what your house wrote of this reason; nothing was learned of it yet"),
    "alike": N_("%(same)s of the %(all)s examples most like it are of this category, such as “%(example)s”"),
    "no_model": N_("sorted by keyword rules alone: no trained model is in use"),
    "objected": N_("sorted by keyword rules alone: this person objects to sorting by a model"),
    "unsure": N_("not sure enough to sort without a person"),
    "unfamiliar": N_("unlike the requests learned from, so a person should look"),
    "nothing_to_read": N_("nothing to read in this message"),
    "blocked": N_("within 24 hours, and they cannot get in without an answer"),
    "unsafe": N_("within 24 hours, and an access or safety need is open"),
    "late": N_("within 24 hours, and they will arrive late"),
    "live_failure": N_("something fails at the doors, tills or scanners during an event"),
    "pressing": N_("it reads like requests that could not wait"),
    "legal_threat": N_("legal action is announced or threatened"),
    "money_taken": N_("money taken twice, without an order or by fraud"),
    "safety": N_("somebody was hurt, harassed or in danger"),
    "access_promised": N_("access was promised and not given"),
    "breach": N_("personal data exposed or an account taken over"),
    "late_refund": N_("refund awaited for more than 30 days"),
    "repeat": N_("at least two earlier messages without an answer"),
    "tickets_72h": N_("no tickets, and the performance is within 72 hours"),
    "loses_value": N_("the request loses its value if it is not answered first"),
    "deadline": N_("a deadline within 72 hours"),
    "staff_blocked": N_("sales or accounting are blocked"),
    "valuable": N_("an irreplaceable or high-value object"),
    "question": N_("a plain question or remark, no hurry stated"),
    "question_24h": N_("a plain question, but the performance is within 24 hours"),
    "to_do": N_("somebody has something to do"),
}
"""Reason code → English sentence, with its values as ``%(name)s``."""


def describe(reason: Reason, translate: Callable[[str], str] = N_) -> str:
    """The sentence of a reason, in the language of `translate` (English without it)."""
    values = {name: ", ".join(value) if isinstance(value, list) else value for name, value in reason.values.items()}
    return translate(SENTENCES[reason.code]) % values
