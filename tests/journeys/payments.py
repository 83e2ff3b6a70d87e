"""What colleagues and a bank do with the money of a story, elsewhere than in it; no story is here."""

from __future__ import annotations

from datetime import timedelta

from app.cancellations import accounts, choosing, closing
from app.cancellations.choosing import Wish
from app.cancellations.models import Campaign, Credit
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, exporting, locking, paying, rejecting
from app.settlements.bookkeeping import today
from app.settlements.models import SettlementLine
from tests.domains.settlements.world import IBANS, banked
from tests.journeys.choices import a_cancelled_evening
from tests.journeys.house import House


def a_paid_evening(house: House, *emails: str, language: str = "fr", **lines: int) -> list[int]:
    """Credits of households that chose as given, carried out; the bank has said nothing yet."""
    credits = a_cancelled_evening(house, *emails, language=language)
    with house.app.app_context():
        ines, odile = house.actor("ines"), house.actor("odile")
        for credit_id in credits:
            account = accounts.give_for(credit_id, IBANS[1], "Léa Fontanel", by=ines)
            wish = Wish(lines=lines, form=f"tout-{credit_id}", account_id=account.id)
            choosing.choose_for(credit_id, wish, channel="counter", by=ines)
        banked(odile)
        campaign = session.get_one(Campaign, session.get_one(Credit, credits[0]).campaign_id)
        campaign.deadline_at = clock.now() - timedelta(minutes=1)
        session.commit()
        closing.close_due()
        closing.decide_silent(campaign.id, 0)
        locking.lock(campaign.id, by=ines)
    next_batch(house, credits[0])
    return credits


def next_batch(house: House, credit_id: int) -> None:
    """Everything that waits is put together by one colleague, agreed to and carried out by another."""
    with house.app.app_context():
        ines, odile = house.actor("ines"), house.actor("odile")
        campaign_id = session.get_one(Credit, credit_id).campaign_id
        batching.gather(campaign_id, by=ines)
        drafts = [card for card in batching.cards(campaign_id, by=odile) if card.state == "draft"]
        cents = sum(card.cents for card in drafts)
        if not drafts:
            return
        batching.approve([card.id for card in drafts], f"{cents // 100},{cents % 100:02}", by=odile)
        exporting.export(campaign_id, by=odile)
        for card in drafts:
            paying.mark_paid(card.id, today(), by=odile)
    house.work()


def came_back(house: House, credit_id: int, code: str = "AC04") -> str:
    """The bank sends the transfer of a credit back. Returns what the line is called."""
    with house.app.app_context():
        line = session.query(SettlementLine.reference).filter_by(credit_id=credit_id, option="refund_transfer")
        reference = str(line.order_by(SettlementLine.id.desc()).limit(1).scalar())
        rejecting.take(f"reference;motif\r\n{reference};{code}\r\n".encode(), by=_finance(house))
    house.work()
    return reference


def files_naming(house: House, credit_id: int) -> list[str]:
    """Orders to the bank, by their names, each as often as it pays something of a credit."""
    with house.app.app_context():
        number = session.get_one(Credit, credit_id).number
        cards = exporting.files(session.get_one(Credit, credit_id).campaign_id, by=_finance(house))
        orders = [(card.name, exporting.read(card.id, by=_finance(house))[1]) for card in cards if "pain" in card.kind]
        return [name for name, data in orders for _ in range(data.count(f"<EndToEndId>{number}-".encode()))]


def _finance(house: House) -> Actor:
    return house.actor("odile")
