"""Whether what is owed, what it was paid with, and what was chosen of it agree to the cent, by the rows alone."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.boxoffice.models import Payment
from app.cancellations.models import Choice, ChoiceLine, Credit, CreditBucket, CreditItem, CreditSerial
from app.kernel.db import session

_HOLDS = and_(Choice.credit_id == Credit.id, Choice.version == Credit.choice_version)
#: States of a credit for which somebody, or silence, has chosen.
_CHOSEN = ("answered", "locked", "settled")
#: States in which a credit still holds what it was paid with.
_HOLDING = ("issued", "invited", "opened", "answered", "unclaimed", "locked")


def other_than_items() -> int:
    """Credits that are not the sum of their admissions."""
    sums = select(CreditItem.credit_id, func.sum(CreditItem.amount_cents).label("cents"))
    found = sums.where(CreditItem.spared_at.is_(None)).group_by(CreditItem.credit_id).subquery()
    query = select(func.count()).select_from(Credit).outerjoin(found, found.c.credit_id == Credit.id)
    return _count(query.where(func.coalesce(found.c.cents, 0) != Credit.amount_cents))


def other_than_funds() -> int:
    """Credits that are not the sum of what they were paid with, or whose share of others is not."""
    found = (
        select(
            CreditBucket.credit_id,
            func.sum(_where(CreditBucket.kind != "external", CreditBucket.amount_cents)).label("own"),
            func.sum(_where(CreditBucket.kind == "external", CreditBucket.amount_cents)).label("others"),
        )
        .group_by(CreditBucket.credit_id).subquery()
    )  # fmt: skip
    query = select(func.count()).select_from(Credit).outerjoin(found, found.c.credit_id == Credit.id)
    own = func.coalesce(found.c.own, 0) != Credit.amount_cents
    return _count(query.where(or_(own, func.coalesce(found.c.others, 0) != Credit.external_cents)))


def payments_overdrawn() -> int:
    """Payments of which living credits hold more than was paid."""
    held = (
        select(CreditBucket.payment_id)
        .join(Credit, Credit.id == CreditBucket.credit_id)
        .join(Payment, Payment.id == CreditBucket.payment_id)
        .where(Credit.state.in_(_HOLDING))
        .group_by(CreditBucket.payment_id, Payment.amount_cents)
        .having(func.sum(CreditBucket.amount_cents) > Payment.amount_cents)
    )
    return _count(select(func.count()).select_from(held.subquery()))


def other_than_chosen() -> int:
    """Credits whose present choice does not make up what is owed; who has not chosen is not counted."""
    wrong = (
        select(Credit.id).join(Choice, _HOLDS).outerjoin(ChoiceLine, ChoiceLine.choice_id == Choice.id)
        # What was chosen of an amount that is owed no more holds no longer.
        .where(Credit.state.in_(_CHOSEN)).group_by(Credit.id, Credit.amount_cents)
        .having(func.coalesce(func.sum(ChoiceLine.amount_cents), 0) != Credit.amount_cents)
    )  # fmt: skip
    return _count(select(func.count()).select_from(wrong.subquery()))


def without_choice() -> int:
    """Credits answered or locked for which no choice is there, or whose versions have a gap."""
    versions = select(Choice.credit_id, func.count().label("made")).group_by(Choice.credit_id).subquery()
    query = (
        select(func.count()).select_from(Credit).outerjoin(versions, versions.c.credit_id == Credit.id)
        .outerjoin(Choice, _HOLDS)
    )  # fmt: skip
    nobody = and_(Credit.state.in_(_CHOSEN), Choice.id.is_(None))
    return _count(query.where(or_(nobody, func.coalesce(versions.c.made, 0) != Credit.choice_version)))


def credited_twice() -> int:
    """Admissions in two living credits, and items whose mark does not say whether their credit lives."""
    living = select(CreditItem.admission_id).join(Credit, Credit.id == CreditItem.credit_id)
    # What was taken out of its credit may be another's: a companion's, or of another campaign.
    living = living.where(CreditItem.spared_at.is_(None))
    twice = living.where(Credit.state != "void").group_by(CreditItem.admission_id).having(func.count() > 1)
    # Spelled out for both databases: a flag is compared with what it should be, not added up.
    wrong = or_(
        and_(CreditItem.live.is_(True), Credit.state == "void"),
        and_(CreditItem.live.is_(False), CreditItem.spared_at.is_(None), Credit.state != "void"),
        and_(CreditItem.live.is_(True), CreditItem.spared_at.is_not(None)),
    )
    marked = select(func.count()).select_from(CreditItem).join(Credit, Credit.id == CreditItem.credit_id)
    return _count(select(func.count()).select_from(twice.subquery())) + _count(marked.where(wrong))


def years_with_gaps() -> int:
    """Years in which numbers of credits are not one after the other up to the last that was given."""
    given = (
        select(
            Credit.year, func.count().label("many"), func.min(Credit.serial).label("first"),
            func.max(Credit.serial).label("last"),
        )
        .group_by(Credit.year).subquery()
    )  # fmt: skip
    wrong = or_(
        given.c.many != CreditSerial.last, given.c.last != CreditSerial.last, given.c.first != 1,
        and_(given.c.year.is_(None), CreditSerial.last > 0),
    )  # fmt: skip
    counted = select(func.count()).select_from(CreditSerial).outerjoin(given, given.c.year == CreditSerial.year)
    uncounted = select(func.count(Credit.year.distinct())).where(Credit.year.not_in(select(CreditSerial.year)))
    return _count(counted.where(wrong)) + _count(uncounted)


def _where(condition: ColumnElement[bool], cents: InstrumentedAttribute[int]) -> ColumnElement[int]:
    return case((condition, cents), else_=0)


def _count(query: Select[int]) -> int:
    return session.scalar(query) or 0
