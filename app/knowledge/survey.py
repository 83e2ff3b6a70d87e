"""What reading the house's folder would do, without doing it: the files that are broken, behind or in conflict."""

from __future__ import annotations

from pathlib import Path

from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.errors import Invalid
from app.knowledge import folder, loading, whole
from app.knowledge.loading import Report


class _Last:
    """What this process found last, by folder, and how the folder and the shelf looked then."""

    found: dict[Path, tuple[object, Report]] = {}


def survey(*, by: Actor) -> Report | None:
    """What the folder holds beside the shelf; None when the house keeps no folder."""
    by.must(Permission.ARTICLE_EDIT)
    own = folder.own()
    if own is None or not own.is_dir():
        return None
    looks = (folder.marks(own), whole.whole().revision)
    if own not in _Last.found or _Last.found[own][0] != looks:
        _Last.found[own] = (looks, _read(own))
    return _Last.found[own][1]


def _read(own: Path) -> Report:
    try:
        return loading.load_folder(own, by=SYSTEM, dry_run=True)
    except Invalid:
        return Report()
