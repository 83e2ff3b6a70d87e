"""The rubric of priorities as one table of rules, read from the top; the first that applies decides and says why.

Pure: a category, a type and facts in, a level with its reason out. Which category it is was decided before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.triage.facts import Facts
from app.triage.labels import Priority

SOON_DAYS: Final = 3
"""72 hours, counted in days of the calendar, because a message names days."""

LATE_REFUND_DAYS: Final = 30
PLAIN_FROM: Final = 3
"""Points above which a message is a plain question."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at.

    `near` says that the performance is within 24 hours, `sure` that the category is likelier than not, `pressing` that
    a model holds it for urgent, `plain` what a model holds of its being a plain question; None where none was asked.
    """

    category: str
    type: str
    facts: Facts
    legal_threat: bool
    near: bool
    sure: bool = True
    pressing: bool = False
    plain: bool | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether these people certainly have no door to pass tonight; who counts the minutes, or stands there, has."""
        here = self.near and self.facts.has("countdown", "at_the_door")
        return self.sure and self.category in _NOT_AT_THE_DOORS and not here


_REFUSED: Final = "scan_refused"


def reads_near(kind: str, facts: Facts) -> bool:
    """Whether the performance is within 24 hours: said, or meant by people refused at the doors."""
    here = facts.show_hours or facts.has("at_the_door", "door_words", "entry_refused")
    return facts.event_within_24h or (kind == _REFUSED and here and not facts.elsewhen)


@dataclass(frozen=True, slots=True)
class Rule:
    """A level, the code of its reason, the signs to highlight, and when it applies."""

    level: Priority
    reason: str
    signs: tuple[str, ...]
    applies: Callable[[Case], bool]


_NO_WAY_IN: Final = ("tickets_missing", "entry_refused", "tickets_lost", "transfer_closed", "phone_dead")
_TICKET_TROUBLE: Final = (*_NO_WAY_IN, "fraud")
_WITHOUT_TICKETS: Final = ("ticket_lost", "resale_fraud")
_NOT_AT_THE_DOORS: Final = frozenset(
    {"refund_cancelled", "postponement", "lost_property", "donation", "gift_voucher", "group_booking", "invoice"}
)

_AT_WORK: Final = ("broken", "live", "at_the_door", "door_words", "countdown", "tonight", "soon", "safety")
"""What speaks of a failure of tonight, where it is colleagues who write: they write of their shifts and boxes too."""

_TOLD_AT_THE_DOORS: Final = ("complaint", "seating")
_LOSING: Final = (
    "exchange", "refund_personal", "seating", "subscription", "payment_problem", "gift_voucher", "group_booking",
    "ticket_lost_or_name_change", "account_access", "invoice",
)  # fmt: skip
_HARM_CATEGORIES: Final = (
    "complaint",
    "technical_staff",
    "refund_cancelled",
    "accessibility",
    "data_privacy",
    "seating",
)
_MONEY_CATEGORIES: Final = (
    "payment_problem",
    "subscription",
    "ticket_lost_or_name_change",
    "refund_cancelled",
    "other",
)
_PLAIN_BY_TYPE: Final = {
    "praise": 7, "parking_transport": 6, "practical_info": 5, "age_children": 5, "": 5, "event_status": 4,
    "credit_voucher": 2, "gift_voucher": 1, "reduced_price": 1, "accessibility": 1, "special_tender": 1,
    "wrong_seat": -1, "invoice_request": -1, "refund_cancelled": -1, "refund_personal": -1, "staff_it": -1,
    "group_school": -1, "subscription": -1, "donation_receipt": -1, "refund_status": -2, "account_access": -2,
    "exchange_date": -2, "eticket_missing": -2, "complaint_experience": -2, "privacy": -2, "staff_ops": -2,
    "lost_property": -3, "interrupted_show": -3, "ticket_lost": -3, "credit_change": -3,
}  # fmt: skip
_PLAIN_BY_SIGN: Final = {
    "no_hurry": 5, "question_opener": 2, "refund": -4, "own_case": -2, "tickets_missing": -2,
}  # fmt: skip
"""Points for a plain question or remark, rounded from a logistic fit on the learned part of the messages."""

_SHORT_WORDS: Final = 30
_LONG_WORDS: Final = 60


_PRESSING: Final = ("soon", "at_the_door", "tonight", *_TICKET_TROUBLE, "late", "live")


def _blocked(case: Case) -> bool:
    if not case.near or case.elsewhere:
        return False
    if case.category == "ticket_not_received" or case.type in _WITHOUT_TICKETS:
        return True
    if case.category in _TOLD_AT_THE_DOORS and not case.facts.elsewhen and case.facts.has("at_the_door", "door_words"):
        return True
    return case.facts.has(*_NO_WAY_IN)


def _unsafe(case: Case) -> bool:
    if not case.near or case.elsewhere:
        return False
    return case.category == "accessibility" or case.facts.has("lift_broken", "safety_question", "access_words")


