"""Questions about what a house says of its money."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.cancellations.models import CreditItem
from app.kernel.db import session
from app.kernel.queries import read
from app.settlements.models import AccountCode, AccountWord, MoneyFact, MoneyHouse


def house() -> MoneyHouse | None:
    """What the house says of its money."""
    return session.get(MoneyHouse, 1)


def house_to_change() -> MoneyHouse | None:
    """The same as it stands now, held until the verb ends."""
    return session.get(MoneyHouse, 1, with_for_update=True, populate_existing=True)


def codes() -> Sequence[AccountCode]:
    """Accounts of the house's own."""
    return session.scalars(select(AccountCode).order_by(AccountCode.purpose, AccountCode.key)).all()


def facts(code: str = "") -> Sequence[MoneyFact]:
    """What was said of figures of laws, or of one, the newest first."""
    query = select(MoneyFact).order_by(MoneyFact.id.desc())
    return session.scalars(query.where(MoneyFact.code == code) if code else query).all()


def words(purpose: str, key: str) -> Sequence[AccountWord]:
    """What was said of an account, the newest first."""
    query = select(AccountWord).where(AccountWord.purpose == purpose, AccountWord.key == key)
    return session.scalars(query.order_by(AccountWord.id.desc()).limit(50)).all()


def code(purpose: str, key: str) -> AccountCode | None:
    """One account of the house's own."""
    return session.scalar(select(AccountCode).where(AccountCode.purpose == purpose, AccountCode.key == key))


def rates() -> set[int]:
    """Rates of VAT of seats that are owed to anybody; a rate of zero is none."""
    query = select(CreditItem.vat_bp).where(CreditItem.live.is_(True), CreditItem.vat_bp > 0).distinct()
    return {row[0] for row in read(query)}
