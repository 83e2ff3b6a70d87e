"""Amounts of euros as people type and read them; pure, integer cents, nothing guessed."""

from __future__ import annotations

import re

#: Twenty million euros: more than a whole season is owed, and within what a column of the database counts to.
MOST_CENTS = 2_000_000_000
_BLANKS = re.compile(r"[\s  ']+")
_PLAIN = re.compile(r"(\d+)(?:[.,](\d{1,2}))?")
_POINTS = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d{1,2})")
_COMMAS = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{1,2})")
#: Blanks stand between thousands, never inside a number otherwise.
_THOUSANDS = re.compile(r"\d{1,3}( \d{3})+([.,]\d*)?")
_CURRENCY = re.compile(r"^(?:€|eur\b)|(?:€|\beuros?|\beur)$|(?<=\d)(?:euros?|eur)$", re.IGNORECASE)


class BadAmount(ValueError):
    """A text that is no amount; `code` says why: amount_empty, amount_negative, amount_form or amount_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cents_of(text: str) -> int:
    """The cents of an amount as typed: `12,5`, `12.50 €`, `1 234,50`, `EUR 7`.

    Raises:
        BadAmount: it is empty, below zero, too large, or could be read in two ways.
    """
    bare = _CURRENCY.sub("", text.strip()).strip()
    if not bare:
        raise BadAmount("amount_empty")
    if bare[0] in "-−–":
        raise BadAmount("amount_negative")
    spaced = _BLANKS.sub(" ", bare)
    if " " in spaced and not _THOUSANDS.fullmatch(spaced):
        raise BadAmount("amount_form")
    flat = spaced.replace(" ", "")
    found = flat.isascii() and (_PLAIN.fullmatch(flat) or _POINTS.fullmatch(flat) or _COMMAS.fullmatch(flat))
    if not found:
        raise BadAmount("amount_form")
    units = re.sub(r"[.,]", "", found[1])
    if len(units) > 9:
        raise BadAmount("amount_large")
    cents = int(units) * 100 + int((found[2] or "0").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise BadAmount("amount_large")
    return cents


def read(text: str) -> tuple[int, str]:
    """The cents of a field that may stay empty, and what is wrong with it; an empty field is nothing."""
    if not text.strip():
        return 0, ""
    try:
        return cents_of(text), ""
    except BadAmount as problem:
        return 0, problem.code


def said(cents: int, language: str) -> str:
    """An amount as it is read: `1 234,50 €`, in English `€1,234.50`."""
    units, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    if language == "fr":
        return f"{sign}{units:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") + f",{rest:02}\N{NO-BREAK SPACE}€"
    return f"{sign}€{units:,}.{rest:02}"
