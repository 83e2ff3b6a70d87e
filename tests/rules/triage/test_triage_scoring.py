"""How right sorting was: shares by category and week, confusions with their requests, confidence against truth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.triage.scoring import LINKS, NO_DRIFT, WEEKS, Drift, Judged, Scoreboard, Share, scoreboard, together, weeks_of

#: A Tuesday.
TODAY = date(2026, 11, 10)


def judged(said: str, right: str, *, back: int = 0, sure: float = 0.9, number: int = 1, alone: bool = True) -> Judged:
    return Judged(TODAY - timedelta(days=back), said, right, sure, alone, "fr", number)


def counted(*rows: Judged) -> Scoreboard:
    return scoreboard(rows, TODAY, drift=[Drift(20, 0.8, 5, 2)])


def test_nothing_judged_is_no_share_at_all() -> None:
    board = counted()
    assert board.all.recent.share is None
    assert (board.categories, board.confusions, board.bins, board.calibration_error) == ((), (), (), 0.0)


def test_the_weeks_begin_on_mondays_and_end_with_the_present_one() -> None:
    weeks = weeks_of(TODAY)
    assert len(weeks) == WEEKS
    assert weeks[-1] == date(2026, 11, 9)
    assert {week.weekday() for week in weeks} == {0}


def test_a_category_is_the_one_that_was_right() -> None:
    board = counted(judged("invoice", "complaint"), judged("complaint", "complaint"), judged("invoice", "invoice"))
    lines = {line.code: line.recent for line in board.categories}
    assert lines == {"complaint": Share(1, 2), "invoice": Share(1, 1)}
    assert board.all.recent == Share(2, 3)


def test_four_weeks_stand_against_those_before() -> None:
    board = counted(judged("invoice", "complaint", back=28), judged("invoice", "invoice", back=27))
    assert (board.all.before, board.all.recent) == (Share(0, 1), Share(1, 1))
    assert sum(week.many for week in board.all.weeks) == 2


def test_confusions_name_the_newest_requests_and_the_most_frequent_come_first() -> None:
    rows = [judged("invoice", "complaint", number=at) for at in range(LINKS + 2)]
    board = counted(judged("other", "seating", number=99), *rows)
    first, second = board.confusions
    assert (first.said, first.right, first.many) == ("invoice", "complaint", LINKS + 2)
    assert first.numbers == tuple(range(LINKS + 1, 1, -1))
    assert second.numbers == (99,)


def test_confidence_is_set_against_what_was_right() -> None:
    board = counted(*[judged("a", "a", sure=0.95)] * 3, judged("a", "b", sure=0.95), judged("a", "a", sure=1.0))
    [found] = board.bins
    assert found.sure == pytest.approx(0.96)
    assert found.hits == Share(4, 5)
    assert board.calibration_error == pytest.approx(0.16)


def test_what_went_alone_is_counted_apart() -> None:
    board = counted(judged("a", "b", alone=False), judged("a", "a"))
    assert board.alone == Share(1, 1)
    assert (board.every, board.asked) == (20, 5)


def test_weeks_together_weigh_by_their_requests() -> None:
    found = together([Drift(30, 0.8, 6, 3), NO_DRIFT, Drift(10, 0.4, 9, 4)])
    assert found.sure == pytest.approx(0.7)
    assert (found.many, found.asked, found.strange) == (40, 15, 7)
    assert together([NO_DRIFT]) == NO_DRIFT
