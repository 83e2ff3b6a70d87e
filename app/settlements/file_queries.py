"""Questions about files: what stands in one, how it is kept, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Household, Order, Payment
from app.cancellations.models import Campaign, CampaignOption, Counter, Credit, CreditItem, Payee
from app.kernel.queries import read, slices, write, write_numbered
from app.settlements.models import SettlementFate, SettlementFile, SettlementLine, SettlementPlace, Voucher

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def items(batch_id: int) -> Sequence[Columns]:
    """Lines of a batch with everything that its file needs, in order; numbers of accounts still sealed."""
    donor = aliased(Payee)
    query = (
        select(
            SettlementLine.id, SettlementLine.credit_id, SettlementLine.reference, SettlementLine.amount_cents,
            SettlementLine.option, SettlementLine.season, Credit.number, Credit.household_id, Credit.language,
            Household.code.label("household"), Household.name, Payee.name.label("payee"), Payee.details,
            Payee.print, Payee.iban_sealed, Order.code.label("order_code"),
            Payment.external_id.label("payment"), donor.name.label("donor"), donor.details.label("donor_details"),
            Campaign.title_fr, Campaign.title_en, CampaignOption.validity_months, Counter.name.label("counter"),
        )
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .join(Credit, Credit.id == SettlementLine.credit_id)
        .join(Household, Household.id == Credit.household_id)
        .join(Campaign, Campaign.id == Credit.campaign_id)
        .outerjoin(CampaignOption, and_(
            CampaignOption.campaign_id == Campaign.id, CampaignOption.code == SettlementLine.option
        ))
        .outerjoin(Payee, Payee.id == SettlementLine.payee_id)
        .outerjoin(Counter, Counter.id == SettlementLine.counter_id)
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
        .join(Order, Order.id == Admission.order_id).distinct().order_by(CreditItem.credit_id, Order.code)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for some in slices(credit_ids):
        for credit_id, code in read(query.where(CreditItem.credit_id.in_(some))):
            found.setdefault(credit_id, []).append(code)
    return found


def tickets_of(credit_ids: Iterable[int]) -> dict[int, list[str]]:
    """Admissions of some credits by what their ticketing system calls them. Shape: credit to numbers."""
    query = (
        select(CreditItem.credit_id, Admission.external_id)
        .join(Admission, Admission.id == CreditItem.admission_id).order_by(CreditItem.credit_id, Admission.id)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for some in slices(credit_ids):
        for credit_id, number in read(query.where(CreditItem.credit_id.in_(some))):
            found.setdefault(credit_id, []).append(number)
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


def files_before(campaign_id: int, before: int | None, limit: int) -> Sequence[Columns]:
    """The same but what a bank sent, the newest first, from before one of them."""
    one = SettlementFile
    query = _files().where((one.campaign_id == campaign_id) | one.campaign_id.is_(None), one.kind != "rejects")
    query = query if before is None else query.where(one.id < before)
    return read(query.order_by(one.id.desc()).limit(limit)).all()


def files_of_batch(batch_id: int) -> Sequence[Columns]:
    """Files of a batch, the oldest first; without their bytes."""
    return read(_files().where(SettlementFile.batch_id == batch_id).order_by(SettlementFile.id)).all()


def files_about(campaign_id: int) -> Sequence[Columns]:
    """Files of a campaign, of all campaigns, and those of banks that say something of its lines."""
    brought = (
        select(SettlementFate.file_id).join(SettlementLine, SettlementLine.id == SettlementFate.line_id)
        .join(Credit, Credit.id == SettlementLine.credit_id).where(Credit.campaign_id == campaign_id)
    )  # fmt: skip
    one = SettlementFile
    mine = or_(one.campaign_id == campaign_id, one.kind.in_(("fec", "entries")), one.id.in_(brought))
    return read(_files().where(mine).order_by(one.id)).all()


def file(file_id: int) -> Columns | None:
    """One file without its bytes."""
    return read(_files().where(SettlementFile.id == file_id)).one_or_none()


def sealed(file_ids: Iterable[int]) -> Iterator[Columns]:
    """The bytes of files, one after the other. Shape: rows (id, name, sha256, sealed)."""
    query = select(SettlementFile.id, SettlementFile.name, SettlementFile.sha256, SettlementFile.sealed)
    for some in slices(file_ids):
        yield from read(query.where(SettlementFile.id.in_(some)).order_by(SettlementFile.id))


def sealed_bytes(file_id: int) -> Columns | None:
    """The bytes of a file. Shape: row (id, name, sha256, sealed)."""
    return next(sealed([file_id]), None)


def file_with(sha256: str, kind: str) -> int | None:
    """A file of a kind by the hash of its bytes."""
    query = select(SettlementFile.id).where(SettlementFile.sha256 == sha256, SettlementFile.kind == kind)
    return read(query).scalar_one_or_none()


def last_entry_kept() -> tuple[int, int]:
    """How far files of entries go, and how many there are. Shape: (entry, files)."""
    query = select(func.max(SettlementFile.last_entry), func.count()).where(SettlementFile.kind == "fec")
    last, count = read(query).one()
    return int(last or 0), int(count)
