"""The words a declaration begins with, in both languages, from its cause and its performance; shipped as a page."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from app.boxoffice.service import PerformanceCard
from app.venue.moments import NBSP, day, hour

#: The article that says what to do, by cause.
ADVICE: Final[Mapping[str, str]] = {
    "cancelled": "show-cancelled", "postponed": "postponed-show", "interrupted": "interrupted-show",
    "sale": "payment-problems",
}  # fmt: skip
#: Causes that can be told without a performance; another one says nothing then.
_ALONE: Final = ("sale", "other")


def first_words(cause: str, show: PerformanceCard | None, zone: ZoneInfo) -> dict[str, str]:
    """Title and text in both languages. Shape: title_fr, title_en, text_fr, text_en."""
    known = cause if cause in _patterns() and (show is not None or cause in _ALONE) else "other"
    said = {lang: named(show, lang, zone) for lang in ("fr", "en")}
    return {name: text.format_map(said[name[-2:]]) for name, text in _patterns()[known].items()}


def named(show: PerformanceCard | None, lang: str, zone: ZoneInfo) -> dict[str, str]:
    """How a performance is called. Shape: show, day with its hour; both empty where there is none."""
    if show is None:
        return {"show": "", "day": ""}
    title = show.title(lang)
    named = f"«{NBSP}{title}{NBSP}»" if lang == "fr" else title
    joined = " à " if lang == "fr" else " at "
    return {
        "show": named,
        "day": day(show.starts_at, lang, zone, year=False) + joined + hour(show.starts_at, lang, zone),
    }


@cache
def _patterns() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words" / "tellings.toml").read_text("utf-8"))
