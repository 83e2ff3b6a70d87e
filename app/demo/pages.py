"""The written pages of the demo, read from `data/` as plain values; nothing is decided or written to tables here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.catalogue import defaults

DATA = Path(__file__).with_name("data")
_BOOKS = ("money", "tickets", "visit", "staff")
_WHY = {"urgent": "blocked", "high": "loses_value", "normal": "to_do", "low": "question"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A kind of conversation, written by hand; its texts have blanks for show, date, order and names."""

    key: str
    type: str | None
    category: str
    lang: str
    #: What it follows from: cancelled, moved, before, soon, tonight, after, bought, any, none, internal…
    when: str
    says: tuple[str, ...]
    answer: tuple[str, ...]
    ask: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("web",)
    weight: int = 3
    priority: str = "normal"
    why: str = ""
    refund: bool = False
    anger: int = 0
    legal: bool = False
    subscriber: bool = False
    gender: str = ""
    #: Seats the order must hold at least.
    least: int = 1
    team: str = "billetterie"
    note: str = ""
    tags: tuple[str, ...] = ()
    mistaken: str = ""
    no_order: bool = False
    fields: tuple[tuple[str, Any], ...] = ()
    opinions: tuple[tuple[int, str], ...] = ()

    @property
    def internal(self) -> bool:
        """Whether a colleague asks it."""
        return self.category == defaults.STAFF_CATEGORY

    @property
    def reason(self) -> str:
        """The code of why it has its priority."""
        return self.why or _WHY[self.priority]


@cache
def page(name: str) -> Any:  # noqa: ANN401 - whatever the YAML page holds
    """One page of data as YAML gives it."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def stories() -> tuple[Story, ...]:
    """All stories, those of colleagues last."""
    categories = {row["code"]: row["category_slug"] for row in defaults.types()}
    return tuple(_story(row, categories) for book in _BOOKS for row in page(f"stories/{book}"))


@cache
def story(key: str) -> Story:
    """One story.

    Raises:
        KeyError: nobody wrote it.
    """
    return {row.key: row for row in stories()}[key]


def _story(row: dict[str, Any], categories: dict[str, str]) -> Story:
    plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
    plain["opinions"] = tuple((mark, words) for mark, words in row.get("opinions", ()))
    plain["fields"] = tuple(row.get("fields", {}).items())
    if any("{count}" in text for text in row["says"]):
        plain.setdefault("least", 2)
    plain.setdefault("category", categories.get(row["type"] or "", "other"))
    return Story(**plain)
