"""The words a declaration begins with, in both languages, from its cause and its performance; shipped as a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from app.boxoffice.service import PerformanceCard
from app.venue.moments import day, hour

#: The article that says what to do, by cause.
ADVICE: Final[Mapping[str, str]] = {
    "cancelled": "show-cancelled", "postponed": "postponed-show", "interrupted": "interrupted-show",
    "sale": "payment-problems",
}  # fmt: skip


@cache
def _shipped() -> Any:  # noqa: ANN401 - whatever the YAML page holds
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))


def first_words(cause: str, show: PerformanceCard | None, zone: ZoneInfo) -> dict[str, str]:
    """Title and text in both languages. Shape: title_fr, title_en, text_fr, text_en."""
    return {
        f"{part}_{lang}": words
        for lang in ("fr", "en")
        for part, words in zip(("title", "text"), _in(lang, cause, show, zone), strict=True)
    }


def _in(lang: str, cause: str, show: PerformanceCard | None, zone: ZoneInfo) -> tuple[str, str]:
    told = _shipped()["of_no_show"][lang]
    if show is None or cause not in _shipped()["of_a_show"][lang]:
        words = told.get(cause, told["other"])
        return words["title"], words["text"]
    words = _shipped()["of_a_show"][lang][cause]
    date, time = day(show.starts_at, lang, zone, year=False), hour(show.starts_at, lang, zone)
    said = {"show": show.title(lang), "when": f"{date} à {time}" if lang == "fr" else f"{date} at {time}"}
    return words["title"].format(**said), words["text"].format(**said)
