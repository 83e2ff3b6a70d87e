"""Files that belong to nothing: left by whoever was cut off between writing a file and the row that would name it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.kernel import clock
from app.kernel.db import session
from app.tickets import queries
from app.tickets.files import folder_of_files

#: For so long a file may lie there before the row that names it: a form that was begun carries it on meanwhile.
PATIENCE = timedelta(days=7)
#: How a file is called while one looks whether somebody has taken it up again.
_ASIDE = ".orphan"


def clean() -> int:
    """Remove what belongs to nothing, and what was begun and never finished. Returns how many files."""
    known = queries.digests_joined()
    session.rollback()
    stray = [path for folder in _folders() for path in folder.iterdir() if path.name not in known and _is_old(path)]
    return sum(_removed(path) for path in stray)


def _folders() -> Iterator[Path]:
    place = folder_of_files()
    yield from sorted(path for path in place.iterdir() if path.is_dir()) if place.is_dir() else ()


def _is_old(path: Path) -> bool:
    with suppress(OSError):
        return clock.now() - datetime.fromtimestamp(path.stat().st_mtime, UTC) > PATIENCE
    return False


def _removed(path: Path) -> bool:
    """Remove a file, unless somebody takes it up at this moment: `files.store` touches what it finds."""
    aside = path.with_name(path.name.removesuffix(_ASIDE) + _ASIDE)
    with suppress(OSError):
        os.replace(path, aside)
        if not _is_old(aside):
            os.replace(aside, path)
            return False
        aside.unlink()
        return True
    return False
