"""What the database itself refuses of campaigns, credits and choices, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.boxoffice.models import Admission
from app.cancellations.models import Campaign, Choice, ChoiceLine, Credit, CreditBucket, CreditItem, LegalRegime
from app.kernel import keys
from app.kernel.db import Base, session
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, inès


def refused(*rows: Base) -> bool:
    session.add_all(rows)
    try:
        session.flush()
    except IntegrityError:
        return True
    finally:
        session.rollback()
    return False


def campaign_refused(**values: Any) -> bool:
    try:
        a_campaign(**values)
    except IntegrityError:
        return True
    finally:
        session.rollback()
    return False


def a_credit(campaign: Campaign, household_id: int, serial: int = 1, **values: Any) -> Credit:
    given: dict[str, Any] = {
        "number": f"AV-2026-{serial:06}", "year": 2026, "serial": serial, "campaign_id": campaign.id,
        "household_id": household_id, "person_id": None, "language": "fr", "reach": "email", "amount_cents": 12_000,
        "vat": {}, "state": "issued", "link_nonce": keys.nonce(), "issued_at": campaign.created_at, "invited_at": None,
        "opened_at": None, "answered_at": None, "locked_at": None, "settled_at": None,
    }  # fmt: skip
    return Credit(**(given | values))


def a_choice(credit: Credit, version: int = 1, **values: Any) -> Choice:
    given: dict[str, Any] = {
        "credit_id": credit.id, "version": version, "author": "holder", "channel": "web", "agent_id": None,
        "at": credit.issued_at, "form": f"f{version}", "said": "",
    }  # fmt: skip
    return Choice(**(given | values))


def a_line(choice: Choice, **values: Any) -> ChoiceLine:
    given: dict[str, Any] = {
        "choice_id": choice.id, "option": "refund_card", "amount_cents": 12_000, "author": choice.author,
        "payee_id": None, "donor_id": None,
    }  # fmt: skip
    return ChoiceLine(**(given | values))


@pytest.fixture
def scene() -> tuple[Campaign, int, int]:
    show = cancelled()
    home = a_household()
    order = bought(home, show)
    campaign = a_campaign(show)
    session.commit()
    seat = session.query(Admission.id).filter_by(order_id=order.id).order_by(Admission.id).first()
    assert seat is not None
    return campaign, home.id, seat[0]


def test_a_gift_is_never_what_silence_becomes(scene: tuple[Campaign, int, int]) -> None:
    assert campaign_refused(default_option="donation")
    assert campaign_refused(default_option="refund_cash")
    assert not campaign_refused(default_option="refund_card")


def test_silence_becomes_a_voucher_only_where_a_law_says_so() -> None:
    assert campaign_refused(default_option="voucher")
    law = LegalRegime(
        code="2020-538", title_fr="Ordonnance", title_en="Order", source="", scope="",
        from_on=date(2020, 3, 12), to_on=date(2020, 9, 15), max_validity_months=12,
    )  # fmt: skip
    session.add(law)
    session.commit()
    assert not campaign_refused(default_option="voucher", regime_id=law.id)


def test_whoever_made_a_campaign_cannot_approve_it() -> None:
    assert campaign_refused(approved_by=inès(), approved_cents=1)


def test_what_is_owed_outlives_the_date_of_service(noon: datetime) -> None:
    assert campaign_refused(deadline_at=noon + timedelta(days=9), claim_until=noon + timedelta(days=9))


def test_a_household_has_one_living_credit_in_a_campaign_and_one_of_each_addition(
    scene: tuple[Campaign, int, int],
) -> None:
    campaign, home, _ = scene
    assert refused(a_credit(campaign, home, 1), a_credit(campaign, home, 2))
    assert not refused(a_credit(campaign, home, 1, state="void"), a_credit(campaign, home, 2))
    assert refused(a_credit(campaign, home, 1, supplement=1), a_credit(campaign, home, 2, supplement=1))
    assert not refused(a_credit(campaign, home, 1), a_credit(campaign, home, 2, supplement=1))


def test_a_credit_is_of_something_and_has_a_number_of_its_own(scene: tuple[Campaign, int, int]) -> None:
    campaign, home, _ = scene
    other = a_household("Roux").id
    assert refused(a_credit(campaign, home, amount_cents=0))
    assert refused(a_credit(campaign, home, 1), a_credit(campaign, other, 1, number="AV-2026-999999"))
    assert refused(a_credit(campaign, home, 1), a_credit(campaign, other, 2, number="AV-2026-000001"))


def test_nothing_is_locked_that_nobody_chose(scene: tuple[Campaign, int, int]) -> None:
    campaign, home, _ = scene
    assert refused(a_credit(campaign, home, state="locked"))
    assert not refused(a_credit(campaign, home, state="locked", choice_version=1))


def test_no_admission_is_credited_twice_in_whatever_campaign(scene: tuple[Campaign, int, int]) -> None:
    campaign, home, seat = scene
    one, two = a_credit(campaign, home, 1), a_credit(a_campaign(), home, 2)
    session.add_all([one, two])
    session.flush()
    first = CreditItem(credit_id=one.id, admission_id=seat, amount_cents=6_000, vat_bp=550)
    second = CreditItem(credit_id=two.id, admission_id=seat, amount_cents=6_000, vat_bp=550)
    session.add(first)
    session.commit()
    two_id = two.id
    assert refused(second)
    session.execute(update(CreditItem).values(live=False))
    assert not refused(CreditItem(credit_id=two_id, admission_id=seat, amount_cents=6_000, vat_bp=550))


@pytest.mark.parametrize(
    "make",
    [
        lambda credit, seat: CreditItem(credit_id=credit, admission_id=seat, amount_cents=0, vat_bp=550),
        lambda credit, seat: CreditItem(
            credit_id=credit, admission_id=seat, amount_cents=1, external_cents=-1, vat_bp=550
        ),
        lambda credit, _: CreditBucket(
            credit_id=credit, kind="card", tender="card", amount_cents=0, payment_id=None, refundable_until=None
        ),
        lambda credit, _: CreditBucket(
            credit_id=credit, kind="gold", tender="card", amount_cents=1, payment_id=None, refundable_until=None
        ),
    ],
)  # fmt: skip
def test_parts_of_a_credit_are_of_something_and_of_a_known_kind(
    scene: tuple[Campaign, int, int], make: Callable[[int, int], Base]
) -> None:
    campaign, home, seat = scene
    credit = a_credit(campaign, home)
    session.add(credit)
    session.commit()
    assert refused(make(credit.id, seat))


def chosen(scene: tuple[Campaign, int, int]) -> tuple[Credit, Choice, ChoiceLine]:
    credit = a_credit(scene[0], scene[1])
    session.add(credit)
    session.flush()
    choice = a_choice(credit)
    session.add(choice)
    session.flush()
    line = a_line(choice)
    session.add(line)
    session.commit()
    return credit, choice, line


def test_versions_of_a_choice_and_its_forms_are_each_their_own(scene: tuple[Campaign, int, int]) -> None:
    credit, choice, _ = chosen(scene)
    assert refused(a_choice(credit, 1, form="other"))
    assert refused(a_choice(credit, 2, form="f1"))
    assert refused(a_choice(credit, 2, author="agent"))
    assert refused(a_line(choice))
    assert refused(a_line(choice, option="voucher", amount_cents=0))
    assert not refused(a_choice(credit, 2))


def test_nobody_gives_by_staying_silent(scene: tuple[Campaign, int, int]) -> None:
    credit, _, _ = chosen(scene)
    silent = a_choice(credit, 2, author="default")
    session.add(silent)
    session.flush()
    assert refused(a_line(silent, option="donation"))


@pytest.mark.parametrize(
    "change",
    [
        update(Choice).values(author="import"), delete(ChoiceLine), update(ChoiceLine).values(amount_cents=1),
        delete(Choice),
    ],
)  # fmt: skip
def test_what_was_chosen_is_never_changed_nor_taken_away(scene: tuple[Campaign, int, int], change: Any) -> None:
    chosen(scene)
    with pytest.raises(DatabaseError, match="only ever added"):
        session.execute(change)
    session.rollback()
    assert session.query(ChoiceLine.amount_cents).all() == [(12_000,)]
