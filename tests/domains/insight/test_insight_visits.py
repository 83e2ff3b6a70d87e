"""Visits of the help pages: counted, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.insight import visits
from app.insight.access import today
from app.insight.models import Visit, VisitDay
from app.insight.visits import Deed, Seen, record_visits
from app.kernel.db import session
from tests.domains.insight.stories import later, tile

pytestmark = pytest.mark.usefixtures("app", "noon")


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    visits._buffer.taken()
    yield
    visits._buffer.taken()


def seen(visitor: str, *deeds: Deed) -> None:
    record_visits([Seen(today(), visitor, frozenset(deeds))])


def test_answers_found_without_contact():
    seen("a", Deed.SEARCHED, Deed.READ)
    seen("b", Deed.SEARCHED)
    seen("c", Deed.READ)
    seen("b", Deed.ASKED)
    found = tile("alone")
    assert found.value == pytest.approx(2 / 3)
    assert found.counts == {"alone": 2, "visitors": 3}


def test_a_request_without_a_search_is_no_visit():
    seen("a", Deed.ASKED)
    assert tile("alone").value is None


def test_the_same_visitor_counts_once_a_day():
    for _ in range(3):
        seen("a", Deed.READ)
    row = session.scalars(select(VisitDay)).one()
    assert (row.visitors, row.alone, row.read, row.searched) == (1, 1, 1, 0)


def test_yesterdays_visitors_are_forgotten_and_their_count_stays():
    seen("a", Deed.READ)
    later(days=1)
    seen("b", Deed.READ)
    assert session.scalars(select(Visit.visitor)).all() == ["b"]
    assert tile("alone").counts["visitors"] == 2


def test_nobody_is_known_again_the_next_day():
    first = visits.visitor_hash("192.0.2.7", "Firefox")
    assert visits.visitor_hash("192.0.2.7", "Firefox") == first
    assert visits.visitor_hash("192.0.2.8", "Firefox") != first
    later(days=1)
    assert visits.visitor_hash("192.0.2.7", "Firefox") != first


def test_visits_wait_in_memory_until_they_are_written():
    visits.note("a", Deed.SEARCHED)
    visits.note("a", Deed.SATISFIED)
    visits.note("b", Deed.READ)
    assert session.scalars(select(Visit)).all() == []
    assert visits.flush() == 2
    assert visits.flush() == 0
    row = session.scalars(select(VisitDay)).one()
    assert (row.visitors, row.satisfied) == (2, 1)


def test_a_flush_waits_until_it_is_due():
    visits.note("a", Deed.READ)
    assert visits.flush(only_when_due=True) == 0
    for number in range(visits.VISITORS):
        visits.note(f"v{number}", Deed.READ)
    assert visits.flush(only_when_due=True) == visits.VISITORS + 1


def test_threads_lose_nothing():
    buffer = visits.Buffer()
    day = today()

    def many(start: int) -> None:
        for number in range(start, start + 500):
            buffer.note(day, str(number), Deed.READ)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, (0, 250, 500, 750)))
    assert len(buffer.taken()) == 1_250


def test_a_buffer_that_cannot_be_written_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(visits, "MOST", 2)
    for visitor in "abc":
        visits.note(visitor, Deed.READ)
    visits.note("a", Deed.ASKED)
    assert [(one.visitor, len(one.deeds)) for one in visits._buffer.taken()] == [("a", 2), ("b", 1)]
