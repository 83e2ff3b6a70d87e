"""How amounts, numbers and sizes read, and the list of filters templates use; pure: no request, no database, no clock.

The functions of this package take language, zone and moment explicitly. `filters` binds them to where those come from
in a running application, so that a template writes `{{ ticket.opened_at | moment }}`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import format_currency, format_decimal

from app.venue.moments import NBSP, Deadline, age, day, deadline, duration, hour, moment, promise, short_moment
from app.web import plotting
from app.web.icons import icon_sheet
from app.web.wording import french_spaces, initials, paragraphs, spaces

__all__ = [
    "Deadline", "age", "day", "deadline", "duration", "file_size", "filters", "french_spaces", "hour", "initials",
    "moment", "money", "number", "paragraphs", "percent", "phone_digits", "promise", "short_moment", "spaces",
]  # fmt: skip

_LOCALE: Final = {"fr": "fr_FR", "en": "en_GB"}
#: Names of a byte and of its multiples by 1,024, the unit in which the limits are counted.
_SIZES: Final = {"fr": ("octets", "ko", "Mo", "Go"), "en": ("bytes", "kB", "MB", "GB")}


@lru_cache(maxsize=4_096)
def money(cents: int, currency: str, language: str, *, whole: bool = False) -> str:
    """An amount: `1 204,50 €` or `€1,204.50`; `whole` leaves the cents out, rounded half to even.

    Units: integer cents.
    """
    amount = Decimal(cents).scaleb(-2)
    pattern = {"fr": "#,##0\u00a0¤", "en": "¤#,##0"}[language] if whole else None
    return format_currency(amount, currency, pattern, locale=_LOCALE[language], currency_digits=not whole)


def number(value: float | Decimal, language: str, digits: int = 0) -> str:
    """A figure with the separators of the language: `1 204`, `4,4`; `1,204`, `4.4`."""
    if not digits and -999 < value < 999:
        return str(round(value))  # a page of figures has hundreds of these, and they need no separator
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=_LOCALE[language])


def percent(share: float, language: str, digits: int = 0) -> str:
    """A share of one as hundredths: `91,4 %`; `91.4%`."""
    return number(share * 100, language, digits) + (f"{NBSP}%" if language == "fr" else "%")


def file_size(size: int, language: str) -> str:
    """The weight of a file: `412 ko`, `1,2 Mo`; `1.2 MB`. Units: bytes."""
    value, step = float(size), 0
    while value >= 1024 and step < 3:
        value, step = value / 1024, step + 1
    digits = 1 if step >= 2 and value < 10 else 0
    return f"{number(value, language, digits)}{NBSP}{_SIZES[language][step]}"


def phone_digits(phone: str) -> str:
    """What a telephone link dials: digits and a leading plus."""
    plus = "+" if phone.strip().startswith("+") else ""
    return plus + "".join(character for character in phone if character.isdigit())


def filters(
    language: Callable[[], str], zone: Callable[[], ZoneInfo], now: Callable[[], datetime]
) -> dict[str, Callable[..., Any]]:
    """Every filter templates use, bound to the language, the zone and the moment of whoever reads.

    Shape: name → filter. Numbers: `money number percent size phone_digits`; moments: `hour day short_day moment
    short_moment age duration deadline promise`; text: `spaces initials paragraphs`; drawings:
    `icon_sheet spark plot shades`.
    """
    return {
        **_number_filters(language),
        **_moment_filters(language, zone, now),
        "spaces": lambda text: spaces(str(text), language()),
        "initials": initials,
        "paragraphs": paragraphs,
        "phone_digits": phone_digits,
        "icon_sheet": icon_sheet,
        "spark": plotting.spark,
        "plot": plotting.plot,
        "shades": plotting.shades,
    }


def _number_filters(language: Callable[[], str]) -> dict[str, Callable[..., Any]]:
    return {
        "money": lambda cents, currency="EUR", **how: money(cents, currency, language(), **how),
        "number": lambda value, digits=0: number(value, language(), digits),
        "percent": lambda share, digits=0: percent(share, language(), digits),
        "size": lambda count: file_size(count, language()),
        "duration": lambda minutes: duration(minutes, language()),
    }


def _moment_filters(
    language: Callable[[], str], zone: Callable[[], ZoneInfo], now: Callable[[], datetime]
) -> dict[str, Callable[..., Any]]:
    return {
        "hour": lambda at: hour(at, language(), zone()),
        "day": lambda on, **how: day(on, language(), zone(), **how),
        "short_day": lambda on: day(on, language(), zone(), year=False),
        "moment": lambda at: moment(at, now(), language(), zone()),
        "short_moment": lambda at: short_moment(at, now(), language(), zone()),
        "age": lambda at: age(at, now(), language()),
        "promise": lambda at: promise(at, now(), language(), zone()),
        "deadline": lambda at, **state: deadline(at, now(), language(), zone(), **state),
    }
