"""A cancelled evening: performances, households that paid in every way, and a campaign about them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from app.boxoffice.models import Admission, Contact, Household, Order, Payment, Performance
from app.cancellations import links, making, managing
from app.cancellations.amounts import said
from app.cancellations.models import Campaign, CampaignOption, CampaignPerformance, Credit
from app.cancellations.plans import OptionPlan, Plan
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.people import service as people
from app.people.service import Writer
from tests.bill import a_performance
from tests.cast import INES

_numbers = count(1)
MONTH = timedelta(days=30)


def cancelled(title: str = "La Traviata", *, days: int = 20, status: str = "cancelled") -> Performance:
    """A performance that does not take place."""
    return a_performance(title, title, clock.now() + timedelta(days=days), status=status)


def a_household(name: str = "Fontanel", *, email: str = "", address: bool = True, **values: Any) -> Household:
    """A household with one contact."""
    number = next(_numbers)
    given: dict[str, Any] = {"kind": "individual", "language": "fr", "preferred_channel": "email"}
    given |= {"person_id": None, "mother_id": None, "merged_into_id": None} | values
    home = Household(code=f"F{number:05}", name=name, typologies=[], **given)
    session.add(home)
    session.flush()
    lines = {"address1": "3, rue des Arts", "postcode": "33000", "city": "Valmorin", "country": "FR"}
    session.add(
        Contact(
            household_id=home.id, given="Léa", family=name, email=email or f"foyer{number}@exemple.fr",
            optin_email=None, optin_sms=None, **(lines if address else {}),
        )
    )  # fmt: skip
    session.commit()
    return home


def bought(
    home: Household, *shows: Performance, seats: int = 2, cents: int = 6_000, paid: dict[str, int] | None = None,
    channel: str = "web", code: str = "", **seat: Any,
) -> Order:  # fmt: skip
    """Seats at each of some performances, bought at once; paid by card unless said otherwise."""
    number = next(_numbers)
    total = seats * cents * len(shows)
    contact = session.query(Contact).filter_by(household_id=home.id).one()
    order = Order(
        system="test", code=code or f"VAL-{number:05}", household_id=home.id, contact_id=contact.id,
        email=contact.email, ordered_at=clock.now() - timedelta(days=20), channel=channel, status="paid",
        total_cents=total, currency="EUR", tender="card", card_last4="4021",
    )  # fmt: skip
    session.add(order)
    session.flush()
    for place, (tender, amount) in enumerate((paid or {"card": total}).items()):
        session.add(
            Payment(
                order_id=order.id, tender=tender, amount_cents=amount, refunded_cents=0, external_id=f"{place}",
                paid_at=order.ordered_at, refundable_until=None,
            )
        )  # fmt: skip
    values: dict[str, Any] = {"alloc_cents": None, "scanned_at": None} | seat
    session.add_all(
        Admission(
            order_id=order.id, performance_id=show.id, system="test", external_id=f"B{number}-{show.id}-{place}",
            category="Parterre", seat=f"F {21 + 2 * place}", tariff="Plein tarif", face_cents=cents, fee_cents=0,
            **values,
        )
        for show in shows for place in range(seats)
    )  # fmt: skip
    session.commit()
    return order


def inès() -> int:
    """The manager's number."""
    return people.recognise([Writer(INES.email)])[INES.email]


def a_campaign(*shows: Performance, options: tuple[str, ...] = ("refund_card", "donation"), **values: Any) -> Campaign:
    """A campaign as a row, for what the database itself refuses."""
    author = inès()
    given: dict[str, Any] = {
        "kind": "cancel", "title_fr": "La Traviata", "title_en": "La Traviata", "text_fr": "", "text_en": "",
        "rule": {}, "reminders": [7, 1], "deadline_at": clock.now() + MONTH, "claim_until": clock.now() + 60 * MONTH,
        "regime_id": None, "simulation": None, "created_by": author, "created_at": clock.now(), "edited_by": author,
        "approved_by": None, "approved_cents": None, "opened_by": None, "opened_at": None, "closed_at": None,
        "locked_at": None,
    }  # fmt: skip
    row = Campaign(**(given | values))
    session.add(row)
    session.flush()
    session.add_all(CampaignPerformance(campaign_id=row.id, performance_id=show.id, ratio_bp=None) for show in shows)
    session.add_all(
        CampaignOption(
            campaign_id=row.id,
            code=code,
            position=place,
            max_cents=None,
            only_kinds=[],
            only_tenders=[],
            validity_months=None,
        )
        for place, code in enumerate(options)
    )
    session.flush()
    return row


def opened(campaign: Campaign) -> list[int]:
    """Open a campaign as a worker does, without its letters; the ids of its credits."""
    campaign.state = "opening"
    session.commit()
    making.go(campaign.id)
    while session.get(Campaign, campaign.id, populate_existing=True).state == "opening":  # type: ignore[union-attr]
        making.go(campaign.id)
    rows = session.query(Credit.id).filter_by(campaign_id=campaign.id).order_by(Credit.id).all()
    return [row[0] for row in rows]


def token_of(credit_id: int) -> str:
    """The token of a credit's private link."""
    row = session.get(Credit, credit_id)
    assert row is not None
    return links.token_of(row.link_nonce, row.link_generation)


def a_plan(*shows: Performance, options: tuple[str, ...] = ("refund_card", "donation"), **values: Any) -> Plan:
    """A campaign as a manager writes it down."""
    given: dict[str, Any] = {
        "title_fr": "La Traviata", "title_en": "La Traviata", "performances": {show.id: None for show in shows},
        "options": tuple(OptionPlan(code=code) for code in options), "deadline_at": clock.now() + MONTH,
        "claim_until": clock.now() + 60 * MONTH,
    }  # fmt: skip
    return Plan(**(given | values))


def run(plan: Plan, maker: Actor, approver: Actor) -> int:
    """Write a campaign down, simulate, approve and start it; the worker does the rest."""
    campaign_id = managing.create(plan, by=maker)
    found = managing.simulate(campaign_id, by=maker)
    managing.approve(campaign_id, said(found["cents"], "fr"), seen_version=1, by=approver)
    managing.start(campaign_id, seen_version=1, by=maker)
    return campaign_id
