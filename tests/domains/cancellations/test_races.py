"""What one reads and another changes meanwhile: no state that was reached is taken back, no cent is promised twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.boxoffice.models import Admission, Household, Payment, Performance
from app.cancellations import choosing, closing, inviting, looking, sparing, supplementing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit, CreditBucket, CreditItem
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.mail.models import LetterOut
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import (
    a_campaign,
    a_household,
    a_plan,
    bought,
    cancelled,
    opened,
    run,
    token_of,
)

Jobs = Callable[[], int]
Acting = Callable[[Character], Actor]


@pytest.fixture
def credit() -> int:
    show = cancelled()
    bought(a_household(), show)
    (credit_id,) = opened(a_campaign(show, options=("refund_card", "donation", "voucher")))
    return credit_id


def state(credit_id: int) -> str:
    session.rollback()
    return str(session.query(Credit.state).filter_by(id=credit_id).scalar())


@pytest.mark.parametrize("reached", ["answered", "void"])
def test_looking_at_a_page_takes_back_nothing_that_was_done_meanwhile(credit: int, reached: str) -> None:
    if reached == "answered":
        choosing.choose(token_of(credit), Wish(lines={"voucher": 12_000}, form="a"))
    else:
        session.query(Credit).update({"state": "void"})
        session.commit()
    looking.look(credit)
    assert state(credit) == reached


def test_a_credit_that_was_locked_a_moment_before_keeps_its_seats(
    credit: int, actor: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosing.choose(token_of(credit), Wish(lines={"voucher": 12_000}, form="a"))
    row = session.get_one(Credit, credit)
    show = session.query(Performance.id).scalar()
    campaign_id = row.campaign_id
    session.rollback()
    sparing.spare(campaign_id, show, "plays", by=actor(ODILE))
    monkeypatch.setattr(sparing.queries, "to_correct", lambda *_given, **_more: [credit])  # read a moment before
    session.query(Credit).update({"state": "locked"})
    session.commit()
    sparing.go(campaign_id, show, 0)
    assert (state(credit), session.query(Credit.amount_cents).scalar()) == ("locked", 12_000)


def test_no_recap_is_written_of_what_is_void(credit: int) -> None:
    choosing.choose(token_of(credit), Wish(lines={"voucher": 12_000}, form="a"))
    session.query(Credit).update({"state": "void"})
    session.commit()
    inviting.tell_choice(credit, 1)
    assert session.query(LetterOut).filter_by(kind="choice_made").count() == 0


def test_a_file_does_not_take_the_place_of_a_later_word(credit: int, actor: Acting) -> None:
    karim = actor(KARIM)
    paper = Wish(lines={"refund_card": 12_000}, form="paper")
    choosing.choose_from_file(credit, paper, by=karim)
    choosing.choose(token_of(credit), Wish(lines={"voucher": 12_000}, form="a"))
    assert choosing.choose_from_file(credit, paper, by=karim).again  # brought again, it changes nothing
    with pytest.raises(Conflict, match="choice_changed"):
        choosing.choose_from_file(credit, Wish(lines={"donation": 12_000}, form="more"), by=karim)
    page = choosing.page_of(token_of(credit))
    assert page.chosen is not None
    assert [line.option for line in page.chosen.lines] == ["voucher"]


@pytest.fixture
def two(actor: Acting, run_jobs: Jobs) -> tuple[int, list[int]]:
    """A campaign with two credits of one payment of 240 euros, each chosen for."""
    show, home = cancelled(), a_household()
    home_id, show_id = home.id, show.id
    order_id = bought(home, show, seats=4).id
    campaign_id = run(a_plan(show, options=("refund_card", "voucher")), actor(INES), actor(ODILE))
    run_jobs()
    late = bought(session.get_one(Household, home_id), session.get_one(Performance, show_id), seats=2).id
    supplementing.simulate(campaign_id, by=actor(INES))
    supplementing.approve(campaign_id, "120", by=actor(ODILE))
    run_jobs()
    ids = [row[0] for row in session.query(Credit.id).order_by(Credit.serial)]
    # As if both had been bought at once: one payment of 360 euros holds for both credits.
    payment = session.query(Payment).filter_by(order_id=order_id).one()
    other = session.query(Payment).filter_by(order_id=late).one()
    payment.amount_cents = 36_000
    session.execute(update(CreditBucket).where(CreditBucket.payment_id == other.id).values(payment_id=payment.id))
    session.commit()
    for key, cents in zip(ids, (24_000, 12_000), strict=True):
        choosing.choose(token_of(key), Wish(lines={"refund_card": cents}, form="a"))
    clock.advance(timedelta(days=31))
    closing.close_due()
    run_jobs()
    return campaign_id, ids


def test_two_credits_of_one_payment_are_not_both_locked_when_only_one_is_left_of_it(
    two: tuple[int, list[int]], actor: Acting
) -> None:
    campaign_id, ids = two
    session.query(Payment).filter_by(amount_cents=36_000).update({"refunded_cents": 12_000})
    session.commit()
    assert closing.lock(campaign_id, by=actor(ODILE)) == (0, 0, 2)  # 240 are left for what was promised twice
    assert [state(key) for key in ids] == ["answered", "answered"]


def test_a_seat_exchanged_at_the_counter_meanwhile_is_not_paid_as_well(
    two: tuple[int, list[int]], actor: Acting
) -> None:
    campaign_id, ids = two
    seat = session.query(CreditItem.admission_id).filter_by(credit_id=ids[0]).limit(1).scalar()
    session.query(Admission).filter_by(id=seat).update({"status": "exchanged"})
    session.commit()
    assert closing.lock(campaign_id, by=actor(ODILE)) == (1, 12_000, 1)
    assert [state(key) for key in ids] == ["answered", "locked"]


def test_what_can_no_longer_go_back_to_the_card_is_not_locked_as_such(
    two: tuple[int, list[int]], actor: Acting
) -> None:
    campaign_id, ids = two
    choosing.choose(token_of(ids[1]), Wish(lines={"voucher": 12_000}, form="b"))
    session.query(CreditBucket).update({"refundable_until": clock.now() - timedelta(days=1)})
    session.commit()
    assert closing.lock(campaign_id, by=actor(ODILE)) == (1, 12_000, 1)
    assert [state(key) for key in ids] == ["answered", "locked"]
