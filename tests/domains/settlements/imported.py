"""A campaign whose seats came with a file of the box office, locked before the next file. No test is here."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.boxoffice.models import Household, Performance
from app.cancellations.models import Credit
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from tests.domains.cancellations.world import a_campaign, opened
from tests.domains.settlements.world import OPTIONS, Money, banked, choose, closed, locked
from tests.exchange import HEADERS, Row, a_file, a_row

COLUMNS = [*HEADERS, "Contestation bancaire"]
#: Who bought two seats each for 80 euros, fees left out, and what they chose.
CHOSEN = {
    "Fontanel": {"refund_card": 8_000}, "Martin": {"refund_transfer": 8_000}, "Roux": {"donation": 8_000},
    "Blanc": {"refund_transfer": 8_000},
}  # fmt: skip


def a_day(path: Path, *disputed: str) -> Path:
    """The box office's file; a bank takes back what some of the households paid."""
    rows: list[Row] = [
        a_row(
            f"B{place}-{seat}", order_code=f"CMD{place}", customer_id=f"C{place}", last_name=name, first_name="Léa",
            email=f"{name.lower()}@exemple.fr", **{"Contestation bancaire": "oui" if name in disputed else ""},
        )
        for place, name in enumerate(CHOSEN) for seat in range(2)
    ]  # fmt: skip
    return a_file(path, *rows, columns=COLUMNS)


def a_locked_campaign(maker: Actor, finance: Actor, agent: Actor) -> Money:
    """What is in the mirror is cancelled, chosen about and locked."""
    show = session.query(Performance).one()
    show.status, show.starts_at = "cancelled", clock.now() + timedelta(days=20)
    campaign = a_campaign(show, options=OPTIONS)
    ids = opened(campaign)
    homes = {row.name.split()[-1]: row for row in session.query(Household)}
    found = {home.id: name for name, home in homes.items()}
    credits = {found[session.get_one(Credit, key).household_id]: key for key in ids}
    money = Money(campaign.id, maker, finance, agent, credits, homes)
    for name, lines in CHOSEN.items():
        choose(money, name, lines)
    banked(finance)
    closed(money)
    locked(money)
    return money
