"""Answers that change rarely, remembered for a few seconds by each process and each database."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from app.kernel import clock
from app.kernel.db import db

T = TypeVar("T")

_revisions = count(1)


class _Kept(NamedTuple, Generic[T]):
    """An answer, when it was given, and a number that no other answer has had."""

    at: float
    answer: T
    revision: int


class Remembered(Generic[T]):
    """The answer of a question without arguments; other processes see a change after `seconds` at the latest."""

    def __init__(self, question: Callable[[], T], *, seconds: float = 5.0) -> None:
        self._question = question
        self._seconds = seconds
        self._answers: WeakKeyDictionary[Any, _Kept[T]] = WeakKeyDictionary()

    def __call__(self) -> T:
        """The answer, asked again when it has grown old."""
        return self._kept().answer

    def revision(self) -> int:
        """A number that changes when the answer does: what a page was drawn from, without comparing all of it."""
        return self._kept().revision

    def forget(self) -> None:
        """Ask again next time; verbs that change the answer call it."""
        self._answers.pop(db.engine, None)

    def _kept(self) -> _Kept[T]:
        bind = db.engine
        kept = self._answers.get(bind)
        if kept is not None and clock.monotonic() - kept.at < self._seconds:
            return kept
        answer = self._question()
        # An answer that says the same keeps its revision: what was drawn from it still holds.
        revision = kept.revision if kept is not None and kept.answer == answer else next(_revisions)
        fresh = _Kept(clock.monotonic(), answer, revision)
        self._answers[bind] = fresh
        return fresh
