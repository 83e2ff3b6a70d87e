"""Campaigns whose deadline has passed in an open house, and how far their money is; no story is here."""

from __future__ import annotations

from app.cancellations.models import Campaign
from app.kernel.db import session
from app.settlements import batching, locking, runs
from tests.domains.settlements.world import IBANS, Money, banked, begun, choose
from tests.journeys.house import House


def closed(house: House, *names: str, iban: str = IBANS[1]) -> Money:
    """A campaign that is closed, whose households chose: the first a transfer to another name, the last a gift."""
    with house.app.app_context():
        ines, odile, karim = (house.actor(name) for name in ("ines", "odile", "karim"))
        money = begun(ines, odile, karim, {name: {} for name in names})
        for name in names[:-1]:
            choose(money, name, {"refund_transfer": 12_000}, iban=iban, holder="Quidam" if name == names[0] else "")
        choose(money, names[-1], {"donation": 12_000})
        session.query(Campaign).filter_by(id=money.campaign_id).update({"state": "closed"})
        session.commit()
    return money


def exported(house: House, money: Money) -> str:
    """Locked by one, approved by another, its files made. Returns the number of its order to the bank."""
    with house.app.app_context():
        locking.lock(money.campaign_id, by=money.maker)
        drafts = batching.cards(money.campaign_id, by=money.finance)
        cents = sum(card.cents for card in drafts)
        batching.approve([card.id for card in drafts], f"{cents / 100:.2f}", by=money.finance)
        runs.ask(money.campaign_id, by=money.finance)
    house.work()
    return next(card.number for card in drafts if card.kind == "transfer")


def of_two_campaigns(house: House) -> dict[str, str]:
    """One that may be locked, and one whose files are made, with a line that waits for a look."""
    with house.app.app_context():
        banked(house.actor("odile"))
    waits = closed(house, "Aubert", "Brun", "Colin")
    locked = closed(house, "Dupin", "Evrard", "Faure", iban=IBANS[2])
    return {"closed": str(waits.campaign_id), "locked": str(locked.campaign_id), "batch": exported(house, locked)}
