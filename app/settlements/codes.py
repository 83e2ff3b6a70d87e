"""Codes of vouchers: no sign that looks like another, and a last one that catches a slip; pure."""

from __future__ import annotations

from collections.abc import Sequence

#: 31 signs, a prime: any sign mistyped, and any two swapped, is caught. No 0 O, no 1 I L.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: Signs that are drawn; one more checks them.
DRAWN = 7


def code(drawn: Sequence[int], prefix: str = "CHQ") -> str:
    """The code of seven numbers below 31: `CHQ-XXXX-XXXX`.

    Raises:
        ValueError: they are not seven numbers of signs.
    """
    if len(drawn) != DRAWN or not all(0 <= one < len(SIGNS) for one in drawn):
        raise ValueError("not seven signs")
    whole = "".join(SIGNS[one] for one in (*drawn, _check(drawn)))
    return f"{prefix}-{whole[:4]}-{whole[4:]}"


def canonical(typed: str, prefix: str = "CHQ") -> str:
    """A code as it was given, from how it was typed; empty when it can be none.

    Signs that no code holds are not guessed at: whoever typed one reads the code again.
    """
    flat = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    bare = flat.removeprefix(prefix)
    if len(bare) != DRAWN + 1 or any(sign not in SIGNS for sign in bare):
        return ""
    *drawn, check = (SIGNS.index(sign) for sign in bare)
    return f"{prefix}-{bare[:4]}-{bare[4:]}" if _check(drawn) == check else ""


def _check(drawn: Sequence[int]) -> int:
    # Weights 2 to 8 differ, and none is a multiple of 31: one slip or one swap always shows.
    return -sum(weight * one for weight, one in enumerate(drawn, start=2)) % len(SIGNS)


def place(line_id: int) -> str:
    """What the code of a voucher is sealed for: the line of money it was given for."""
    return f"voucher:{line_id}:code"
