"""A campaign that is over: households that chose every way, ready to be locked, approved and paid by two people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from app.boxoffice.models import Household
from app.cancellations import accounts, choosing, closing
from app.cancellations.choosing import Wish
from app.cancellations.details import Donor, Postal
from app.cancellations.models import Campaign
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, exporting, house, locking, paying
from app.settlements.bookkeeping import today
from app.settlements.details import HouseDetails
from app.settlements.exporting import FileCard
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened

IBANS = (
    "FR7630006000011234567890189", "DE89370400440532013000", "NL91ABNA0417164300", "LU280019400644750000",
    "AT611904300234573201", "PT50000201231234567890154",
)  # fmt: skip
OPTIONS = (
    "refund_card", "refund_transfer", "refund_cheque", "refund_cash", "donation", "voucher", "carryover",
)  # fmt: skip
HOUSE = HouseDetails(
    name="Opéra de Valmorin", siren="732829320", street="place de la Comédie", street_number="1", postcode="33000",
    city="Valmorin", bic="AGRIFRPP",
)  # fmt: skip


@dataclass
class Money:
    """A campaign that is closed, who works on it, and the credit of each household by its name."""

    campaign_id: int
    maker: Actor
    finance: Actor
    agent: Actor
    credits: dict[str, int] = field(default_factory=dict)
    homes: dict[str, Household] = field(default_factory=dict)


def banked(finance: Actor, details: HouseDetails = HOUSE) -> None:
    """The house has an account."""
    house.set_up(details, iban=IBANS[0], seen_version=house.known().version, by=finance)


def choose(
    money: Money,
    name: str,
    lines: dict[str, int],
    *,
    iban: str = IBANS[1],
    holder: str = "",
    donor: Donor | None = None,
) -> None:
    """A household chooses through the agent."""
    credit_id = money.credits[name]
    account = accounts.give_for(credit_id, iban, holder or name, by=money.agent) if "refund_transfer" in lines else None
    address = Postal(name=name, line1="3, rue des Arts", postcode="33000", city="Valmorin")
    wish = Wish(
        lines=lines, form=f"f{credit_id}", account_id=account.id if account else None,
        address=address if "refund_cheque" in lines else None, donor=donor if "donation" in lines else None,
    )  # fmt: skip
    choosing.choose_for(credit_id, wish, channel="phone", by=money.agent)


def begun(maker: Actor, finance: Actor, agent: Actor, names: dict[str, dict[str, int]], *, seats: int = 2) -> Money:
    """Households that each bought seats at two performances of different rates, and have a credit."""
    shows = [cancelled(days=20), cancelled("Visite", days=21)]
    homes = {}
    for name, paid in names.items():
        homes[name] = a_household(name)
        bought(homes[name], shows[0], seats=seats, cents=5_000, paid=paid or None)
        bought(homes[name], shows[1], seats=1, cents=2_000, vat_bp=1000)
    campaign = a_campaign(*shows, options=OPTIONS)
    ids = opened(campaign)
    return Money(campaign.id, maker, finance, agent, dict(zip(names, ids, strict=True)), homes)


def closed(money: Money) -> None:
    """The deadline passes, and silence is decided about; the clock stands a day after it."""
    campaign = session.get(Campaign, money.campaign_id)
    assert campaign is not None
    clock.advance(campaign.deadline_at - clock.now() + timedelta(days=1))
    closing.close_due()
    closing.decide_silent(money.campaign_id, 0)


def locked(money: Money) -> locking.LockedMoney:
    """What was chosen is locked by the one who made the campaign."""
    return locking.lock(money.campaign_id, by=money.maker)


def exported(money: Money) -> list[FileCard]:
    """A second person agrees to every batch and makes the files."""
    drafts = [card for card in batching.cards(money.campaign_id, by=money.finance) if card.state == "draft"]
    total = sum(card.cents for card in drafts)
    batching.approve([card.id for card in drafts], f"{total // 100},{total % 100:02}", by=money.finance)
    return exporting.export(money.campaign_id, by=money.finance)


def all_paid(money: Money) -> None:
    """Every batch whose file was made is carried out."""
    for card in batching.cards(money.campaign_id, by=money.finance):
        if card.state == "exported":
            paying.mark_paid(card.id, today(), by=money.finance)


def two_paid(money: Money) -> Money:
    """Of two households, one is paid by transfer and one in a voucher, up to the last step."""
    choose(money, "Fontanel", {"refund_transfer": 12_000})
    choose(money, "Roux", {"voucher": 12_000})
    banked(money.finance)
    closed(money)
    locked(money)
    exported(money)
    all_paid(money)
    return money
