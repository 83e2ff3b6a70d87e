"""Questions behind the report of an incident: who wrote when, how fast they were answered, what they read and asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, func, select

from app.incidents.models import Incident, IncidentCurve, IncidentTicket
from app.kernel.db import session
from app.knowledge.models import Article, ArticleReading
from app.mail.models import LetterOut
from app.sla.models import Promise
from app.sla.targets import FIRST
from app.tickets.models import Message, Ticket

#: Characters of a first word that are read for what it asks.
EXCERPT = 400
#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def members(incident_id: int) -> Sequence[Columns]:
    """Every request that belonged, the oldest first, with how it began (`excerpt`) and what became of it."""
    # A ticket's own excerpt is of its last word: of an answered crowd it would be ours.
    first = (
        select(func.substr(Message.body, 1, EXCERPT))
        .where(Message.ticket_id == Ticket.id, Message.kind == "spectator")
        .order_by(Message.id).limit(1).correlate(Ticket)
    ).scalar_subquery()  # fmt: skip
    query = (
        select(
            IncidentTicket.ticket_id, IncidentTicket.person_id, IncidentTicket.stands, IncidentTicket.reason,
            IncidentTicket.exceptions, Ticket.number, Ticket.opened_at, Ticket.type, Ticket.category, Ticket.channel,
            Ticket.language, func.coalesce(first, Ticket.excerpt).label("excerpt"), Promise.settled_at,
            Promise.taken_minutes,
        )
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .outerjoin(Promise, and_(Promise.ticket_id == IncidentTicket.ticket_id, Promise.kind == FIRST))
        .where(IncidentTicket.incident_id == incident_id, IncidentTicket.stands != "out")
        .order_by(Ticket.opened_at, Ticket.id)
    )  # fmt: skip
    return session.execute(query).all()


def readings(slug: str, first: date, last: date) -> int:
    """How often an article was opened on some days, in both languages."""
    query = (
        select(func.coalesce(func.sum(ArticleReading.count), 0))
        .join(Article, Article.id == ArticleReading.article_id)
        .where(Article.slug == slug, ArticleReading.day >= first, ArticleReading.day <= last)
    )
    return int(session.scalar(query) or 0)


def first_told(incident_id: int) -> datetime | None:
    """When the first letter of an incident was written."""
    query = (
        select(func.min(LetterOut.created_at))
        .join(IncidentTicket, IncidentTicket.ticket_id == LetterOut.ticket_id)
        .where(IncidentTicket.incident_id == incident_id, LetterOut.kind == "incident")
    )
    return session.scalar(query)


def letters(incident_id: int) -> int:
    """How many people were told of an incident by letter."""
    query = (
        select(func.count(IncidentTicket.person_id.distinct()))
        .join(LetterOut, IncidentTicket.ticket_id == LetterOut.ticket_id)
        .where(IncidentTicket.incident_id == incident_id, LetterOut.kind == "incident")
    )
    return session.scalar(query) or 0


def curve(incident_id: int) -> IncidentCurve | None:
    """What one that ended taught, if it has."""
    return session.get(IncidentCurve, incident_id)


def curves(since: date) -> Sequence[IncidentCurve]:
    """What incidents taught that began on a day or later."""
    return session.scalars(select(IncidentCurve).where(IncidentCurve.began_on >= since)).all()


def declared() -> Sequence[Columns]:
    """Those that last. Shape: rows (id, cause, performance_id, noticed_at, declared_at)."""
    query = select(
        Incident.id, Incident.cause, Incident.performance_id, Incident.noticed_at, Incident.declared_at
    ).where(Incident.state == "declared")
    return session.execute(query).all()
