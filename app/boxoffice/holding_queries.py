"""Questions about who holds what of some performances, asked in bulk: columns, never objects.

A merged record stands for nothing by itself: its admissions belong to the household it was merged into.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Contact, Household, Order, Payment, Performance, Production
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_owner = aliased(Household)
#: The household that an order belongs to.
_OWNER_ID: ColumnElement[int] = func.coalesce(Household.merged_into_id, Household.id)
_SHOWS: BindParameter[Any] = bindparam("shows", expanding=True)
_OWNERS: BindParameter[Any] = bindparam("owners", expanding=True)


def owners(performance_ids: Iterable[int], *, after: int, limit: int) -> list[int]:
    """The next households that hold something of some performances, in order."""
    values = {"shows": list(performance_ids), "after": after, "most": limit}
    return [row[0] for row in read(_owners(), values)]


@cache
def _owners() -> Select[*tuple[Any, ...]]:
    held = select(Admission.order_id).where(Admission.performance_id.in_(_SHOWS))
    return (
        select(_OWNER_ID).select_from(Order).join(Household, Household.id == Order.household_id)
        .where(Order.id.in_(held), bindparam("after", type_=Household.id.type) < _OWNER_ID)
        .distinct().order_by(_OWNER_ID).limit(bindparam("most", type_=Order.total_cents.type))
    )  # fmt: skip


def owner_count(performance_ids: Iterable[int]) -> int:
    """How many households hold something of some performances."""
    held = select(Admission.order_id).where(Admission.performance_id.in_(list(performance_ids)))
    query = select(func.count(_OWNER_ID.distinct())).select_from(Order)
    query = query.join(Household, Household.id == Order.household_id).where(Order.id.in_(held))
    return int(read(query).scalar_one())


def seats(performance_ids: Iterable[int], household_ids: Iterable[int] | None = None) -> Sequence[Columns]:
    """Admissions of some performances, of everybody or of some households, by household, order and age.

    Shape: rows in the order of the fields of `seats.Seat`.
    """
    values: dict[str, Any] = {"shows": list(performance_ids)}
    if household_ids is None:
        return read(_seats(), values).all()
    return read(_seats_of(), values | {"owners": list(household_ids)}).all()


@cache
def _seats() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Admission.id, Admission.order_id, _owner.id, _owner.kind, Admission.performance_id, Admission.status,
            Admission.kind, Order.channel, Admission.tariff, Admission.face_cents, Admission.fee_cents,
            Admission.alloc_cents, Admission.already_refunded_cents, Admission.vat_bp,
            Admission.scanned_at.is_not(None), Order.currency, Admission.ticketing_fee_cents,
        )
        .join(Order, Order.id == Admission.order_id)
        .join(Household, Household.id == Order.household_id)
        .join(_owner, _owner.id == _OWNER_ID)
        .where(Admission.performance_id.in_(_SHOWS))
        .order_by(_owner.id, Admission.order_id, Admission.id)
    )  # fmt: skip


@cache
def _seats_of() -> Select[*tuple[Any, ...]]:
    return _seats().where(_owner.id.in_(_OWNERS))


def payments(performance_ids: Iterable[int], household_ids: Iterable[int] | None = None) -> Sequence[Columns]:
    """Payments of the orders that hold something of some performances.

    Shape: rows (id, order_id, tender, left_cents, refundable_until), by order.
    """
    values: dict[str, Any] = {"shows": list(performance_ids)}
    if household_ids is None:
        return read(_payments(), values).all()
    return read(_payments_of(), values | {"owners": list(household_ids)}).all()


@cache
def _payments() -> Select[*tuple[Any, ...]]:
    held = select(Admission.order_id).where(Admission.performance_id.in_(_SHOWS))
    left = Payment.amount_cents - Payment.refunded_cents
    return (
        select(Payment.id, Payment.order_id, Payment.tender, left.label("left_cents"), Payment.refundable_until)
        .where(Payment.order_id.in_(held))
        .order_by(Payment.order_id, Payment.id)
    )


@cache
def _payments_of() -> Select[*tuple[Any, ...]]:
    return (
        _payments().join(Order, Order.id == Payment.order_id).join(Household, Household.id == Order.household_id)
        .where(_OWNER_ID.in_(_OWNERS))
    )  # fmt: skip


def holders(performance_id: int, *, after: int, limit: int, gone_to: int = 0) -> list[int]:
    """The next households that hold tickets of a performance, in order; those that went to another date too.

    Whoever exchanged, resold or was refunded before holds nothing; tickets that were cancelled with the performance
    and not refunded yet are held still.
    """
    values = {"show": performance_id, "after": after, "most": limit, "gone_to": gone_to}
    return [row[0] for row in read(_holders(), values)]


@cache
def _holders() -> Select[*tuple[Any, ...]]:
    gone = and_(Admission.status == "cancelled", Admission.already_refunded_cents > 0)
    here = Admission.performance_id == bindparam("show", type_=Admission.id.type)
    went = and_(
        Admission.performance_id == bindparam("gone_to", type_=Admission.id.type),
        Admission.came_from_id == bindparam("show", type_=Admission.id.type),
    )
    held = select(Admission.order_id).where(
        or_(here, went), Admission.status.not_in(("exchanged", "resold")), not_(gone)
    )
    return (
        select(_OWNER_ID).select_from(Order).join(Household, Household.id == Order.household_id)
        .where(Order.id.in_(held), bindparam("after", type_=Household.id.type) < _OWNER_ID)
        .distinct().order_by(_OWNER_ID).limit(bindparam("most", type_=Order.total_cents.type))
    )  # fmt: skip


def emptied(moment: datetime, enough: int) -> list[int]:
    """Performances after a moment, played as planned, that have so many tickets, and each of them cancelled."""
    cancelled = func.count(case((Admission.status == "cancelled", 1)))
    query = (
        select(Performance.id)
        .join(Admission, Admission.performance_id == Performance.id)
        .where(Performance.starts_at > moment, Performance.status.in_(("scheduled", "delayed")))
        .group_by(Performance.id)
        .having(func.count() >= enough, cancelled == func.count())
    )
    return [row[0] for row in read(query.order_by(Performance.id))]


def ratios(performance_ids: Iterable[int]) -> dict[int, int]:
    """How much of a price each performance gives back. Units: hundredths of a per cent."""
    query = select(Performance.id, Performance.refund_ratio_bp).where(Performance.id.in_(list(performance_ids)))
    return {row[0]: row[1] for row in read(query)}


def coded(codes: Iterable[str]) -> dict[str, int]:
    """Performances by their codes."""
    query = select(Performance.code, Performance.id).where(Performance.code.in_(list(codes)))
    return {row[0]: row[1] for row in read(query)}


def contacts(household_ids: Iterable[int]) -> Sequence[Columns]:
    """How some households are reached, the contact who paid last first.

    Shape: rows (household_id, language, preferred_channel, do_not_contact, given, family, company, email, phone,
    mobile, address1, postcode, city, optin_email, optin_sms).
    """
    return read(_contacts(), {"owners": list(household_ids)}).all()


@cache
def _contacts() -> Select[*tuple[Any, ...]]:
    latest = select(func.max(Order.ordered_at)).where(Order.contact_id == Contact.id).correlate(Contact)
    return (
        select(
            _OWNER_ID.label("household_id"), _owner.language, _owner.preferred_channel, _owner.do_not_contact,
            Contact.given, Contact.family, Contact.company, Contact.email, Contact.phone, Contact.mobile,
            Contact.address1, Contact.postcode, Contact.city, Contact.optin_email, Contact.optin_sms,
        )
        .join(Household, Household.id == Contact.household_id)
        .join(_owner, _owner.id == _OWNER_ID)
        .where(_OWNER_ID.in_(_OWNERS))
        # Of a merged household its own contacts come before those of the records it took in.
        .order_by(_OWNER_ID, Household.merged_into_id.is_not(None), latest.scalar_subquery().desc(), Contact.id)
    )  # fmt: skip


def household_of(admission_id: int) -> int:
    """The household that holds an admission."""
    query = select(_OWNER_ID).select_from(Admission).join(Order, Order.id == Admission.order_id)
    query = query.join(Household, Household.id == Order.household_id).where(Admission.id == admission_id)
    return read(query).scalar_one_or_none() or 0


def records_of(admission_ids: Iterable[int]) -> list[int]:
    """The records that some admissions came with, in order."""
    query = select(Order.household_id).join(Admission, Admission.order_id == Order.id)
    query = query.where(Admission.id.in_(list(admission_ids))).distinct().order_by(Order.household_id)
    return [row[0] for row in read(query)]


def standing_for(household_ids: Iterable[int]) -> dict[int, int]:
    """The household that stands for each of some records."""
    query = select(Household.id, _OWNER_ID).where(Household.id.in_(list(household_ids)))
    return {row[0]: row[1] for row in read(query)}


def homes_of(emails: Iterable[str]) -> set[int]:
    """The households with a contact at any of some addresses, those that stand for merged records."""
    query = select(_OWNER_ID).join(Contact, Contact.household_id == Household.id).distinct()
    return {row[0] for row in read(query.where(Contact.email.in_(list(emails))))}


def shown(admission_ids: Iterable[int]) -> Sequence[Columns]:
    """What admissions are for, as their holders read it, by date and age."""
    return read(_shown(), {"ids": list(admission_ids)}).all()


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Admission.id, Admission.category, Admission.seat, Admission.tariff, Order.code, Order.card_last4,
            Performance.id.label("performance_id"), Production.title_fr, Production.title_en, Performance.starts_at,
            Performance.status, Performance.hall, Performance.new_starts_at, Performance.sold_out,
            Performance.notice_fr, Performance.notice_en,
        )
        .join(Order, Order.id == Admission.order_id)
        .join(Performance, Performance.id == Admission.performance_id)
        .join(Production, Production.id == Performance.production_id)
        .where(Admission.id.in_(bindparam("ids", expanding=True)))
        .order_by(Performance.starts_at, Admission.id)
    )  # fmt: skip


def holder_of(order_codes: Iterable[str], email: str, last4: str) -> tuple[int, str] | None:
    """Household and code of an order, where its code, its address and the end of one of its barcodes are all right."""
    query = (
        select(_OWNER_ID, Order.code).select_from(Order).join(Household, Household.id == Order.household_id)
        .join(Admission, Admission.order_id == Order.id)
        .where(Order.code.in_(list(order_codes)), Order.email == email)
        .where(_ends_so(last4))
        .limit(1)
    )  # fmt: skip
    found = read(query).first()
    return (found[0], found[1]) if found else None


def told_by(order_codes: Iterable[str], last4: str) -> list[int]:
    """Admissions of an order of which its code and the end of the barcode are right."""
    query = select(Admission.id).join(Order, Order.id == Admission.order_id)
    return [row[0] for row in read(query.where(Order.code.in_(list(order_codes)), _ends_so(last4)))]


def _ends_so(last4: str) -> ColumnElement[bool]:
    # Where nothing is known of barcodes they say the ticket's number, which stands printed below them.
    unknown, number = Admission.barcode_end == "", Admission.external_id.endswith(last4, autoescape=True)
    return or_(Admission.barcode_end == last4.upper(), unknown & number)


def households_by_email(emails: Iterable[str]) -> dict[str, int]:
    """The household that each of some normalised addresses belongs to, by its contacts or else by its latest order."""
    wanted = list(emails)
    if not wanted:
        return {}
    by_order = (
        select(Order.email, _OWNER_ID).select_from(Order).join(Household, Household.id == Order.household_id)
        .where(Order.email.in_(wanted)).order_by(Order.ordered_at, Order.id)
    )  # fmt: skip
    by_contact = (
        select(Contact.email, _OWNER_ID).select_from(Contact).join(Household, Household.id == Contact.household_id)
        .where(Contact.email.in_(wanted)).order_by(Contact.id)
    )  # fmt: skip
    return {row[0]: row[1] for query in (by_order, by_contact) for row in read(query)}
