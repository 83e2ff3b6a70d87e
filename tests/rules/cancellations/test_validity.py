"""So many months from a day end on a day that exists."""

from __future__ import annotations

from datetime import date

import pytest

from app.cancellations.validity import valid_until


@pytest.mark.parametrize(
    ("start", "months", "until"),
    [
        (date(2026, 11, 22), 18, date(2028, 5, 22)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 1), 1, date(2026, 2, 1)),
    ],
)
def test_months_end_on_a_day_that_exists(start: date, months: int, until: date) -> None:
    assert valid_until(start, months) == until
