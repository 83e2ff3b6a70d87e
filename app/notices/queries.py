"""Questions about what colleagues are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from app.kernel.db import session
from app.notices.models import Notice


def there(keys: Iterable[str]) -> set[tuple[int, str]]:
    """Notices already written under some keys. Shape: pairs (person, key)."""
    rows = session.execute(select(Notice.person_id, Notice.key).where(Notice.key.in_(list(keys))))
    return {(person_id, key) for person_id, key in rows}


def waiting_persons(moment: datetime, limit: int = 500) -> Sequence[int]:
    """Colleagues for whom something is due."""
    query = select(Notice.person_id).where(Notice.told_at.is_(None), Notice.due_at <= moment)
    return session.scalars(query.distinct().order_by(Notice.person_id).limit(limit)).all()


def due_of(person_id: int, moment: datetime) -> Sequence[Notice]:
    """What one colleague is told now, oldest first, held until the transaction ends."""
    query = select(Notice).where(Notice.person_id == person_id, Notice.told_at.is_(None), Notice.due_at <= moment)
    return session.scalars(query.order_by(Notice.id).with_for_update(skip_locked=True)).all()


def last_told(person_id: int, matters: Collection[str]) -> datetime | None:
    """When a colleague was last told of certain matters by a letter of their own."""
    query = select(func.max(Notice.told_at)).where(
        Notice.person_id == person_id,
        Notice.matter.in_(list(matters)),
        Notice.daily.is_(False),
        Notice.letter_id.is_not(None),
    )
    return session.scalar(query)


def last_replied(person_id: int, ticket_id: int | None) -> datetime | None:
    """When a letter last told a colleague that the spectator wrote in one request."""
    query = select(func.max(Notice.told_at)).where(
        Notice.person_id == person_id,
        Notice.matter == "replied",
        Notice.ticket_id == ticket_id,
        Notice.daily.is_(False),
        Notice.letter_id.is_not(None),
    )
    return session.scalar(query)


def forget_before(moment: datetime) -> int:
    """Forget what was told, or could have been, before a moment. Returns how many."""
    done = session.execute(delete(Notice).where(Notice.at < moment))
    return int(done.rowcount)  # type: ignore[attr-defined]
