"""The figures of the dashboard, from small stories."""

from __future__ import annotations

from dataclasses import astuple
from datetime import timedelta

import pytest

from app.insight import dashboard
from app.insight.access import scope_for, today
from app.insight.dashboard import board
from app.insight.periods import last_days
from app.kernel import clock
from app.kernel.access import SYSTEM, Role
from app.kernel.errors import Forbidden, NotFound
from app.sla import service as sla
from app.tickets import handling, merging
from app.tickets.states import Channel, State
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
    tile,
    wrote,
)

pytestmark = pytest.mark.usefixtures("app", "noon")


def test_first_answers_in_time():
    answered(asked(), after=30)
    late = asked()
    answered(late, after=150)
    found = tile("first_in_time")
    assert (found.value, found.counts) == (0.5, {"first_kept": 1, "first_late": 1})
    assert found.series[-1] == 0.5


def test_a_promise_that_passed_unanswered_counts_before_anybody_answers():
    asked()
    later(hours=3)
    sla.sweep()
    assert tile("first_in_time").counts == {"first_kept": 0, "first_late": 1}


def test_a_request_ended_without_a_word_is_no_first_answer():
    solved(asked(), after=1)
    assert tile("first_in_time").value is None
    assert tile("one_answer").counts == {"one_answer": 0, "solved": 1}


def test_first_answers_in_opening_minutes():
    for minutes in (10, 20, 60):
        answered(asked(), after=minutes)
    tonight = asked()
    answered(tonight, after=60 * 20)
    found = tile("first_minutes")
    assert (found.value, found.counts["answered"]) == (20, 4)
    assert 120 < found.counts["p90"] < 60 * 10


def test_solutions_in_opening_minutes():
    solved(answered(asked(), after=10), after=20)
    counted()
    found = dashboard.solution_times(somebody(Role.MANAGER), mine())
    assert (found.value, found.counts) == (30, {"answered": 1, "p90": 30})


def test_open_requests_by_whose_turn_it_is():
    asked()
    answered(asked())
    answered(asked(), then=State.WAITING)
    handling.snooze(asked(), clock.now() + timedelta(days=2), by=somebody(Role.AGENT))
    solved(asked())
    found = tile("open_now")
    assert (found.value, found.counts) == (4, {"free": 1, "ours": 2, "theirs": 1, "later": 1})


def test_open_requests_of_yesterday():
    ticket = asked()
    later(days=1)
    asked()
    solved(ticket)
    assert tile("open_now").series[-2:] == (1, 1)
    assert tile("open_now", 1).before == 1


def test_merged_requests_and_spam_are_counted_nowhere():
    ticket, same, spam = asked(), asked(), asked()
    merging.merge(same, ticket, by=somebody(Role.AGENT))
    handling.mark_spam(spam, by=somebody(Role.AGENT))
    assert tile("open_now").value == 1
    assert board(somebody(Role.MANAGER), mine()).days[-1].received == 1
    handling.mark_spam(spam, spam=False, by=somebody(Role.AGENT))
    assert tile("open_now").value == 2


def test_late_and_nearly_late():
    asked("eticket_missing", subject="La plus en retard")
    later(minutes=90)
    asked("eticket_missing")
    asked("practical_info")
    later(minutes=72)
    counted()
    alarm = board(somebody(Role.MANAGER), mine()).alarm
    assert (alarm.late, alarm.near, alarm.worst_minutes) == (1, 1, 42)
    assert [(row.subject[:10], row.promise, row.late) for row in alarm.rows] == [
        ("La plus en", "first", True), ("Bonjour, j", "first", False),
    ]  # fmt: skip


def test_the_list_says_which_promise_and_who_has_it():
    answered(asked("eticket_missing"), after=10)
    later(days=2, hours=-1)
    counted()
    row = board(somebody(Role.MANAGER), mine()).alarm.rows[0]
    assert (row.promise, row.category, row.assignee) == ("solution", "ticket_not_received", "Agent")


def test_those_who_read_no_requests_get_numbers_without_subjects():
    asked()
    later(hours=3)
    counted()
    odile = somebody(Role.FINANCE)
    alarm = board(odile, scope_for(odile, last_days(7, today()))).alarm
    assert (alarm.late, alarm.rows) == (1, ())


def test_opinions_are_told_with_how_many_were_asked():
    for mark in (5, 2):
        given(solved(answered(asked())), mark)
    assert tile("satisfaction").value == 3.5
    assert tile("satisfaction").counts == {"opinions": 2, "asked": 2, "low_marks": 1}


def test_one_answer_is_enough_for_half_of_them():
    solved(answered(asked()))
    solved(answered(answered(asked())))
    found = tile("one_answer")
    assert (found.value, found.counts) == (0.5, {"one_answer": 1, "solved": 2})


