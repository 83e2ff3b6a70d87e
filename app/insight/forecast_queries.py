"""Questions behind forecasts: requests of each day, those of incidents, the programme, and forecasts that were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Date, Row, and_, bindparam, func, select

from app.boxoffice.models import Admission, Performance
from app.incidents.models import IncidentTicket
from app.insight.ledger import ALL
from app.insight.ledger_queries import put
from app.insight.models import DayFact, Forecast, TicketFact
from app.kernel.db import session
from app.kernel.queries import read
from app.tickets.states import Turn

#: How a request stands with an incident that it is no separate arrival of.
_NOT_COUNTED = ("out", "folded")


class Crowded(NamedTuple):
    """How many requests of one incident one department received on one day."""

    incident_id: int
    department_id: int
    day: date
    requests: int


def received(first: date) -> dict[int, Counter[date]]:
    """Requests received since a day, all reasons and channels together. Shape: department to day to count."""
    query = select(DayFact.department_id, DayFact.day, DayFact.received)
    query = query.where(DayFact.channel == ALL, DayFact.category == ALL, DayFact.day >= first)
    found: dict[int, Counter[date]] = {}
    for department, day, count in read(query):
        found.setdefault(department, Counter())[day] = count
    return found


def crowded(first: date) -> list[Crowded]:
    """Requests of incidents since a day, as the figures count them."""
    keys = (IncidentTicket.incident_id, TicketFact.department_id, TicketFact.received_on)
    query = (
        select(*keys, func.count())
        .join(TicketFact, TicketFact.ticket_id == IncidentTicket.ticket_id)
        .where(IncidentTicket.stands.not_in(_NOT_COUNTED), TicketFact.turn != Turn.AWAY.value)
        .where(TicketFact.received_on >= first)
        .group_by(*keys)
    )
    return [Crowded(*row) for row in read(query)]


def programme(start: datetime, end: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Performances of a span that took or take place. Shape: rows (starts_at, seats sold)."""
    sold = and_(Admission.performance_id == Performance.id, Admission.status.in_(("valid", "used")))
    query = (
        select(Performance.starts_at, func.count(Admission.id))
        .outerjoin(Admission, sold)
        .where(Performance.starts_at >= start, Performance.starts_at < end)
        .where(Performance.status.not_in(("cancelled", "postponed")))
        .group_by(Performance.id, Performance.starts_at)
    )
    return read(query).all()


def made_on(day: date) -> Sequence[Forecast]:
    """The forecasts one day made."""
    return session.scalars(select(Forecast).where(Forecast.made_on == day)).all()


def made_since(day: date) -> Sequence[Forecast]:
    """Forecasts made from one day on."""
    return session.scalars(select(Forecast).where(Forecast.made_on >= day).order_by(Forecast.made_on)).all()


#: Built once, because building costs more than asking.
_LAST = select(func.max(Forecast.made_on)).where(Forecast.made_on >= bindparam("since", type_=Date)).scalar_subquery()
_MINE: BindParameter[int] = bindparam("departments", expanding=True)
_NEWEST = select(*Forecast.__table__.columns).where(Forecast.made_on == _LAST, Forecast.department_id.in_(_MINE))


def newest(departments: Iterable[int], since: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The last forecasts of some departments, if they were made since a day."""
    return read(_NEWEST, {"departments": list(departments), "since": since}).all()


def keep(rows: Sequence[dict[str, Any]]) -> None:
    """Write the forecasts of a day, in place of those it made before."""
    put(Forecast, rows)
