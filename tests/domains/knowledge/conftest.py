"""A house with an empty folder of articles, and the people who read and write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.kernel.access import Actor, Role, spectator
from app.knowledge import folder, voting, whole
from app.people.service import Writer, recognise
from app.venue import service as venue
from tests.domains.knowledge.texts import FACTS


@pytest.fixture
def kb(app: Flask, tmp_path: Path) -> Path:
    """The house's folder of articles, still empty."""
    place = tmp_path / "articles"
    place.mkdir()
    folder.keep_in(place)
    venue.set_up(name="Opéra de Valmorin", zone="Europe/Paris", language="fr", order_prefix="VAL", facts=FACTS)
    whole.forget()
    voting._Openings.counts.clear()  # readers of another test's house have opened articles that are not here
    return place


def _colleague(name: str, *roles: Role) -> Actor:
    email = f"{name}@valmorin.example"
    person = recognise([Writer(email, name)])[email]
    return Actor(roles=frozenset({Role.STAFF, *roles}), person_id=person, door="desk")


@pytest.fixture
def reader() -> Actor:
    return spectator(None, door="portal")


@pytest.fixture
def staff(app: Flask) -> Actor:
    return _colleague("sami.h", Role.STAFF)


@pytest.fixture
def paul(app: Flask) -> Actor:
    return _colleague("paul.v", Role.EDITOR)


@pytest.fixture
def anne(app: Flask) -> Actor:
    return _colleague("anne.e", Role.EDITOR)
