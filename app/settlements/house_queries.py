"""Questions about what a house says of its money."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.cancellations.models import CreditItem
from app.kernel.db import session
from app.kernel.queries import read
from app.settlements.models import AccountCode, MoneyHouse


def house() -> MoneyHouse | None:
    """What the house says of its money."""
    return session.get(MoneyHouse, 1)


def house_to_change() -> MoneyHouse | None:
    """The same as it stands now, held until the verb ends."""
    return session.get(MoneyHouse, 1, with_for_update=True, populate_existing=True)


def codes() -> Sequence[AccountCode]:
    """Accounts of the house's own."""
    return session.scalars(select(AccountCode).order_by(AccountCode.purpose, AccountCode.key)).all()


def code(purpose: str, key: str) -> AccountCode | None:
    """One account of the house's own."""
    return session.scalar(select(AccountCode).where(AccountCode.purpose == purpose, AccountCode.key == key))


def rates() -> set[int]:
    """Rates of VAT of seats that are owed to anybody; a rate of zero is none."""
    query = select(CreditItem.vat_bp).where(CreditItem.live.is_(True), CreditItem.vat_bp > 0).distinct()
    return {row[0] for row in read(query)}
