"""Votes and openings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel import journal
from app.kernel.access import Actor
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.knowledge import board, shelf, voting
from app.knowledge.voting import Usefulness, VoteInput
from tests.domains.knowledge.texts import a_text, shelved


@pytest.fixture
def article(kb: Path) -> Iterator[None]:
    shelved(kb, a_text())
    voting.write_readings()
    yield
    voting.write_readings()


def said(*, helpful: bool, visitor: str = "v1", reason: str = "", text: str = "") -> VoteInput:
    return VoteInput(slug="lost-scarf", lang="fr", helpful=helpful, visitor=visitor, reason=reason, text=text)


def test_a_reader_votes_once_and_may_change_it(article: None, reader: Actor, paul: Actor) -> None:
    voting.vote(said(helpful=True), by=reader)
    voting.vote(said(helpful=False, reason="unclear", text=" Pas compris. "), by=reader)
    voting.vote(said(helpful=True, visitor="v2"), by=reader)
    found = voting.opinions("lost-scarf", "fr", by=paul)
    assert sorted((o.helpful, o.reason, o.text) for o in found) == [(False, "unclear", "Pas compris."), (True, "", "")]
    assert board.board(by=paul)[0].usefulness == Usefulness(1, 2)


def test_the_journal_learns_of_a_vote_but_not_who_nor_why(article: None, reader: Actor) -> None:
    voting.vote(said(helpful=False, reason="wrong", text="Appelez-moi au 06"), by=reader)
    entry = journal.since(journal.Cursor())[-1]
    assert entry.name == "ArticleVoted"
    assert entry.data == {"slug": "lost-scarf", "lang": "fr", "version": 1, "helpful": False, "reason": "wrong"}


def test_nobody_votes_on_what_they_may_not_read(kb: Path, reader: Actor) -> None:
    shelved(kb, a_text(audience="staff"))
    with pytest.raises(NotFound):
        voting.vote(said(helpful=True), by=reader)


@pytest.mark.parametrize("more", [{"reason": "other"}, {"text": "x" * 2_001}, {"visitor": ""}])
def test_what_no_form_sends_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        said(helpful=True, **more)


def test_opinions_are_for_editors(article: None, staff: Actor) -> None:
    with pytest.raises(Forbidden):
        voting.opinions("lost-scarf", "fr", by=staff)


def test_openings_add_up(article: None, reader: Actor, paul: Actor) -> None:
    card = shelf.articles(reader, "fr")[0]
    for _ in range(3):
        voting.count_reading(card.id)
    voting.write_readings()
    voting.count_reading(card.id)
    voting.write_readings()
    assert board.board(by=paul)[0].readings == 4


def test_usefulness_is_told_only_when_enough_have_voted() -> None:
    assert Usefulness(19, 19).at_least is None
    certain = Usefulness(18, 20).at_least
    assert certain is not None
    assert 0.69 < certain < 0.71
