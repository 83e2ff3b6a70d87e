"""Where every story of this folder begins: at noon, in a house of its own, with whoever makes and whoever approves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.access import Actor
from tests.cast import INES, ODILE, Character


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def ines(actor: Callable[[Character], Actor]) -> Actor:
    """The manager, who writes campaigns down."""
    return actor(INES)


@pytest.fixture
def odile(actor: Callable[[Character], Actor]) -> Actor:
    """Who approves them."""
    return actor(ODILE)
