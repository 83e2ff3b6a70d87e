"""A closed campaign whose money is dealt with at the desk, and how its pages are read; no story is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import Money, banked, begun, choose, closed

Act = Callable[[Character], Actor]


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Act) -> Money:
    """Two households that chose money, one of them with an account that is called otherwise, and one gift."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Roux": {}, "Blanc": {}})
    choose(found, "Fontanel", {"refund_transfer": 12_000})
    choose(found, "Roux", {"refund_transfer": 12_000}, holder="Quidam")
    choose(found, "Blanc", {"donation": 12_000})
    banked(found.finance)
    closed(found)
    return found


@pytest.fixture
def here(money: Money) -> str:
    """Where the money of the campaign stands."""
    return f"/regie/annulations/{money.campaign_id}/argent"


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def text(answer: TestResponse) -> str:
    return plain(answer.get_data(as_text=True))


def change(statement: str) -> None:
    """What happens elsewhere than at the desk."""
    session.rollback()
    session.execute(sql(statement))
    session.commit()
