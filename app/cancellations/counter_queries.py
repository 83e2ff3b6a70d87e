"""Questions about counters, and which choices belong to each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, select

from app.cancellations.models import Choice, ChoiceLine, Counter, Credit
from app.kernel.db import session
from app.kernel.queries import read


def counters() -> Sequence[Counter]:
    """Every counter, those that are open first, by name."""
    return session.scalars(select(Counter).order_by(Counter.open.desc(), Counter.name)).all()


def counter_to_change(counter_id: int) -> Counter | None:
    """One counter as it stands now, held until the verb ends."""
    return session.get(Counter, counter_id, with_for_update=True, populate_existing=True)


def answers() -> dict[int, int]:
    """How many choices that hold belong to each counter."""
    query = (
        select(ChoiceLine.counter_id, func.count()).join(Choice, Choice.id == ChoiceLine.choice_id)
        .join(Credit, and_(Credit.id == Choice.credit_id, Credit.choice_version == Choice.version))
        .where(ChoiceLine.counter_id.is_not(None), Credit.state != "void").group_by(ChoiceLine.counter_id)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in read(query)}
