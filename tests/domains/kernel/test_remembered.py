"""Answers remembered for a few seconds by each process and each database."""

from __future__ import annotations

import pytest
from flask import Flask

from app.factory import create_app
from app.kernel import clock
from app.kernel.remembered import Remembered


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A watch that only moves when told."""
    moment = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: moment[0])
    return moment


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def answer(asked: list[int]) -> Remembered[int]:
    def question() -> int:
        asked.append(len(asked))
        return len(asked)

    return Remembered(question, seconds=5)


def test_a_question_is_asked_once_in_a_while(app: Flask, watch: list[float], answer: Remembered[int]) -> None:
    assert [answer(), answer()] == [1, 1]
    watch[0] += 4.9
    assert answer() == 1
    watch[0] += 0.1
    assert answer() == 2


def test_who_changes_the_answer_has_it_forgotten(app: Flask, watch: list[float], answer: Remembered[int]) -> None:
    answer()
    answer.forget()
    answer.forget()
    assert answer() == 2


def test_an_answer_that_failed_is_not_remembered(app: Flask, watch: list[float]) -> None:
    tries: list[int] = []

    def question() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not now")
        return 7

    remembered = Remembered(question)
    with pytest.raises(ValueError, match="not now"):
        remembered()
    assert remembered() == 7


def test_another_database_has_answers_of_its_own(app: Flask, watch: list[float], answer: Remembered[int]) -> None:
    answer()
    other = create_app(app.config["SETTINGS"])
    with other.app_context():
        assert answer() == 2
    assert answer() == 1
