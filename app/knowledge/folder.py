"""The folder of article files: read, written whole or not at all; what a text means is not decided here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from app.knowledge.library import LONGEST


class _Place:
    """The house's own folder, once the factory has named it."""

    folder: Path | None = None


def keep_in(folder: Path | None) -> None:
    """Name the folder of the house's articles; without one nothing is written."""
    _Place.folder = folder


def own() -> Path | None:
    """The folder of the house's articles."""
    return _Place.folder


def marks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when any file of a folder does. Shape: triples (name, moment of change, size)."""
    found = [(path.name, path.stat()) for path in sorted(folder.glob("*.md"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Article files of a folder by name. Shape: pairs (name, content); content is cut where no article is that long."""
    for path in sorted(folder.glob("*.md")):
        if path.is_file() and not path.name.lower().startswith("readme"):
            with path.open("rb") as file:
                yield path.name, file.read(4 * LONGEST + 1)


def content(name: str) -> bytes | None:
    """What one of the house's own files holds, or None when it is not there."""
    if _Place.folder is None:
        return None
    try:
        return (_Place.folder / name).read_bytes()
    except FileNotFoundError:
        return None


def write(folder: Path, name: str, text: str | bytes) -> None:
    """Write a file so that a reader sees the old text or the new one, never half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.{os.getpid()}.part"
    with part.open("wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)


def remove(folder: Path, name: str) -> None:
    """Remove a file; one that is gone already is no matter."""
    (folder / name).unlink(missing_ok=True)
