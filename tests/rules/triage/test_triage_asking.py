"""The cascade: only who is in doubt is asked about, within an allowance, and a twin inherits."""

from __future__ import annotations

import numpy as np

from app.triage.asking import REMEMBERED, SAVED, Asker
from app.triage.features import Floats, Rows
from app.triage.text import Prepared, prepare

VECTOR = np.ones(3, dtype=np.float32)


class Meaning:
    """A meaning model that counts what it is asked."""

    def __init__(self, *, runs: bool = True) -> None:
        self.runs, self.asked = runs, list[str]()

    def __call__(self, text: str) -> Floats | None:
        self.asked.append(text)
        return VECTOR if self.runs else None


def apart(count: int) -> tuple[list[Prepared], Rows]:
    """Messages that have nothing in common."""
    rows = Rows(np.ones(count, np.float32), np.arange(count, dtype=np.int32), np.arange(count + 1), count)
    return [prepare("", f"message {at}") for at in range(count)], rows


def alike(count: int) -> tuple[list[Prepared], Rows]:
    """Messages that are the same but for a number."""
    rows = Rows(np.ones(count, np.float32), np.zeros(count, np.int32), np.arange(count + 1), 1)
    return [prepare("", f"message {at}") for at in range(count)], rows


def doubts(count: int, *, sure: int = 0) -> Floats:
    return np.array([0.1 + at / 10_000 for at in range(count - sure)] + [0.9] * sure)


def test_who_is_sure_is_not_asked_about() -> None:
    meaning = Meaning()
    messages, letters = apart(4)
    found = Asker(meaning).meanings(messages, letters, doubts(4, sure=3), 0.5)
    assert (sorted(found), meaning.asked) == ([0], ["message 0"])


def test_of_many_only_the_least_sure_are_asked_about() -> None:
    messages, letters = apart(1_000)
    found = Asker(Meaning()).meanings(messages, letters, doubts(1_000), 0.5)
    assert sorted(found) == list(range(int(300 + SAVED)))


def test_one_by_one_three_in_ten_are_asked_about() -> None:
    meaning = Meaning()
    asker = Asker(meaning)
    messages, letters = apart(200)
    for at, message in enumerate(messages):
        row = Rows(letters.values[:1], letters.columns[at : at + 1], np.array([0, 1]), letters.width)
        asker.meanings([message], row, np.array([0.1]), 0.5)
    assert 60 <= asker.questions == len(meaning.asked) <= 60 + SAVED


def test_a_quiet_night_saves_up_only_a_few() -> None:
    meaning = Meaning()
    asker = Asker(meaning)
    messages, letters = apart(500)
    asker.meanings(messages, letters, doubts(500, sure=500), 0.5)
    few, row = apart(10)
    asker.meanings(few, row, doubts(10), 0.5)
    assert asker.questions == SAVED + 3


def test_twins_are_asked_about_once_however_many() -> None:
    meaning = Meaning()
    messages, letters = alike(2_000)
    found = Asker(meaning).meanings(messages, letters, doubts(2_000), 0.5)
    assert len(found) == 2_000
    assert len(meaning.asked) == 1


def test_only_the_last_are_remembered() -> None:
    meaning = Meaning()
    asker = Asker(meaning)
    messages, letters = apart(REMEMBERED * 4)
    asker.meanings(messages, letters, doubts(len(messages)), 0.5)
    asker.meanings(messages, letters, doubts(len(messages), sure=len(messages)), 0.5)
    asked = asker.questions
    again = Rows(letters.values[:1], letters.columns[:1], np.array([0, 1]), letters.width)
    asker.meanings(messages[:1], again, np.array([0.1]), 0.5)
    assert asker.questions == asked + 1


def test_where_the_model_does_not_run_words_decide() -> None:
    messages, letters = apart(3)
    asker = Asker(Meaning(runs=False))
    assert asker.meanings(messages, letters, doubts(3), 0.5) == {}
    assert asker.questions == 0
