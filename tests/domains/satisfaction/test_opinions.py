"""Opinions: asked once, one link, one button."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.access import Actor
from app.kernel.errors import Invalid, NotFound
from app.mail import queries as letters
from app.satisfaction import service as satisfaction
from app.tickets import handling
from tests.cast import KARIM, Character
from tests.makers import a_ticket


@pytest.fixture
def token(app: Flask, noon: datetime, run_jobs: Callable[[], int], actor: Callable[[Character], Actor]) -> str:
    opened = a_ticket()
    handling.solve(opened.ticket_id, by=actor(KARIM))
    run_jobs()
    text = next(row.text for row in letters.last_out() if row.kind == "solved")
    found = re.search(r"/avis/([a-z2-7]+)", text)
    assert found is not None
    return found[1]


def test_the_link_asks_and_takes_a_mark(token: str) -> None:
    assert satisfaction.question(token).given is False
    satisfaction.give(token, 5, "Parfait")
    question = satisfaction.question(token)
    assert (question.mark, question.words, question.given) == (5, "Parfait", True)


def test_an_opinion_may_be_changed(token: str) -> None:
    satisfaction.give(token, 2, "")
    satisfaction.give(token, 4, "")
    assert satisfaction.opinion_on(1) == (4, "")


@pytest.mark.parametrize("mark", [0, 6, -1])
def test_only_five_marks_exist(token: str, mark: int) -> None:
    with pytest.raises(Invalid):
        satisfaction.give(token, mark, "")


def test_a_wrong_link_asks_nothing(token: str) -> None:
    with pytest.raises(NotFound):
        satisfaction.question(token[:-2] + "aa")


def test_ending_again_does_not_ask_again(
    token: str, run_jobs: Callable[[], int], actor: Callable[[Character], Actor]
) -> None:
    handling.reopen(1, by=actor(KARIM))
    handling.solve(1, by=actor(KARIM))
    run_jobs()
    assert len([row for row in letters.last_out() if row.kind == "solved"]) == 1
