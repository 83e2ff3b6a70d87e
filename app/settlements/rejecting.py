"""What banks send back: the lines are owed again, their credits open, their households asked for another account.

A file is taken as a whole or not at all: one that names anything that is not ours, or not sent, changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from app.cancellations import correcting
from app.cancellations.choices import MONEY
from app.kernel import audit, clock, faults
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid
from app.kernel.transaction import publish, transactional
from app.settlements import batch_queries, bookkeeping, fate_queries, file_queries, filing
from app.settlements.bookkeeping import today
from app.settlements.events import RejectsTaken
from app.settlements.fate_queries import Columns
from app.settlements.files import pain002, reasons
from app.settlements.files.pain002 import REJECTED
from app.settlements.files.reasons import UNSAID, BadRejects, Reject
from app.settlements.files.xml import BadXml
from app.settlements.filing import Made
from app.settlements.paying import settled_of

#: States of a batch that a bank can say something about.
SENT = ("exported", "paid")


class Taken(NamedTuple):
    """What became of a file: lines that came back, their cents, lines that had before; whether it was known."""

    lines: int
    cents: int
    before: int
    again: bool


@transactional
def take(data: bytes, batch_id: int | None = None, *, by: Actor) -> Taken:
    """Take what a bank sends back: a pain.002, or a table with reference and reason; once.

    Args:
        data: the file.
        batch_id: the batch it must be about, where a door has asked for one.
        by: who brings it.

    Raises:
        Invalid: field `file`: it is neither, names something that is not ours, or is about another batch.
        Conflict: its batch was never sent.
    """
    by.must(Permission.MONEY_SETTLE)
    mark = hashlib.sha256(data).hexdigest()
    if file_queries.file_with(mark, "rejects") is not None:
        return Taken(0, 0, 0, again=True)
    fresh = told(data, batch_id)
    fates = fate_queries.fates([line.id for line, _ in fresh])
    some = [(line, code) for line, code in fresh if "rejected" not in fates.get(line.id, set())]
    made = Made("rejects", f"rejects-{mark[:16]}", data, None, len(fresh))
    file_id = filing.keep(made, by, campaign_id=None)
    _return(some, {key for key, states in fates.items() if "done" in states}, file_id, by)
    cents = sum(line.amount_cents for line, _ in some)
    audit.note("rejects_taken", f"file:rejects-{mark[:16]}", {"lines": len(some), "cents": cents}, by=by)
    return Taken(len(some), cents, len(fresh) - len(some), again=False)


def told(data: bytes, batch_id: int | None = None) -> list[tuple[Columns, str]]:
    """What a file says came back, and why; nothing is written.

    Raises:
        Invalid, Conflict: as of `take`.
    """
    rejects = _rejects(data)
    lines = _ours([one.reference for one in rejects])
    others = {row.batch for row in lines.values() if batch_id not in {None, row.batch_id}}
    if others:
        raise Invalid({"file": "rejects_batch"}, number=min(others))
    return [(lines[one.reference], one.code) for one in rejects]


def _rejects(data: bytes) -> list[Reject]:
    """What a file says came back, each line once."""
    try:
        found = _from_xml(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else reasons.read(data)
    except BadXml:
        raise Invalid({"file": "rejects_form"}) from None
    except BadRejects as problem:
        raise Invalid({"file": f"rejects_{problem.code}"}, line=problem.line) from None
    return list({one.reference: one for one in found}.values())


def _from_xml(data: bytes) -> list[Reject]:
    report = pain002.read(data)
    batch_id = batch_queries.batch_numbered(report.message_id)
    if batch_id is None:
        raise Invalid({"file": "rejects_other"})
    mine = {row.reference for row in batch_queries.placed(batch_id)}
    if any(fate.end_to_end not in mine for fate in report.fates):
        raise Invalid({"file": "rejects_other"})
    told = [Reject(fate.end_to_end, fate.code or UNSAID) for fate in report.fates if fate.status == REJECTED]
    if report.refuses_all and not told:
        return [Reject(reference, report.code or UNSAID) for reference in sorted(mine)]
    return told


def _ours(references: Sequence[str]) -> dict[str, Columns]:
    lines = {row.reference: row for row in fate_queries.referenced(references)}
    if set(references) - set(lines):
        raise Invalid({"file": "rejects_other"})
    if any(row.option not in MONEY for row in lines.values()):
        raise Invalid({"file": "rejects_not_money"})
    unsent = {row.batch for row in lines.values() if row.state not in SENT}
    if unsent:
        raise Conflict("batch_not_exported", number=min(unsent))
    return lines


def _return(some: Sequence[tuple[Columns, str]], done: set[int], file_id: int, by: Actor) -> None:
    day = today()
    fate_queries.write_fates([
        {"line_id": line.id, "state": "rejected", "at": clock.now(), "day": day, "by_id": by.person_id, "code": code,
         "file_id": file_id}
        for line, code in some
    ])  # fmt: skip
    # Campaigns before any entry, as whoever locks does.
    fate_queries.reopen_campaigns({line.credit_id for line, _ in some})
    fate_queries.reopen_credits({line.credit_id for line, _ in some})
    for number in sorted({line.batch for line, _ in some}):
        back = [line for line, _ in some if line.batch == number and line.id in done]
        bookkeeping.enter_returned(settled_of(back, number, day))
    faults.point("rejects taken")
    for line, code in some:
        correcting.ask(line.credit_id, code)
    if some:
        publish(RejectsTaken(file_id=file_id), by=by)
