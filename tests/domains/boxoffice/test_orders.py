"""Orders: who may learn of one, which of its performances is meant, and what stands beside a request."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice import service
from app.boxoffice.models import Performance
from tests.bill import a_performance, an_order
from tests.cast import LEA, STRANGER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_show(starts_at: datetime, title: str = "La Traviata", status: str = "scheduled") -> Performance:
    return a_performance(title, title, starts_at, status=status)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("VAL-7K3QD", "VAL-7K3QD"), ("val 7k3qd", "VAL-7K3QD"), ("7k3qd", "VAL-7K3QD"), (" 7-K3.QD ", "VAL-7K3QD"),
        ("VAL", "VAL-VAL"), ("---", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed: str, stored: str) -> None:
    assert service.tidy_code(typed, "VAL") == stored


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("commande val 7k3qd svp", ["VAL-7K3QD"]), ("VAL-7K3QD et val22222", ["VAL-7K3QD", "VAL-22222"]),
        ("le val perdu, Valmorin, VAL-", []), ("", []),
    ],
)  # fmt: skip
def test_codes_are_found_however_they_are_spaced(text: str, codes: list[str]) -> None:
    assert service.codes_said(text, "VAL") == codes


def test_an_order_is_told_to_who_knows_its_code_and_its_address(app: Flask, noon: datetime) -> None:
    an_order("VAL-7K3QD", a_show(noon + DAY))
    found = service.look_up("VAL-7K3QD", f" {LEA.upper()} ")
    assert found is not None
    assert (found.code, found.total_cents, len(found.seats)) == ("VAL-7K3QD", 12_000, 2)
    assert service.look_up("VAL-7K3QD", STRANGER) is None
    assert service.look_up("VAL-7K3QD", "") is None
    assert service.look_up("VAL-2222", LEA) is None
    assert service.look_up("", LEA) is None


def test_of_a_subscription_the_next_evening_is_meant(app: Flask, noon: datetime) -> None:
    shows = [a_show(noon + 9 * DAY), a_show(noon - 30 * DAY), a_show(noon + 6 * HOUR), a_show(noon - 3 * HOUR)]
    an_order("VAL-SUB22", *shows)
    card = service.find("VAL-SUB22")
    assert card is not None
    meant = {
        moment: near.starts_at if (near := card.performance_near(moment)) else None
        for moment in (noon - 40 * DAY, noon, noon + 4 * HOUR, noon + 2 * DAY, noon + 90 * DAY)
    }
    assert list(meant.values()) == [
        noon - 30 * DAY, noon - 3 * HOUR, noon + 6 * HOUR, noon + 9 * DAY, noon + 9 * DAY,
    ]  # fmt: skip
    assert card.performance is not None
    assert card.performance.starts_at == noon - 30 * DAY


def test_an_order_without_seats_is_for_no_performance(app: Flask, noon: datetime) -> None:
    an_order("VAL-EMPTY")
    card = service.find("VAL-EMPTY")
    assert card is not None
    assert (card.performance, card.performance_near(noon)) == (None, None)


def test_the_order_a_request_names_stands_first_however_old(app: Flask, noon: datetime) -> None:
    show = a_show(noon + DAY)
    an_order("VAL-OLD22", show, ordered_at=noon - 400 * DAY)
    for place in range(8):
        an_order(f"VAL-NEW{place}2", show, ordered_at=noon - place * DAY)
    beside = [card.code for card in service.orders_beside([LEA], "VAL-OLD22")]
    assert beside == ["VAL-OLD22", "VAL-NEW02", "VAL-NEW12", "VAL-NEW22", "VAL-NEW32", "VAL-NEW42"]
    assert next(card.code for card in service.orders_beside([LEA], None)) == "VAL-NEW02"
    assert service.orders_beside([], None) == []


def test_what_is_on_soon_and_what_has_changed(app: Flask, noon: datetime) -> None:
    a_show(noon + 20 * DAY, title="Plus tard")
    a_show(noon + DAY, title="Demain")
    a_show(noon + 2 * DAY, title="Annulé", status="cancelled")
    a_show(noon - 5 * DAY, title="Passé", status="cancelled")
    assert [card.title_fr for card in service.this_week()] == ["Demain", "Annulé"]
    assert [card.title_fr for card in service.changes()] == ["Annulé"]
