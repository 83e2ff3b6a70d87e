"""What a list of tickets may be narrowed to, read from an address and written back; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

#: The views every agent has; each is a turn, or a narrower slice of ours, or all that has not ended.
VIEWS = ("todo", "mine", "free", "late", "waiting", "later", "done", "spam", "open")
_WORDS = ("category", "type", "priority", "language", "tag", "order", "q")
_IDS = ("assignee", "department", "performance", "requester")


@dataclass(frozen=True, slots=True)
class Filter:
    """A view and what narrows it; None means no narrowing."""

    view: str = "todo"
    category: str | None = None
    type: str | None = None
    priority: str | None = None
    language: str | None = None
    tag: str | None = None
    order: str | None = None
    q: str | None = None
    assignee: int | None = None
    department: int | None = None
    performance: int | None = None
    requester: int | None = None

    @property
    def by_activity(self) -> bool:
        """Lists of ended tickets run by last activity, all others by what is due first."""
        return self.view in {"done", "spam"}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view is set."""
        return replace(self, view="todo") != Filter()

    def plain(self) -> dict[str, Any]:
        """Only what is set, for an address or a saved view."""
        return {name: value for name in _FIELDS if (value := getattr(self, name)) is not None}


_FIELDS = tuple(field.name for field in fields(Filter))


def read(given: Mapping[str, str], view: str = "todo") -> Filter:
    """A filter from the words of an address; what makes no sense is left out."""
    words: dict[str, Any] = {name: given[name].strip()[:80] for name in _WORDS if given.get(name, "").strip()}
    ids: dict[str, Any] = {
        name: int(given[name]) for name in _IDS if given.get(name, "").isdecimal() and len(given[name]) < 16
    }
    return Filter(view=view if view in VIEWS else "todo", **{k: v.replace("\x00", "") for k, v in words.items()}, **ids)
