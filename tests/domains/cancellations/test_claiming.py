"""A lost link goes to the address the house knows, or nowhere; and a division is weighed as it would be decided."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice.models import Admission, Order
from app.cancellations import choosing, claiming
from app.cancellations.choosing import Wish
from app.cancellations.models import Campaign, Credit, CreditLetter
from app.cancellations.weighing import weigh
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import Gone, Invalid, NotFound
from tests.domains.cancellations.world import MONTH, a_campaign, a_household, bought, cancelled, opened, token_of

LEA = "lea@exemple.fr"


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def credit() -> int:
    """A credit of 120 euros, 70 of which were paid by card."""
    show = cancelled()
    bought(a_household(email=LEA), show, paid={"card": 7_000, "ancv": 5_000})
    (credit_id,) = opened(a_campaign(show, options=("refund_card", "refund_transfer", "donation", "voucher")))
    return credit_id


def claimed(**changes: str) -> None:
    order, seat = session.query(Order).one(), session.query(Admission).first()
    assert seat is not None
    claiming.claim(**{"order_code": order.code, "last4": seat.external_id[-4:], "email": LEA, **changes})


def sent() -> list[str]:
    session.rollback()
    return [row.occasion for row in session.query(CreditLetter).order_by(CreditLetter.id)]


def test_who_knows_a_ticket_and_the_address_has_the_link_sent(credit: int) -> None:
    claimed(email=LEA.upper())
    assert sent() == ["again-1"]


@pytest.mark.parametrize("wrong", [{"order_code": "VAL-X"}, {"last4": "____"}, {"last4": "%"}, {"email": "a@b.fr"}])
def test_one_of_the_three_wrong_sends_nothing(credit: int, wrong: dict[str, str]) -> None:
    claimed(**wrong)
    assert sent() == []


def test_so_many_an_hour_and_more_the_hour_after(credit: int, noon: datetime) -> None:
    for _ in range(5):
        claimed()
    assert sent() == ["again-1", "again-2", "again-3"]
    with clock.frozen_at(noon + timedelta(minutes=61)):
        claimed()
    assert sent()[3:] == ["again-4"]


def test_where_nothing_can_be_chosen_any_more_nothing_is_sent(credit: int) -> None:
    session.query(Campaign).one().state = "settled"
    session.commit()
    claimed()
    claiming.send_again(token_of(credit))
    assert sent() == []


def test_a_link_of_before_is_known_and_one_of_nobody_is_not(credit: int) -> None:
    old = token_of(credit)
    assert not claiming.is_replaced(old)
    row = session.get(Credit, credit)
    assert row is not None
    row.link_generation = 3
    session.commit()
    assert claiming.is_replaced(old)
    assert not claiming.is_replaced(token_of(credit))
    assert not claiming.is_replaced(old[:-6] + "aaaaaa")
    assert not claiming.is_replaced("abc")
    claiming.send_again(old)
    claiming.send_again("abc")
    assert sent() == ["again-1"]


def test_a_void_credit_has_no_link(credit: int) -> None:
    row = session.get(Credit, credit)
    assert row is not None
    row.state, row.link_generation = "void", 2
    session.commit()
    assert not claiming.is_replaced(token_of(credit))
    claimed()
    assert sent() == []


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ({"refund_card": 7_000, "voucher": 5_000}, {}),
        ({"refund_card": 7_001, "voucher": 4_999}, {"refund_card": "choice_above"}),
        ({"refund_card": 5_000, "donation": 3_000, "voucher": 4_000}, {"sum": "choice_gift"}),
        ({"refund_card": 5_000, "refund_transfer": 3_000, "voucher": 4_000}, {"sum": "choice_money"}),
        ({"voucher": 11_999}, {"sum": "choice_short"}),
        ({"carryover": 12_000}, {"carryover": "choice_unknown"}),
        ({}, {"sum": "choice_nothing"}),
    ],
)
def test_what_is_weighed_is_what_would_be_refused(credit: int, lines: dict[str, int], wrong: dict[str, str]) -> None:
    token = token_of(credit)
    assert weigh(token, lines) == wrong
    if wrong:
        with pytest.raises(Invalid) as refused:
            choosing.choose(token, Wish(lines=lines, form="a"))
        assert wrong.items() <= refused.value.fields.items()


def test_a_link_that_opens_nothing_weighs_nothing(credit: int, noon: datetime) -> None:
    with pytest.raises(NotFound):
        weigh("abc", {})
    with clock.frozen_at(noon + 61 * MONTH), pytest.raises(Gone):
        weigh(token_of(credit), {})
