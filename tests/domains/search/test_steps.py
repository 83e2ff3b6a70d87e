"""What was searched and read before a request: counted once a person, charged to the article, and who it was forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.search import step_queries, steps
from app.search.models import BeforeRequest, VisitStep
from tests.cast import KARIM, PAUL, Character

Act = Callable[[Character], Actor]
LEA, EMMA = "a" * 32, "b" * 32


@pytest.fixture
def paul(app: Flask, noon: datetime, actor: Act) -> Actor:
    steps._Waiting.rows = []
    return actor(PAUL)


def settled() -> int:
    clock.advance(steps.SETTLED + timedelta(seconds=1))
    return steps.settle()


def test_searches_and_articles_count_once_for_whoever_asked_all_the_same(paul: Actor) -> None:
    for visitor in (LEA, EMMA):
        steps.searched(visitor, "Où est mon argent ?", "fr")
        steps.searched(visitor, "où est mon argent ?", "fr")
        steps.read(visitor, "où est mon argent ?", "track-refund", "fr")
    steps.read(LEA, "", "track-refund", "fr")
    steps.asked(LEA)
    assert settled() == 1
    found = steps.before_requests(by=paul)
    assert [(one.words, one.people) for one in found.searched] == [("où est mon argent ?", 1)]
    (read,) = found.read
    assert (read.slug, read.people, read.words) == ("track-refund", 1, [("où est mon argent ?", 1)])
    steps.asked(EMMA)
    settled()
    assert [one.people for one in steps.before_requests(by=paul).searched] == [2]


def test_what_is_searched_after_the_request_is_not_charged_to_it(paul: Actor) -> None:
    steps.asked(LEA)
    clock.advance(timedelta(seconds=1))
    steps.searched(LEA, "vestiaire", "fr")
    assert settled() == 1
    assert steps.before_requests(by=paul) == steps.Before((), ())


def test_a_request_is_counted_once_and_its_marks_are_gone(paul: Actor) -> None:
    steps.searched(LEA, "vestiaire", "fr")
    steps.asked(LEA)
    assert steps.settle() == 0, "what waits in another process is not written yet"
    assert (settled(), settled()) == (1, 0)
    assert session.query(VisitStep).count() == 0
    assert session.query(BeforeRequest).one().count == 1


def test_who_asks_nothing_is_forgotten_within_a_day_and_nothing_counted(paul: Actor) -> None:
    steps.searched(LEA, "vestiaire", "fr")
    steps.flush()
    clock.advance(steps.UNASKED + timedelta(seconds=1))
    steps.settle()
    assert session.query(VisitStep).count() == 0
    assert session.query(BeforeRequest).count() == 0


def test_nothing_that_leads_to_a_person_is_kept(paul: Actor) -> None:
    steps.searched(LEA, "lea@exemple.fr 06 12 34 56 78", "fr")
    steps.searched(LEA, "remboursement lea@exemple.fr", "fr")
    steps.asked(LEA)
    settled()
    assert [one.words for one in steps.before_requests(by=paul).searched] == ["remboursement …"]


def test_a_robot_fills_no_disk(paul: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MOST", 10)
    for number in range(30):
        steps.searched(LEA, f"mot {'a' * (number + 2)}", "fr")
    steps.asked(LEA)
    steps.searched(EMMA, "encore", "fr")
    steps.flush()
    assert step_queries.steps_kept() == 10


def test_the_list_looks_back_thirty_days_and_a_year_is_kept(paul: Actor, actor: Act) -> None:
    steps.searched(LEA, "vestiaire", "fr")
    steps.asked(LEA)
    settled()
    clock.advance(timedelta(days=31))
    assert steps.before_requests(by=paul).searched == ()
    assert session.query(BeforeRequest).count() == 1
    clock.advance(timedelta(days=365))
    steps.settle()
    assert session.query(BeforeRequest).count() == 0
    with pytest.raises(Forbidden):
        steps.before_requests(by=actor(KARIM))


def test_what_goes_wrong_troubles_nobody_who_reads(paul: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(step_queries, "add_steps", broken)
    steps.searched(LEA, "vestiaire", "fr")
    steps.asked(LEA)
    assert settled() == 0
