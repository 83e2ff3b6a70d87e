"""Questions about batches and files, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, and_, func, select, update
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Household, Order, Payment
from app.cancellations.models import Campaign, CampaignOption, Credit, CreditItem, Payee
from app.kernel.db import session
from app.kernel.queries import read, write, write_numbered
from app.settlements.models import (
    BatchSerial,
    SettlementBatch,
    SettlementFate,
    SettlementFile,
    SettlementLine,
    SettlementPlace,
    Voucher,
)

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_serials = cast(Table, BatchSerial.__table__)
_places = cast(Table, SettlementPlace.__table__)
_credits = cast(Table, Credit.__table__)


def take_serial(kind: str, year: int) -> int:
    """Take the next number of a kind of batch in a year. Held until the verb ends."""
    mine = (_serials.c.kind == kind, _serials.c.year == year)
    more = update(_serials).where(*mine).values(last=_serials.c.last + 1).returning(_serials.c.last)
    taken = session.connection().execute(more).scalar_one_or_none()
    if taken is None:
        write(BatchSerial, [{"kind": kind, "year": year, "last": 1}])
        taken = 1
    return int(taken)


def write_places(batch_id: int, line_ids: Iterable[int]) -> None:
    """Put lines into a batch, in order."""
    write(SettlementPlace, [
        {"batch_id": batch_id, "position": place, "line_id": line_id, "live": True}
        for place, line_id in enumerate(line_ids, start=1)
    ])  # fmt: skip


def leave(batch_id: int) -> None:
    """Take every line out of a batch, for another one."""
    session.connection().execute(update(_places).where(_places.c.batch_id == batch_id).values(live=False))


def batch(batch_id: int) -> SettlementBatch | None:
    """One batch, to look at."""
    return session.get(SettlementBatch, batch_id)


def batch_to_change(batch_id: int) -> SettlementBatch | None:
    """One batch as it stands now, held until the verb ends."""
    return session.get(SettlementBatch, batch_id, with_for_update=True, populate_existing=True)


def batch_numbered(number: str) -> int | None:
    """The batch of a number."""
    return read(select(SettlementBatch.id).where(SettlementBatch.number == number)).scalar_one_or_none()


def batches(campaign_id: int, states: Iterable[str] = ()) -> Sequence[SettlementBatch]:
    """Batches of a campaign, the oldest first; all, or those in some states."""
    query = select(SettlementBatch).where(SettlementBatch.campaign_id == campaign_id).order_by(SettlementBatch.id)
    wanted = list(states)
    return session.scalars(query.where(SettlementBatch.state.in_(wanted)) if wanted else query).all()


def placed(batch_id: int) -> Sequence[Columns]:
    """Lines of a batch as they were agreed to. Shape: rows (id, option, amount_cents, reference, print), in order."""
    query = (
        select(
            SettlementLine.id, SettlementLine.option, SettlementLine.amount_cents, SettlementLine.reference,
            Payee.print,
        )
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .outerjoin(Payee, Payee.id == SettlementLine.payee_id)
        .where(SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True))
        .order_by(SettlementPlace.position)
    )  # fmt: skip
    return read(query).all()


def people_paid(batch_id: int) -> set[int]:
    """People whose households are paid by a batch."""
    query = (
        select(Credit.person_id).join(SettlementLine, SettlementLine.credit_id == Credit.id)
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .where(SettlementPlace.batch_id == batch_id, Credit.person_id.is_not(None))
    )  # fmt: skip
    return {row[0] for row in read(query)}


def items(batch_id: int) -> Sequence[Columns]:
    """Lines of a batch with everything that its file needs, in order; numbers of accounts still sealed."""
    donor = aliased(Payee)
    query = (
        select(
            SettlementLine.id, SettlementLine.credit_id, SettlementLine.reference, SettlementLine.amount_cents,
            SettlementLine.option, SettlementLine.season, Credit.number, Credit.household_id,
            Household.code.label("household"), Household.name, Payee.name.label("payee"), Payee.details,
            Payee.print, Payee.iban_sealed, Order.code.label("order_code"),
            Payment.external_id.label("payment"), donor.name.label("donor"), donor.details.label("donor_details"),
            Campaign.title_fr, Campaign.title_en, CampaignOption.validity_months,
        )
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .join(Credit, Credit.id == SettlementLine.credit_id)
        .join(Household, Household.id == Credit.household_id)
        .join(Campaign, Campaign.id == Credit.campaign_id)
        .outerjoin(CampaignOption, and_(
            CampaignOption.campaign_id == Campaign.id, CampaignOption.code == SettlementLine.option
        ))
        .outerjoin(Payee, Payee.id == SettlementLine.payee_id)
        .outerjoin(donor, donor.id == SettlementLine.donor_id)
        .outerjoin(Payment, Payment.id == SettlementLine.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True))
        .order_by(SettlementPlace.position)
    )  # fmt: skip
    return read(query).all()


def orders_of(credit_ids: Iterable[int]) -> dict[int, list[str]]:
    """Orders that some credits come from. Shape: credit to codes."""
    query = (
        select(CreditItem.credit_id, Order.code).join(Admission, Admission.id == CreditItem.admission_id)
        .join(Order, Order.id == Admission.order_id).where(CreditItem.credit_id.in_(list(credit_ids)))
        .distinct().order_by(CreditItem.credit_id, Order.code)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for credit_id, code in read(query):
        found.setdefault(credit_id, []).append(code)
    return found


def write_vouchers(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write vouchers."""
    write(Voucher, rows)


def keep_file(row: Mapping[str, Any]) -> int:
    """Keep a file; returns its id."""
    return write_numbered(SettlementFile, [row])[0]


