"""Questions about opinions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.kernel.db import session
from app.satisfaction.models import Opinion


def asked_on(ticket_ids: Iterable[int]) -> set[int]:
    """Tickets on which an opinion was already asked for."""
    return set(session.scalars(select(Opinion.ticket_id).where(Opinion.ticket_id.in_(list(ticket_ids)))))


def by_nonce(nonce: str) -> Opinion | None:
    """The opinion a link names."""
    return session.scalar(select(Opinion).where(Opinion.nonce == nonce))


def of_ticket(ticket_id: int) -> Opinion | None:
    """The opinion on one ticket."""
    return session.scalar(select(Opinion).where(Opinion.ticket_id == ticket_id))
