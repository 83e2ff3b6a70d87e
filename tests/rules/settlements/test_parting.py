"""Money divided over seats and lines: whatever the amounts, both sides agree to the cent."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.shaping import contained
from app.settlements.parting import Cell, parted

RATES = (0, 210, 550, 1000, 2000)


@st.composite
def owed(draw: st.DrawFn) -> tuple[list[Cell], list[int]]:
    cents = draw(st.lists(st.integers(1, 500_000), min_size=1, max_size=8))
    cells = []
    for place, amount in enumerate(cents):
        rate = draw(st.sampled_from(RATES))
        cells.append(Cell(place, rate, amount, contained(amount, rate)))
    whole = sum(cents)
    cuts = sorted([*draw(st.lists(st.integers(1, whole), max_size=4, unique=True)), 0, whole])
    lines = [after - before for before, after in pairwise(cuts) if after > before]
    return cells, lines


@given(owed())
def test_every_line_and_every_seat_is_whole(case: tuple[list[Cell], list[int]]) -> None:
    cells, lines = case
    found = parted(cells, lines)
    assert [sum(part.cents for part in parts) for parts in found] == lines
    for cell in cells:
        mine = [part for parts in found for part in parts if part.performance_id == cell.performance_id]
        assert sum(part.cents for part in mine) == cell.cents
        assert sum(part.vat_cents for part in mine) == cell.vat_cents
        assert all(part.vat_bp == cell.vat_bp and part.cents > 0 and 0 <= part.vat_cents <= part.cents for part in mine)


@given(owed())
def test_the_tax_of_a_part_is_that_of_its_share(case: tuple[list[Cell], list[int]]) -> None:
    cells, lines = case
    for parts in parted(cells, lines):
        for part in parts:
            whole = cells[part.performance_id]
            # Each line before it may have taken half a cent more or less.
            assert abs(part.vat_cents - whole.vat_cents * part.cents / whole.cents) <= len(lines)


def test_two_seats_of_different_rates_share_a_refund_and_a_gift() -> None:
    cells = [Cell(1, 550, 5_000, 261), Cell(2, 1000, 5_000, 455)]
    money, gift = parted(cells, [6_000, 4_000])
    assert money == [Cell(1, 550, 3_000, 157), Cell(2, 1000, 3_000, 273)]
    assert gift == [Cell(1, 550, 2_000, 104), Cell(2, 1000, 2_000, 182)]


def test_what_does_not_make_up_the_seats_is_refused() -> None:
    with pytest.raises(ValueError, match="make up"):
        parted([Cell(1, 550, 100, 5)], [99])
