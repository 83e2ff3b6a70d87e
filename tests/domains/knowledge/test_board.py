"""What editors see of the shelf, and a text before it is saved."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.kernel.access import Actor
from app.kernel.errors import Forbidden
from app.knowledge import board, editing
from app.knowledge.editing import DraftInput
from app.knowledge.loading import load_folder
from app.knowledge.shelf import Links
from tests.domains.knowledge.texts import a_text, put, shelved

LINKS = Links(article=lambda card: card.path, request=lambda code, lang: None)


def test_every_article_says_what_needs_a_look(kb: Path, paul: Actor, noon: datetime) -> None:
    shelved(kb, a_text("a", reviewed="2020-01-01"), a_text("b"), a_text("b", "en"), a_text("c", ends="2020-01-01"))
    editing.save_draft(DraftInput(slug="b", lang="fr", source="x"), by=paul)
    rows = {(row.card.slug, row.card.lang): row for row in board.board(by=paul)}
    assert {key for key, row in rows.items() if row.missing_twin} == {("a", "fr"), ("c", "fr")}
    assert [key for key, row in rows.items() if row.stale] == [("a", "fr")]
    assert [key for key, row in rows.items() if row.hidden] == [("c", "fr")]
    assert [key for key, row in rows.items() if row.drafts] == [("b", "fr")]
    assert not any(row.conflict for row in rows.values())


def test_a_conflict_shows_on_the_board(kb: Path, paul: Actor) -> None:
    shelved(kb, a_text())
    draft = editing.save_draft(
        DraftInput(slug="lost-scarf", lang="fr", source=a_text(title="Autre"), base_version=1), by=paul
    )
    editing.publish(draft.draft_id, by=paul)
    put(kb, a_text(title="Encore autre"))
    load_folder(kb)
    assert [row.conflict for row in board.board(by=paul)] == [True]


def test_a_text_is_shown_before_it_is_saved(kb: Path, paul: Actor) -> None:
    found = board.preview(a_text(body="Au {{phone}}, [là](article:nowhere)."), LINKS, by=paul)
    assert found.shown is not None
    assert found.shown.html == "<p>Au 04 00 00 00 00, <span>là</span>.</p>"
    assert [(f.field, f.code, f.detail) for f in found.findings if f.fatal] == [("body", "dead_link", "nowhere")]


def test_a_text_that_is_no_article_yet_says_why(kb: Path, paul: Actor) -> None:
    found = board.preview("---\nslug: a\n---\n", LINKS, by=paul)
    assert found.shown is None
    assert found.fault is not None
    assert (found.fault.line, found.fault.code) == (1, "missing_key")


def test_the_board_is_for_editors(kb: Path, staff: Actor) -> None:
    with pytest.raises(Forbidden):
        board.board(by=staff)
    with pytest.raises(Forbidden):
        board.preview(a_text(), LINKS, by=staff)
