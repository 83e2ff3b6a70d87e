"""Holds credits, lines, files and entries against each other: what is owed is settled, pending or unclaimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.access import Actor, Permission
from app.settlements import file_queries, filing, ledger_queries, reckoning_queries
from app.settlements.file_queries import Columns
from app.settlements.files import fec, lists, xml


@dataclass(frozen=True, slots=True)
class Sums:
    """What is owed of something, and where it stands. Units: cents."""

    issued: int
    settled: int
    pending: int
    unclaimed: int

    @property
    def agrees(self) -> bool:
        """Whether everything that is owed stands somewhere."""
        return self.issued == self.settled + self.pending + self.unclaimed


@dataclass(frozen=True, slots=True)
class OptionSums:
    """What is paid, or to be paid, in one way. Units: cents."""

    option: str
    settled: int
    pending: int


@dataclass(frozen=True, slots=True)
class SeatSums:
    """The same of one performance at one rate."""

    performance_id: int
    vat_bp: int
    sums: Sums
    #: The tax in what is settled and pending.
    vat_cents: int


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that must be the same."""

    id: str
    ok: bool
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Everything of a campaign, and whether it agrees to the cent."""

    sums: Sums
    options: tuple[OptionSums, ...]
    seats: tuple[SeatSums, ...]
    checks: tuple[Check, ...]

    @property
    def agrees(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)


def reconcile(campaign_id: int, *, by: Actor) -> Reconciliation:
    """Add everything up, from rows, from the bytes of files, and from entries."""
    by.must(Permission.MONEY_READ)
    options = _options(campaign_id)
    credits = reckoning_queries.credits(campaign_id)
    sums = Sums(
        sum(credits.values()), sum(one.settled for one in options), sum(one.pending for one in options),
        credits.get("unclaimed", 0),
    )  # fmt: skip
    seats = _seats(campaign_id)
    checks = [
        _check("credits", sums.settled + sums.pending + sums.unclaimed, sums.issued),
        _check("seats", sum(one.sums.issued for one in seats), sums.issued),
        _check("seats-agree", sum(not one.sums.agrees for one in seats), 0),
        _check("lines", reckoning_queries.credits_astray(campaign_id), 0),
        *_batches(campaign_id), *_files(campaign_id), *_ledger(campaign_id, sums, credits),
    ]  # fmt: skip
    return Reconciliation(sums, tuple(options), tuple(seats), tuple(checks))


def _options(campaign_id: int) -> list[OptionSums]:
    settled: Counter[str] = Counter()
    pending: Counter[str] = Counter(reckoning_queries.answered_by_option(campaign_id))
    for row in reckoning_queries.lines_by_option(campaign_id):
        (settled if row.done else pending)[row.option] += int(row.cents)
    return [OptionSums(option, settled[option], pending[option]) for option in sorted({*settled, *pending})]


def _seats(campaign_id: int) -> list[SeatSums]:
    owed: Counter[tuple[int, int, str]] = Counter()
    tax: Counter[tuple[int, int]] = Counter()
    for row in reckoning_queries.seats(campaign_id):
        owed[row.performance_id, row.vat_bp, "issued"] += int(row.cents)
        stand = {"answered": "pending", "unclaimed": "unclaimed"}.get(row.stand)
        if stand:
            owed[row.performance_id, row.vat_bp, stand] += int(row.cents)
    for row in reckoning_queries.parts(campaign_id):
        owed[row.performance_id, row.vat_bp, "settled" if row.done else "pending"] += int(row.cents)
        tax[row.performance_id, row.vat_bp] += int(row.vat_cents)
    return [
        SeatSums(show, rate, Sums(*(owed[show, rate, name] for name in _NAMES)), tax[show, rate])
        for show, rate in sorted({key[:2] for key in owed})
    ]


#: What a batch is once its file may have been taken away.
_LEFT = ("exported", "paid")
_NAMES = ("issued", "settled", "pending", "unclaimed")


def _batches(campaign_id: int) -> list[Check]:
    """Each batch is the sum of its lines, and its file says the same, read again from its bytes."""
    rows = reckoning_queries.batches(campaign_id)
    of_file = {row.file_id: row for row in rows if row.state in _LEFT and row.file_id}
    cents = {kept.id: _file_cents(of_file[kept.id], kept) for kept in file_queries.sealed(of_file)}
    found = []
    for row in rows:
        found.append(_check(f"batch {row.number}", int(row.lines_cents or 0), row.total_cents))
        if row.state in _LEFT:
            found.append(_check(f"file {row.number}", cents.get(row.file_id, 0), row.total_cents))
    return found


def _file_cents(batch: Columns, kept: Columns) -> int:
    data = filing.opened(kept)
    return lists.total(batch.kind, data) if batch.file_kind == "list" else _order_cents(data)


def _order_cents(data: bytes) -> int:
    """What an order adds up to, transfer by transfer; nothing where it says otherwise of itself."""
    root = xml.parsed(data)
    paid = sum(_cents(node.text) for node in root.iter() if xml.name_of(node) == "InstdAmt")
    said = {_cents(node.text) for node in root.iter() if xml.name_of(node) == "CtrlSum"}
    return paid if said == {paid} else 0


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


def _files(campaign_id: int) -> list[Check]:
    """Files of entries keep to their layout, and balance."""
    some = [row.id for row in file_queries.files(campaign_id) if row.kind == "fec"]
    wrong = sum(len(fec.faults(filing.opened(kept))) for kept in file_queries.sealed(some))
    return [_check("files of entries", wrong, 0)]


def _ledger(campaign_id: int, sums: Sums, credits: dict[str, int]) -> Sequence[Check]:
    """What is owed by the entries is what is owed by the rows."""
    kinds = ledger_queries.sums_by_kind(campaign_id)
    entered = kinds.get("issue", 0)
    # Before the first lock nothing is entered at all.
    owed = sums.issued if credits.get("lined") or entered else 0
    return (
        _check("entries issued", entered, owed),
        _check("entries settled", -kinds.get("settle", 0) - kinds.get("return", 0), sums.settled),
        _check("entries sound", ledger_queries.unsound(), 0),
    )


def _check(name: str, found: int, expected: int) -> Check:
    return Check(name, found == expected, found, expected)
