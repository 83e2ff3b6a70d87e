"""Makes the file of a batch: the order to a bank, or the list of its kind; checked, and kept sealed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cancellations import payees
from app.cancellations.validity import valid_until
from app.kernel import clock, keys, sealing
from app.kernel.access import Actor
from app.kernel.errors import Conflict
from app.settlements import codes, file_queries, house, returning
from app.settlements.bookkeeping import today
from app.settlements.codes import DRAWN, SIGNS, code
from app.settlements.file_queries import Columns
from app.settlements.files import counter_papers, lists, pain001, xml
from app.settlements.files.counter_papers import Sender
from app.settlements.files.lists import Item
from app.settlements.files.pain001 import BadOrder, Order, Transfer
from app.settlements.files.target import next_day
from app.settlements.files.xml import BadXml
from app.settlements.models import SettlementBatch
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is to be kept. Units: cents; none where its lines add up to nothing that is paid."""

    kind: str
    name: str
    data: bytes
    cents: int | None
    lines: int


def keep(made: Made, by: Actor, *, campaign_id: int | None, batch_id: int | None = None, **entries: int) -> int:
    """Keep a file for ever; returns its id. Inside a verb only."""
    sealed = sealing.seal_bytes(made.data, bound=place(made.name))
    return file_queries.keep_file({
        "campaign_id": campaign_id, "batch_id": batch_id, "kind": made.kind, "name": made.name, "size": len(made.data),
        "sha256": hashlib.sha256(made.data).hexdigest(), "sealed": sealed,
        "total_cents": made.cents, "lines": made.lines, "first_entry": entries.get("first"),
        "last_entry": entries.get("last"), "made_at": clock.now(), "made_by": by.person_id,
    })  # fmt: skip


def opened(row: Columns) -> bytes:
    """The bytes of a file that was kept.

    Raises:
        Conflict: `file_damaged`: they are not what was kept.
    """
    try:
        data = sealing.opened_bytes(row.sealed, bound=place(row.name))
    except sealing.Unreadable:
        raise Conflict("file_damaged", name=row.name) from None
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Conflict("file_damaged", name=row.name)
    return data


def made(batch: SettlementBatch) -> list[Made]:
    """The files of a batch: what carries it out, first; what it says to the ticketing system; papers to print.

    Raises:
        Conflict: what a bank would refuse, or the house's account is missing.
    """
    rows, language = file_queries.items(batch.id), venue.house().language
    codes = _vouchers(rows) if batch.kind == "voucher" else {}
    items = _items(batch, rows, codes, language) if batch.kind != "transfer" else []
    first = _list(batch, items) if items else _order(batch, rows)
    back = returning.written(batch, rows, codes, language)
    return [
        first, Made("return", f"{batch.number}-retour.csv", back, batch.total_cents, len(rows)),
        *_papers(batch, items, [row.language for row in rows]),
    ]  # fmt: skip


def _papers(batch: SettlementBatch, items: Sequence[Item], languages: Sequence[str]) -> list[Made]:
    """What is printed for a batch: letters that cheques go with, the sheet of a counter."""
    at = clock.now().replace(microsecond=0)
    if batch.kind == "cheque":
        of = house.known().details
        street, town = f"{of.street_number} {of.street}".strip(), f"{of.postcode} {of.city}".strip()
        sender = Sender(of.name or venue.house().name, (street, town))
        data = counter_papers.letters(sender, batch.number, zip(items, languages, strict=True), at)
        return [Made("letters", f"{batch.number}-lettres.pdf", data, None, len(items))]
    if batch.kind in {"cash", "local"}:
        data = counter_papers.sheet(batch.number, items, at, venue.house().language)
        return [Made("sheet", f"{batch.number}-caisse.pdf", data, None, len(items))]
    return []


