"""Stretches of days that figures are asked for, read from an address and compared with the stretch before; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

#: Periods on offer, in days, and the one shown first.
OFFERED = (7, 14, 30, 90)
USUAL = 14
#: The longest period of one's own choice, and the first day one may begin at: the calendar must reach back from there.
LONGEST = 366
EARLIEST = date(1970, 1, 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the house, both ends included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days it holds."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days, just before."""
        return Period(self.first - self.length * _DAY, self.first - _DAY)

    def days(self) -> Iterator[date]:
        """Its days, oldest first."""
        return (self.first + n * _DAY for n in range(self.length))

    def words(self, today: date) -> dict[str, str]:
        """The period as the words of an address; `read` gives it back."""
        if self.last == today and self.length in OFFERED:
            return {"period": str(self.length)}
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def last_days(count: int, today: date) -> Period:
    """So many days, today the last of them."""
    return Period(today - (count - 1) * _DAY, today)


def month(year: int, number: int) -> Period:
    """One month of the calendar."""
    following = date(year + number // 12, number % 12 + 1, 1)
    return Period(date(year, number, 1), following - _DAY)


def read(given: Mapping[str, str], today: date) -> Period:
    """The period that the words of an address ask for; what makes no sense gives the usual one.

    Words: `period` (days), or `from` and `to` (ISO dates); days to come are left out.
    """
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    if first is not None and first <= (last or today):
        last = min(last or today, today)
        if first <= last and (last - first).days < LONGEST:
            return Period(first, last)
    asked = given.get("period", "")
    return last_days(int(asked) if asked in {str(n) for n in OFFERED} else USUAL, today)


def _day(word: str) -> date | None:
    try:
        day = date.fromisoformat(word[:10])
    except ValueError:
        return None
    return day if day >= EARLIEST else None
