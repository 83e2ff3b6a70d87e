"""The tickets behind a figure are the ones it counted."""

from __future__ import annotations

import pytest

from app.insight.access import scope_for, today
from app.insight.behind import filter_behind, tickets_behind
from app.insight.dashboard import board
from app.insight.list_queries import BEHIND
from app.insight.periods import Period, last_days
from app.kernel import keyset
from app.kernel.access import Role
from app.kernel.errors import Forbidden, NotFound
from app.tickets.filters import Filter
from app.tickets.opening import open_tickets
from tests.conftest import counted as statements
from tests.domains.insight.stories import (
    a_fortnight,
    answered,
    asked,
    counted,
    department,
    given,
    later,
    mine,
    solved,
    somebody,
)
from tests.makers import a_draft

pytestmark = pytest.mark.usefixtures("app", "noon")


def ids(figure: str, days: int = 14, category: str | None = None) -> list[int]:
    counted()
    return [row.id for row in tickets_behind(figure, somebody(Role.MANAGER), mine(days, category)).rows]


def test_late_first_answers_of_the_period():
    answered(asked(), after=5)
    late = answered(asked(), after=180)
    assert ids("first_late") == [late]


def test_requests_received_on_one_day():
    asked()
    later(days=1)
    ticket = asked()
    counted()
    by = somebody(Role.MANAGER)
    page = tickets_behind("received", by, scope_for(by, Period(today(), today())))
    assert [row.id for row in page.rows] == [ticket]


def test_low_marks():
    given(solved(answered(asked())), 4)
    low = solved(answered(asked()))
    given(low, 2)
    assert ids("low_marks") == [low]
    assert len(ids("opinions")) == 2


def test_a_category_narrows_the_list():
    asked("eticket_missing")
    seat = asked("wrong_seat")
    assert ids("received", category="seating") == [seat]


def test_every_list_is_as_long_as_its_figure():
    a_fortnight()
    counted()
    found = board(somebody(Role.MANAGER), mine(30))
    figures = {
        "received": sum(line.received for line in found.days), "solved": sum(line.solved for line in found.days),
        **found.tiles["first_in_time"].counts, "one_answer": found.tiles["one_answer"].counts["one_answer"],
        "opinions": found.tiles["satisfaction"].counts["opinions"],
        "low_marks": found.tiles["satisfaction"].counts["low_marks"],
    }  # fmt: skip
    assert {figure: len(ids(figure, 30)) for figure in figures} == figures
    assert set(BEHIND) - set(figures) == {"reopened"}
    assert len(ids("reopened", 30)) == 1


def test_a_long_list_has_pages_forwards_and_back():
    opened = open_tickets([a_draft() for _ in range(keyset.ROWS * 2 + 7)], by=somebody(Role.AGENT))
    wanted = sorted((one.ticket_id for one in opened), reverse=True)
    counted()
    by, scope = somebody(Role.MANAGER), mine()
    first = tickets_behind("received", by, scope)
    second = tickets_behind("received", by, scope, keyset.read(first.following.word()) if first.following else None)
    third = tickets_behind("received", by, scope, second.following)
    assert [row.id for page in (first, second, third) for row in page.rows] == wanted
    assert (first.previous, third.following) == (None, None)
    back = tickets_behind("received", by, scope, third.previous)
    assert back.rows == second.rows
    assert tickets_behind("received", by, scope, back.previous).previous is None


def test_a_list_costs_one_statement():
    asked()
    counted()
    by, scope = somebody(Role.MANAGER), mine()
    with statements() as seen:
        tickets_behind("received", by, scope)
    assert len(seen) == 1


def test_an_empty_list_has_no_neighbours():
    by = somebody(Role.MANAGER)
    page = tickets_behind("solved", by, mine())
    assert (page.rows, page.previous, page.following) == ((), None, None)


def test_tickets_of_other_departments_stay_out():
    asked("wrong_seat", department="it")
    assert ids("received") == []


def test_reading_figures_is_not_reading_requests():
    odile = somebody(Role.FINANCE)
    with pytest.raises(Forbidden):
        tickets_behind("received", odile, scope_for(odile, last_days(7, today())))


def test_a_figure_without_tickets_names_none():
    with pytest.raises(NotFound):
        tickets_behind("alone", somebody(Role.MANAGER), mine())


def test_figures_of_the_moment_lead_to_the_desks_own_lists():
    assert filter_behind("late_now", mine()) == Filter(view="late", department=department())
    assert filter_behind("open_now", mine()) == Filter(view="open", department=department())
    assert filter_behind("theirs", mine(category="seating")) == Filter(
        view="waiting", category="seating", department=department()
    )
    assert filter_behind("free", mine(category="-")) is None
    assert filter_behind("received", mine()) is None
