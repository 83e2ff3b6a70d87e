"""A house of its own for each fault: set up, indexed, well before anything happens to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.search import index
from tests.faults.house import House
from tests.sink import Sink, sinking


@pytest.fixture
def house(app: Flask) -> House:
    """A house with its index."""
    index.rebuild()
    return House(app)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The mail server of the world."""
    with sinking() as one:
        yield one
