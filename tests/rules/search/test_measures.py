"""The figures of search are what their names say."""

from __future__ import annotations

import pytest

from app.search.measures import Judged, Line, Stood, gain, lines, recall, reciprocal_rank, stood

ONE = {"a": 2}
TWO = {"a": 2, "b": 2, "c": 1}


@pytest.mark.parametrize(
    ("found", "expected", "worth"),
    [
        (["a", "b"], ONE, 1.0),
        (["x", "y", "a"], ONE, 1 / 3),
        (["c", "b", "a"], TWO, 0.5),
        (["c"], TWO, 0.0),
        ([*"0123456789", "a"], ONE, 0.0),
        ([], ONE, 0.0),
    ],
)
def test_the_first_answer_counts_by_its_place_among_ten(
    found: list[str], expected: dict[str, int], worth: float
) -> None:
    assert reciprocal_rank(found, expected) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("found", "expected", "worth"),
    [
        (["a"], ONE, 1.0),
        (["x", "a"], ONE, 0.6309),
        (["b", "a", "c"], TWO, 1.0),
        (["c", "a", "b"], TWO, (1 + 3 * 0.6309 + 3 * 0.5) / (3 + 3 * 0.6309 + 1 * 0.5)),
        ([*"0123456789", "a"], ONE, 0.0),
        (["a"], {}, 0.0),
    ],
)
def test_a_better_order_gains_more(found: list[str], expected: dict[str, int], worth: float) -> None:
    assert gain(found, expected) == pytest.approx(worth, abs=1e-4)


@pytest.mark.parametrize(
    ("found", "expected", "part"),
    [(["x", "y", "a"], ONE, 1.0), (["x", "y", "z", "a"], ONE, 0.0), (["a", "c", "x", "b"], TWO, 0.5), (["a"], {}, 0.0)],
)
def test_what_is_seen_without_scrolling_counts(found: list[str], expected: dict[str, int], part: float) -> None:
    assert recall(found, expected) == part


def test_kinds_have_their_own_figures_and_what_nothing_answers_stands_apart() -> None:
    judged = [
        Judged("sms", ONE, ("a",), sure=True),
        Judged("sms", ONE, ("x", "a"), sure=False),
        Judged("typo", ONE, (), sure=False),
        Judged("unanswerable", {}, ("x",), sure=True),
        Judged("unanswerable", {}, ("x",), sure=False),
        Judged("unanswerable", {}, (), sure=True),
    ]
    found = lines(judged)
    assert list(found) == ["sms", "typo", "unanswerable", "all"]
    assert (found["sms"].mrr, found["sms"].recall3, found["sms"].unsure) == (0.75, 1.0, 0.5)
    assert found["typo"] == Line(1, 0.0, 0.0, 0.0, 1.0, 1.0)
    assert found["unanswerable"] == Line(3, None, None, None, pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert (found["all"].questions, found["all"].mrr) == (3, 0.5)


def test_what_is_stood_by_is_judged_over_all_questions() -> None:
    judged = [
        Judged("sms", ONE, ("a",), sure=True),
        Judged("sms", ONE, ("x", "y", "z", "a"), sure=True),
        Judged("typo", ONE, ("a",), sure=False),
        Judged("typo", ONE, (), sure=True),
        Judged("unanswerable", {}, ("x",), sure=True),
        Judged("unanswerable", {}, ("x",), sure=False),
    ]
    assert stood(judged) == Stood(kept=0.5, admitted=0.5, right=pytest.approx(1 / 3))


def test_nothing_asked_gives_no_figure() -> None:
    assert stood([]) == Stood(0.0, 0.0, 0.0)
    assert lines([]) == {"all": Line(0, None, None, None, 0.0, 0.0)}
