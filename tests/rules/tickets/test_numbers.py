"""Public numbers."""

from __future__ import annotations

import pytest

from app.tickets.numbers import FIRST, LAST, number_of

KEY = b"k" * 32


def test_numbers_have_six_or_seven_digits_and_never_repeat() -> None:
    numbers = [number_of(serial, KEY) for serial in range(1, 5001)]
    assert len(set(numbers)) == 5000
    assert all(FIRST <= number <= LAST for number in numbers)


def test_neighbours_do_not_tell_the_volume() -> None:
    steps = [abs(number_of(n + 1, KEY) - number_of(n, KEY)) for n in range(1, 300)]
    assert sorted(steps)[len(steps) // 2] > 500_000


def test_another_house_counts_otherwise() -> None:
    assert number_of(1, KEY) != number_of(1, b"x" * 32)


@pytest.mark.parametrize("serial", [0, -1, 10**8])
def test_out_of_numbers_is_said(serial: int) -> None:
    with pytest.raises(ValueError, match="out of numbers"):
        number_of(serial, KEY)
