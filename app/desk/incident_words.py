"""How the desk says what incidents are: causes, states, why a request belongs, why a person reads it, what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.incidents.board import Entry
from app.incidents.declaring import CAUSES
from app.web.presentation import percent
from app.web.tongue import language

Words = Mapping[str, Callable[[], str]]

_CAUSES: Words = {
    "cancelled": lambda: _("A performance is cancelled"), "postponed": lambda: _("A performance moves"),
    "interrupted": lambda: _("A performance was interrupted"), "late": lambda: _("A performance begins late"),
    "sale": lambda: _("Sale or payment does not work"), "other": lambda: _("Something else"),
}  # fmt: skip
_STATES: Words = {
    "proposed": lambda: _("Proposed"), "declared": lambda: _("Declared"), "over": lambda: pgettext("incident", "Over"),
    "withdrawn": lambda: _("Withdrawn"), "dismissed": lambda: _("No incident"),
}  # fmt: skip
_REASONS: Words = {
    "performance": lambda: _("its order or its form is for this performance"),
    "order": lambda: _("it gives the code of an order for it"),
    "address": lambda: _("its writer booked it with this address"),
    "words": lambda: _("its words name it"),
    "again": lambda: _("the same person wrote about it before"),
    "agent": lambda: _("a colleague said so"),
}  # fmt: skip
_EXCEPTIONS: Words = {
    "at_the_door": lambda: _("Somebody is at the door"), "tonight": lambda: _("The performance starts within hours"),
    "distress": lambda: _("Somebody is in distress"), "access": lambda: _("An access need"),
    "minors": lambda: _("A group of minors"), "legal": lambda: _("Legal words"),
    "chargeback": lambda: _("The bank was asked for the money"), "bank": lambda: _("Bank details were sent"),
    "other_order": lambda: _("An order of somebody else"), "third_party": lambda: _("Bought from a third party"),
    "amount": lambda: _("The amount differs from the order"), "lost_ticket": lambda: _("A lost ticket"),
    "two_shows": lambda: _("It may belong to two incidents"),
    "no_address": lambda: _("No e-mail can reach its writer"),
    "unreached": lambda: _("The answer to the crowd did not reach them"),
    "elsewhere": lambda: _("It is in another department now"),
    "replied": lambda: _("They wrote again after an answer"),
    "asks_more": lambda: _("It asks what the text does not answer"), "by_hand": lambda: _("Pulled out by a colleague"),
    "novel": lambda: _("Unlike what others write"),
}  # fmt: skip
_STEPS: Words = {
    "proposed": lambda: _("Noticed and proposed"), "sharpened": lambda: _("The performance is known"),
    "declared": lambda: _("Declared: everybody is told"),
    "reworded": lambda: _("Worded anew"), "over": lambda: _("Ended: it is over"),
    "withdrawn": lambda: _("Ended: it did not happen after all"), "dismissed": lambda: _("No incident"),
    "answer_started": lambda: _("The answer to the crowd began"), "answer_held": lambda: _("A wave is told"),
    "answer_stuck": lambda: _("The next wave does not begin by itself"),
    "answer_goes_on": lambda: _("The next wave began"), "answer_paused": lambda: _("The answer is paused"),
    "answer_resumed": lambda: _("The answer goes on"), "answer_corrected": lambda: _("The answer was corrected"),
    "answer_stopped": lambda: _("The answer was stopped"),
    "retraction_written": lambda: _("A correction was prepared for those who had been answered"),
    "answer_done": lambda: _("The answer was said to all it was for"),
}  # fmt: skip
_STANDS: Words = {
    "crowd": lambda: _("In the crowd"), "exception": lambda: _("A person must read it"),
    "folded": lambda: _("Folded into another of the same person"), "out": lambda: _("Taken out"),
    "settled": lambda: _("Dealt with by a person"), "released": lambda: _("Back in the queue"),
}  # fmt: skip


def _word(words: Words, code: str) -> str:
    found = words.get(code)
    return found() if found else code


def cause(code: str) -> str:
    """A cause in words."""
    return _word(_CAUSES, code)


def causes() -> list[tuple[str, str]]:
    """Every cause, as choices."""
    return [(code, cause(code)) for code in CAUSES]


def state(code: str) -> str:
    """A state in words."""
    return _word(_STATES, code)


def reason(code: str) -> str:
    """Why a request belongs, as the end of a sentence."""
    return _word(_REASONS, code)


def sure(confidence: float) -> str:
    """How sure that is."""
    return _("%(share)s sure", share=percent(confidence, language()))


def exception(code: str) -> str:
    """Why a person must read a request."""
    return _word(_EXCEPTIONS, code)


def exceptions(codes: Sequence[str]) -> str:
    """All of it, the gravest first."""
    return " · ".join(exception(code) for code in codes)


def step(code: str) -> str:
    """A line of the timeline."""
    return _word(_STEPS, code)


def stands(code: str) -> str:
    """How a request stands with its incident."""
    return _word(_STANDS, code)


def noticed(entry: Entry) -> str:
    """What was noticed, in one sentence; empty when nobody noticed anything before it was declared."""
    found = entry.evidence
    count, people, expected, minutes = (found.get(name) for name in ("count", "senders", "expected", "minutes"))
    if not isinstance(count, int):
        return ""
    sentence = ngettext("%(num)s person wrote about it", "%(num)s people wrote about it", count)
    if isinstance(minutes, int):
        sentence += " " + ngettext("within a minute", "within %(num)s minutes", minutes)
    if isinstance(people, int):
        sentence += ", " + ngettext("%(num)s of them with trouble", "%(num)s of them with trouble", people)
    if isinstance(expected, int | float):
        sentence += ", " + _("where about %(usual)s would be usual", usual=round(expected))
    return sentence + "."
