"""Everything in the database that is sealed: where it stands, what it is sealed for, and under which key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import ColumnElement, Row, Table, func, select, update

from app.cancellations import payees
from app.cancellations.models import Payee
from app.kernel.db import Base, session
from app.kernel.queries import read
from app.mail import mailboxes
from app.mail.models import Mailbox
from app.settlements import codes, filing, gifts, house
from app.settlements.models import GiftReceipt, MoneyHouse, SettlementFile, Voucher

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed column of a table; `bound` says what a row of `named` columns was sealed for."""

    model: type[Base]
    column: str
    named: tuple[str, ...]
    bound: Callable[[Columns], str]
    #: Rows sealed anew in one transaction; files are large.
    at_once: int = 500

    @property
    def table(self) -> Table:
        """Its table."""
        return cast(Table, self.model.__table__)

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"{self.table.name}.{self.column}"


PLACES: Final = (
    Sealed(Payee, "iban_sealed", ("credit_id", "print"), lambda row: payees.place(row.credit_id, row.print)),
    Sealed(MoneyHouse, "iban_sealed", (), lambda _row: house.PLACE),
    Sealed(Mailbox, "secret", (), lambda row: mailboxes.seal_of(row.id)),
    Sealed(Voucher, "code_sealed", ("line_id",), lambda row: codes.place(row.line_id)),
    Sealed(GiftReceipt, "pdf_sealed", ("number",), lambda row: gifts.place(row.number, "pdf"), at_once=20),
    Sealed(GiftReceipt, "page_sealed", ("number",), lambda row: gifts.place(row.number, "html"), at_once=20),
    Sealed(SettlementFile, "sealed", ("name",), lambda row: filing.place(row.name), at_once=5),
)


def by_key(one: Sealed) -> dict[str, int]:
    """How many rows each key has sealed. Shape: number of the key, as text, to rows."""
    column = one.table.c[one.column]
    # A number has three digits at most, and a full stop ends it.
    head = func.substr(column, 1, 4)
    found: dict[str, int] = {}
    for text, rows in read(select(head, func.count()).where(column != "").group_by(head)):
        number = str(text).partition(".")[0]
        found[number] = found.get(number, 0) + int(rows)
    return found


def older(one: Sealed, key: int, *, after: int, limit: int) -> Sequence[Columns]:
    """The next rows that another key than this one has sealed. Shape: rows (id, sealed, and those named)."""
    query = _rows(one).where(one.table.c[one.column] != "", ~_by(one, key), one.table.c.id > after)
    return read(query.order_by(one.table.c.id).limit(limit)).all()


def first(one: Sealed, key: str) -> Columns | None:
    """Any row that a key has sealed."""
    return read(_rows(one).where(one.table.c[one.column].startswith(f"{key}.")).limit(1)).first()


def replace(one: Sealed, row: Columns, sealed: str) -> None:
    """Write what was sealed anew, unless somebody has written there meanwhile."""
    column = one.table.c[one.column]
    there = update(one.table).where(one.table.c.id == row.id, column == row.sealed)
    session.connection().execute(there.values({one.column: sealed}))


def _rows(one: Sealed) -> Any:  # noqa: ANN401 - a statement
    columns = [one.table.c[name] for name in one.named]
    return select(one.table.c.id, one.table.c[one.column].label("sealed"), *columns)


def _by(one: Sealed, key: int) -> ColumnElement[bool]:
    return one.table.c[one.column].startswith(f"{key}.")