def _files() -> Select[*tuple[Any, ...]]:
    one = SettlementFile
    return select(
        one.id, one.campaign_id, one.batch_id, one.kind, one.name, one.size, one.sha256, one.total_cents, one.lines,
        one.first_entry, one.last_entry, one.made_at, one.made_by,
    )  # fmt: skip


def files(campaign_id: int) -> Sequence[Columns]:
    """Files of a campaign and those of all campaigns, the oldest first; without their bytes."""
    mine = (SettlementFile.campaign_id == campaign_id) | SettlementFile.campaign_id.is_(None)
    return read(_files().where(mine).order_by(SettlementFile.id)).all()


def file(file_id: int) -> Columns | None:
    """One file without its bytes."""
    return read(_files().where(SettlementFile.id == file_id)).one_or_none()


def sealed_bytes(file_id: int) -> Columns | None:
    """The bytes of a file. Shape: row (name, sha256, sealed)."""
    query = select(SettlementFile.name, SettlementFile.sha256, SettlementFile.sealed)
    return read(query.where(SettlementFile.id == file_id)).one_or_none()


def file_with(sha256: str, kind: str) -> int | None:
    """A file of a kind by the hash of its bytes."""
    query = select(SettlementFile.id).where(SettlementFile.sha256 == sha256, SettlementFile.kind == kind)
    return read(query).scalar_one_or_none()


def last_entry_kept() -> tuple[int, int]:
    """How far files of entries go, and how many there are. Shape: (entry, files)."""
    query = select(func.max(SettlementFile.last_entry), func.count()).where(SettlementFile.kind == "fec")
    last, count = read(query).one()
    return int(last or 0), int(count)


def fates(line_ids: Iterable[int]) -> dict[int, set[str]]:
    """What befell some lines. Shape: line to states."""
    query = select(SettlementFate.line_id, SettlementFate.state)
    found: dict[int, set[str]] = {}
    for line_id, state in read(query.where(SettlementFate.line_id.in_(list(line_ids)))):
        found.setdefault(line_id, set()).add(state)
    return found


def write_fates(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what befell lines."""
    write(SettlementFate, rows)


def lines_to_pay(batch_id: int) -> Sequence[Columns]:
    """Lines of a batch that nothing befell yet.

    Shape: rows (id, credit_id, number, household_id, option, amount_cents, reference, position), in order.
    """
    query = (
        _lines().join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .add_columns(SettlementPlace.position)
        .outerjoin(SettlementFate, SettlementFate.line_id == SettlementLine.id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), SettlementFate.id.is_(None)
        )
        .order_by(SettlementPlace.position)
    )  # fmt: skip
    return read(query).all()


def referenced(references: Iterable[str]) -> Sequence[Columns]:
    """Lines by what they are called outside, with the batch they stand in and where."""
    query = (
        _lines().add_columns(
            SettlementPlace.position, SettlementPlace.batch_id, SettlementBatch.number.label("batch"),
            SettlementBatch.state,
        )
        .join(SettlementPlace, and_(SettlementPlace.line_id == SettlementLine.id, SettlementPlace.live.is_(True)))
        .join(SettlementBatch, SettlementBatch.id == SettlementPlace.batch_id)
        .where(SettlementLine.reference.in_(list(references)))
    )  # fmt: skip
    return read(query).all()


def _lines() -> Select[*tuple[Any, ...]]:
    one = SettlementLine
    return select(
        one.id, one.credit_id, Credit.number, Credit.household_id, one.option, one.amount_cents, one.reference
    ).join(Credit, Credit.id == one.credit_id)


def to_correct(credit_id: int) -> Sequence[SettlementLine]:
    """Lines of a credit that came back or were refused and that no other one follows, the oldest first."""
    other = aliased(SettlementLine)
    query = (
        select(SettlementLine)
        .join(SettlementFate, and_(
            SettlementFate.line_id == SettlementLine.id, SettlementFate.state.in_(("rejected", "cancelled"))
        ))
        .outerjoin(other, other.supersedes_id == SettlementLine.id)
        .where(SettlementLine.credit_id == credit_id, other.id.is_(None)).order_by(SettlementLine.id)
    )  # fmt: skip
    return session.scalars(query).all()


def settle_credits(credit_ids: Iterable[int], moment: datetime) -> int:
    """Note credits as settled of which everything was carried out; returns how many."""
    ids = list(credit_ids)
    done = (
        select(SettlementLine.credit_id)
        .join(SettlementFate, and_(SettlementFate.line_id == SettlementLine.id, SettlementFate.state == "done"))
        .where(SettlementLine.credit_id.in_(ids), ~_came_back()).group_by(SettlementLine.credit_id)
        .having(func.sum(SettlementLine.amount_cents) == select(Credit.amount_cents).where(
            Credit.id == SettlementLine.credit_id
        ).scalar_subquery())
    )  # fmt: skip
    change = update(_credits).where(_credits.c.id.in_(done), _credits.c.state == "locked")
    found = session.connection().execute(change.values(state="settled", settled_at=moment))
    return int(found.rowcount)


def reopen_credits(credit_ids: Iterable[int]) -> None:
    """Note credits as not settled any more: something of them came back."""
    change = update(_credits).where(_credits.c.id.in_(list(credit_ids)), _credits.c.state == "settled")
    session.connection().execute(change.values(state="locked", settled_at=None))


def _came_back() -> Any:  # noqa: ANN401 - a condition
    fate = aliased(SettlementFate)
    return select(fate.id).where(fate.line_id == SettlementLine.id, fate.state == "rejected").exists()


def unfinished(campaign_id: int) -> bool:
    """Whether anything that was chosen in a campaign is still to be paid."""
    query = select(Credit.id).where(Credit.campaign_id == campaign_id, Credit.state.in_(("answered", "locked")))
    return read(query.limit(1)).first() is not None
