"""N11: whoever has a voucher that ends soon and is not used up is told sixty and fifteen days before, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.cancellations.models import CampaignOption, Credit
from app.health import service as health
from app.kernel import clock, work
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail.models import LetterOut
from app.people.models import Address
from app.settlements import reminding, vouchers
from app.settlements.models import Voucher
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import token_of
from tests.domains.settlements.world import Money, begun, two_paid

Act = Callable[[Character], Actor]


def with_a_voucher(actor: Act, months: int, language: str = "fr") -> Money:
    """One household with a voucher of 120 euros, valid for so many months."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Roux": {}})
    session.query(CampaignOption).filter_by(code="voucher").update({"validity_months": months})
    session.query(Credit).update({"language": language})
    session.commit()
    two_paid(found)
    work.run_due()
    return found


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Act) -> Money:
    return with_a_voucher(actor, 12)


def told() -> list[LetterOut]:
    session.rollback()
    return session.query(LetterOut).filter_by(kind="voucher_ending").order_by(LetterOut.id).all()


def come_to(days: int) -> None:
    """Time passes until so many days before the last one."""
    ((until,),) = session.query(Voucher.expires_on).distinct()
    session.rollback()
    clock.advance(timedelta(days=(until - clock.now().date()).days - days))


def code(money: Money) -> str:
    (shown,) = vouchers.of_link(token_of(money.credits["Roux"]))
    return shown.code


def test_twice_and_no_oftener_however_often_somebody_looks(money: Money) -> None:
    found = []
    for days in (61, 60, 59, 16, 15, 14, 0, -1):
        come_to(days)
        found.append((reminding.remind_due(), reminding.remind_due()))
    assert found == [(0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 0)]
    first, second = told()
    assert first.subject == second.subject
    assert first.subject.startswith("Votre bon d’achat\N{NO-BREAK SPACE}: il reste 120,00\N{NO-BREAK SPACE}€ jusqu’au ")
    assert len(first.subject) <= 70
    assert first.subject[-4:] == "2027"
    assert f"{token_of(money.credits['Roux'])}/bon" in first.text
    assert code(money) not in first.text


def test_what_is_left_is_told_and_nothing_once_it_is_used_up(money: Money) -> None:
    vouchers.use(code(money), 5_000, "VAL-1", by=money.agent)
    come_to(60)
    assert reminding.remind_due() == 1
    assert "il reste 70,00" in told()[0].subject
    vouchers.use(code(money), 7_000, "VAL-2", by=money.agent)
    come_to(15)
    assert reminding.remind_due() == 0


def test_a_worker_that_stood_still_tells_once_only(money: Money) -> None:
    come_to(10)
    assert (reminding.remind_due(), reminding.remind_due(), len(told())) == (1, 0, 1)


@pytest.mark.parametrize(("months", "reminders"), [(1, 1), (2, 2), (4, 2)])
def test_who_has_just_got_a_voucher_is_not_reminded_of_it(
    app: Flask, noon: datetime, actor: Act, months: int, reminders: int
) -> None:
    """Of a month only the last reminder is left; of two months the first comes thirty days after it was issued."""
    with_a_voucher(actor, months)
    first, written = clock.now(), []
    for _ in range(31 * months):
        if reminding.remind_due():
            written.append((clock.now() - first).days)
        clock.advance(timedelta(days=1))
    assert len(written) == reminders
    assert written[0] >= (30 if months > 1 else 7)


def test_one_without_end_is_never_told_of(app: Flask, noon: datetime, actor: Act) -> None:
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Roux": {}})
    assert found.credits
    assert reminding.remind_due() == 0


def test_an_address_that_came_back_is_tried_when_it_works_again(money: Money) -> None:
    session.query(Address).update({"undeliverable": "5.1.1"})
    session.commit()
    come_to(60)
    assert reminding.remind_due() == 0
    session.query(Address).update({"undeliverable": None})
    session.commit()
    assert reminding.remind_due() == 1
    wrong = {check.id for check in health.examine() if not check.ok}
    assert wrong <= {"index", "worker"}  # neither runs here


def test_the_readers_language_wins(app: Flask, noon: datetime, actor: Act) -> None:
    with_a_voucher(actor, 12, "en")
    come_to(60)
    assert reminding.remind_due() == 1
    assert told()[0].subject.startswith("Your voucher: €120.00 left until ")
