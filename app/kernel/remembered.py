"""Answers that change rarely, remembered for a few seconds by each process and each database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from app.kernel import clock
from app.kernel.db import db

T = TypeVar("T")


class Remembered(Generic[T]):
    """The answer of a question without arguments; other processes see a change after `seconds` at the latest."""

    def __init__(self, question: Callable[[], T], *, seconds: float = 5.0) -> None:
        self._question = question
        self._seconds = seconds
        self._answers: WeakKeyDictionary[Any, tuple[float, T]] = WeakKeyDictionary()

    def __call__(self) -> T:
        """The answer, asked again when it has grown old."""
        bind = db.engine
        kept = self._answers.get(bind)
        if kept is not None and clock.monotonic() - kept[0] < self._seconds:
            return kept[1]
        answer = self._question()
        self._answers[bind] = (clock.monotonic(), answer)
        return answer

    def forget(self) -> None:
        """Ask again next time; verbs that change the answer call it."""
        self._answers.pop(db.engine, None)
