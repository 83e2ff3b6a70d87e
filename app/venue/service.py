"""What others ask of the house and how its settings change; remembered by each process for a few seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.kernel import changes
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.venue import queries
from app.venue.hours import Calendar, Slot
from app.venue.models import House, OpeningSlot, SpecialDay

#: Characters of the name of a house, and of one fact in both languages.
LONGEST_NAME, LONGEST_FACT = 120, 2_000
_EMPTY_WEEK: tuple[tuple[Slot, ...], ...] = ((),) * 7


@dataclass(frozen=True, slots=True)
class HouseCard:
    """The house as plain values."""

    name: str
    zone: str
    language: str
    currency: str
    order_prefix: str
    facts: Mapping[str, Any]
    articles_need_two: bool = False

    def fact(self, name: str, language: str) -> str | None:
        """One fact in one language, or None when the house does not say."""
        value = self.facts.get(name)
        if isinstance(value, Mapping):
            value = value.get(language) or value.get(self.language)
        return None if value is None else str(value)

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which moments are shown."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class SpecialDayCard:
    """A date whose opening differs; closed when it has no slots."""

    day: date
    slots: tuple[Slot, ...]
    reason_fr: str
    reason_en: str

    def reason(self, language: str) -> str:
        """Why, in one of the two languages."""
        return self.reason_fr if language == "fr" else self.reason_en


_UNNAMED = HouseCard("Guichet", "Europe/Paris", "fr", "EUR", "VAL", {})


def _read_house() -> HouseCard:
    row = queries.house_row()
    if row is None:
        return _UNNAMED
    return HouseCard(
        row.name, row.zone, row.language, row.currency, row.order_prefix, queries.facts_of(row), row.articles_need_two
    )  # fmt: skip


def _read_calendar() -> Calendar:
    week: list[list[Slot]] = [[] for _ in range(7)]
    for row in queries.opening_slots():
        week[row.weekday].append(Slot(row.start, row.end))
    special = {day.day: tuple(Slot(s["start"], s["end"]) for s in day.slots) for day in queries.special_days()}
    return Calendar(house().zone, tuple(tuple(slots) for slots in week), special)


house = Remembered(_read_house)
calendar = Remembered(_read_calendar)


def named() -> str | None:
    """What the house is called; None before it is set up."""
    row = queries.house_row()
    return row.name if row else None


@transactional
def set_up(
    *,
    name: str,
    zone: str,
    language: str,
    order_prefix: str,
    facts: Mapping[str, Any],
    currency: str = "EUR",
    by: Actor = SYSTEM,
) -> None:
    """Make this installation the house named, or rename it."""
    by.must(Permission.SETTINGS_EDIT)
    row = queries.house_row() or House(revision=0)
    row.name, row.zone, row.language, row.currency = name, zone, language, currency
    row.order_prefix, row.facts, row.revision = order_prefix, dict(facts), row.revision + 1
    session.add(row)
    _forget()


@transactional
def rename(name: str, *, by: Actor) -> None:
    """Give the house another name.

    Raises:
        Invalid: field `name`.
    """
    by.must(Permission.SETTINGS_EDIT)
    row, name = queries.house_row(), name.replace("\x00", "").strip()
    if row is None:
        raise Invalid({"name": "not_set_up"})
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": "too_long" if name else "required"})
    changes.note("name", {"name": row.name}, {"name": name}, by=by)
    row.name, row.revision = name, row.revision + 1
    _forget()


@transactional
def ask_two_for_articles(*, asked: bool, by: Actor) -> None:
    """Say whether a second person must agree before an article goes online.

    Raises:
        Invalid: the house was never set up.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = queries.house_row()
    if row is None:
        raise Invalid({"asked": "not_set_up"})
    changes.note("articles", {"two": row.articles_need_two}, {"two": asked}, by=by)
    row.articles_need_two, row.revision = asked, row.revision + 1
    _forget()


@transactional
def change_facts(facts: Mapping[str, Any], *, by: Actor) -> None:
    """Change facts used as variables; the ones not named stay, one that is None is forgotten.

    Raises:
        Invalid: a fact is too long.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = queries.house_row()
    if row is None:
        raise Invalid({"house": "not_set_up"})
    long = {name: "too_long" for name, value in facts.items() if len(str(value)) > LONGEST_FACT}
    if long:
        raise Invalid(long)
    before = {name: row.facts.get(name) for name in facts}
    row.facts = {name: value for name, value in {**row.facts, **facts}.items() if value is not None}
    row.revision += 1
    changes.note("facts", before, dict(facts), by=by)
    _forget()


@transactional
def set_week(week: Sequence[Sequence[Slot]], *, by: Actor = SYSTEM) -> None:
    """Write the weekly slots anew, Monday first.

    Raises:
        Invalid: a slot ends before it starts or meets its neighbour; the field is `weekday-position`.
    """
    by.must(Permission.SETTINGS_EDIT)
    wrong = {
        f"{day}-{place}": "slot_order"
        for day, slots in enumerate(week)
        for place, slot in enumerate(slots)
        if not _fits(slots, place, slot)
    }
    if wrong:
        raise Invalid(wrong)
    before = {"week": _plain(_read_calendar().week)}
    queries.clear_slots()
    session.add_all(OpeningSlot(weekday=day, start=s.start, end=s.end) for day, slots in enumerate(week) for s in slots)
    changes.note("week", before, {"week": _plain(week)}, by=by)
    _forget()


@transactional
def set_special_day(
    day: date, slots: Sequence[Slot], *, reason_fr: str = "", reason_en: str = "", by: Actor = SYSTEM
) -> None:
    """Say how one date differs; no slots means closed.

    Raises:
        Invalid: a slot ends before it starts or meets its neighbour; the field is `slot-position`.
    """
    by.must(Permission.SETTINGS_EDIT)
    wrong = {f"slot-{place}": "slot_order" for place, slot in enumerate(slots) if not _fits(slots, place, slot)}
    if wrong:
        raise Invalid(wrong)
    before = _said_of(day)
    queries.clear_special_day(day)
    plain = [{"start": s.start, "end": s.end} for s in slots]
    session.add(SpecialDay(day=day, slots=plain, reason_fr=reason_fr, reason_en=reason_en))
    changes.note(f"day {day}", before, {"slots": [(s.start, s.end) for s in slots], "reason": reason_fr}, by=by)
    _forget()


@transactional
def clear_special_day(day: date, *, by: Actor) -> None:
    """Let a date follow its weekday again."""
    by.must(Permission.SETTINGS_EDIT)
    before = _said_of(day)
    queries.clear_special_day(day)
    changes.note(f"day {day}", before, {}, by=by)
    _forget()


def special_days() -> list[SpecialDayCard]:
    """Dates whose opening differs, oldest first."""
    return [
        SpecialDayCard(row.day, tuple(Slot(s["start"], s["end"]) for s in row.slots), row.reason_fr, row.reason_en)
        for row in queries.special_days()
    ]


def _said_of(day: date) -> dict[str, Any]:
    card = next((card for card in special_days() if card.day == day), None)
    return {} if card is None else {"slots": [(s.start, s.end) for s in card.slots], "reason": card.reason_fr}


def _fits(slots: Sequence[Slot], place: int, slot: Slot) -> bool:
    if not 0 <= slot.start < slot.end <= 30 * 60:
        return False
    return place == 0 or slots[place - 1].end <= slot.start


def _plain(week: Sequence[Sequence[Slot]]) -> list[list[tuple[int, int]]]:
    return [[(slot.start, slot.end) for slot in slots] for slots in week]


def _forget() -> None:
    house.forget()
    calendar.forget()
