"""The house's own folder of articles: filled once from the shipped ones, then watched; it is the house's to change."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from app.kernel.access import SYSTEM, Actor
from app.kernel.errors import NotFound
from app.knowledge import folder, loading, pictures
from app.knowledge.loading import Report

log = logging.getLogger(__name__)
_Marks = tuple[tuple[str, int, int], ...]


class _Pack:
    """Where the shipped articles lie, once the factory has said so; and what this process has read, by folder."""

    folder: Path | None = None
    seen: dict[Path, tuple[_Marks, Report]] = {}


def ship_from(path: Path) -> None:
    """Name the folder of shipped articles."""
    _Pack.folder = path


def fill() -> int:
    """Put articles into the house's folder if it holds none: those on the shelf, else the shipped ones.

    Returns how many files were written.
    """
    own = folder.own()
    if own is None or (own.is_dir() and folder.marks(own)):
        return 0
    written = loading.export_folder(own)
    if written or _Pack.folder is None:
        return written
    shipped = list(folder.files(_Pack.folder))
    for name, content in shipped:
        folder.write(own, name, content)
    pictures.copied(_Pack.folder, own)
    return len(shipped)


def read_own(*, by: Actor = SYSTEM) -> Report:
    """Take in what changed in the house's own folder; what is broken is named, the rest loads.

    A folder that looks as it did when this process last read it is not read again.

    Raises:
        NotFound: the house has no folder.
    """
    own = folder.own()
    if own is None:
        raise NotFound("articles_folder")
    fill()
    marks = folder.marks(own)
    if own in _Pack.seen and _Pack.seen[own][0] == marks:
        return _Pack.seen[own][1]
    report = loading.load_folder(own, by=by)
    _warn(report)
    settled = replace(report, loaded=(), unchanged=tuple(sorted(report.loaded + report.unchanged)), withdrawn=())
    _Pack.seen[own] = (marks, settled)
    return report


def _warn(report: Report) -> None:
    for broken in report.broken:
        log.warning("%s, line %s: %s", broken.file, broken.line, broken.problem)
    for name in report.conflicts:
        log.warning("%s was changed in its file and at the desk; the file's text is kept as a draft", name)
