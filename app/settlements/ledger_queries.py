"""How entries are numbered and written, and read again for files and sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, func, select, update

from app.boxoffice.models import Household
from app.cancellations.models import Credit
from app.kernel.db import session
from app.kernel.queries import read, write, write_numbered
from app.settlements.models import LedgerEntry, LedgerLine, LedgerSerial

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_serials = cast(Table, LedgerSerial.__table__)


#: The row that counts entries of all journals.
ALL = "*"


def hold() -> None:
    """Let nobody else enter anything, nor read entries for a file, until the verb ends."""
    take_serials(ALL, 0)


def take_serials(journal: str, count: int) -> int:
    """Take the next numbers of a journal, without gaps; returns the first. Held until the verb ends."""
    more = update(_serials).where(_serials.c.journal == journal).values(last=_serials.c.last + count)
    taken = session.connection().execute(more.returning(_serials.c.last)).scalar_one_or_none()
    if taken is None:
        write(LedgerSerial, [{"journal": journal, "last": count}])
        taken = count
    return int(taken) - count + 1


def write_entries(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write entries; returns their ids in the order given."""
    return write_numbered(LedgerEntry, rows, by=("journal", "serial"))


def write_lines(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write lines of entries."""
    write(LedgerLine, rows)


def entered(line_ids: Iterable[int], kind: str) -> set[int]:
    """Which of some lines of money were entered in one way."""
    query = select(LedgerEntry.line_id).where(LedgerEntry.line_id.in_(list(line_ids)), LedgerEntry.kind == kind)
    return {row[0] for row in read(query)}


def since(entry_id: int) -> Sequence[Columns]:
    """Lines of every entry after one, in the order of journals and numbers, with who a line is about."""
    one, line = LedgerEntry, LedgerLine
    query = (
        select(
            one.id, one.journal, one.journal_label, one.serial, one.day, one.piece, one.piece_on, line.account,
            line.account_label, line.text, line.debit_cents, line.credit_cents, Household.code.label("aux"),
            Household.name.label("aux_label"),
        )
        .join(line, line.entry_id == one.id).outerjoin(Household, Household.id == line.household_id)
        .where(one.id > entry_id).order_by(one.journal, one.serial, line.position)
    )  # fmt: skip
    return read(query).all()


def any_since(entry_id: int) -> bool:
    """Whether anything was entered after an entry."""
    return read(select(LedgerEntry.id).where(LedgerEntry.id > entry_id).limit(1)).first() is not None


def sums_by_kind(campaign_id: int) -> dict[str, int]:
    """What entries of each kind add up to for the credits of a campaign. Units: cents owed to households."""
    query = (
        select(LedgerEntry.kind, func.sum(LedgerLine.credit_cents - LedgerLine.debit_cents))
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id).join(Credit, Credit.id == LedgerEntry.credit_id)
        .where(Credit.campaign_id == campaign_id, LedgerLine.household_id.is_not(None)).group_by(LedgerEntry.kind)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in read(query)}


def unsound() -> int:
    """Entries whose lines do not make up what the entry says, and journals whose numbers have gaps."""
    sums = (
        select(
            LedgerLine.entry_id, func.sum(LedgerLine.debit_cents).label("debit"),
            func.sum(LedgerLine.credit_cents).label("credit"),
        )
        .group_by(LedgerLine.entry_id).subquery()
    )  # fmt: skip
    wrong = (func.coalesce(sums.c.debit, 0) != LedgerEntry.debit_cents) | (
        func.coalesce(sums.c.credit, 0) != LedgerEntry.credit_cents
    )
    entries = select(func.count()).select_from(LedgerEntry).outerjoin(sums, sums.c.entry_id == LedgerEntry.id)
    given = (
        select(LedgerEntry.journal, func.count().label("many"), func.max(LedgerEntry.serial).label("last"))
        .group_by(LedgerEntry.journal).subquery()
    )  # fmt: skip
    gaps = select(func.count()).select_from(LedgerSerial).outerjoin(given, given.c.journal == LedgerSerial.journal)
    gaps = gaps.where(LedgerSerial.journal != ALL)
    counted = select(func.count()).select_from(LedgerEntry).scalar_subquery()
    whole = select(func.count()).where(LedgerSerial.journal == ALL, LedgerSerial.last != counted)
    astray = (func.coalesce(given.c.many, 0) != LedgerSerial.last) | (
        func.coalesce(given.c.last, 0) != LedgerSerial.last
    )
    asked = (entries.where(wrong), gaps.where(astray), whole)
    return sum(int(read(query).scalar_one()) for query in asked)
