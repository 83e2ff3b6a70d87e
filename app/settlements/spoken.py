"""Amounts in words as cheques and receipts write them, in French; pure."""

from __future__ import annotations

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt")


def euros(cents: int) -> str:
    """An amount in words: `cent vingt euros et cinquante centimes`."""
    whole, rest = divmod(cents, 100)
    parts = []
    if whole or not rest:
        # One says a million *of* euros.
        of = "d’" if whole >= 1_000_000 and whole % 1_000_000 == 0 else ""
        parts.append(f"{words(whole)} {of}euro{'s' if whole > 1 else ''}")
    if rest:
        parts.append(f"{words(rest)} centime{'s' if rest > 1 else ''}")
    return " et ".join(parts)


def words(number: int) -> str:
    """A whole number below a thousand million, in words."""
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1000)
    parts = []
    if millions:
        parts.append(f"{_hundreds(millions, ends=True)} million{'s' if millions > 1 else ''}")
    if thousands:
        parts.append("mille" if thousands == 1 else f"{_hundreds(thousands, ends=False)} mille")
    if units or not parts:
        parts.append(_hundreds(units, ends=True))
    return " ".join(parts)


def _hundreds(number: int, *, ends: bool) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _tens(rest, ends=ends)
    # Vingt and cent take their s only where they end the number.
    head = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent{'s' if not rest and ends else ''}"
    return f"{head} {_tens(rest, ends=ends)}" if rest else head


def _tens(number: int, *, ends: bool) -> str:
    if number < 20:
        return _UNITS[number]
    ten, unit = divmod(number, 10)
    unit += 10 if ten in {7, 9} else 0
    if not unit:
        return _TENS[ten] + ("s" if ten == 8 and ends else "")
    joined = " et " if unit in {1, 11} and ten < 8 else "-"
    return f"{_TENS[ten]}{joined}{_UNITS[unit]}"
