"""A house with a few articles on its shelf, some performances, and Léa's order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.knowledge import voting
from app.tickets import links
from app.tickets.opening import Opened
from tests.bill import a_performance, an_order, shelved
from tests.makers import a_ticket

#: Articles enough for every page; the whole pack has its own tests.
SLUGS = ("show-cancelled", "exchange-tickets", "lost-property", "choose-options")


@pytest.fixture(autouse=True)
def _unread() -> None:
    """Openings that another test's house has not written down are those of articles this house has not."""
    voting._Openings.counts.clear()


@pytest.fixture
def shelf(app: Flask, noon: datetime, tmp_path: Path) -> None:
    """A few real articles in both languages."""
    shelved(tmp_path / "articles", SLUGS)


@pytest.fixture
def season(app: Flask, noon: datetime) -> None:
    """La Traviata cancelled in two days, The Nutcracker tomorrow, with Léa's order for it."""
    nutcracker = a_performance("Casse-Noisette", "The Nutcracker", noon + timedelta(days=1))
    a_performance(
        "La Traviata", "La Traviata", noon + timedelta(days=2), status="cancelled",
        notice_fr="La scène est inondée.", notice_en="The stage is flooded.",
    )  # fmt: skip
    an_order("VAL-7K3QD", nutcracker)


@pytest.fixture
def ticket(app: Flask, noon: datetime) -> Opened:
    """A request of Léa's, just opened."""
    return a_ticket(subject="Changer de date")


@pytest.fixture
def link(ticket: Opened) -> str:
    """The address of its private page."""
    return f"/d/{links.token_for(ticket.nonce)}"
