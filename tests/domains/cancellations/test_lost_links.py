"""A link that was replaced leads to the new one, by letter only; and a division is weighed as it would be decided."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.cancellations import choosing, lost_links
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditLetter
from app.cancellations.weighing import weigh
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import Gone, Invalid, NotFound
from tests.domains.cancellations.world import MONTH, a_campaign, a_household, bought, cancelled, opened, token_of

LEA = "lea@exemple.fr"


@pytest.fixture
def credit() -> int:
    """A credit of 120 euros, 70 of which were paid by card."""
    show = cancelled()
    bought(a_household(email=LEA), show, paid={"card": 7_000, "ancv": 5_000})
    (credit_id,) = opened(a_campaign(show, options=("refund_card", "refund_transfer", "donation", "voucher")))
    return credit_id


def sent() -> list[str]:
    session.rollback()
    return [row.occasion for row in session.query(CreditLetter).order_by(CreditLetter.id)]


def renewed(credit_id: int) -> None:
    """Two newer links have taken the place of the first."""
    row = session.get(Credit, credit_id)
    assert row is not None
    row.link_generation = 3
    session.commit()


def test_a_lost_link_is_sent_once_an_hour(credit: int, noon: datetime) -> None:
    old = token_of(credit)
    renewed(credit)
    for _ in range(3):
        lost_links.send_again(old)
    assert sent() == ["again-2026111013"]
    with clock.frozen_at(noon + timedelta(hours=1)):
        lost_links.send_again(old)
    assert sent()[1:] == ["again-2026111014"]


def test_where_nothing_can_be_claimed_any_more_nothing_is_sent(credit: int, noon: datetime) -> None:
    with clock.frozen_at(noon + 61 * MONTH):
        lost_links.send_again(token_of(credit))
    assert sent() == []


def test_a_link_of_before_is_known_and_one_of_nobody_is_not(credit: int) -> None:
    old = token_of(credit)
    assert lost_links.fate(old) == ""
    renewed(credit)
    assert lost_links.fate(old) == "replaced"
    assert lost_links.fate(token_of(credit)) == ""
    assert lost_links.fate(old[:-6] + "aaaaaa") == ""
    assert lost_links.fate("abc") == ""
    lost_links.send_again("abc")
    assert sent() == []


def test_a_void_credit_has_no_link(credit: int) -> None:
    row = session.get(Credit, credit)
    assert row is not None
    row.state, row.link_generation = "void", 2
    session.commit()
    assert lost_links.fate(token_of(credit)) == "void"
    lost_links.send_again(token_of(credit))
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
