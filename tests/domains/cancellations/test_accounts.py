"""Accounts to pay to: sealed when typed, shown masked, and proven by a code before money can go there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.cancellations import accounts, choosing
from app.cancellations.choosing import Wish
from app.cancellations.models import CreditCode, Payee
from app.cancellations.payees import number_of
from app.kernel import clock, sealing
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.journal import JournalEntry
from app.mail import outgoing
from tests.cast import KARIM, ODILE, SAMI, Character
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of

IBAN = "FR76 3000 6000 0112 3456 7890 189"
OTHER = "DE89 3704 0044 0532 0130 00"


def owed(email: str = "") -> str:
    """The token of a credit of 120 euros."""
    show = cancelled()
    bought(a_household(email=email), show)
    (credit_id,) = opened(a_campaign(show, options=("refund_transfer", "donation")))
    return token_of(credit_id)


def code_sent() -> str:
    session.rollback()
    letter = next(one for one in outgoing.latest(by=SYSTEM, limit=50) if one.kind == "choice_code")
    found = re.search(r"^\d{6}$", letter.text, re.MULTILINE)
    assert found
    return found[0]


def by_transfer(token: str, account_id: int) -> None:
    choosing.choose(token, Wish(lines={"refund_transfer": 12_000}, form="a", account_id=account_id))


def test_an_account_is_paid_to_once_its_code_was_given() -> None:
    token = owed()
    card = accounts.give(token, IBAN, "  Léa   Fontanel ")
    assert (card.masked, card.name, card.proven) == ("FR76 •••• 189", "Léa Fontanel", False)
    with pytest.raises(Conflict, match="account_unproven"):
        by_transfer(token, card.id)
    accounts.prove(token, card.id, f" {code_sent()} ")
    by_transfer(token, card.id)
    page = choosing.page_of(token)
    assert page.chosen is not None
    assert (page.chosen.lines[0].masked, page.chosen.lines[0].name) == ("FR76 •••• 189", "Léa Fontanel")


def test_the_same_account_typed_again_asks_no_second_code() -> None:
    token = owed()
    card = accounts.give(token, IBAN, "Léa Fontanel")
    accounts.prove(token, card.id, code_sent())
    again = accounts.give(token, IBAN.replace(" ", "").lower(), "Léa Fontanel")
    assert (again.id, again.proven) == (card.id, True)
    assert session.query(CreditCode.id).count() == 1


def test_another_account_asks_another_code() -> None:
    token = owed()
    first = accounts.give(token, IBAN, "Léa Fontanel")
    accounts.prove(token, first.id, code_sent())
    second = accounts.give(token, OTHER, "Léa Fontanel")
    assert not second.proven
    with pytest.raises(Conflict, match="account_unproven"):
        by_transfer(token, second.id)


def test_no_digit_of_an_account_stands_anywhere_in_the_database(app: Flask) -> None:
    token = owed()
    accounts.give(token, IBAN, "Léa Fontanel")
    flat = IBAN.replace(" ", "")
    for table in session.execute(text(tables_of(app))).scalars():
        for row in session.execute(text(f'SELECT * FROM "{table}"')):
            words = " ".join(str(value) for value in row)
            assert flat not in words
            assert flat[4:-3] not in words.replace(" ", "")
    row = session.query(Payee).one()
    assert number_of(row.credit_id, row.print, row.iban_sealed) == flat


def tables_of(app: Flask) -> str:
    if session.get_bind().dialect.name == "sqlite":
        return "SELECT name FROM sqlite_master WHERE type = 'table'"
    return "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def test_a_sealed_account_moved_to_another_row_cannot_be_opened() -> None:
    one, two = owed(), owed()
    accounts.give(one, IBAN, "Léa Fontanel")
    accounts.give(two, OTHER, "Léa Fontanel")
    rows = session.query(Payee).order_by(Payee.id).all()
    with pytest.raises(sealing.Unreadable):
        number_of(rows[1].credit_id, rows[1].print, rows[0].iban_sealed)


@pytest.mark.parametrize(
    ("iban", "name", "fields"),
    [
        ("FR76 3000 6000 0112 3456 7890 188", "Léa", {"iban": "iban_checksum"}), ("", "Léa", {"iban": "iban_empty"}),
        ("US64SVBKUS6S3300958879", "Léa", {"iban": "iban_country"}), (IBAN, " ", {"holder": "empty"}),
        (IBAN, "L" * 71, {"holder": "too_long"}), ("x", "", {"iban": "iban_form", "holder": "empty"}),
    ],
)  # fmt: skip
def test_a_wrong_account_is_said_at_its_field_and_nothing_is_kept(iban: str, name: str, fields: dict[str, str]) -> None:
    token = owed()
    with pytest.raises(Invalid) as refused:
        accounts.give(token, iban, name)
    assert refused.value.fields == fields
    assert session.query(Payee.id).count() == 0


def wrong(token: str, account_id: int, code: str) -> str:
    with pytest.raises(Invalid) as refused:
        accounts.prove(token, account_id, code)
    return refused.value.fields["code"]


def test_a_code_holds_for_few_tries_and_a_quarter_of_an_hour_and_once() -> None:
    token = owed()
    card = accounts.give(token, IBAN, "Léa Fontanel")
    right = code_sent()
    bad = f"{(int(right) + 1) % 10**6:06}"
    assert [wrong(token, card.id, bad) for _ in range(5)] == ["code_wrong"] * 5
    assert wrong(token, card.id, right) == "code_tries"
    accounts.send_again(token, card.id)
    clock.advance(timedelta(minutes=16))
    assert wrong(token, card.id, code_sent()) == "code_old"
    accounts.send_again(token, card.id)
    accounts.prove(token, card.id, code_sent())
    assert wrong(token, card.id, code_sent()) == "code_old"
    assert wrong(token, 999, "") == "code_old"


def test_codes_are_not_sent_without_end() -> None:
    token = owed()
    card = accounts.give(token, IBAN, "Léa Fontanel")
    for _ in range(4):
        accounts.send_again(token, card.id)
    with pytest.raises(Conflict, match="code_often"):
        accounts.send_again(token, card.id)
    clock.advance(timedelta(hours=1))
    accounts.send_again(token, card.id)


def test_an_account_of_another_credit_serves_nothing() -> None:
    one, two = owed(), owed()
    card = accounts.give(one, IBAN, "Léa Fontanel")
    accounts.prove(one, card.id, code_sent())
    with pytest.raises(Invalid):
        by_transfer(two, card.id)
    with pytest.raises(NotFound):
        accounts.send_again(two, card.id)


def test_a_colleague_who_sees_the_person_needs_no_code(actor: Callable[[Character], Actor]) -> None:
    token = owed()
    credit_id = choosing.page_of(token).credit_id
    with pytest.raises(Forbidden):
        accounts.give_for(credit_id, IBAN, "Léa Fontanel", by=actor(SAMI))
    card = accounts.give_for(credit_id, IBAN, "Léa Fontanel", by=actor(KARIM))
    assert card.proven
    wish = Wish(lines={"refund_transfer": 12_000}, form="a", account_id=card.id)
    choosing.choose_for(credit_id, wish, channel="counter", by=actor(KARIM))


def test_one_account_for_many_households_is_told() -> None:
    for _ in range(4):
        accounts.give(owed(), IBAN, "Léa Fontanel")
    doubts = session.query(JournalEntry.data).filter(JournalEntry.name == "AccountDoubted").all()
    assert [row[0]["households"] for row in doubts] == [4]


def test_accounts_that_more_than_three_households_gave_are_listed(actor: Callable[[Character], Actor]) -> None:
    tokens = [owed() for _ in range(4)]
    for token in tokens[:3]:
        accounts.give(token, IBAN, "Léa Fontanel")
    accounts.give(tokens[0], IBAN, "Une autre")
    accounts.give(tokens[3], OTHER, "Léa Fontanel")
    assert accounts.shared(by=actor(ODILE)) == []
    accounts.give(tokens[3], IBAN, "Léa Fontanel")
    (found,) = accounts.shared(by=actor(ODILE))
    assert (found.masked, found.names) == ("FR76 •••• 189", ("Léa Fontanel", "Une autre"))
    assert sorted(found.credits) == [f"AV-2026-{serial:06}" for serial in (1, 2, 3, 4)]
    with pytest.raises(Forbidden):
        accounts.shared(by=actor(KARIM))
