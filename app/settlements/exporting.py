"""Files leave: each is made once, kept as bytes, and handed out as these bytes whenever it is asked for.

Every batch is a transaction of its own: whoever dies in the middle goes on where they were, and nothing is made twice.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.kernel import audit, clock, faults
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.kernel.transaction import publish, transactional
from app.settlements import batch_queries, batching, file_queries, filing, house, ledger_queries
from app.settlements.bookkeeping import today
from app.settlements.charts import MissingAccount
from app.settlements.events import BatchExported
from app.settlements.file_queries import Columns
from app.settlements.files import fec, lists
from app.settlements.filing import Made
from app.venue import service as venue

#: Files that are shown at once.
ROWS = 50


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file that was made or brought. Units: cents."""

    id: int
    batch_id: int | None
    kind: str
    name: str
    size: int
    sha256: str
    cents: int | None
    lines: int
    made_at: datetime


def export(campaign_id: int, *, by: Actor) -> list[FileCard]:
    """Make the files of every approved batch, and of entries that are in none; what is made already stays.

    Returns:
        Every file of the campaign, those of entries of all campaigns among them.

    Raises:
        Conflict: a batch is not what was agreed to, or a bank would refuse it; those before it are made.
    """
    by.must(Permission.MONEY_EXPORT)
    due = [row.id for row in batch_queries.batches(campaign_id, ["approved"])]
    session.rollback()
    for batch_id in due:
        make(batch_id, by=by)
    make_entries(by=by)
    return files(campaign_id, by=by)


def files(campaign_id: int, *, by: Actor) -> list[FileCard]:
    """Files of a campaign, and files of entries, the oldest first."""
    by.must(Permission.MONEY_READ)
    return [_card(row) for row in file_queries.files(campaign_id) if row.kind != "rejects"]


def some(campaign_id: int, *, before: int | None = None, by: Actor) -> list[FileCard]:
    """The same, the newest first: `ROWS` at once and one more where there is any, from before one of them."""
    by.must(Permission.MONEY_READ)
    return [_card(row) for row in file_queries.files_before(campaign_id, before, ROWS + 1)]


def belongs(file_id: int, campaign_id: int, *, by: Actor) -> bool:
    """Whether a file is one of a campaign, or of entries of all."""
    by.must(Permission.MONEY_READ)
    row = file_queries.file(file_id)
    return row is not None and row.kind != "rejects" and row.campaign_id in (campaign_id, None)


def of_batch(batch_id: int, *, by: Actor) -> list[FileCard]:
    """Files of one batch, the oldest first."""
    by.must(Permission.MONEY_READ)
    return [_card(row) for row in file_queries.files_of_batch(batch_id)]


@transactional
def read(file_id: int, *, by: Actor) -> tuple[FileCard, bytes]:
    """A file with its bytes; that it was read stays written.

    Raises:
        NotFound: there is none.
        Conflict: `file_damaged`.
    """
    by.must(Permission.MONEY_EXPORT)
    row, sealed = file_queries.file(file_id), file_queries.sealed_bytes(file_id)
    if row is None or sealed is None:
        raise NotFound("file")
    audit.note("file_read", f"file:{row.name}", {"sha256": row.sha256}, by=by)
    return _card(row), filing.opened(sealed)


def write_to(folder: Path, campaign_id: int, *, by: Actor) -> list[FileCard]:
    """Write every file of a campaign into a folder; one that lies there already, the same, is left alone.

    Raises:
        Conflict: `file_differs`: another one of that name lies there; `file_damaged`.
    """
    cards = files(campaign_id, by=by)
    session.rollback()
    folder.mkdir(parents=True, exist_ok=True)
    for card in cards:
        _write(folder, card, by)
    _settle_folder(folder)
    return cards


def _write(folder: Path, card: FileCard, by: Actor) -> None:
    path = folder / card.name
    if path.exists():
        if hashlib.sha256(path.read_bytes()).hexdigest() != card.sha256:
            raise Conflict("file_differs", name=card.name)
        return
    _, data = read(card.id, by=by)
    half = path.with_name(f".{card.name}.half")
    with half.open("wb") as out:
        half.chmod(0o600)  # it holds numbers of accounts
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    faults.point("file half written")
    half.replace(path)


def _settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@transactional
def make(batch_id: int, *, by: Actor) -> None:
    """Make the files of one approved batch, unless somebody has.

    Raises:
        Conflict: as of `export`.
    """
    by.must(Permission.MONEY_EXPORT)
    row = batch_queries.batch_to_change(batch_id)
    if row is None or row.state != "approved":
        return  # somebody else has just made it
    if by.person_id is None:
        raise Forbidden("nobody")
    batching.unchanged(row)
    try:
        first, *others = filing.made(row)
    except MissingAccount as problem:
        raise Conflict("account_missing", purpose=problem.purpose, key=problem.key) from None
    for made in (first, *others):
        filing.keep(made, by, campaign_id=row.campaign_id, batch_id=row.id)
    row.state, row.exported_by, row.exported_at = "exported", by.person_id, clock.now()
    told = {"name": first.name, "sha256": hashlib.sha256(first.data).hexdigest(), "cents": first.cents}
    audit.note("batch_exported", f"batch:{row.number}", told, by=by)
    publish(BatchExported(batch_id=row.id), by=by)
    session.flush()
    faults.point("file made")


@transactional
def make_entries(*, by: Actor) -> None:
    """Keep what was entered since the last files of entries: in the layout of the law, and as a table."""
    by.must(Permission.MONEY_EXPORT)
    ledger_queries.hold()  # each entry is in one file, and none is stepped over
    last, count = file_queries.last_entry_kept()
    rows = ledger_queries.since(last)
    if not rows:
        return
    entries = [_entry(row) for row in rows]
    name = f"{house.known().details.siren or '000000000'}FEC{today():%Y%m%d}-{count + 1:03}"
    ids = {row.id for row in rows}
    found = {"fec": (f"{name}.txt", fec.written(entries)),
             "entries": (f"{name}.csv", lists.journal(entries, venue.house().language))}  # fmt: skip
    for kind, (file_name, data) in found.items():
        filing.keep(
            Made(kind, file_name, data, None, len(entries)), by, campaign_id=None, first=min(ids), last=max(ids)
        )
        told = {"sha256": hashlib.sha256(data).hexdigest(), "first": min(ids), "last": max(ids)}
        audit.note("entries_exported", f"file:{file_name}", told, by=by)


def _entry(row: Columns) -> fec.Row:
    return fec.Row(
        journal=row.journal, journal_label=row.journal_label, number=f"{row.journal}{row.serial:06}", on=row.day,
        account=row.account, account_label=row.account_label, aux=row.aux or "", aux_label=row.aux_label or "",
        piece=row.piece, piece_on=row.piece_on, text=row.text, debit_cents=row.debit_cents,
        credit_cents=row.credit_cents, valid_on=row.day,
    )  # fmt: skip


def _card(row: Columns) -> FileCard:
    return FileCard(
        row.id, row.batch_id, row.kind, row.name, row.size, row.sha256, row.total_cents, row.lines, row.made_at
    )
