"""The mirror of the ticketing system: what the database itself refuses, whoever writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.boxoffice.models import (
    Admission,
    Contact,
    ContactRef,
    Household,
    HouseholdMerge,
    HouseholdPair,
    Order,
    Payment,
)
from app.kernel.db import Base, session
from tests.bill import a_performance, an_order

DAY = timedelta(days=1)


@pytest.fixture
def order(app: Flask, noon: datetime) -> Order:
    return an_order("VAL-7K3QD", a_performance("La Traviata", "La Traviata", noon + DAY))


def refused(*rows: Base) -> bool:
    session.add_all(rows)
    try:
        session.flush()
    except IntegrityError:
        return True
    finally:
        session.rollback()
    return False


def a_payment(order: Order, **values: Any) -> Payment:
    given = {
        "tender": "card",
        "amount_cents": 12_000,
        "refunded_cents": 0,
        "external_id": "P1",
        "paid_at": order.ordered_at,
    }
    return Payment(order_id=order.id, refundable_until=None, **{**given, **values})


def an_admission(order: Order, system: str) -> Admission:
    performance_id = session.query(Admission.performance_id).first()
    assert performance_id is not None
    return Admission(
        order_id=order.id, performance_id=performance_id[0], system=system, external_id="N1", category="", seat="",
        tariff="", face_cents=0, alloc_cents=None, scanned_at=None,
    )  # fmt: skip


def a_household(code: str) -> Household:
    row = Household(code=code, name="Fontanel", person_id=None, typologies=[], mother_id=None, merged_into_id=None)
    session.add(row)
    session.flush()
    return row


def test_never_more_is_given_back_than_was_paid(order: Order) -> None:
    assert refused(a_payment(order, refunded_cents=12_001))
    assert refused(a_payment(order, amount_cents=-1))
    assert not refused(a_payment(order, refunded_cents=12_000))


def test_two_systems_may_give_the_same_number_and_one_may_not(order: Order) -> None:
    assert not refused(an_admission(order, "sirius"), an_admission(order, "mapado"))
    assert refused(an_admission(order, "sirius"), an_admission(order, "sirius"))


def test_a_customer_number_means_one_contact(order: Order) -> None:
    numbers = []
    for _ in range(2):
        one = Contact(household_id=order.household_id, optin_email=None, optin_sms=None)
        session.add(one)
        session.flush()
        numbers.append(ContactRef(contact_id=one.id, system="sirius", external_id="C1"))
    assert refused(*numbers)


def test_nobody_is_their_own_mother_nor_merged_into_themselves(app: Flask, noon: datetime) -> None:
    for name in ("mother_id", "merged_into_id"):
        one = a_household("H-own")
        setattr(one, name, one.id)
        assert refused(one)


def test_a_record_is_merged_into_one_other_at_a_time(app: Flask, noon: datetime) -> None:
    first, second, third = (a_household(f"H-{place}") for place in range(3))

    def merged(into: Household, undone_at: datetime | None) -> HouseholdMerge:
        return HouseholdMerge(
            from_id=first.id, into_id=into.id, reason="agent", at=noon, by_id=None, undone_at=undone_at, undone_by=None
        )

    session.add(merged(second, noon))
    session.flush()
    assert refused(merged(second, None), merged(third, None))


def test_a_pair_is_written_once_whichever_is_named_first(app: Flask, noon: datetime) -> None:
    first, second = (a_household(f"H-{place}") for place in range(2))

    def pair(low: Household, high: Household) -> HouseholdPair:
        return HouseholdPair(
            low_id=low.id, high_id=high.id, score=80, reasons=["phone"], at=noon, decided_at=None, decided_by=None
        )

    assert refused(pair(second, first))
