"""Things named in a message that a machine can look up: order codes, amounts, seats, bank details (masked).

Pure text in, plain values out; whether an order exists is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST: Final = 10
"""Things of one kind kept from a message; a list of five hundred orders is not a request."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money. Units: integer cents."""

    cents: int
    currency: str


COUNTS: Final = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "plusieurs": 3,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "several": 3,
}  # fmt: skip
"""Numbers people write out, in both languages."""

_CODE: Final = re.compile(r"\b[A-Z]{2,4}(?:-[A-Z0-9]{3,8}){1,3}\b")
_CODE_WORDS: Final = ("commande", "cde", "order", "booking", "resa", "reserv", "dossier", "ref")
_AFTER_WORD: Final = re.compile(
    r"(?:commande|cde|order|booking|reservation|resa|dossier|reference|ref)\b"
    r"\W{0,3}(?:reference|ref|number|numero|num|nr|no|n|code|id)?\W{0,3}([a-z0-9][a-z0-9-]{4,15})\b"
)
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
_NUMBER: Final = r"(\d{1,3}(?:[ '.,]\d{3})+|\d{1,7})(?:[.,](\d{1,2}))?"
_SIGN_FIRST: Final = re.compile(rf"([€£$]) ?{_NUMBER}\b")
_SIGN_LAST: Final = re.compile(
    rf"\b{_NUMBER} ?(€|£|\$|euros?\b|eur\b|pounds?\b|quid\b|chf\b|francs?\b|cad\b|usd\b|gbp\b)"
)
_CENTS_LAST: Final = re.compile(r"\b(\d{1,5}) ?€ ?(\d{2})\b")
_MONEY: Final = re.compile(r"[€£$]|\b(?:eur|pound|quid|chf|franc|cad\b|usd|gbp)")
_CURRENCIES: Final = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "gbp": "GBP", "$": "USD", "usd": "USD", "cad": "CAD", "chf": "CHF", "franc": "CHF", "francs": "CHF",
}  # fmt: skip
_DIGITS_OF_IBAN: Final = 8


def orders(plain: str, folded: str) -> tuple[str, ...]:
    """Order, credit and voucher codes, upper-case, as first met."""
    found = [code[0] for code in _CODE.finditer(plain) if _looks_like_code(code[0])] if "-" in plain else []
    for match in _AFTER_WORD.finditer(folded) if any(word in folded for word in _CODE_WORDS) else ():
        code = plain[match.start(1) : match.end(1)]
        if _looks_like_code(code):
            found.append(code.upper())
    return tuple(dict.fromkeys(found))[:MOST]


def _looks_like_code(code: str) -> bool:
    return code.isupper() or any(letter.isdigit() for letter in code)


def amounts(folded: str) -> tuple[Amount, ...]:
    """Sums of money, each once, those with the sign before the number first."""
    if not _MONEY.search(folded):
        return ()
    text = _CENTS_LAST.sub(r"\1,\2 €", folded)
    found = [_amount(units, cents, sign) for sign, units, cents in _SIGN_FIRST.findall(text)]
    found += [_amount(units, cents, sign) for units, cents, sign in _SIGN_LAST.findall(text)]
    return tuple(dict.fromkeys(found))[:MOST]


def _amount(units: str, cents: str, sign: str) -> Amount:
    return Amount(int(re.sub(r"\D", "", units)) * 100 + int(cents.ljust(2, "0")), _CURRENCIES[sign])


def seats(counted: Iterable[str]) -> int | None:
    """The greatest of the numbers written before seats or people."""
    numbers = [
        COUNTS[word] if word in COUNTS else int(word[:5]) for word in counted if word in COUNTS or word.isdigit()
    ]
    return max(numbers, default=None)


def ibans(plain: str) -> tuple[str, ...]:
    """Bank account numbers, masked but for country, check digits and the last two characters."""
    return tuple(dict.fromkeys(_masked(match) for match in _IBAN.finditer(plain) if _is_iban(match)))[:MOST]


def _is_iban(match: re.Match[str]) -> bool:
    letters = re.sub(r"[^A-Za-z0-9]", "", match[0])
    return 15 <= len(letters) <= 34 and sum(letter.isdigit() for letter in letters) >= _DIGITS_OF_IBAN


def _masked(match: re.Match[str]) -> str:
    letters = re.sub(r"[^A-Za-z0-9]", "", match[0]).upper()
    return f"{letters[:4]}…{letters[-2:]}"
