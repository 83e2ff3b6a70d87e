"""Bare houses of their own: an empty one for each test, and one with the demo in it for all that only look."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import wiring  # noqa: F401 - brings every table and event with it
from app.demo import service
from app.kernel import clock, keys
from app.kernel.db import db, prepare

#: A Wednesday in opening hours: 18 November 2026, 14:30 in Valmorin.
WEDNESDAY = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


@contextmanager
def bare_house(folder: Path, url: str = "") -> Iterator[Flask]:
    """An application that is only a database, empty."""
    keys.unlock(folder / "keys", production=False)
    app = Flask("demo")
    app.config["SQLALCHEMY_DATABASE_URI"] = url or f"sqlite:///{folder / 'house.sqlite3'}"
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def bare_postgres(server: str, folder: Path, name: str) -> Iterator[Flask]:
    """The same in a PostgreSQL database of its own."""
    address = make_url(server).set(drivername="postgresql+psycopg", database="postgres")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = address.set(database=name).render_as_string(hide_password=False)
    with bare_house(folder, url) as app:
        yield app
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def empty_house(tmp_path: Path) -> Iterator[Flask]:
    """Nobody works here yet; time stands still."""
    with bare_house(tmp_path) as app, clock.frozen_at(WEDNESDAY):
        yield app


@pytest.fixture(scope="module", params=BOTH)
def demo_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The demo, seeded once for tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        house = bare_house(folder)
    else:
        house = bare_postgres(request.getfixturevalue("postgres_url"), folder, f"guichet_demo_{os.getpid()}")
    with house, clock.frozen_at(WEDNESDAY):
        yield service.seed()


@pytest.fixture
def at() -> Callable[[int, int, int], datetime]:
    """A moment of November 2026. Shape: day, hour, minute, in UTC."""
    return lambda day, hour, minute: datetime(2026, 11, day, hour, minute, tzinfo=UTC)
