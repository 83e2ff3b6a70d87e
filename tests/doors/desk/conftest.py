"""Requests on the desk: Léa's, and colleagues signed in."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.tickets.opening import Opened
from tests.cast import KARIM, Character
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]


class Browser(FlaskClient):
    """A browser whose every request stands alone, as in a server: nothing is remembered from the one before."""

    def open(self, *given: Any, **more: Any) -> TestResponse:
        return Context().run(super().open, *given, **more)


@pytest.fixture(autouse=True)
def _browsers(app: Flask) -> None:
    app.test_client_class = Browser


@pytest.fixture
def ticket(app: Flask, noon: datetime) -> Opened:
    """A request of Léa's, just opened."""
    return a_ticket(subject="Remboursement de deux places", type="refund_cancelled")


@pytest.fixture
def address(ticket: Opened) -> str:
    """Where its page stands."""
    return f"/regie/demandes/{ticket.number}"


@pytest.fixture
def karim(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """An agent of the box office at his desk."""
    return sign_in(KARIM)
