"""A payment by card that a bank was asked to take back: no card is credited with it, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.boxoffice import disputing, importing
from app.boxoffice.models import Payment, PaymentDispute
from app.cancellations import choosing, closing
from app.cancellations.choosing import Wish
from app.cancellations.models import Campaign, Credit, CreditBucket
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cast import INES, KARIM, LEA, ODILE, PAUL, Character
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
from tests.exchange import HEADERS, a_file, a_row

Acting = Callable[[Character], Actor]
OPTIONS = ("refund_card", "refund_transfer", "donation", "voucher")


def a_credit(**paid: int) -> tuple[int, dict[str, int]]:
    """A credit of 120 euros, and its payments by tender."""
    show = cancelled()
    order = bought(a_household(email=LEA), show, paid=paid or None)
    (credit_id,) = opened(a_campaign(show, options=OPTIONS))
    rows = session.query(Payment).filter_by(order_id=order.id)
    return credit_id, {row.tender: row.id for row in rows}


def limits(credit_id: int) -> dict[str, tuple[int, str]]:
    session.rollback()
    return {one.code: (one.most, one.why) for one in choosing.page_of(token_of(credit_id)).options}


def test_no_card_is_credited_with_what_a_bank_takes_back(noon: datetime, actor: Acting) -> None:
    credit_id, paid = a_credit(card=9_000, cash=3_000)
    assert limits(credit_id)["refund_card"] == (9_000, "card")
    disputing.dispute(paid["card"], "Lettre de la banque du 12/11", by=actor(KARIM))
    found = limits(credit_id)
    assert found["refund_card"] == (0, "disputed")
    assert found["refund_transfer"] == found["donation"] == found["voucher"] == (12_000, "")
    page = choosing.page_of(token_of(credit_id))
    assert (page.amount_cents, page.disputed_cents) == (12_000, 9_000)
    assert sum(row.amount_cents for row in session.query(CreditBucket)) == 12_000
    with pytest.raises(Invalid):
        choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 9_000, "voucher": 3_000}, form="a"))
    disputing.undo(paid["card"], by=actor(KARIM))
    assert limits(credit_id)["refund_card"] == (9_000, "card")
    assert choosing.page_of(token_of(credit_id)).disputed_cents == 0


def test_other_cards_of_the_same_credit_are_credited_still(noon: datetime, actor: Acting) -> None:
    show = cancelled()
    home = a_household(email=LEA)
    first, second = bought(home, show, seats=1), bought(home, show, seats=1)
    (credit_id,) = opened(a_campaign(show, options=OPTIONS))
    (payment,) = session.query(Payment).filter_by(order_id=first.id)
    disputing.dispute(payment.id, "contestation", by=actor(KARIM))
    assert limits(credit_id)["refund_card"] == (6_000, "disputed")
    choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 6_000, "voucher": 6_000}, form="a"))
    assert second.id != first.id


def test_a_choice_made_before_stays_behind_until_it_is_over(noon: datetime, actor: Acting) -> None:
    credit_id, paid = a_credit()
    choosing.choose(token_of(credit_id), Wish(lines={"refund_card": 12_000}, form="a"))
    disputing.dispute(paid["card"], "contestation", by=actor(KARIM))
    row = session.query(Campaign).one()
    row.state, row.closed_at = "closed", clock.now()
    session.commit()
    assert closing.behind(row.id, by=actor(ODILE))["disputed"] == {credit_id}
    assert closing.lock(row.id, by=actor(ODILE)).held_back == 1
    disputing.undo(paid["card"], by=actor(KARIM))
    assert closing.lock(row.id, by=actor(ODILE)) == (1, 12_000, 0)


def test_silence_credits_no_card_that_a_bank_takes_back_from(
    noon: datetime, actor: Acting, run_jobs: Callable[[], int]
) -> None:
    show = cancelled()
    bought(a_household(email=LEA), show)
    plan = a_plan(show, default_option="refund_card", deadline_at=clock.now() + timedelta(days=10))
    campaign_id = run(plan, actor(INES), actor(ODILE))
    run_jobs()
    payment = session.query(Payment).one()
    disputing.dispute(payment.id, "contestation", by=actor(KARIM))
    row = session.get(Campaign, campaign_id)
    assert row is not None
    row.state, row.closed_at = "closed", clock.now()
    session.commit()
    closing.decide_silent(campaign_id, 0)
    assert session.query(Credit.state).scalar() == "unclaimed"


def test_it_is_noted_with_a_reason_by_somebody_else_and_once(noon: datetime, actor: Acting) -> None:
    _, paid = a_credit(card=9_000, cash=3_000)
    for wrong in ("", "  ", "x" * 256):
        with pytest.raises(Invalid):
            disputing.dispute(paid["card"], wrong, by=actor(KARIM))
    with pytest.raises(NotFound):
        disputing.dispute(paid["cash"], "contestation", by=actor(KARIM))
    with pytest.raises(Conflict):
        disputing.undo(paid["card"], by=actor(KARIM))
    with pytest.raises(Forbidden):
        disputing.dispute(paid["card"], "contestation", by=actor(PAUL))
    for _ in range(2):
        disputing.dispute(paid["card"], "contestation", by=actor(KARIM))
    assert session.query(PaymentDispute).count() == 1
    for _ in range(2):
        disputing.undo(paid["card"], by=actor(KARIM))
    assert [one.source for one in disputing.cards_of([session.query(Credit).one().household_id], by=actor(KARIM))] == [
        ""
    ]


def test_nobody_says_it_of_their_own_household(noon: datetime, actor: Acting) -> None:
    show = cancelled()
    order = bought(a_household(email=KARIM.email), show)
    (payment,) = session.query(Payment).filter_by(order_id=order.id)
    with pytest.raises(Forbidden):
        disputing.dispute(payment.id, "contestation", by=actor(KARIM))


def disputed() -> list[tuple[str, bool]]:
    session.rollback()
    session.expire_all()
    return [(row.source, row.ended_at is None) for row in session.query(PaymentDispute).order_by(PaymentDispute.id)]


def test_a_file_tells_it_and_the_same_file_again_changes_nothing(
    app: Flask, noon: datetime, actor: Acting, tmp_path: Path
) -> None:
    columns = [*HEADERS, "Contestation bancaire"]

    def a_day(name: str, said: str, other: str = "") -> Path:
        rows = [a_row("B1", **{"Contestation bancaire": said}), a_row("B2", **{"Contestation bancaire": other})]
        return a_file(tmp_path / name, *rows, columns=columns)

    importing.import_file(a_day("a.csv", "oui", "non"), by=SYSTEM)
    assert disputed() == [("file", True)]
    importing.import_file(a_day("a.csv", "oui", "non"), by=SYSTEM)
    importing.import_file(a_file(tmp_path / "b.csv", a_row("B1"), a_row("B2")), by=SYSTEM)
    assert disputed() == [("file", True)]
    importing.import_file(a_day("c.csv", "non", "non"), by=SYSTEM)
    assert disputed() == [("file", False)]
    importing.import_file(a_day("d.csv", "oui"), by=SYSTEM)
    assert disputed() == [("file", False), ("file", True)]
    (payment,) = session.query(Payment)
    disputing.undo(payment.id, by=actor(KARIM))
    # A colleague knows better than the file, though another seat of the order changes.
    importing.import_file(a_day("e.csv", "oui", "oui"), by=SYSTEM)
    assert disputed() == [("file", False), ("file", False)]
    disputing.dispute(payment.id, "contestation", by=actor(KARIM))
    importing.import_file(a_day("f.csv", "non", "non"), by=SYSTEM)
    assert disputed()[-1] == ("agent", True)


def test_a_file_that_says_neither_yes_nor_no_is_warned_of(app: Flask, noon: datetime, tmp_path: Path) -> None:
    path = a_file(tmp_path / "a.csv", a_row("B1", Chargeback="peut-être"), columns=[*HEADERS, "Chargeback"])
    report = importing.import_file(path, by=SYSTEM)
    assert [(flaw.code, flaw.column, flaw.error) for flaw in report.flaws] == [("yes_no", "disputed", False)]
    assert disputed() == []
