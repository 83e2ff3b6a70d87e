"""Questions about what we wrote to some addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, or_, select

from app.kernel.queries import read
from app.mail.models import LetterOut
from app.tickets.models import Ticket

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def to(emails: Iterable[str], departments: Iterable[int], limit: int) -> Sequence[Columns]:
    """Letters to some addresses, the newest first: about no request, or about one of some departments."""
    query = (
        select(LetterOut.id, LetterOut.kind, LetterOut.subject, LetterOut.state, LetterOut.created_at,
               LetterOut.sent_at, LetterOut.to_email)
        .outerjoin(Ticket, Ticket.id == LetterOut.ticket_id)
        .where(LetterOut.to_email.in_(list(emails)))
        .where(or_(LetterOut.ticket_id.is_(None), Ticket.department_id.in_(list(departments))))
    )  # fmt: skip
    return read(query.order_by(LetterOut.id.desc()).limit(limit)).all()
