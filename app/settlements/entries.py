"""Entries of the ledger that follow from money owed, settled and returned; balanced by construction; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.cancellations.choices import VOUCHER
from app.settlements.charts import ISSUE, Chart, Named
from app.settlements.parting import Cell


class Unbalanced(ValueError):
    """An entry whose two sides differ; none is ever written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an entry. Units: cents; one of the two sides is nothing."""

    account: Named
    text: str
    debit_cents: int = 0
    credit_cents: int = 0
    #: Whose account of its own it is, where it has one.
    household_id: int | None = None
    performance_id: int | None = None
    vat_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that has no number yet.

    Raises:
        Unbalanced: its two sides differ, or a line is on both or on none.
    """

    journal: Named
    piece: str
    piece_on: date
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Refuse what does not balance."""
        sides = [(line.debit_cents, line.credit_cents) for line in self.lines]
        if sum(one[0] for one in sides) != sum(one[1] for one in sides) or not sides:
            raise Unbalanced(self.piece)
        if any(min(one) != 0 or max(one) <= 0 for one in sides):
            raise Unbalanced(self.piece)

    @property
    def cents(self) -> int:
        """What either side adds up to."""
        return sum(line.debit_cents for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one household is owed, as entries tell it; `texts` names performances."""

    number: str
    issued_on: date
    household_id: int
    cells: Sequence[Cell]
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One line of money: of which credit, in which way, on which piece."""

    credit: str
    option: str
    household_id: int
    cents: int
    piece: str
    piece_on: date
    cells: Sequence[Cell]


def issued(owed: Owed, chart: Chart) -> Entry:
    """A sale is taken back, and its price owed to the household.

    Raises:
        MissingAccount: an account is missing for a performance or a rate.
    """
    lines = [
        _line(chart.income(cell.performance_id), owed.texts.get(cell.performance_id, owed.number),
              cell.cents - cell.vat_cents, cell)
        for cell in owed.cells if cell.cents > cell.vat_cents
    ]  # fmt: skip
    for rate, tax in _taxes(owed.cells).items():
        account = chart.find("vat", str(rate)) if chart.vat_at_credit else chart.find("vat_waiting")
        lines.append(Line(account=account, text=owed.number, debit_cents=tax, vat_bp=rate))
    whole = sum(cell.cents for cell in owed.cells)
    lines.append(Line(
        account=chart.find("owed"), text=owed.number, credit_cents=whole, household_id=owed.household_id
    ))  # fmt: skip
    return Entry(chart.find("journal", ISSUE), owed.number, owed.issued_on, tuple(lines))


def settled(one: Settled, chart: Chart) -> Entry:
    """What was owed is paid, given, or carried over.

    Raises:
        MissingAccount: an account is missing for the option, or for a rate whose tax waited.
    """
    lines = [
        Line(account=chart.find("owed"), text=one.credit, debit_cents=one.cents, household_id=one.household_id),
        Line(account=chart.find("settled", one.option), text=one.credit, credit_cents=one.cents),
    ]
    if not chart.vat_at_credit:
        for rate, tax in _taxes(one.cells).items():
            lines.append(Line(
                account=chart.find("vat", str(rate)), text=one.credit, debit_cents=tax, vat_bp=rate
            ))  # fmt: skip
            lines.append(Line(account=chart.find("vat_waiting"), text=one.credit, credit_cents=tax, vat_bp=rate))
    return Entry(chart.find("journal", one.option), one.piece, one.piece_on, tuple(lines))


def returned(one: Settled, chart: Chart) -> Entry:
    """What was paid came back: it is owed again."""
    paid = settled(one, chart)
    lines = tuple(
        Line(
            account=line.account, text=line.text, debit_cents=line.credit_cents, credit_cents=line.debit_cents,
            household_id=line.household_id, vat_bp=line.vat_bp,
        )
        for line in paid.lines
    )  # fmt: skip
    return Entry(paid.journal, one.piece, one.piece_on, lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """So much used of a voucher: of which credit, on which piece."""

    credit: str
    cents: int
    piece: str
    on: date


def used(one: Used, chart: Chart) -> Entry:
    """A voucher paid for something: it is owed no more, and waits for the sale that the ticketing system enters."""
    lines = (
        Line(account=chart.find("settled", VOUCHER), text=one.credit, debit_cents=one.cents),
        Line(account=chart.find("voucher_used"), text=one.credit, credit_cents=one.cents),
    )
    return Entry(chart.find("journal", VOUCHER), one.piece, one.on, lines)


def _line(account: Named, text: str, cents: int, cell: Cell) -> Line:
    return Line(
        account=account, text=text, debit_cents=cents, performance_id=cell.performance_id, vat_bp=cell.vat_bp
    )  # fmt: skip


def _taxes(cells: Sequence[Cell]) -> dict[int, int]:
    """Tax by rate, rates without any left out; a rate of zero is none."""
    sums: dict[int, int] = {}
    for cell in cells:
        sums[cell.vat_bp] = sums.get(cell.vat_bp, 0) + cell.vat_cents
    return {rate: tax for rate, tax in sorted(sums.items()) if tax}
