"""Where the article index lies and whether the meaning model may be used, as the factory handed it down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


class _Place:
    """The folder of the index and the setting of the model; who must know when they change."""

    folder: Path | None = None
    meaning: bool = False
    listeners: list[Callable[[], None]] = []


def be(folder: Path | None, *, meaning: str = "off") -> None:
    """Name the folder of the index; `meaning` is `auto` or `off`. What was loaded from another folder is dropped."""
    _Place.folder, _Place.meaning = folder, meaning == "auto"
    for listener in _Place.listeners:
        listener()


def folder() -> Path | None:
    """The folder of the index; without one it is kept in memory only."""
    return _Place.folder


def meaning_allowed() -> bool:
    """Whether the meaning model may be used where it is installed."""
    return _Place.meaning


def when_moved(listener: Callable[[], None]) -> None:
    """Have something done whenever another folder is named."""
    _Place.listeners.append(listener)