def _list(batch: SettlementBatch, items: Sequence[Item]) -> Made:
    data = lists.written(batch.kind, items, venue.house().language)
    if lists.total(batch.kind, data) != batch.total_cents:
        raise RuntimeError(f"the list of {batch.number} does not add up")
    return Made("list", f"{batch.number}.csv", data, batch.total_cents, len(items))


def _order(batch: SettlementBatch, rows: Sequence[Columns]) -> Made:
    version = house.known().details.sepa_version
    if batch.executes_on is None:
        batch.executes_on = next_day(today(), house.known().details.execution_days)
    order = Order(
        message_id=batch.number, created_at=clock.now().replace(microsecond=0), executes_on=batch.executes_on,
        debtor=house.debtor(), transfers=[_transfer(row) for row in rows],
    )  # fmt: skip
    try:
        data = pain001.written(order, version)
        xml.validate(data, version)
    except BadOrder as problem:
        raise Conflict(problem.code, where=problem.where) from None
    except BadXml as problem:
        raise Conflict("order_schema", where=problem.told) from None
    if order.cents != batch.total_cents:
        raise RuntimeError(f"the order of {batch.number} does not add up")
    return Made(version, f"{batch.number}.xml", data, order.cents, len(rows))


def _transfer(row: Columns) -> Transfer:
    return Transfer(
        end_to_end=row.reference, cents=row.amount_cents, name=row.payee, iban=_account(row),
        text=f"{row.number} {row.title_fr}",
    )  # fmt: skip


def _account(row: Columns) -> str:
    try:
        return payees.number_of(row.credit_id, row.print, row.iban_sealed)
    except sealing.Unreadable:
        raise Conflict("account_unreadable", reference=row.reference) from None


def _items(
    batch: SettlementBatch, rows: Sequence[Columns], given: Mapping[int, str], language: str
) -> list[Item]:  # fmt: skip
    orders = file_queries.orders_of([row.credit_id for row in rows]) if batch.kind == "kept" else {}
    return [
        Item(
            reference=row.reference, credit=row.number, household=row.household, name=row.name, cents=row.amount_cents,
            option=row.option, payee=row.payee or "", address=_address(row.details), season=row.season,
            iban=_account(row) if batch.kind == "public" else "", payment=row.payment or "",
            order=row.order_code or "|".join(orders.get(row.credit_id, [])), code=given.get(row.id, ""),
            until=_until(row.validity_months), donor=row.donor or "", donor_address=_address(row.donor_details),
            siren=(row.donor_details or {}).get("siren", ""),
            title=row.title_fr if language == "fr" else row.title_en, counter=row.counter or "",
        )
        for row in rows
    ]  # fmt: skip


def _vouchers(rows: Sequence[Columns]) -> dict[int, str]:
    """Draw a code for each line and keep it sealed; nobody reads it from the database."""
    prefix = house.known().details.voucher_prefix
    found = {row.id: code([secrets.randbelow(len(SIGNS)) for _ in range(DRAWN)], prefix)
             for row in rows}  # fmt: skip
    file_queries.write_vouchers([
        {
            "line_id": row.id, "code_sealed": sealing.seal(found[row.id], bound=codes.place(row.id)),
            "code_print": code_print(found[row.id]), "amount_cents": row.amount_cents, "issued_at": clock.now(),
            "expires_on": _until(row.validity_months),
        }
        for row in rows
    ])  # fmt: skip
    return found


def code_print(given: str) -> str:
    """What a code is found by."""
    return keys.short_proof("voucher", given, 32)


def _until(months: int | None) -> date | None:
    return valid_until(today(), months) if months else None


def _address(details: Any) -> tuple[str, str, str, str, str]:  # noqa: ANN401 - kept as JSON
    told = details or {}
    line1, line2, postcode, city, country = (
        str(told.get(name, "")) for name in ("line1", "line2", "postcode", "city", "country")
    )
    return line1, line2, postcode, city, country


def place(name: str) -> str:
    """What a file is sealed for."""
    return f"settlement_file:{name}"
