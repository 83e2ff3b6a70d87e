"""Questions about links that are sent once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, func, select

from app.cancellations.models import Credit, CreditLetter
from app.kernel.queries import read


def live_of(household_id: int) -> list[int]:
    """Credits of a household that are not void, the newest first."""
    query = select(Credit.id).where(Credit.household_id == household_id, Credit.state != "void")
    return [row[0] for row in read(query.order_by(Credit.id.desc()).limit(5))]


def sent_again(credit_id: int, *, since: datetime) -> tuple[int, int]:
    """How often the link of a credit was sent again since a moment, and ever."""
    recent = func.coalesce(func.sum(case((CreditLetter.at > since, 1), else_=0)), 0)
    query = select(recent, func.count()).select_from(CreditLetter)
    row = read(query.where(CreditLetter.credit_id == credit_id, CreditLetter.occasion.startswith("again-"))).one()
    return int(row[0]), int(row[1])
