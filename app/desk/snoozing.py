"""Until when a request is put off: tomorrow when the house opens, in three days, or a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.kernel import clock
from app.kernel.errors import Invalid
from app.venue import service as venue
from app.venue.hours import next_opening

#: When a day begins for a house that never says when it opens.
_MORNING = time(9)


def tomorrow() -> datetime:
    """The first opening from tomorrow on."""
    return _opening_from(_today() + timedelta(days=1))


def in_three_days() -> datetime:
    """The first opening from the third day on."""
    return _opening_from(_today() + timedelta(days=3))


def on(text: str) -> datetime:
    """The first opening from a date on.

    Raises:
        Invalid: field `date`, when it is no date or not ahead.
    """
    try:
        chosen = date.fromisoformat(text)
    except ValueError:
        raise Invalid({"date": "date"}) from None
    if not _today() < chosen < _today() + timedelta(days=366):
        raise Invalid({"date": "past"})
    return _opening_from(chosen)


def until(when: str, text: str) -> datetime:
    """The moment that a choice names: tomorrow, three, or a date.

    Raises:
        Invalid: field `date`, when it is no date or not ahead.
    """
    if when == "date" or (text and when not in {"tomorrow", "three"}):
        return on(text)
    return in_three_days() if when == "three" else tomorrow()


def _today() -> date:
    return clock.now().astimezone(venue.house().tz).date()


def _opening_from(day: date) -> datetime:
    midnight = datetime.combine(day, time(), tzinfo=venue.house().tz).astimezone(UTC)
    found = next_opening(venue.calendar(), midnight)
    if found is None or found == midnight:
        return datetime.combine(day, _MORNING, tzinfo=venue.house().tz).astimezone(UTC)
    return found
