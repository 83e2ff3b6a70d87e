"""Questions about what the ticketing system was told: which lines of a batch are to be told, and of which seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, case, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Order, Payment
from app.cancellations.models import Credit, CreditItem
from app.kernel.db import session
from app.kernel.queries import read, slices
from app.settlements.models import MarkRun, OfficeMark, SettlementFate, SettlementLine, SettlementPlace

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]
#: Options by which a seat is not given back.
_KEPT = ("keep_ticket", "exchange")


def to_tell(batch_id: int, system: str) -> Sequence[Columns]:
    """Lines of a batch that the ticketing system has not taken, in their order; those that came back are left out.

    Shape: rows (id, credit_id, reference, number, option, amount_cents, order_code, tender, attempt, kept); the order
    is named where it is this system's and the line pays back one of its payments.
    """
    one, other = SettlementLine, aliased(SettlementLine)
    tried = (
        select(
            OfficeMark.line_id, func.count().label("times"),
            func.max(case((OfficeMark.refused == "", 1), else_=0)).label("taken"),
        )
        .group_by(OfficeMark.line_id).subquery()
    )  # fmt: skip
    kept = exists().where(other.credit_id == one.credit_id, other.option.in_(_KEPT))
    back = exists().where(SettlementFate.line_id == one.id, SettlementFate.state != "done")
    query = (
        select(
            one.id, one.credit_id, one.reference, Credit.number, one.option, one.amount_cents,
            Order.code.label("order_code"), Payment.tender.label("tender"),
            (func.coalesce(tried.c.times, 0) + 1).label("attempt"), kept.label("kept"),
        )
        .join(SettlementPlace, SettlementPlace.line_id == one.id)
        .join(Credit, Credit.id == one.credit_id)
        .outerjoin(Payment, Payment.id == one.payment_id)
        .outerjoin(Order, and_(Order.id == Payment.order_id, Order.system == system))
        .outerjoin(tried, tried.c.line_id == one.id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), func.coalesce(tried.c.taken, 0) == 0,
            ~back,
        )
        .order_by(SettlementPlace.position)
    )  # fmt: skip
    return read(query).all()


def seats_of(credit_ids: Iterable[int], system: str) -> dict[int, list[str]]:
    """Admissions of some credits that are this system's. Shape: credit to their numbers there."""
    query = (
        select(CreditItem.credit_id, Admission.external_id).join(Admission, Admission.id == CreditItem.admission_id)
        .where(Admission.system == system).order_by(CreditItem.credit_id, Admission.id)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for some in slices(credit_ids):
        for credit_id, number in read(query.where(CreditItem.credit_id.in_(some))):
            found.setdefault(credit_id, []).append(number)
    return found


def note(row: Mapping[str, Any]) -> None:
    """Note what the ticketing system said of a line; where another run noted the same attempt, that stands."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(OfficeMark).values(dict(row))
    session.execute(statement.on_conflict_do_nothing())


def run(run_id: int) -> MarkRun | None:
    """One asking, to look at."""
    return session.get(MarkRun, run_id)


def run_to_change(run_id: int) -> MarkRun | None:
    """One asking as it stands now, held until the verb ends."""
    return session.get(MarkRun, run_id, with_for_update=True, populate_existing=True)


def last_run(batch_id: int, *, live: bool = False) -> MarkRun | None:
    """What was asked for last of a batch; with `live`, only what is being told now."""
    query = select(MarkRun).where(MarkRun.batch_id == batch_id).order_by(MarkRun.id.desc()).limit(1)
    return session.scalar(query.where(MarkRun.ended_at.is_(None)) if live else query)


def told_since(batch_id: int, moment: datetime) -> int:
    """How many lines of a batch the ticketing system said something of since a moment."""
    query = (
        select(func.count(OfficeMark.line_id.distinct()))
        .join(SettlementPlace, SettlementPlace.line_id == OfficeMark.line_id)
        .where(SettlementPlace.batch_id == batch_id, OfficeMark.at >= moment)
    )
    return int(read(query).scalar_one())


def taken(batch_id: int) -> int:
    """How many lines of a batch the ticketing system has taken."""
    query = (
        select(func.count(OfficeMark.line_id.distinct()))
        .join(SettlementPlace, SettlementPlace.line_id == OfficeMark.line_id)
        .where(SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), OfficeMark.refused == "")
    )
    return int(read(query).scalar_one())


def refused(batch_id: int, limit: int) -> Sequence[Columns]:
    """Lines of a batch of which the last word was no, in their order. Shape: rows (reference, number, refused, at)."""
    later = aliased(OfficeMark)
    newer = exists().where(later.line_id == OfficeMark.line_id, later.attempt > OfficeMark.attempt)
    query = (
        select(SettlementLine.reference, Credit.number, OfficeMark.refused, OfficeMark.at)
        .join(SettlementLine, SettlementLine.id == OfficeMark.line_id)
        .join(Credit, Credit.id == SettlementLine.credit_id)
        .join(SettlementPlace, SettlementPlace.line_id == OfficeMark.line_id)
        .where(SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), OfficeMark.refused != "", ~newer)
        .order_by(SettlementPlace.position).limit(limit)
    )  # fmt: skip
    return read(query).all()
