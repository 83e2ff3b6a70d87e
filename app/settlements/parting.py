"""Which seats a line of money is for: amounts and their tax divided over performances and rates, to the cent; pure.

Every line gets its whole amount, every seat is given back whole, and neither by a cent more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.cancellations.funding import share


class Cell(NamedTuple):
    """What is owed for the seats of one performance at one rate, and the tax in it; cents, hundredths of a per cent."""

    performance_id: int
    vat_bp: int
    cents: int
    vat_cents: int


def parted(cells: Sequence[Cell], amounts: Sequence[int]) -> list[list[Cell]]:
    """Divide what is owed for seats over lines. Shape: for each amount, the part of each cell that it is for.

    Each line is divided by what is left of the cells, the largest remainders first; the last one takes what remains.

    Raises:
        ValueError: the lines do not make up the cells.
    """
    if sum(amounts) != sum(cell.cents for cell in cells):
        raise ValueError("lines do not make up what is owed")
    left = [[cell.cents, cell.vat_cents] for cell in cells]
    return [_line(cells, left, amount) for amount in amounts]


def _line(cells: Sequence[Cell], left: list[list[int]], amount: int) -> list[Cell]:
    found = []
    for cell, rest, cents in zip(cells, left, share(amount, [rest[0] for rest in left]), strict=True):
        if cents:
            tax = _tax(rest[1], cents, rest[0])
            rest[0], rest[1] = rest[0] - cents, rest[1] - tax
            found.append(Cell(cell.performance_id, cell.vat_bp, cents, tax))
    return found


def _tax(left: int, cents: int, whole: int) -> int:
    """The tax of a part: in proportion, the half cent up; all that is left where the part is all that is left."""
    return (2 * left * cents + whole) // (2 * whole)
