"""Receipts of gifts: none without the right, each number once, each gift once, and for ever the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.cancellations import choosing
from app.cancellations.choosing import Wish
from app.cancellations.details import Donor
from app.cancellations.models import Campaign
from app.kernel import audit, work
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.mail.models import LetterOut
from app.settlements import gifts
from app.settlements.gifts import Right
from app.settlements.models import GiftReceipt
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.cancellations.world import token_of
from tests.domains.settlements.world import Money, all_paid, banked, begun, choose, closed, exported, locked

RIGHT = Right(
    statute="Association loi 1901, d’intérêt général", object="Création et diffusion de spectacles",
    articles="articles 200 et 238 bis du code général des impôts", signer="Odile Perrin", signer_role="trésorière",
)  # fmt: skip
DONORS = ("Fontanel", "Martin", "Petit")


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Three donors who want a receipt, one who wants none, all carried out."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {name: {} for name in (*DONORS, "Roux")})
    session.get_one(Campaign, found.campaign_id).receipts_mode = "waiver"
    session.commit()
    for name in DONORS:
        donor = Donor(name=f"{name} Léa", line1="3, rue des Arts", postcode="33000", city="Valmorin")
        wish = Wish(lines={"donation": 4_000, "refund_card": 8_000}, form=f"f{name}", donor=donor)
        choosing.choose_for(found.credits[name], wish, channel="counter", by=found.agent)
    choose(found, "Roux", {"donation": 12_000})
    banked(found.finance)
    closed(found)
    locked(found)
    exported(found)
    return found


def test_a_house_without_the_right_gives_none(money: Money) -> None:
    all_paid(money)
    with pytest.raises(Conflict, match="receipts_no_right"):
        gifts.give(money.campaign_id, by=money.finance)
    with pytest.raises(Forbidden):
        gifts.assert_right(RIGHT, by=money.maker)
    with pytest.raises(Invalid):
        gifts.assert_right(Right(statute="", object="x", articles="x", signer="x", signer_role="x"), by=money.finance)
    gifts.assert_right(RIGHT, by=money.finance)
    gifts.withdraw_right("le rescrit est retiré", by=money.finance)
    assert gifts.right(by=money.finance) is None
    with pytest.raises(Conflict, match="receipts_no_right"):
        gifts.give(money.campaign_id, by=money.finance)
    session.get_one(Campaign, money.campaign_id).receipts_mode = "external"
    session.commit()
    gifts.assert_right(RIGHT, by=money.finance)
    with pytest.raises(Conflict, match="receipts_not_offered"):
        gifts.give(money.campaign_id, by=money.finance)
    assert session.query(GiftReceipt).count() == 0


def test_each_gift_has_one_receipt_that_is_never_made_again(money: Money, tmp_path: Path) -> None:
    gifts.assert_right(RIGHT, by=money.finance)
    assert gifts.give(money.campaign_id, by=money.finance) == 0  # nothing was carried out yet
    all_paid(money)
    assert gifts.give(money.campaign_id, by=money.finance) == 3
    assert gifts.give(money.campaign_id, by=money.finance) == 0
    cards = gifts.given(money.campaign_id, by=money.finance)
    assert [(one.number, one.cents) for one in cards] == [(f"REC-2026-0000{n}", 4_000) for n in (1, 2, 3)]
    assert gifts.totals(2026, by=money.finance) == (3, 12_000)
    gifts.assert_right(replace(RIGHT, signer="Autre"), by=money.finance)
    token, other = (token_of(money.credits[name]) for name in DONORS[:2])
    (mine,) = gifts.of_link(token)
    page = gifts.read_of_link(token, mine.number, "html")
    assert hashlib.sha256(page).hexdigest() == mine.page_sha256
    assert "Fontanel Léa" in page.decode()
    assert "Odile Perrin" in page.decode()
    with pytest.raises(NotFound):
        gifts.read_of_link(other, mine.number, "html")
    assert gifts.of_link(token_of(money.credits["Roux"])) == []
    assert gifts.write_to(tmp_path, money.campaign_id, by=money.finance) == 3
    pdf = (tmp_path / "REC-2026-00001.pdf").read_bytes()
    assert hashlib.sha256(pdf).hexdigest() == mine.pdf_sha256
    assert len(list(tmp_path.glob("REC-*"))) == 6
    for change in ("UPDATE gift_receipt SET amount_cents = 1", "DELETE FROM gift_receipt", "DELETE FROM receipt_right"):
        with pytest.raises(DatabaseError, match="only ever added"):
            session.execute(text(change))
        session.rollback()
    work.run_due()
    assert session.query(LetterOut).filter_by(kind="receipt_given").count() == 3
    assert audit.verify().ok
