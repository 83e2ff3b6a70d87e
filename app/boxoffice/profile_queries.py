"""Questions about one household as a whole: who is found by what somebody says, its relatives, orders and evenings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from app.boxoffice.models import Admission, Contact, Household, Order, Payment, Performance, Production
from app.kernel.flattening import flattened
from app.kernel.queries import flat, read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_UNIT: ColumnElement[int] = func.coalesce(Household.merged_into_id, Household.id)


def id_of(code: str) -> int | None:
    """A record by its code."""
    found = read(select(Household.id).where(Household.code == code)).first()
    return found[0] if found else None


def at(email: str, codes: Iterable[str], limit: int) -> list[int]:
    """Records that an address, or one of some codes of orders or records, belongs to."""
    wanted = list(codes)
    by_order = select(Order.household_id).where(
        or_(Order.code.in_(wanted), and_(Order.email == email, Order.email != ""))
    )
    by_contact = select(Contact.household_id).where(Contact.email == email, Contact.email != "")
    some = or_(Household.code.in_(wanted), Household.id.in_(by_order), Household.id.in_(by_contact))
    return [row[0] for row in read(_first().where(some).limit(limit))]


def named(words: Iterable[str], limit: int) -> list[int]:
    """Records whose name, or that of one of their people, holds every one of some words."""
    query = _first().outerjoin(Contact, Contact.household_id == Household.id)
    for word in words:
        like = "%" + flattened(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Household.name, Contact.given, Contact.family, Contact.company)
        query = query.where(or_(*(flat(column).like(like, escape="\\") for column in columns)))
    return [row[0] for row in read(query.distinct().limit(limit))]


def orders_like(code: str, email: str, limit: int) -> Sequence[Columns]:
    """Orders by a part of their code or of their e-mail, the newest first.

    Shape: rows (code, email, ordered_at, code of the household, its name).
    """
    tests = [Order.code.contains(code, autoescape=True)] if code else []
    if email:
        tests.append(Order.email.contains(email, autoescape=True))
    if not tests:
        return []
    query = select(Order.code, Order.email, Order.ordered_at, Household.code.label("household_code"), Household.name)
    query = query.join(Household, Household.id == Order.household_id).where(or_(*tests))
    return read(query.order_by(Order.ordered_at.desc(), Order.id.desc()).limit(limit)).all()


def _first() -> Select[*tuple[Any, ...]]:
    return select(Household.id, Household.name).order_by(Household.name, Household.id)


def relatives(ids: Iterable[int]) -> Sequence[Columns]:
    """Mother and daughter records of some records. Shape: rows (id, code, name, kind, is_mother)."""
    wanted = list(ids)
    mothers = select(Household.mother_id).where(Household.id.in_(wanted), Household.mother_id.is_not(None))
    is_mother = Household.id.in_(mothers)
    query = select(Household.id, Household.code, Household.name, Household.kind, is_mother.label("is_mother"))
    of_them = or_(is_mother, Household.mother_id.in_(wanted))
    return read(query.where(of_them, Household.id.not_in(wanted)).order_by(Household.name).limit(100)).all()


def people(ids: Iterable[int]) -> Sequence[Columns]:
    """People of some records with what they agreed to."""
    columns = (
        Contact.household_id, Contact.given, Contact.family, Contact.company, Contact.email, Contact.phone,
        Contact.mobile, Contact.optin_email, Contact.optin_sms,
    )  # fmt: skip
    return read(select(*columns).where(Contact.household_id.in_(list(ids))).order_by(Contact.id).limit(100)).all()


def order_emails(ids: Iterable[int]) -> list[str]:
    """Addresses given with the orders of some records."""
    query = select(Order.email).where(Order.household_id.in_(list(ids)), Order.email != "")
    return [row[0] for row in read(query.distinct().limit(50))]


def orders(ids: Iterable[int], limit: int) -> Sequence[Columns]:
    """Orders of some records, the newest first, with how many seats each has and what was given back of it."""
    seats = select(func.count(Admission.id)).where(Admission.order_id == Order.id).correlate(Order)
    back = select(func.coalesce(func.sum(Payment.refunded_cents), 0)).where(Payment.order_id == Order.id)
    query = select(
        Order.id, Order.code, Order.ordered_at, Order.channel, Order.total_cents, Order.currency, Order.tender,
        seats.scalar_subquery().label("seats"), back.correlate(Order).scalar_subquery().label("back_cents"),
    )  # fmt: skip
    query = query.where(Order.household_id.in_(list(ids))).order_by(Order.ordered_at.desc(), Order.id.desc())
    return read(query.limit(limit)).all()


def evenings(ids: Iterable[int], limit: int) -> Sequence[Columns]:
    """When some records came in, by performance, the newest first. Shape: rows (at, seats, title_fr, title_en)."""
    came = func.min(Admission.scanned_at)
    query = (
        select(came.label("at"), func.count(Admission.id).label("seats"), Production.title_fr, Production.title_en)
        .join(Order, Order.id == Admission.order_id)
        .join(Performance, Performance.id == Admission.performance_id)
        .join(Production, Production.id == Performance.production_id)
        .where(Order.household_id.in_(list(ids)), Admission.scanned_at.is_not(None))
        .group_by(Performance.id, Production.id)
        .order_by(came.desc())
    )
    return read(query.limit(limit)).all()


def units(ids: Iterable[int]) -> dict[int, int]:
    """The record that stands for each of some records."""
    query = select(Household.id, _UNIT).where(Household.id.in_(list(ids)))
    return {row[0]: row[1] for row in read(query)}