def _late(case: Case) -> bool:
    if not case.near or case.elsewhere or not case.facts.has("late") or case.type == "event_status":
        return False
    return case.category not in _LOSING or case.facts.has("entry_wish")


def _live_failure(case: Case) -> bool:
    facts = case.facts
    playing = facts.show_hours and not facts.elsewhen and not facts.has("no_hurry")
    if case.category == "technical_staff" and case.type != "staff_hr":
        return (case.near and facts.has(*_AT_WORK)) or (playing and facts.has("live"))
    if playing and facts.has("safety") and facts.has("live", "at_the_door"):
        return True
    return case.near and facts.has("machine") and facts.has("broken") and facts.has("live", "at_the_door", "soon")


def _money_taken(case: Case) -> bool:
    if case.type == "double_charge":
        return True
    if case.type in ("special_tender", "payment_failed"):
        return case.facts.has("no_order")
    return case.category in _MONEY_CATEGORIES and case.facts.has("no_order", "fraud")


def _safety(case: Case) -> bool:
    return case.category in _HARM_CATEGORIES and case.facts.has("safety")


def _breach(case: Case) -> bool:
    if case.category in ("account_access", "technical_staff"):
        return case.facts.has("hacked")
    return case.category == "data_privacy" and case.facts.has("breach", "hacked")


def _late_refund(case: Case) -> bool:
    waited = case.facts.waiting_days or 0
    return waited > LATE_REFUND_DAYS and case.category in ("refund_cancelled", "postponement", "refund_personal")


def _tickets_72h(case: Case) -> bool:
    if case.category != "ticket_not_received" and case.type != "ticket_lost":
        return False
    days = case.facts.days_until
    return days is not None and days <= SOON_DAYS


def _loses_value(case: Case) -> bool:
    facts = case.facts
    if facts.has("presale") and facts.names_tomorrow:
        return True
    return case.near and (case.category in _LOSING or facts.has("travelling"))


def _deadline(case: Case) -> bool:
    days = case.facts.deadline_days
    return days is not None and days <= SOON_DAYS and case.category not in ("venue_info", "complaint")


def _plain(case: Case) -> bool:
    """Whether this is information, praise or a suggestion, rather than something to do for one household."""
    return _reads_plain(case) if case.plain is None else case.plain


def _reads_plain(case: Case) -> bool:
    facts = case.facts
    points = _PLAIN_BY_TYPE.get(case.type, 0)
    points += sum(_PLAIN_BY_SIGN[code] for code in _PLAIN_BY_SIGN.keys() & facts.signs.keys())
    points += 3 * facts.asks - 2 * min(2, len(facts.moments)) - 3 * (facts.seats is not None)
    points += (facts.length < _SHORT_WORDS) - 2 * (facts.length > _LONG_WORDS)
    points -= 2 * bool(facts.orders) + bool(facts.amounts) + (facts.anger > 0)
    points += 8 * ("data_privacy.unsubscribe" in facts.topics and facts.anger == 0)
    return points > PLAIN_FROM


RULES: Final[tuple[Rule, ...]] = (
    Rule("urgent", "blocked", _TICKET_TROUBLE, _blocked),
    Rule("urgent", "unsafe", ("access_words", "lift_broken", "safety_question"), _unsafe),
    Rule("urgent", "late", ("late",), _late),
    Rule("urgent", "live_failure", ("machine", "broken", "live", "safety"), _live_failure),
    Rule("urgent", "pressing", _PRESSING, lambda case: case.pressing),
    Rule("high", "legal_threat", ("legal", "legal_act"), lambda case: case.legal_threat),
    Rule("high", "money_taken", ("double_charge", "no_order", "fraud"), _money_taken),
    Rule("high", "safety", ("safety",), _safety),
    Rule(
        "high",
        "access_promised",
        ("access_promised",),
        lambda case: case.category == "accessibility" and case.facts.has("access_promised"),
    ),
    Rule("high", "breach", ("hacked", "breach"), _breach),
    Rule("high", "late_refund", ("waiting",), _late_refund),
    Rule("high", "repeat", ("repeat", "unanswered"), lambda case: case.facts.has("repeat")),
    Rule("high", "tickets_72h", _TICKET_TROUBLE, _tickets_72h),
    Rule("high", "loses_value", ("tonight", "tomorrow", "presale", "travelling"), _loses_value),
    Rule("high", "deadline", ("deadline",), _deadline),
    Rule(
        "high",
        "staff_blocked",
        ("staff_blocking",),
        lambda case: case.category == "technical_staff" and case.facts.has("staff_blocking"),
    ),
    Rule(
        "high",
        "valuable",
        ("valuable",),
        lambda case: case.category == "lost_property" and case.facts.has("valuable"),
    ),
    Rule("normal", "question_24h", (), lambda case: case.near and _plain(case)),
    Rule("low", "question", ("no_hurry",), _plain),
    Rule("normal", "to_do", (), lambda _case: True),
)
"""The rubric, from the top."""


def decide(case: Case) -> Rule:
    """The first rule that applies; the last always does."""
    return next(rule for rule in RULES if rule.applies(case))
