"""What one cell of an exchange file says: amounts, moments, rates, telephone numbers, yes and no; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale

#: Units: cents. Nobody pays more for one seat.
DEAREST: Final = 10_000_000
_CURRENCIES: Final = {"€": "EUR", "$": "USD", "£": "GBP"}
_AMOUNT = re.compile(r"(?P<sign>[-−+]?)(?P<whole>\d{1,3}(?:[ .,]\d{3})+|\d{1,12})(?:[.,](?P<part>\d{1,2}))?", re.ASCII)
_MONEY_WORD = re.compile(r"^(?:[A-Z]{3}(?=[\s\d])|[€$£])|(?:(?<=[\s\d])[A-Z]{3}|[€$£])$", re.ASCII)
_MOMENT = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d{4}))"
    r"(?:[ T]+(?P<hour>\d\d?)[:hH](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?)?"
)
#: Country to its calling code, and whether the zero before a national number is dialled from abroad.
_CALLING: Final = {
    "FR": ("33", False), "BE": ("32", False), "CH": ("41", False), "LU": ("352", True), "MC": ("377", True),
    "DE": ("49", False), "GB": ("44", False), "IE": ("353", False), "NL": ("31", False), "ES": ("34", True),
    "IT": ("39", True), "PT": ("351", True), "AT": ("43", False),
}  # fmt: skip
_SHORTEST, _LONGEST = 8, 15
#: A rate as written, in per cent or as a share. Units: hundredths of a per cent.
_RATES: Final = {
    "0": 0, "2.1": 210, "5.5": 550, "10": 1_000, "20": 2_000, "0.021": 210, "0.055": 550, "0.1": 1_000, "0.2": 2_000
}  # fmt: skip
_SHOWN_OF_CARD: Final = 10
#: The shortest numbers of cards have twelve digits; ISO/IEC 7812-1.
_WHOLE_CARD: Final = re.compile(r"(?:\d[ .-]?){11}\d")
_YES: Final = frozenset({"oui", "o", "yes", "y", "1", "true", "vrai", "x"})
_NO: Final = frozenset({"non", "n", "no", "0", "false", "faux"})


class CellError(ValueError):
    """A cell cannot be read; its only argument is the code of why."""


def clean(text: str) -> str:
    """A cell without blanks around it, and without signs that cannot be seen."""
    if not text.isprintable():
        text = "".join(" " if c.isspace() else c for c in text if c.isspace() or c.isprintable())
    return text.strip()


def plain(text: str) -> str:
    """Lower case without accents and signs, words one blank apart: `Chèque-Vacances` is `cheque vacances`."""
    flat = unicodedata.normalize("NFKD", text).lower()
    return " ".join("".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c)).split())


@lru_cache(maxsize=4_096)
def cents(text: str, currency: str) -> int:
    """An amount such as `12,50`, `1 234.50 €` or `EUR 12`. Units: cents.

    Raises:
        CellError: it is negative, too large, in another currency, or can be read in two ways.
    """
    bare = clean(text.replace("\u202f", " ").replace("\u2009", " "))
    if (word := _MONEY_WORD.search(bare.upper())) is not None:
        if _CURRENCIES.get(word[0], word[0]) != currency:
            raise CellError("other_currency")
        bare = (bare[: word.start()] + bare[word.end() :]).strip()
    return _cents_of(bare)


def _cents_of(bare: str) -> int:
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        raise CellError("amount")
    whole, marks = found["whole"], set(re.findall(r"[ .,]", found["whole"]))
    # 1,234 is twelve hundred to some and one and a quarter to others; money is not guessed.
    if len(marks) > 1 or (marks - {" "} and not found["part"] and len(whole) <= len("123.456")):
        raise CellError("amount_ambiguous")
    if found["part"] and bare[found.start("part") - 1] in marks:
        raise CellError("amount_ambiguous")
    value = int(re.sub(r"\D", "", whole)) * 100 + int((found["part"] or "").ljust(2, "0"))
    if found["sign"] in ("-", "−") and value:
        raise CellError("amount_negative")
    if value > DEAREST:
        raise CellError("amount_large")
    return value


@lru_cache(maxsize=4_096)
def moment(text: str, zone: ZoneInfo) -> datetime:
    """A day, with or without a time, in the zone of the house; UTC.

    Raises:
        CellError: it is no day, or not written in one of the two ways.
    """
    found = _MOMENT.fullmatch(clean(text))
    if found is None:
        raise CellError("moment")
    year, month, day = (int(found[a] or found[b]) for a, b in (("y", "year"), ("m", "month"), ("d", "day")))
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if not 1900 <= year <= 2200:
        raise CellError("moment")
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        raise CellError("moment") from None


@lru_cache(maxsize=256)
def rate(text: str) -> int:
    """A rate such as `5,5`, `5.5 %` or `0,055`. Units: hundredths of a per cent.

    Raises:
        CellError: it is none of the rates of the country.
    """
    bare = clean(text).replace("%", "").replace(",", ".").strip()
    rates = {
        "0": 0,
        "2.1": 210,
        "5.5": 550,
        "10": 1000,
        "20": 2000,
        "0.021": 210,
        "0.055": 550,
        "0.1": 1000,
        "0.2": 2000,
    }
    if "." in bare:
        bare = bare.rstrip("0").rstrip(".") or "0"
    if bare not in rates:
        raise CellError("vat")
    return rates[bare]


@lru_cache(maxsize=64)
def answer(text: str) -> bool | None:
    """Yes, no, or None where nothing is said.

    Raises:
        CellError: it is neither.
    """
    word = plain(text)
    if word in _YES or word in _NO:
        return word in _YES
    if word:
        raise CellError("yes_no")
    return None


def telephone(text: str, country: str) -> str:
    """A number as it is dialled from anywhere, such as +33612345678.

    Raises:
        CellError: it is too short or too long, or its country is not known.
    """
    bare = re.sub(r"\(0\)|[^\d+]", "", text)
    digits = bare.removeprefix("+")
    if bare.startswith("00"):
        digits = bare[2:]
    elif not bare.startswith("+"):
        code, kept = _CALLING.get(country or "FR", ("", False))
        national = len(digits) in (9, 10) or country not in ("", "FR")
        if not code or not national:
            raise CellError("telephone")
        digits = code + (digits if kept else digits.removeprefix("0"))
    if not digits.isdecimal() or not _SHORTEST <= len(digits) <= _LONGEST:
        raise CellError("telephone")
    return f"+{digits}"


def end_of_code(text: str) -> str:
    """The last four signs of a barcode, in capitals and without the blanks and dashes people print into it.

    Raises:
        CellError: it has fewer.
    """
    signs = re.sub(r"[^0-9A-Z]", "", text.upper())
    if len(signs) < len("1234"):
        raise CellError("barcode")
    return signs[-4:]


def end_of_card(text: str) -> str:
    """The last four digits of a card, of a number that hides the others: `4021`, `**** 4021`, `XXXX-4021`.

    Raises:
        CellError: `card_whole` for a number that hides too little, else `card_end`.
    """
    digits = re.sub(r"\D", "", text)
    # Six at the beginning and four at the end may be shown; PCI DSS v4.0, 3.4.1.
    if len(digits) > _SHOWN_OF_CARD:
        raise CellError("card_whole")
    if len(digits) < len("1234") or not text.strip().endswith(digits[-4:]):
        raise CellError("card_end")
    return digits[-4:]


def holds_card(text: str) -> bool:
    """Whether a cell holds so many digits in a row, blanks and dashes aside, that a card may be known by them."""
    return _WHOLE_CARD.search(text) is not None


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found |= {plain(name): code, code.lower(): code}
    return found | {"uk": "GB", "angleterre": "GB", "england": "GB", "usa": "US", "etats unis": "US"}


@lru_cache(maxsize=512)
def country(text: str) -> str:
    """The two letters of a country, from them or from its name in French or English.

    Raises:
        CellError: no country is called so.
    """
    word = plain(text)
    if not word:
        return ""
    if word not in _countries():
        raise CellError("country")
    return _countries()[word]
