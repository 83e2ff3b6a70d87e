"""Labelled messages on disk and how they are parted for honest figures; no learning here.

A message and its near-duplicates always stay on the same side of a split. What is frozen can be read by the exam alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import frontmatter

from app.triage.labels import CATEGORY_OF, PRIORITIES, TYPES, Language, Priority

HELD_OUT_TENTHS: Final = 2
GIVEN_BACK: Final = 4
"""Two tenths of the groups are held out; one in four of these was given back to learning when the rest was frozen."""

FROZEN: Final = "frozen"
"""Key of a line that nothing may learn from."""

ROWS: Final = "*.jsonl"
_MARKS: Final = ("foreseen", "house")
"""Keys of a line that may be left out."""


SEED_CATEGORIES: Final = 2
"""Categories an article can speak for; one that serves more speaks for none in particular."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message with the decisions a person took on it.

    `foreseen` says that the patterns were written with this text in view: what they find in it proves nothing of what
    they will find in others. `house` says that it is a request of this house: colleagues told its category, type and
    priority and nothing else of it, and its words are shown to nobody. `asks` are the sentences of the subject and the
    body, as they were written, that ask for money back. `shipped_as` is the category it has for
    everybody else, where a house sorts such messages its own way.
    """

    id: str
    language: Language
    channel: str
    subject: str
    body: str
    received_at: datetime
    category: str
    type: str
    priority: Priority
    wants_refund: bool
    event_within_24h: bool
    anger: int
    legal_threat: bool
    foreseen: bool = False
    house: bool = False
    shipped_as: str = ""
    asks: tuple[str, ...] = ()


class BadExample(ValueError):
    """A line of a training file that cannot be learned from."""


def read_examples(paths: Iterable[Path], *, frozen: bool = False) -> list[Example]:
    """The labelled messages of JSONL files, those that are frozen or those that are not.

    Raises:
        BadExample: a line is none, or is frozen and nobody asked for such; it names the file and the line.
    """
    return [
        _example(line, f"{path.name}:{number}", frozen=frozen)
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if line.strip()
    ]


def _example(line: str, place: str, *, frozen: bool) -> Example:
    try:
        row: dict[str, Any] = json.loads(line)
        if bool(row.get(FROZEN)) is not frozen:
            raise ValueError("this message is kept for the exam" if row.get(FROZEN) else "this message is not frozen")
        moment = datetime.fromisoformat(row["received_at"])
        given = {name: row[name] for name in Example.__slots__ if name not in (*_MARKS, "shipped_as", "asks")}
        marks = {name: row.get(name) is True for name in _MARKS}
        asks = row.get("asks", [])
        if not isinstance(asks, list) or not all(isinstance(ask, str) and ask for ask in asks):
            raise ValueError("asks is no list of sentences")
        made = Example(**given | {"received_at": moment, "asks": tuple(asks)} | marks)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadExample(f"{place}: {error}") from error
    _check(made, place)
    return made


def _check(example: Example, place: str) -> None:
    kinds = TYPES.get(example.category)
    if kinds is None or (example.type not in kinds and (example.type or example.category != "other")):
        raise BadExample(f"{place}: no such type under {example.category!r}: {example.type!r}")
    if example.priority not in PRIORITIES:
        raise BadExample(f"{place}: no such priority: {example.priority!r}")
    if any(ask not in example.body and ask != example.subject for ask in example.asks):
        raise BadExample(f"{place}: a sentence that asks does not stand in it")
    if example.asks and not example.wants_refund:
        raise BadExample(f"{place}: a sentence asks for money that nobody wants back")
    if example.received_at.tzinfo is None:
        raise BadExample(f"{place}: received_at has no zone")


@dataclass(frozen=True, slots=True)
class Seed:
    """A text known to be about a category, though nobody sent it: a title or key phrase of an article."""

    category: str
    type: str | None
    text: str


def read_seeds(folder: Path) -> list[Seed]:
    """What the articles of a folder say of themselves, for each category their request types lie under."""
    return [seed for path in sorted(folder.glob("*.md")) for seed in _seeds(frontmatter.load(str(path)).metadata)]


def _seeds(article: Mapping[str, Any]) -> list[Seed]:
    kinds: dict[str, list[str]] = {}
    for kind in article.get("types") or ():
        if kind in CATEGORY_OF:
            kinds.setdefault(CATEGORY_OF[kind], []).append(kind)
    texts = [article.get("title"), article.get("brief"), *(article.get("keywords") or ())]
    return [
        Seed(category, under[0] if len(under) == 1 else None, str(text))
        for category, under in list(kinds.items())[:SEED_CATEGORIES]
        for text in texts
        if text
    ]


def split(examples: Sequence[Example], groups: Sequence[int], *, shipped: bool = False) -> tuple[list[int], list[int]]:
    """Indices (learned from, held out); a group falls on one side by the digest of its words, for ever.

    `shipped` parts the messages of the project as they were parted when a part of them was frozen.
    """
    keys: dict[int, str] = {}
    for example, group in zip(examples, groups, strict=True):
        digest = sha256(f"{example.subject}\n{example.body}".encode()).hexdigest()
        keys[group] = min(keys.get(group, digest), digest)
    held = {group for group, digest in keys.items() if _is_held(int(digest[:8], 16), shipped=shipped)}
    learned = [at for at, group in enumerate(groups) if group not in held]
    return learned, [at for at, group in enumerate(groups) if group in held]


def _is_held(number: int, *, shipped: bool) -> bool:
    return number % 10 < HELD_OUT_TENTHS and not (shipped and number // 10 % GIVEN_BACK == 0)
