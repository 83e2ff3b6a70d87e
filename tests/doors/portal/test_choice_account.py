"""Another account after money came back: asked for once, proven, and never by whoever only holds the link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import rejecting
from app.settlements.models import SettlementLine
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import IBANS, Money, banked, begun, choose, closed, exported, locked
from tests.doors.portal.choice_forms import carried, code_sent, letters, link_of, told


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """One household whose transfer left, and another whose credit still waits."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Petit": {}, "Roux": {}})
    choose(found, "Petit", {"refund_transfer": 12_000})
    banked(found.finance)
    closed(found)
    locked(found)
    exported(found)
    return found


def came_back(money: Money, code: str) -> str:
    reference = session.query(SettlementLine.reference).scalar()
    rejecting.take(f"reference;motif\n{reference};{code}\n".encode(), by=money.finance)
    work.run_due()
    return link_of(money.credits["Petit"])


def lines() -> list[tuple[int, int]]:
    session.rollback()
    query = session.query(SettlementLine.attempt, SettlementLine.amount_cents).order_by(SettlementLine.id)
    return [tuple(row) for row in query]


def pressed(client: FlaskClient, address: str, **fields: str) -> tuple[int, str]:
    answer = client.post(f"{address}?lang=en", data=fields)
    return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)


def test_what_left_for_the_bank_is_told_with_its_day(client: FlaskClient, money: Money) -> None:
    link = link_of(money.credits["Petit"])
    page = told(client.get(link).get_data(as_text=True))
    assert "Remis à la banque, vendredi 11 décembre 2026" in page
    assert "Handed to the bank" in told(client.get(f"{link}?lang=en").get_data(as_text=True))


def test_an_account_is_proven_by_a_code_and_pressing_twice_pays_once(client: FlaskClient, money: Money) -> None:
    link = came_back(money, "AC04")
    assert "the account is closed" in told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert pressed(client, f"{link}/compte", iban="FR76", holder="")[0] == 422
    # Under another name the account is the same that money came back from; that is found out before it is used.
    status, page = pressed(client, f"{link}/compte", iban=IBANS[1], holder="Quelqu’un")
    fields = carried(page)
    assert (status, "the code we sent" in told(page)) == (200, True)
    assert pressed(client, f"{link}/compte/code", **fields, code="000000")[0] == 422
    status, page = pressed(client, f"{link}/compte/code", **fields, code=code_sent())
    assert (status, "give another one" in told(page)) == (422, True)
    status, page = pressed(client, f"{link}/compte", iban=IBANS[2], holder="Léa Petit")
    fields = carried(page)
    assert lines() == [(1, 12_000)]
    first = pressed(client, f"{link}/compte/code", **fields, code=code_sent())
    assert first == (303, f"{link}?lang=en&fait=compte")
    assert pressed(client, f"{link}/compte/code", **fields, code=code_sent()) == (303, f"{link}?lang=en")
    assert pressed(client, f"{link}/compte", iban=IBANS[3], holder="X") == (303, f"{link}?lang=en")
    assert lines() == [(1, 12_000), (2, 12_000)]
    work.run_due()
    (recap,) = letters("refund_corrected")
    assert "DE89" not in recap
    assert "NL91 •••• 300" in recap
    seen = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "Waits for the next batch" in seen


def test_where_nothing_is_asked_for_nobody_gives_an_account(client: FlaskClient, money: Money) -> None:
    link = link_of(money.credits["Roux"])
    for address in (f"{link}/compte", f"{link}/compte/code"):
        assert client.get(address).status_code == 303
        assert pressed(client, address, iban=IBANS[2], holder="X", account="1") == (303, f"{link}?lang=en")
    assert client.get("/c/abc/compte").status_code == 404


def test_where_the_holder_has_died_the_page_asks_for_a_call_instead(client: FlaskClient, money: Money) -> None:
    link = came_back(money, "MD07")
    assert client.get(f"{link}/compte").status_code == 303
    seen = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "We need a word with you" in seen
    assert "has died" not in seen.split("What became of your money")[0]
    assert pressed(client, f"{link}/compte", iban=IBANS[2], holder="X") == (303, f"{link}?lang=en")
    assert lines() == [(1, 12_000)]
