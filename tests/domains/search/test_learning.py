"""Search learns from what readers open, forgets what did not help, and stays as good for what nobody asked before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.search import learning, recalling, service
from app.search.learning import OF_ONE
from app.search.models import SearchClick
from app.search.proving import hurried, proved
from app.search.questions import read
from tests.cast import KARIM, PAUL, Character
from tests.domains.knowledge.texts import a_text, shelved

Act = Callable[[Character], Actor]
ASKED = "bidule du balcon"


@pytest.fixture
def shelf(app: Flask, noon: datetime, kb: Path) -> Path:
    shelved(kb, a_text(), a_text("lost-hat", title="Chapeau du balcon", address="chapeau"))
    service.refresh()
    return kb


def first(words: str = ASKED, **how: bool) -> str:
    recalling.remembered.forget()
    hits = service.search(words, "fr", words_only=True, **how).hits
    return hits[0].slug if hits else ""


def test_what_several_visitors_opened_comes_first_unless_one_asks_untaught(shelf: Path) -> None:
    assert first() == "lost-hat"
    for visitor in ("a", "b"):
        learning.opened(ASKED, "fr", "lost-scarf", visitor)
    learning.opened(ASKED, "fr", "lost-scarf", "c")
    assert first() == "lost-scarf"
    assert first(untaught=True) == "lost-hat"
    assert first("chapeau") == "lost-hat"


def test_one_visitor_counts_once_a_day_and_what_did_not_help_is_undone(shelf: Path) -> None:
    for _ in range(5):
        learning.opened(ASKED, "fr", "lost-scarf", "a")
    assert first() == "lost-hat"
    for visitor in ("b", "c"):
        learning.opened(ASKED, "fr", "lost-scarf", visitor)
    assert first() == "lost-scarf"
    for visitor in ("a", "b", "c"):
        learning.unlearn("lost-scarf", visitor)
    assert first() == "lost-hat"


def test_the_word_of_a_colleague_is_worth_several(shelf: Path, actor: Act) -> None:
    assert learning.answered(ASKED, "fr", "lost-scarf", "k", by=actor(KARIM))
    assert first() == "lost-scarf"
    assert not learning.answered("lea@exemple.fr", "fr", "lost-scarf", "k", by=actor(KARIM))
    with pytest.raises(Forbidden):
        learning.answered(ASKED, "fr", "lost-scarf", "p", by=actor(PAUL))


def test_the_day_after_nobody_can_be_told_apart_any_more_and_what_was_learned_stays(shelf: Path) -> None:
    for visitor in ("a", "b", "c"):
        learning.opened(ASKED, "fr", "lost-scarf", visitor)
    assert learning.forget() == 0
    clock.advance(timedelta(days=1))
    assert learning.forget() == 2
    session.rollback()
    assert [(row.visitor, row.weight) for row in session.query(SearchClick)] == [("", 3)]
    assert (learning.forget(), first()) == (0, "lost-scarf")


def test_one_visitor_writes_no_more_than_some_rows_a_day(shelf: Path, actor: Act) -> None:
    for number in range(OF_ONE + 5):
        learning.opened(f"bidule {'abcdefghijklmnopqrstuvwxyz'[number]}{'xyz' * 2}", "fr", "lost-scarf", "a")
    learning.opened("par\x00king", "fr", "lost-scarf", "b")
    session.rollback()
    assert session.query(SearchClick).filter_by(visitor="a").count() == OF_ONE
    assert learning.answered("encore un bidule", "fr", "lost-scarf", "a", by=actor(KARIM))
    session.rollback()
    assert session.query(SearchClick).filter_by(visitor="a").count() == OF_ONE + 1, "a colleague is no robot"
    assert session.query(SearchClick).filter_by(visitor="b").one().words == "par king"


def test_what_was_opened_long_ago_is_forgotten(shelf: Path) -> None:
    learning.opened(ASKED, "fr", "lost-scarf", "a")
    clock.advance(timedelta(days=364))
    assert learning.forget() == 0
    clock.advance(timedelta(days=2))
    assert learning.forget() == 1


def test_repeated_questions_are_answered_first_and_new_ones_no_worse(shipped: Path) -> None:
    proof = proved([one for one in read() if one.reported], words_only=True)
    assert proof.repeated >= 0.95, proof
    assert proof.repeated > proof.repeated_before
    assert proof.new >= proof.new_before - 0.002, proof


def test_a_question_in_a_hurry_is_the_same_at_every_run_and_not_as_it_was() -> None:
    said = "Comment récupérer mon remboursement ?"
    assert hurried(said, "a") == hurried(said, "a")
    assert hurried(said, "b") != said
    assert len(hurried(said, "a").split()) == len(said.split())
