"""What the doctor finds of credits: sums that agree to the cent, and each disorder told apart from the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.cancellations import choosing
from app.cancellations.choosing import Wish
from app.cancellations.models import Choice, ChoiceLine, Credit, CreditBucket, CreditItem, CreditSerial
from app.health import service
from app.kernel.db import session
from app.kernel.transaction import begun
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of

OFFERED = ("refund_card", "donation", "voucher")


def wrong() -> set[str]:
    session.rollback()
    return {check.id for check in service.examine() if not check.ok} - {"index"}  # these tests make no index


@pytest.fixture
def credits(app: Flask, noon: datetime) -> list[int]:
    """Three credits, of which two were answered, one of them twice, and one partly paid by others."""
    show = cancelled()
    for paid in ({"card": 12_000}, {"card": 4_000, "ancv": 8_000}, {"card": 5_000, "passculture": 7_000}):
        bought(a_household(), show, paid=paid)
    found = opened(a_campaign(show, options=OFFERED))
    choosing.choose(token_of(found[0]), Wish(lines={"refund_card": 12_000}, form="a"))
    choosing.choose(token_of(found[0]), Wish(lines={"refund_card": 8_000, "donation": 4_000}, form="b"))
    choosing.choose(token_of(found[1]), Wish(lines={"refund_card": 4_000, "voucher": 8_000}, form="a"))
    return found


def test_credits_in_order_are_found_in_order(credits: list[int]) -> None:
    assert wrong() == set()
    assert {check.id for check in service.examine() if check.id.startswith("credit-")} == {
        "credit-seats", "credit-funds", "credit-payments", "credit-sums", "credit-choices", "credit-once",
        "credit-numbers",
    }  # fmt: skip


def _void_only(credit_id: int) -> Any:
    return update(Credit).where(Credit.id == credit_id).values(state="void")


def _line(credit_id: int) -> Any:
    version = select(Credit.choice_version).where(Credit.id == credit_id).scalar_subquery()
    choice = select(Choice.id).where(Choice.credit_id == credit_id, Choice.version == version).scalar_subquery()
    return insert(ChoiceLine).values(choice_id=choice, option="carryover", amount_cents=1, author="holder", season="")


BROKEN: dict[str, tuple[Callable[[int], Any], set[str]]] = {
    "an admission is worth a cent less": (
        lambda one: update(CreditItem).where(CreditItem.credit_id == one).values(amount_cents=5_999),
        {"credit-seats"},
    ),
    "a bucket holds a cent less": (
        lambda one: update(CreditBucket).where(CreditBucket.credit_id == one).values(amount_cents=11_999),
        {"credit-funds"},
    ),
    "others paid a cent more": (
        lambda one: update(Credit).where(Credit.id == one).values(external_cents=Credit.external_cents + 1),
        {"credit-funds"},
    ),
    "more is drawn than was paid": (
        lambda one: update(CreditBucket).where(CreditBucket.credit_id == one).values(amount_cents=12_001),
        {"credit-funds", "credit-payments"},
    ),
    "a choice has a line too many": (_line, {"credit-sums"}),
    "a version is not there": (
        lambda one: update(Credit).where(Credit.id == one).values(choice_version=3, state="locked"),
        {"credit-choices", "money-credits"},
    ),
    "a void credit keeps its seats": (_void_only, {"credit-once"}),
    "a number was given to nobody": (
        lambda one: update(CreditSerial).values(last=CreditSerial.last + one - one + 1),
        {"credit-numbers"},
    ),
    "a number was left out": (
        lambda one: update(Credit).where(Credit.id == one).values(serial=900),
        {"credit-numbers"},
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_each_disorder_is_found_by_its_name(credits: list[int], case: str) -> None:
    statement, found = BROKEN[case]
    with begun():
        session.execute(statement(credits[0]).execution_options(synchronize_session=False))
    assert wrong() == found


def test_an_admission_that_two_credits_owe_is_found_whatever_its_mark_says(credits: list[int]) -> None:
    (seat,) = session.execute(
        select(CreditItem.id, CreditItem.admission_id).where(CreditItem.credit_id == credits[0]).limit(1)
    ).all()
    with begun():
        session.execute(update(CreditItem).where(CreditItem.id == seat.id).values(live=False))
        session.execute(
            update(CreditItem).where(CreditItem.credit_id == credits[1]).values(admission_id=seat.admission_id)
            .where(CreditItem.id == select(CreditItem.id).where(CreditItem.credit_id == credits[1]).limit(1).scalar_subquery())
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    once = next(check for check in service.examine() if check.id == "credit-once")
    assert (once.ok, once.found) == (False, 2)
