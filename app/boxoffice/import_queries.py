"""Questions and statements of an import, each for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, Executable, Table, and_, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.boxoffice.models import (
    Admission,
    Contact,
    ContactRef,
    Household,
    ImportRun,
    OfficePull,
    Order,
    Payment,
    PaymentDispute,
    Performance,
    Production,
)
from app.kernel.db import Base, session
from app.kernel.queries import read, write_numbered
from app.people.models import Address

#: Values of one statement; PostgreSQL and SQLite take more, and plans grow with them.
_AT_ONCE = 1_000
#: Columns of a contact and of its household that the ticketing system decides.
CONTACT = (
    "title", "given", "family", "company", "email", "phone", "mobile", "address1", "address2", "postcode", "city",
    "country", "optin_email", "optin_sms",
)  # fmt: skip
HOUSEHOLD = ("kind", "name", "typologies", "language")
#: Columns of an order and of an admission, apart from their numbers.
ORDER = ("household_id", "contact_id", "email", "ordered_at", "channel", "currency", "card_last4")
ADMISSION = (
    "order_id", "performance_id", "category", "seat", "tariff", "kind", "face_cents", "fee_cents",
    "ticketing_fee_cents", "vat_bp",
    "alloc_cents", "already_refunded_cents", "tenders", "status", "scanned_at", "extra", "barcode_end", "disputed",
)  # fmt: skip
PAYMENT = ("amount_cents", "refunded_cents", "paid_at")
_Row = dict[str, Any]


def _in(statement: Executable, values: Collection[object], **further: object) -> list[_Row]:
    """Rows of a statement with `wanted`, as dictionaries."""
    listed = list(values)
    found: list[_Row] = []
    for start in range(0, len(listed), _AT_ONCE):
        found += [
            dict(row) for row in read(statement, {**further, "wanted": listed[start : start + _AT_ONCE]}).mappings()
        ]
    return found


def _named(model: type[Base], names: Sequence[str]) -> list[Any]:
    return [cast(Table, model.__table__).c[name] for name in names]


_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_PRODUCTIONS = select(Production.id, Production.code).where(Production.code.in_(_WANTED))
_PERFORMANCES = select(Performance.id, Performance.code).where(Performance.code.in_(_WANTED))
_STATUSES = select(Performance.id, Performance.status, Performance.new_starts_at).where(Performance.id.in_(_WANTED))
_CUSTOMERS = (
    select(
        ContactRef.external_id, Contact.id.label("contact_id"), Contact.household_id, *_named(Contact, CONTACT),
        *_named(Household, HOUSEHOLD),
    )
    .join(Contact, Contact.id == ContactRef.contact_id)
    .join(Household, Household.id == Contact.household_id)
    .where(ContactRef.system == bindparam("system"), ContactRef.external_id.in_(_WANTED))
)  # fmt: skip
_ORDERS = select(Order.id, Order.code, *_named(Order, ORDER)).where(
    Order.system == bindparam("system"), Order.code.in_(_WANTED)
)
_JOINS = select(Performance.id, Performance.joins_id).where(
    Performance.id.in_(_WANTED), Performance.joins_id.is_not(None)
)
_ADMISSIONS = select(Admission.id, Admission.external_id, Admission.came_from_id, *_named(Admission, ADMISSION)).where(
    Admission.system == bindparam("system"), Admission.external_id.in_(_WANTED)
)
_SEATS = (
    select(
        Admission.order_id, Admission.face_cents, Admission.fee_cents, Admission.already_refunded_cents,
        Admission.tenders, Admission.status, Admission.disputed,
    )
    .where(Admission.order_id.in_(_WANTED))
    .order_by(Admission.order_id, Admission.id)
)  # fmt: skip
_PAYMENTS = select(Payment.id, Payment.order_id, Payment.external_id, *_named(Payment, PAYMENT)).where(
    Payment.order_id.in_(_WANTED)
)
_CARDS = (
    select(Payment.id, Payment.order_id, PaymentDispute.id.label("dispute_id"), PaymentDispute.source)
    .outerjoin(PaymentDispute, and_(PaymentDispute.payment_id == Payment.id, PaymentDispute.ended_at.is_(None)))
    .where(Payment.order_id.in_(_WANTED), Payment.tender == "card")
    .order_by(Payment.id)
)
_ENDED_BY_HAND = select(PaymentDispute.payment_id).where(
    PaymentDispute.payment_id.in_(_WANTED), PaymentDispute.source == "file", PaymentDispute.ended_by.is_not(None)
)
_TOTALS = select(Order.id, Order.code, Order.ordered_at, Order.total_cents, Order.tender).where(Order.id.in_(_WANTED))
_PEOPLE = select(Address.email, Address.person_id).where(Address.email.in_(_WANTED))


def productions(codes: Collection[str]) -> dict[str, int]:
    """Ids of works by code."""
    return {row["code"]: row["id"] for row in _in(_PRODUCTIONS, codes)}


def performances(codes: Collection[str]) -> dict[str, int]:
    """Ids of dates by code."""
    return {row["code"]: row["id"] for row in _in(_PERFORMANCES, codes)}


def statuses(ids: Collection[int]) -> dict[int, tuple[str, datetime | None]]:
    """What became of some dates, and when they take place instead."""
    return {row["id"]: (row["status"], row["new_starts_at"]) for row in _in(_STATUSES, ids)}


def customers(system: str, numbers: Collection[str]) -> dict[str, _Row]:
    """Contacts with what the ticketing system decides of them and of their households, by customer number."""
    return {row["external_id"]: row for row in _in(_CUSTOMERS, numbers, system=system)}


def orders(system: str, codes: Collection[str]) -> dict[str, _Row]:
    """Orders by code."""
    return {row["code"]: row for row in _in(_ORDERS, codes, system=system)}


def admissions(system: str, numbers: Collection[str]) -> dict[str, _Row]:
    """Admissions by number."""
    return {row["external_id"]: row for row in _in(_ADMISSIONS, numbers, system=system)}


def joins(performance_ids: Collection[int]) -> dict[int, int]:
    """Those of some dates that moved into another one on the bill. Shape: date to the other."""
    return {row["id"]: row["joins_id"] for row in _in(_JOINS, performance_ids)}


def seats(order_ids: Collection[int]) -> list[_Row]:
    """What counts of every admission of some orders, order by order."""
    return _in(_SEATS, order_ids)


def payments(order_ids: Collection[int]) -> dict[tuple[int, str], _Row]:
    """Payments by order and number."""
    return {(row["order_id"], row["external_id"]): row for row in _in(_PAYMENTS, order_ids)}


def cards(order_ids: Collection[int]) -> list[_Row]:
    """Payments by card of some orders. Shape: id, order_id, and dispute_id and source of a dispute that lives."""
    return _in(_CARDS, order_ids)


def ended_by_hand(payment_ids: Collection[int]) -> set[int]:
    """Payments of which a colleague said that they are not disputed, though a file says so."""
    return {row["payment_id"] for row in _in(_ENDED_BY_HAND, payment_ids)}


def totals(order_ids: Collection[int]) -> dict[int, _Row]:
    """What orders say of their payments, by id."""
    return {row["id"]: row for row in _in(_TOTALS, order_ids)}


def people(emails: Collection[str]) -> dict[str, int]:
    """People who have written or signed in, by address."""
    return {row["email"]: row["person_id"] for row in _in(_PEOPLE, emails)}


def added(model: type[Base], rows: Sequence[Mapping[str, Any]], by: str) -> dict[Any, int]:
    """Add rows of a table. Shape: what one column says to the id."""
    ids = write_numbered(model, rows, by=(by,))
    return {row[by]: number for row, number in zip(rows, ids, strict=True)}


def change(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Give rows of a table other values; each row has its `id` and the same further columns."""
    if not rows:
        return
    table = cast(Table, model.__table__)
    names = [name for name in rows[0] if name != "id"]
    statement = (
        update(table).where(table.c.id == bindparam("_id")).values({name: bindparam(f"_{name}") for name in names})
    )
    session.connection().execute(statement, [{f"_{name}": value for name, value in row.items()} for row in rows])


