"""A house whose shelf holds the shipped articles, indexed, with words only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.knowledge import folder, whole
from app.knowledge.loading import load_folder
from app.search import place, service
from app.venue import service as venue
from tests.domains.knowledge.texts import FACTS

SHIPPED = Path(__file__).resolve().parents[3] / "kb_articles"


@pytest.fixture
def kb(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The house's folder of articles, still empty, and an index of its own."""
    own = tmp_path / "articles"
    own.mkdir()
    folder.keep_in(own)
    place.be(tmp_path / "words", meaning="off")
    venue.set_up(name="Opéra de Valmorin", zone="Europe/Paris", language="fr", order_prefix="VAL", facts=FACTS)
    whole.forget()
    yield own
    place.be(None)


@pytest.fixture
def words(kb: Path) -> Path:
    """The folder of the index."""
    found = place.folder()
    assert found is not None
    return found


@pytest.fixture
def shipped(kb: Path) -> Path:
    """The shipped articles, on the shelf and indexed."""
    load_folder(SHIPPED)
    service.refresh()
    return kb
