"""A ticket's story, and sums that do not depend on how the journal was cut."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.ledger import ALL, FREE, STEPS, UNSORTED, Home, Story, Sums, begun, measures, placed

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 9)
TUESDAY = MONDAY + timedelta(days=1)
OPENED = datetime(2026, 11, 9, 10, 15, tzinfo=UTC)


def a_home(ticket_id: int = 1, **other: Any) -> Home:
    values = {"department_id": 3, "category": "exchange", "channel": "web", "turn": "ours", "assignee_id": None,
              "merged_into_id": None, "opened_at": OPENED, **other}  # fmt: skip
    return Home(ticket_id=ticket_id, **values)


def told(*happenings: tuple[str, date, dict[str, Any]]) -> Story:
    story = begun(a_home(), PARIS)
    for name, day, data in happenings:
        story = STEPS[name](story, day, data)
    return story


def of(story: Story) -> dict[tuple[date, str], int]:
    return {(day, name): amount for day, name, amount in measures(story)}


ANSWERED = ("TicketAnswered", MONDAY, {})
KEPT = ("PromiseKept", MONDAY, {"kind": "first", "late": False, "minutes": 40})
BROKEN = ("PromiseBroken", MONDAY, {"kind": "first"})
SOLVED = ("TicketSolved", TUESDAY, {})


def test_a_request_is_received_on_its_local_day_and_hour():
    night = begun(a_home(opened_at=datetime(2026, 11, 8, 23, 30, tzinfo=UTC)), PARIS)
    assert (night.received_on, night.slot) == (MONDAY, 0)
    assert begun(a_home(), PARIS).slot == 5


def test_a_first_answer_in_time_counts_on_its_day():
    assert of(told(ANSWERED, KEPT)) == {(MONDAY, "received"): 1, (MONDAY, "answered"): 1, (MONDAY, "first_kept"): 1}


def test_a_promise_that_passed_counts_as_late_on_that_day_and_only_once():
    late = ("PromiseKept", TUESDAY, {"kind": "first", "late": True, "minutes": 300})
    story = told(BROKEN, ("TicketAnswered", TUESDAY, {}), late)
    assert of(story)[MONDAY, "first_late"] == 1
    assert (TUESDAY, "first_late") not in of(story)
    assert story.first_minutes == 300


def test_a_late_answer_that_nobody_announced_counts_when_it_was_given():
    story = told(ANSWERED, ("PromiseKept", MONDAY, {"kind": "first", "late": True, "minutes": 90}))
    assert of(story)[MONDAY, "first_late"] == 1


def test_what_ended_without_a_word_was_not_answered_in_time():
    story = told(SOLVED, ("PromiseKept", TUESDAY, {"kind": "first", "late": False, "minutes": 5}))
    assert story.first_on is None
    assert story.first_minutes is None


@pytest.mark.parametrize(("answers", "counted"), [(0, 0), (1, 1), (2, 0)])
def test_one_answer_means_exactly_one(answers: int, counted: int):
    assert of(told(*[ANSWERED] * answers, SOLVED)).get((TUESDAY, "one_answer"), 0) == counted


def test_a_reopened_request_is_solved_by_its_last_end():
    kept = ("PromiseKept", MONDAY, {"kind": "solution", "late": False, "minutes": 60})
    story = told(("TicketSolved", MONDAY, {}), kept, ("TicketReopened", TUESDAY, {}))
    assert (story.solved_on, story.solution_on, story.reopened_on) == (None, None, TUESDAY)
    assert STEPS["TicketSolved"](story, TUESDAY, {}).solved_on == TUESDAY


def test_what_lives_again_since_its_answer_never_arrived_was_not_reopened():
    missed = ("AnswerMissed", TUESDAY, {"since": f"{TUESDAY}T10:00:00+00:00"})
    again = ("TicketReopened", TUESDAY, {"unreached": True})
    assert told(SOLVED, missed, again).reopened_on is None
    assert told(SOLVED, ("TicketReopened", TUESDAY, {}), missed).reopened_on is None, "they had written before we knew"
    before = ("TicketReopened", MONDAY, {})
    assert told(before, SOLVED, missed, again).reopened_on == MONDAY, "what was reopened before it was said stays"


def test_a_late_solution_stays_late_when_it_comes():
    story = told(("PromiseBroken", MONDAY, {"kind": "solution"}), SOLVED,
                 ("PromiseKept", TUESDAY, {"kind": "solution", "late": True, "minutes": 999}))  # fmt: skip
    assert of(story)[MONDAY, "solution_late"] == 1
    assert story.solution_minutes == 999


def test_a_new_opinion_replaces_the_old_one():
    story = told(("OpinionGiven", MONDAY, {"mark": 1}), ("OpinionGiven", TUESDAY, {"mark": 5, "before": 1}))
    assert of(story)[TUESDAY, "marks_sum"] == 5
    assert (MONDAY, "opinions") not in of(story)
    assert (TUESDAY, "low_marks") not in of(story)


def test_a_low_mark_is_counted_as_such():
    assert of(told(("OpinionGiven", MONDAY, {"mark": 2})))[MONDAY, "low_marks"] == 1


@pytest.mark.parametrize(
    ("home", "turn"),
    [
        (a_home(), FREE),
        (a_home(assignee_id=8), "ours"),
        (a_home(turn="theirs", assignee_id=8), "theirs"),
        (a_home(turn="ours", merged_into_id=9), "away"),
    ],
)
def test_whose_turn_it_is_comes_from_the_ticket(home: Home, turn: str):
    assert begun(home, PARIS).turn == turn


def test_spam_and_merged_tickets_count_for_nothing():
    sums = Sums()
    story = told(ANSWERED, KEPT)
    sums.move(None, story)
    sums.move(story, placed(story, a_home(turn="away")))
    assert not any(sums.days.values())
    assert not any(sums.minutes.values())
    assert not any(sums.hours.values())
    assert not any(sums.backlog.values())


def test_a_ticket_that_is_sorted_takes_its_counts_along():
    sums = Sums()
    story = placed(told(ANSWERED, KEPT), a_home(category=None))
    sums.move(None, story)
    sums.move(story, placed(story, a_home(category="seating", department_id=4)))
    assert sums.days[4, ALL, MONDAY, "seating", "first_kept"] == 1
    assert sums.days[3, ALL, MONDAY, UNSORTED, "first_kept"] == 0
    assert sums.days[4, "web", MONDAY, ALL, "first_kept"] == 1


def test_all_categories_together_are_the_sum_of_each():
    sums = Sums()
    for key, category in enumerate(("seating", "exchange", None)):
        sums.move(None, begun(a_home(key, category=category), PARIS))
    each = sum(n for (_, _, _, category, _), n in sums.days.items() if category != ALL)
    assert each == sums.days[3, ALL, MONDAY, ALL, "received"] == 3


def test_solved_requests_leave_the_backlog():
    sums = Sums()
    before = begun(a_home(), PARIS)
    sums.move(None, before)
    sums.move(before, placed(STEPS["TicketSolved"](before, MONDAY, {}), a_home(turn="done")))
    assert not any(sums.backlog.values())


_NAMES = st.sampled_from(sorted(STEPS))
_DATA = st.fixed_dictionaries({
    "kind": st.sampled_from(["first", "solution"]), "late": st.booleans(), "minutes": st.integers(0, 5_000),
    "mark": st.integers(1, 5), "solved": st.booleans(), "since": st.sampled_from(("2026-11-09T09:00:00+00:00", "2026-11-10T09:00:00+00:00")),
    "unreached": st.booleans(),
})  # fmt: skip
_ENTRIES = st.lists(st.tuples(st.integers(1, 3), _NAMES, st.integers(0, 4), _DATA), max_size=30)


def _sums_after(entries: list[Any], cuts: set[int]) -> Sums:
    sums, kept = Sums(), {key: begun(a_home(key), PARIS) for key in (1, 2, 3)}
    before = dict(kept)
    for story in kept.values():
        sums.move(None, story)
    for place, (key, name, day, data) in enumerate(entries):
        kept[key] = STEPS[name](kept[key], MONDAY + timedelta(days=day), data)
        if place in cuts or place == len(entries) - 1:
            for ticket in kept:
                sums.move(before[ticket], kept[ticket])
            before = dict(kept)
    return sums


def _plain(counted: Counter[Any]) -> dict[Any, int]:
    return {key: amount for key, amount in counted.items() if amount}


@given(entries=_ENTRIES, cuts=st.sets(st.integers(0, 29)))
def test_sums_do_not_depend_on_where_the_journal_is_cut(entries: list[Any], cuts: set[int]):
    whole, pieces = _sums_after(entries, set()), _sums_after(entries, cuts)
    for part in ("days", "minutes", "hours", "backlog"):
        assert _plain(getattr(pieces, part)) == _plain(getattr(whole, part))


@given(entries=_ENTRIES)
def test_no_sum_is_ever_negative_and_each_ticket_is_received_once(entries: list[Any]):
    sums = _sums_after(entries, set(range(30)))
    assert min(sums.days.values()) >= 0
    assert sums.days[3, ALL, MONDAY, ALL, "received"] == 3
