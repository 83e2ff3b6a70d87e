"""Public numbers of tickets: a keyed permutation of the serial, so that they tell no volume; pure."""

from __future__ import annotations

import hashlib

#: Numbers have six or seven digits.
FIRST, LAST = 100_000, 9_999_999
_SPAN = LAST - FIRST + 1
_BITS = 12  # half of a 24-bit block, the smallest even one that holds the span
_ROUNDS = 8


def number_of(serial: int, key: bytes) -> int:
    """The public number of the n-th ticket (n from 1).

    Raises:
        ValueError: the serial lies outside what seven digits can tell apart.
    """
    if not 1 <= serial <= _SPAN:
        raise ValueError("out of numbers")
    value = serial - 1
    while True:  # walk the cycle until the permutation of 24 bits lands inside our span
        value = _permuted(value, key)
        if value < _SPAN:
            return FIRST + value


def _permuted(value: int, key: bytes) -> int:
    left, right = value >> _BITS, value & ((1 << _BITS) - 1)
    for turn in range(_ROUNDS):
        left, right = right, left ^ _mixed(right, turn, key)
    return (left << _BITS) | right


def _mixed(half: int, turn: int, key: bytes) -> int:
    digest = hashlib.blake2s(bytes([turn]) + half.to_bytes(2, "big"), key=key[:32], digest_size=2).digest()
    return int.from_bytes(digest, "big") & ((1 << _BITS) - 1)
