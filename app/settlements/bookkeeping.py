"""Writes entries down: numbered in their journals, all of one day, inside the verb that causes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.kernel import clock
from app.settlements import entries, house, ledger_queries
from app.settlements.entries import Entry, Owed, Settled, Used
from app.venue import service as venue


class _About(NamedTuple):
    """An entry with what it is about."""

    kind: str
    credit_id: int
    line_id: int | None
    entry: Entry
    use_id: int | None = None


def enter_issued(owed: Iterable[tuple[int, Owed]]) -> None:
    """Enter what households are owed. Shape: (credit, what).

    Raises:
        MissingAccount: nothing is entered then.
    """
    chart = house.chart()
    _write([_About("issue", credit_id, None, entries.issued(one, chart)) for credit_id, one in owed])


def enter_settled(lines: Iterable[tuple[int, int, Settled]]) -> None:
    """Enter lines that were carried out. Shape: (credit, line, what).

    Raises:
        MissingAccount: nothing is entered then.
    """
    chart = house.chart()
    _write([_About("settle", credit_id, line_id, entries.settled(one, chart)) for credit_id, line_id, one in lines])


def enter_returned(lines: Iterable[tuple[int, int, Settled]]) -> None:
    """Enter lines that came back after they had been carried out."""
    chart = house.chart()
    _write([_About("return", credit_id, line_id, entries.returned(one, chart)) for credit_id, line_id, one in lines])


def enter_used(credit_id: int, line_id: int, use_id: int, one: Used) -> None:
    """Enter what was used of a voucher.

    Raises:
        MissingAccount: nothing is entered then.
    """
    _write([_About("use", credit_id, line_id, entries.used(one, house.chart()), use_id)])


def today() -> date:
    """The day of the house."""
    return clock.now().astimezone(venue.house().tz).date()


def _write(found: Sequence[_About]) -> None:
    if not found:
        return
    day, moment = today(), clock.now()
    ledger_queries.take_serials(ledger_queries.ALL, len(found))
    counts = Counter(one.entry.journal.code for one in found)
    serials = {journal: ledger_queries.take_serials(journal, count) for journal, count in counts.items()}
    rows = []
    for one in found:
        entry, journal = one.entry, one.entry.journal
        rows.append({
            "journal": journal.code, "journal_label": journal.label, "serial": serials[journal.code],
            "kind": one.kind, "day": day, "piece": entry.piece, "piece_on": entry.piece_on,
            "credit_id": one.credit_id, "line_id": one.line_id, "use_id": one.use_id,
            "debit_cents": entry.cents, "credit_cents": entry.cents, "at": moment,
        })  # fmt: skip
        serials[journal.code] += 1
    ids = ledger_queries.write_entries(rows)
    ledger_queries.write_lines([
        line for number, one in zip(ids, found, strict=True) for line in _lines(number, one.entry)
    ])  # fmt: skip


def _lines(entry_id: int, entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "entry_id": entry_id, "position": place, "account": line.account.code, "account_label": line.account.label,
            "text": line.text, "debit_cents": line.debit_cents, "credit_cents": line.credit_cents,
            "household_id": line.household_id, "performance_id": line.performance_id, "vat_bp": line.vat_bp,
        }
        for place, line in enumerate(entry.lines, start=1)
    ]  # fmt: skip
