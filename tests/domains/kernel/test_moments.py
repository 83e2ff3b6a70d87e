"""Moments in the database: whatever zone they come in, they are kept in UTC, in text that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.exc import StatementError

from app.kernel.db import Moment, session

SUMMER_IN_PARIS = timezone(timedelta(hours=2))


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 10, 13, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 0, 30, 0, 123, tzinfo=SUMMER_IN_PARIS),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_the_same_and_in_utc(moment: datetime) -> None:
    found: Any = session.scalar(select(literal(moment, Moment())))
    assert (found, found.tzinfo, found.microsecond) == (moment, UTC, moment.microsecond)


@pytest.mark.usefixtures("app")
def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        session.scalar(select(literal(datetime(2026, 11, 10, 13, 30), Moment())))  # noqa: DTZ001 - what is refused


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("micro", [0, 1, 999_999])
def test_the_database_orders_moments_whatever_their_zones(micro: int) -> None:
    earlier = datetime(2026, 7, 1, 0, 30, 0, micro, tzinfo=SUMMER_IN_PARIS)
    later = datetime(2026, 6, 30, 22, 30, 1, tzinfo=UTC)
    before = select(
        literal(earlier, Moment()) < literal(later, Moment()), literal(later, Moment()) < literal(earlier, Moment())
    )
    assert [bool(one) for one in session.execute(before).one()] == [True, False]
