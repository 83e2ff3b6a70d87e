"""The curated words of the house: signs of a fact, topics of a category, and the names phrases share.

The words themselves live in ``words/*.txt``, written in the language of `phrases`; no rule weighs them here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.triage.labels import CATEGORIES
from app.triage.phrases import Matcher

FOLDER: Final = Path(__file__).parent / "words"
TOPIC: Final = "topic."
DAY: Final = "day."
"""Before the codes of topics and of the days of the week; those of signs stand alone."""

_SECTION: Final = re.compile(r"^\[([^\]]+)\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_WEEKDAYS: Final = (
    "lundi|monday", "mardi|tuesday|tues", "mercredi|wednesday|weds", "jeudi|thursday|thurs", "vendredi|friday|fri",
    "samedi|saturday", "dimanche|sunday",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """What a message can talk about: a vote for a category, and a feature in two languages."""

    code: str
    category: str
    votes: int


@cache
def topics() -> dict[str, Topic]:
    """Topic code → topic, in the order of the file."""
    return {heading.code: heading for heading, _phrases in _topic_sections()}


@cache
def sign_codes() -> tuple[str, ...]:
    """The codes of all signs, in the order of the file."""
    return tuple(code for code, _phrases in _sections("signs.txt"))


@cache
def words() -> Matcher:
    """One matcher for signs, topics and the days of the week, so that a text is walked once."""
    lexicon = dict(_sections("signs.txt"))
    lexicon |= {heading.code: phrases for heading, phrases in _topic_sections()}
    lexicon |= {f"{DAY}{number}": day for number, day in enumerate(_WEEKDAYS)}
    return Matcher(lexicon, _names())


def matcher_of(codes: Collection[str], more: Mapping[str, str]) -> Matcher:
    """A matcher of a few signs, the days of the week, and phrases that somebody else curates, by their codes."""
    lexicon = {code: phrases for code, phrases in _sections("signs.txt") if code in codes}
    lexicon |= {f"{DAY}{number}": day for number, day in enumerate(_WEEKDAYS)}
    return Matcher({**lexicon, **more}, _names())


def sections(text: str) -> dict[str, str]:
    """Phrases by code, as a file of phrases holds them."""
    return dict(_SECTION.findall(text))


def word_list(code: str) -> frozenset[str]:
    """The words that tell a language, or a language of the trade."""
    return frozenset(re.split(r"[,\s]+", dict(_sections("languages.txt"))[code].strip()))


def _names() -> dict[str, str]:
    return {code[1:]: "|".join(re.split(r"[,\s]+", phrases.strip())) for code, phrases in _sections("names.txt")}


def _topic_sections() -> list[tuple[Topic, str]]:
    return [(_heading(code), phrases) for code, phrases in _sections("topics.txt")]


def _heading(text: str) -> Topic:
    name, votes = text.split()
    category = name.partition(".")[0]
    if category not in CATEGORIES:
        raise ValueError(f"topics.txt: no such category: {category}")
    return Topic(TOPIC + name, category, int(votes))


def _sections(name: str) -> list[tuple[str, str]]:
    return _SECTION.findall((FOLDER / name).read_text("utf-8"))