def run_begun(system: str, sha256: str) -> ImportRun | None:
    """The import of this very file that was begun and not ended."""
    query = select(ImportRun).where(
        ImportRun.system == system, ImportRun.sha256 == sha256, ImportRun.state == "running"
    )
    return session.scalar(query.order_by(ImportRun.id).limit(1).with_for_update())


def run_followed(system: str, sha256: str) -> ImportRun | None:
    """The import of what is asked anew each time, ended or not."""
    query = select(ImportRun).where(ImportRun.system == system, ImportRun.sha256 == sha256)
    return session.scalar(query.order_by(ImportRun.id).limit(1).with_for_update())


def pulled_until(system: str) -> datetime | None:
    """Up to which change a ticketing system was read."""
    return session.scalar(select(func.max(ImportRun.pulled_until)).where(ImportRun.system == system))


def pull_held(system: str) -> OfficePull:
    """The row of a ticketing system that is asked, held until the verb ends; made where there is none."""
    insert = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    new: dict[str, Any] = {"system": system, "held_until": None, "fence": 0, "known": {}}
    session.execute(insert(OfficePull).values(new).on_conflict_do_nothing())
    query = select(OfficePull).where(OfficePull.system == system)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def has_order(system: str, code: str) -> bool:
    """Whether an order of a ticketing system was brought in."""
    query = select(Order.id).where(Order.system == system, Order.code == code)
    return session.scalar(query.limit(1)) is not None


def run(run_id: int) -> ImportRun:
    """One import."""
    return session.scalars(select(ImportRun).where(ImportRun.id == run_id)).one()


def runs(limit: int) -> Sequence[ImportRun]:
    """Imports, newest first."""
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)).all()
