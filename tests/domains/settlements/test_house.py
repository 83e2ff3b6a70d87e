"""What the house says of its money: checked, sealed, changed with a trace; accounts are proposals until somebody agrees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from app.kernel import audit
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.settlements import house
from tests.cast import INES, ODILE, Character
from tests.domains.settlements.world import HOUSE, IBANS


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


def test_the_account_of_the_house_is_sealed_and_opened_for_an_order_only(actor: Callable[[Character], Actor]) -> None:
    odile = actor(ODILE)
    assert not house.card(by=odile).can_transfer
    with pytest.raises(Conflict, match="house_account"):
        house.debtor()
    house.set_up(HOUSE, iban="fr76 3000 6000 0112 3456 7890 189", seen_version=0, by=odile)
    card = house.card(by=odile)
    assert (card.can_transfer, card.iban_masked, card.version) == (True, "FR76 •••• 189", 1)
    assert house.debtor().iban == IBANS[0]
    sealed = session.execute(text("SELECT iban_sealed FROM money_house")).scalar_one()
    assert IBANS[0][4:] not in sealed
    house.set_up(replace(HOUSE, city="Bordeaux"), seen_version=1, by=odile)
    assert (house.debtor().iban, house.debtor().place.city) == (IBANS[0], "Bordeaux")
    with pytest.raises(Conflict, match="changed_since"):
        house.set_up(HOUSE, seen_version=1, by=odile)
    with pytest.raises(Forbidden):
        house.set_up(HOUSE, seen_version=2, by=actor(INES))
    assert [entry.verb for entry in audit.entries()] == ["house_set_up", "house_set_up"]


@pytest.mark.parametrize(
    ("change", "iban", "field"),
    [
        ({"name": " "}, "", "name"), ({"bic": "AGRI"}, "", "bic"), ({"siren": "123456789"}, "", "siren"),
        ({"legal_form": "club"}, "", "legal_form"), ({"sepa_version": "pain.001.001.02"}, "", "sepa_version"),
        ({"voucher_prefix": "c1"}, "", "voucher_prefix"), ({"limit_line_cents": 0}, "", "limit_line_cents"),
        ({"execution_days": 31}, "", "execution_days"), ({"country": "France"}, "", "country"),
        ({"city": "x" * 36}, "", "city"), ({}, "FR76 3000", "iban"),
    ],
)  # fmt: skip
def test_what_no_bank_would_take_is_refused_next_to_its_field(
    actor: Callable[[Character], Actor], change: dict[str, object], iban: str, field: str
) -> None:
    with pytest.raises(Invalid) as problem:
        house.set_up(replace(HOUSE, **change), iban=iban, seen_version=0, by=actor(ODILE))  # type: ignore[arg-type]
    assert set(problem.value.fields) == {field}


def test_accounts_are_proposals_until_somebody_agrees_and_again_once_changed(
    actor: Callable[[Character], Actor],
) -> None:
    odile = actor(ODILE)

    def one(purpose: str, key: str) -> house.CodeCard:
        return next(card for card in house.codes(by=odile) if (card.purpose, card.key) == (purpose, key))

    assert {card.validated_at for card in house.codes(by=odile)} == {None}
    house.validate_code("owed", "", by=odile)
    assert one("owed", "").validated_at is not None
    house.set_code("owed", "", "467200", "Avoirs", by=odile)
    assert (one("owed", "").code, one("owed", "").validated_at) == ("467200", None)
    house.set_code("vat", "850", "445715", "TVA 8,5 %", by=odile)
    house.set_code("income", "12", "487312", "Bohème", by=odile)
    assert house.chart().find("vat", "850").code == "445715"
    assert (house.chart().income(12).code, house.chart().income(13).code) == ("487312", "487100")
    for purpose, key, code, label in (
        ("owed", "", "ABC", "x"),
        ("gold", "", "467100", "x"),
        ("owed", "", "467100", ""),
    ):
        with pytest.raises(Invalid):
            house.set_code(purpose, key, code, label, by=odile)
    with pytest.raises(Invalid):
        house.validate_code("vat", "999", by=odile)
    with pytest.raises(Forbidden):
        house.set_code("owed", "", "467200", "Avoirs", by=actor(INES))
    assert audit.verify().ok
