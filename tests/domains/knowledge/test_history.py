"""Versions: listed, compared, taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.knowledge import editing, history
from tests.domains.knowledge.texts import a_text, shelved


@pytest.fixture
def twice(kb: Path) -> Path:
    shelved(kb, a_text(body="Un.\nDeux.\n"))
    shelved(kb, a_text(body="Un.\nTrois.\n"))
    return kb


def test_versions_are_listed_newest_first(twice: Path, paul: Actor) -> None:
    found = history.versions("lost-scarf", "fr", by=paul)
    assert [(v.number, v.current, v.author_id) for v in found] == [(2, True, None), (1, False, None)]


def test_versions_are_compared_line_by_line(twice: Path, paul: Actor) -> None:
    changed = [line for line in history.compared("lost-scarf", "fr", 1, 2, by=paul) if line.kind != "same"]
    assert [(line.kind, line.text) for line in changed] == [("removed", "Deux."), ("added", "Trois.")]


def test_an_old_version_returns_as_a_draft(twice: Path, paul: Actor) -> None:
    text = editing.draft(history.restore("lost-scarf", "fr", 1, by=paul), by=paul)
    assert (text.card.origin, text.card.base_version, text.outdated) == ("version", 2, False)
    assert text.source == a_text(body="Un.\nDeux.\n")


def test_what_never_was_cannot_be_compared(twice: Path, paul: Actor) -> None:
    with pytest.raises(NotFound):
        history.compared("lost-scarf", "fr", 1, 9, by=paul)
    with pytest.raises(NotFound):
        history.versions("nothing", "fr", by=paul)
