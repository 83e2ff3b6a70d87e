"""Searches that found nothing: counted without a name, listed for editors, gone once an article answers them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import Forbidden, NotFound
from app.search import gap_queries, gaps, service
from app.search.gaps import Gap
from tests.cast import KARIM, PAUL, Character
from tests.domains.knowledge.texts import a_text, shelved

Act = Callable[[Character], Actor]


@pytest.fixture
def paul(app: Flask, noon: datetime, kb: Path, actor: Act) -> Actor:
    return actor(PAUL)


def asked(words: str, times: int = 1, lang: str = "fr") -> None:
    for _ in range(times):
        gaps.note(words, lang)


def listed(by: Actor) -> list[tuple[str, str, int, int]]:
    return [(one.lang, one.words, one.times, one.recent) for one in gaps.listed(by=by)]


def test_searches_are_counted_by_their_words_and_language(paul: Actor) -> None:
    asked("Fauteuil  roulant", 2)
    asked("fauteuil roulant")
    asked("wheelchair", lang="en")
    assert listed(paul) == [("fr", "fauteuil roulant", 3, 3), ("en", "wheelchair", 1, 1)]


def test_the_list_looks_back_thirty_days_and_says_what_is_of_the_last_week(paul: Actor) -> None:
    asked("vestiaire", 2)
    clock.advance(timedelta(days=20))
    asked("vestiaire")
    assert listed(paul) == [("fr", "vestiaire", 3, 1)]
    clock.advance(timedelta(days=11))
    assert listed(paul) == [("fr", "vestiaire", 1, 0)]
    clock.advance(timedelta(days=20))
    assert listed(paul) == []


def test_what_was_looked_for_a_year_ago_is_forgotten(paul: Actor) -> None:
    asked("vestiaire")
    clock.advance(timedelta(days=364))
    asked("parking")
    assert gaps.forget() == 0
    clock.advance(timedelta(days=2))
    assert gaps.forget() == 1


def test_words_are_taken_off_by_an_editor_only(paul: Actor, actor: Act) -> None:
    asked("vestiaire")
    with pytest.raises(Forbidden):
        gaps.take_off("fr", "vestiaire", by=actor(KARIM))
    with pytest.raises(Forbidden):
        gaps.listed(by=actor(KARIM))
    gaps.take_off("fr", "vestiaire", by=paul)
    assert listed(paul) == []
    with pytest.raises(NotFound):
        gaps.take_off("fr", "vestiaire", by=paul)


def test_a_question_that_tells_nothing_is_not_kept(paul: Actor) -> None:
    asked("lea@exemple.fr")
    asked("06 12 34 56 78")
    assert listed(paul) == []


def test_words_without_end_fill_no_table(paul: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "OF_A_DAY", 3)
    for number in "abcdefgh":
        gaps._full.forget()
        asked(f"xylophone {number}{number}")
    assert len(listed(paul)) == 3


def test_an_article_that_answers_takes_its_words_off(paul: Actor, kb: Path) -> None:
    asked("xylophone", 3)
    asked("tarif groupe")
    assert gaps.close_answered() == 0
    shelved(kb, a_text(title="Le xylophone de la fosse"))
    service.refresh()
    assert gaps.close_answered() == 1
    assert [one.words for one in gaps.listed(by=paul)] == ["tarif groupe"]


def test_what_goes_wrong_troubles_nobody_who_searches(paul: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(gap_queries, "add", broken)
    asked("vestiaire")
    assert listed(paul) == []


def test_two_lines_have_two_marks() -> None:
    day = date(2026, 11, 10)
    assert len({Gap(lang, words, 1, 1, day).mark for lang in ("fr", "en") for words in ("a", "b")}) == 4
