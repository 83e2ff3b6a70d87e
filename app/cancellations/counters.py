"""Counters at which cash is handed over: named, changed and closed at the desk; an answer in cash belongs to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cancellations import counter_queries
from app.cancellations.models import Counter
from app.kernel import audit, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import transactional

#: Options that are handed over at a counter.
HANDED = frozenset({"refund_cash", "refund_local"})
LONGEST = 60
LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class CounterCard:
    """One counter; `answers` is how many choices that hold belong to it, where that was asked for."""

    id: int
    name: str
    place: str
    open: bool
    version: int
    changed_at: datetime
    answers: int = 0


def cards(*, by: Actor) -> list[CounterCard]:
    """Every counter, those that are open first, by name."""
    by.must(Permission.MONEY_READ)
    answers = counter_queries.answers()
    return [_card(row, answers.get(row.id, 0)) for row in counter_queries.counters()]


def open_ones() -> list[CounterCard]:
    """Counters that may be chosen."""
    return [_card(row) for row in counter_queries.counters() if row.open]


def fault(counter_id: int | None) -> str:
    """What is wrong with a counter that was chosen, as a code; where there is one only, nothing need be chosen."""
    known = {one.id for one in open_ones()}
    if counter_id is None:
        return "counter_none" if len(known) > 1 else ""
    return "" if counter_id in known else "counter_closed"


def settled(counter_id: int | None) -> int | None:
    """The counter that holds: the one that was chosen, or the only one; none where the house has named none."""
    known = [one.id for one in open_ones()]
    if counter_id in known:
        return counter_id
    return known[0] if len(known) == 1 else None


@transactional
def name(text: str, place: str, *, by: Actor) -> int:
    """Name another counter. Returns it.

    Raises:
        Invalid: field `name` or `place`.
    """
    by.must(Permission.MONEY_SET_UP)
    if by.person_id is None:
        raise Forbidden("nobody")
    text, place = _checked(text, place, 0)
    row = Counter(name=text, place=place, version=1, changed_by=by.person_id, changed_at=clock.now())
    session.add(row)
    session.flush()
    audit.note("counter_named", f"counter:{row.id}", {"name": text}, by=by)
    return int(row.id)


@transactional
def change(counter_id: int, text: str, place: str, *, is_open: bool, seen_version: int, by: Actor) -> None:
    """Call a counter otherwise, or close it; choices that belong to it stay with it.

    Raises:
        Invalid: field `name` or `place`.
        NotFound: there is none.
        Conflict: `changed_since`.
    """
    by.must(Permission.MONEY_SET_UP)
    row = counter_queries.counter_to_change(counter_id)
    if row is None:
        raise NotFound("counter")
    if by.person_id is None:
        raise Forbidden("nobody")
    text, place = _checked(text, place, counter_id)
    if row.version != seen_version:
        raise Conflict("changed_since")
    row.name, row.place, row.open, row.version = text, place, is_open, row.version + 1
    row.changed_by, row.changed_at = by.person_id, clock.now()
    audit.note("counter_changed", f"counter:{row.id}", {"name": text, "open": is_open}, by=by)


def _checked(text: str, place: str, counter_id: int) -> tuple[str, str]:
    text, place = (" ".join(one.replace("\x00", " ").split()) for one in (text, place))
    wrong = {}
    if not text or len(text) > LONGEST:
        wrong["name"] = "too_long" if text else "empty"
    elif any(row.name.casefold() == text.casefold() and row.id != counter_id for row in counter_queries.counters()):
        wrong["name"] = "counter_twice"
    if len(place) > LONGEST_PLACE:
        wrong["place"] = "too_long"
    if wrong:
        raise Invalid(wrong)
    return text, place


def _card(row: Counter, answers: int = 0) -> CounterCard:
    return CounterCard(row.id, row.name, row.place, row.open, row.version, row.changed_at, answers)
