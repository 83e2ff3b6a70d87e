"""A second person reads a text before it goes online, and publications that are taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.errors import Conflict, Invalid
from app.knowledge import due, editing, history, publishing, reviewing, shelf, twins
from app.knowledge.editing import DraftInput, Saved
from app.venue import service as venue
from tests.domains.knowledge.texts import a_text, shelved


def saved(by: Actor, text: str = a_text(title="Neuf"), *, draft: Saved | None = None, base: int = 1) -> Saved:
    number, revision = (draft.draft_id, draft.revision) if draft else (None, 0)
    given = DraftInput(
        slug="lost-scarf", lang="fr", source=text, base_version=base, draft_id=number, revision=revision
    )  # fmt: skip
    return editing.save_draft(given, by=by)


def title(by: Actor) -> str:
    card = shelf.find(by, "lost-scarf", "fr")
    return card.title if card else ""


@pytest.fixture
def two(kb: Path) -> None:
    """A house that asks for a second person, with one article."""
    shelved(kb, a_text())
    venue.ask_two_for_articles(asked=True, by=SYSTEM)


def test_an_author_waits_until_somebody_else_agreed(two: None, paul: Actor, anne: Actor) -> None:
    draft = saved(paul)
    with pytest.raises(Invalid) as refused:
        editing.publish(draft.draft_id, by=paul)
    assert refused.value.fields == {"review": "second_reader"}
    reviewing.ask(draft.draft_id, "Le titre ?", by=paul)
    assert [(card.slug, card.review_words) for card in reviewing.waiting(by=anne)] == [("lost-scarf", "Le titre ?")]
    assert due.due(by=anne).count == 1
    with pytest.raises(Invalid):
        reviewing.agree(draft.draft_id, revision=draft.revision, by=paul)
    reviewing.agree(draft.draft_id, revision=draft.revision, by=anne)
    saved(paul, draft=draft)  # the same words once more change nothing
    editing.publish(draft.draft_id, by=paul)
    newest = history.versions("lost-scarf", "fr", by=paul)[0]
    assert (newest.author_id, newest.reader_id) == (paul.person_id, anne.person_id)
    assert title(paul) == "Neuf"


def test_a_text_that_is_checked_again_stays_its_authors_and_its_readers(two: None, paul: Actor, anne: Actor) -> None:
    draft = saved(paul)
    reviewing.ask(draft.draft_id, "Le titre ?", by=paul)
    reviewing.agree(draft.draft_id, revision=draft.revision, by=anne)
    editing.publish(draft.draft_id, by=paul)
    clock.advance(timedelta(days=1))
    publishing.check_again("lost-scarf", "fr", by=anne)
    newest = history.versions("lost-scarf", "fr", by=paul)[0]
    assert (newest.number, newest.author_id, newest.reader_id) == (3, paul.person_id, anne.person_id)


def test_a_text_changed_after_it_was_agreed_with_waits_again(two: None, paul: Actor, anne: Actor) -> None:
    draft = saved(paul)
    reviewing.agree(draft.draft_id, revision=draft.revision, by=anne)
    again = saved(paul, a_text(title="Autre"), draft=draft)
    with pytest.raises(Invalid):
        editing.publish(again.draft_id, by=paul)
    with pytest.raises(Conflict):
        reviewing.agree(again.draft_id, revision=draft.revision, by=anne)
    with pytest.raises(Conflict):
        reviewing.send_back(again.draft_id, "Trop court", revision=draft.revision, by=anne)
    reviewing.send_back(again.draft_id, "Trop court", revision=again.revision, by=anne)
    with pytest.raises(Invalid):
        reviewing.send_back(again.draft_id, " ", revision=again.revision, by=anne)
    card = editing.draft(again.draft_id, by=paul).card
    assert (card.review, card.review_by_id, card.review_words) == ("returned", anne.person_id, "Trop court")


def test_who_publishes_the_text_of_somebody_else_agrees_by_that(two: None, paul: Actor, anne: Actor) -> None:
    draft = saved(paul)
    editing.publish(draft.draft_id, by=anne)
    newest = history.versions("lost-scarf", "fr", by=paul)[0]
    assert (newest.author_id, newest.reader_id) == (paul.person_id, anne.person_id)


def test_a_publication_is_taken_back_and_its_text_is_a_draft_again(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    version = editing.publish(saved(paul).draft_id, by=paul)
    with pytest.raises(Conflict):
        publishing.take_back("lost-scarf", "fr", 1, by=paul)
    draft = publishing.take_back("lost-scarf", "fr", version, note="repris", by=paul)
    assert title(paul) == "Mon écharpe est perdue"
    assert "Neuf" in editing.draft(draft, by=paul).source
    assert next((v.number, v.note) for v in history.versions("lost-scarf", "fr", by=paul)) == (3, "repris")


def test_a_first_publication_taken_back_leaves_the_shelf(kb: Path, paul: Actor) -> None:
    version = editing.publish(saved(paul, base=0).draft_id, by=paul)
    draft = publishing.take_back("lost-scarf", "fr", version, by=paul)
    assert title(paul) == ""
    assert "Neuf" in editing.draft(draft, by=paul).source


def test_what_is_due_is_told_until_it_is_done(kb: Path, paul: Actor) -> None:
    dead = "[là](article:lost-ticket)\n"
    shelved(kb, a_text(reviewed="2020-01-01", ends="2020-02-01"), a_text("lost-ticket", body=dead))
    shelved(kb, a_text(lang="en", title="My scarf", address="scarf"))
    (kb / "lost-ticket.fr.md").unlink()
    shelved(kb, a_text("lost-hat", body=dead))
    found = due.due(by=paul)
    assert [(card.slug, day.isoformat()) for card, day in found.to_check] == [("lost-scarf", "2020-12-31")]
    assert [card.slug for card in found.ending] == ["lost-scarf"]
    assert [(card.slug, gone) for card, gone in found.dead_links] == [("lost-hat", ("lost-ticket",))]
    assert publishing.check_again("lost-scarf", "fr", by=paul) == 2
    assert due.due(by=paul).to_check == ()


def test_a_translation_that_fell_behind_shows_what_changed_since(kb: Path, paul: Actor, noon: datetime) -> None:
    shelved(kb, a_text(), a_text(lang="en", title="My scarf", address="scarf"))
    assert twins.beside("lost-scarf", by=paul).changed == ()
    clock.advance(timedelta(hours=1))
    editing.publish(saved(paul).draft_id, by=paul)
    found = twins.beside("lost-scarf", by=paul)
    assert found.other.edition.behind
    assert {line.text for line in found.changed if line.kind == "added"} >= {'title: "Neuf"'}
    clock.advance(timedelta(hours=1))
    publishing.check_again("lost-scarf", "en", by=paul)
    assert not twins.beside("lost-scarf", by=paul).other.edition.behind
