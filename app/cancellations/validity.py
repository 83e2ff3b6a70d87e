"""Until when something is good for that is good for so many months; pure."""

from __future__ import annotations

from datetime import date, timedelta


def valid_until(start: date, months: int) -> date:
    """The last day of so many months from a day; the last day of a shorter month stands for those it does not have."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), first_after - timedelta(days=1))