def test_a_reopened_request_is_not_solved():
    wrote(solved(answered(asked())))
    assert tile("one_answer").counts["solved"] == 0
    assert tile("open_now").value == 1


def test_received_and_solved_by_day():
    ticket = asked()
    later(days=2)
    solved(ticket)
    counted()
    days = board(somebody(Role.MANAGER), mine(7)).days
    assert len(days) == 7
    assert [(line.received, line.solved) for line in days[-3:]] == [(1, 0), (0, 0), (0, 1)]


def test_first_answers_by_category():
    answered(asked("eticket_missing"))
    asked(None)
    asked("eticket_missing")
    later(hours=3)
    sla.sweep()
    counted()
    lines = board(somebody(Role.MANAGER), mine()).categories
    assert [astuple(line) for line in lines] == [("ticket_not_received", 2, 1, 1), (None, 1, 0, 0)]


def test_a_category_narrows_every_figure():
    answered(asked("eticket_missing"))
    asked("wrong_seat")
    assert tile("open_now", category="seating").value == 1
    assert tile("first_in_time", category="seating").value is None
    found = board(somebody(Role.MANAGER), mine(category="seating"))
    assert [line.slug for line in found.categories] == ["seating"]
    assert sum(map(sum, found.heat.cells)) == 1
    assert found.bands[0].count == 1


def test_what_nobody_has_sorted_is_a_category_too():
    asked(None)
    asked("wrong_seat")
    later(days=9)
    found = tile("open_now", category="-")
    assert found.value == 1
    assert board(somebody(Role.MANAGER), mine(category="-")).alarm.late == 1


def test_arrivals_by_weekday_and_hours():
    asked()
    later(days=7)
    asked()
    asked()
    counted()
    heat = board(somebody(Role.MANAGER), mine()).heat
    assert heat.peak == (1, 7)
    assert heat.cells[1][7] == 1.5


def test_open_requests_by_age():
    asked()
    later(days=8)
    asked()
    counted()
    counts = {band.code: band.count for band in board(somebody(Role.MANAGER), mine()).bands}
    assert counts == {"today": 1, "days_1_2": 0, "days_3_6": 0, "days_7_more": 1}


def test_requests_by_channel():
    asked()
    asked(channel=Channel.PHONE)
    counted()
    assert dashboard.by_channel(somebody(Role.MANAGER), mine()) == {"web": 1, "phone": 1}


def test_a_change_is_measured_against_the_period_before():
    answered(asked(), after=150)
    later(days=7)
    answered(asked(), after=5)
    found = tile("first_in_time", 7)
    assert (found.value, found.before, found.change) == (1.0, 0.0, 1.0)


def test_figures_say_how_fresh_they_are():
    assert board(somebody(Role.MANAGER), mine()).as_of is None
    counted()
    assert board(somebody(Role.MANAGER), mine()).as_of == clock.now()


def test_an_agent_has_no_dashboard():
    with pytest.raises(Forbidden):
        scope_for(somebody(Role.AGENT), last_days(7, today()))
    with pytest.raises(Forbidden):
        board(somebody(Role.AGENT), mine())


def test_a_department_one_does_not_work_in_does_not_exist():
    with pytest.raises(NotFound):
        scope_for(somebody(Role.MANAGER), last_days(7, today()), departments=[department("it")])


def test_figures_of_other_departments_stay_out():
    asked("wrong_seat", department="it")
    asked()
    counted()
    ines, adele = somebody(Role.MANAGER), somebody(Role.ADMIN, "billetterie", "it")
    assert board(ines, mine()).tiles["open_now"].value == 1
    both = scope_for(adele, last_days(7, today()))
    assert board(adele, both).tiles["open_now"].value == 2
    only = scope_for(adele, last_days(7, today()), departments=[department("it")])
    assert board(adele, only).days[-1].received == 1


def test_the_house_itself_sees_every_department():
    assert len(scope_for(SYSTEM, last_days(7, today())).departments) == 4


def test_somebody_of_no_department_sees_zeros():
    nobody = somebody(Role.MANAGER)
    empty = scope_for(nobody, last_days(7, today()), departments=[])
    asked()
    counted()
    found = board(nobody, empty)
    assert (found.tiles["open_now"].value, found.categories, found.alarm.rows) == (0, (), ())


def test_the_dashboard_takes_eight_statements_whatever_happened():
    def needed() -> int:
        by, scope = somebody(Role.MANAGER), mine()
        board(by, scope)
        with statements() as seen:
            board(by, scope)
        return len(seen)

    asked()
    later(hours=3)
    counted()
    few = needed()
    a_fortnight()
    counted()
    assert needed() == few <= 8
