"""What readers of the demo house made of its articles: how often each was opened, and whether it answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from math import floor
from random import Random
from typing import Any, Final

from app.demo.plot import House

#: Days before today that were counted.
BACK: Final = 28
#: Openings on a usual day of the articles people look for most, and of all others; one in so many in English.
_SOUGHT: Final = {
    "show-cancelled": 17.0, "track-refund": 11.0, "exchange-tickets": 8.0, "missing-e-tickets": 7.0,
    "cannot-attend": 6.0,
    "choose-options": 5.0, "getting-here": 4.5, "postponed-show": 4.0, "payment-problems": 3.0, "accessibility": 3.0,
}  # fmt: skip
_OTHERS, _ENGLISH, _INSIDE = 1.2, 0.22, 0.3
#: Readers who vote, and of these those who were helped; an article that leaves questions helps fewer.
_VOTES, _HELPED = 0.08, 0.82
_LESS_CLEAR: Final = {"choose-options": 0.55, "payment-problems": 0.62, "track-refund": 0.7}
#: What those who were not helped said, with how often.
_SAID: Final = {
    "fr": (
        ("missing_case", "J’ai payé avec un chèque-culture, rien n’en parle."), ("unclear", ""), ("missing_case", ""),
        ("unclear", "Je ne trouve pas où est le lien personnel."), ("unwelcome", ""), ("missing_case", ""),
    ),
    "en": (("missing_case", "My bank is not in the euro area."), ("unclear", ""), ("missing_case", "")),
}  # fmt: skip
#: What was looked for in vain, with how often in the last days; no shipped article answers any of it.
_IN_VAIN: Final = (
    ("fr", "visite des coulisses", 9), ("fr", "répétition publique", 7), ("fr", "devenir figurant", 4),
    ("fr", "dédicace des chanteurs", 4), ("fr", "bourse aux costumes", 3), ("en", "backstage tour", 4),
)  # fmt: skip
#: What people searched and read before they wrote all the same: language, words, article where one was read, how many.
_BEFORE: Final = (
    ("fr", "quand vais-je être remboursé", "", 8), ("fr", "chèque-culture", "", 5),
    ("en", "refund to another card", "", 3),
    ("fr", "où est mon lien", "choose-options", 6), ("fr", "chèque-culture", "payment-problems", 5),
    ("fr", "remboursement en retard", "track-refund", 7), ("en", "refund late", "track-refund", 2),
)  # fmt: skip
Articles = Mapping[int, tuple[str, str, bool, int]]


def reading_rows(house: House, articles: Articles) -> list[dict[str, Any]]:
    """How often each article was opened on each day. Shape of `articles`: id → (slug, language, public, version)."""
    today = house.now.astimezone(house.zone).date()
    days = [today - timedelta(days=back) for back in range(BACK, 0, -1)]
    return [row for key, told in articles.items() for row in _opened(key, told, days, house.chance)]


def _opened(key: int, told: tuple[str, str, bool, int], days: list[date], chance: Random) -> list[dict[str, Any]]:
    slug, lang, public, _version = told
    usual = _SOUGHT.get(slug, _OTHERS if public else _INSIDE) * (_ENGLISH if lang == "en" else 1)
    counts = ((day, floor(usual * chance.uniform(0.5, 1.5) + chance.random())) for day in days)
    return [{"article_id": key, "day": day, "count": count} for day, count in counts if count]


def vote_rows(house: House, articles: Articles, readings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What readers said of the articles they opened."""
    chance, rows = house.chance, []
    for reading in readings:
        slug, lang, _public, version = articles[reading["article_id"]]
        for _ in range(reading["count"]):
            if chance.random() >= _VOTES:
                continue
            helpful = chance.random() < _LESS_CLEAR.get(slug, _HELPED)
            reason, text = ("", "") if helpful else chance.choice(_SAID[lang])
            ago = house.now.astimezone(house.zone).date() - reading["day"]
            rows.append({
                "article_id": reading["article_id"], "version": version, "helpful": helpful, "reason": reason,
                "text": text, "at": house.now - ago + timedelta(minutes=chance.randint(-240, 240)),
                "visitor_hash": f"{chance.getrandbits(128):032x}",
            })  # fmt: skip
    return rows


def vain_rows(house: House) -> list[dict[str, Any]]:
    """What readers looked for in vain, on which days. Shape: one row a day, language and words."""
    return _by_day(house, [{"lang": lang, "words": words} for lang, words, _ in _IN_VAIN], [n for *_, n in _IN_VAIN])


def before_rows(house: House, articles: Articles) -> list[dict[str, Any]]:
    """What readers searched and read before they wrote all the same; only of articles that are there."""
    there = {(slug, lang) for slug, lang, _public, _version in articles.values()}
    told = [one for one in _BEFORE if not one[2] or (one[2], one[0]) in there]
    lines = [{"lang": lang, "words": words, "slug": slug} for lang, words, slug, _ in told]
    return _by_day(house, lines, [n for *_, n in told])


def _by_day(house: House, lines: list[dict[str, str]], counts: list[int]) -> list[dict[str, Any]]:
    # Dice of its own, so that the rest of the house falls as it did.
    chance, today = Random(len(lines)), house.now.astimezone(house.zone).date()  # noqa: S311 - a demo, no secret
    rows: list[dict[str, Any]] = []
    for line, count in zip(lines, counts, strict=True):
        days = Counter(today - timedelta(days=chance.randint(1, 14)) for _ in range(count))
        rows += [{**line, "day": day, "count": times} for day, times in sorted(days.items())]
    return rows
