"""The house's own folder: filled at the first run, then watched."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.knowledge import folder, pack, shelf
from tests.domains.knowledge.texts import a_text, put, shelved


@pytest.fixture
def shipped(kb: Path, tmp_path: Path) -> Path:
    put(tmp_path / "shipped", a_text("a"), a_text("b"))
    pack.ship_from(tmp_path / "shipped")
    return kb


def test_an_empty_folder_is_filled_from_the_shipped_articles(shipped: Path, reader: Actor) -> None:
    assert pack.read_own().loaded == ("a.fr.md", "b.fr.md")
    assert sorted(path.name for path in shipped.iterdir()) == ["a.fr.md", "b.fr.md"]
    assert len(shelf.articles(reader, "fr")) == 2


def test_a_lost_folder_is_written_again_from_the_shelf(shipped: Path, tmp_path: Path) -> None:
    shelved(shipped, a_text("mine"))
    folder.keep_in(tmp_path / "elsewhere")
    assert pack.read_own().unchanged == ("mine.fr.md",)
    assert (tmp_path / "elsewhere" / "mine.fr.md").read_text() == a_text("mine")


def test_a_folder_that_did_not_change_is_not_read_again(shipped: Path) -> None:
    pack.read_own()
    assert pack.read_own().unchanged == ("a.fr.md", "b.fr.md")
    put(shipped, a_text("a", title="Tout autre chose"))
    assert pack.read_own().loaded == ("a.fr.md",)


def test_a_house_without_a_folder_says_so() -> None:
    folder.keep_in(None)
    with pytest.raises(NotFound):
        pack.read_own()
