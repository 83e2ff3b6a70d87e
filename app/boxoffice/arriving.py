"""Files of the ticketing system that come by the desk: kept until they are brought in, rehearsed first, followed after.

A file holds people's names: it is deleted once it is in the mirror, and one that was only rehearsed after a day.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app.boxoffice import import_queries as queries
from app.boxoffice import importing
from app.boxoffice.events import ImportAsked
from app.boxoffice.importing import Report
from app.boxoffice.models import ImportRun
from app.kernel import clock, room
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import publish, transactional

_MARK = re.compile(r"[0-9a-f]{64}")
#: How long a file waits for somebody to bring it in.
KEPT = timedelta(days=1)
#: The largest file that is taken by the desk; larger ones are brought in at the terminal. Units: MB and bytes.
MOST_MB: Final = 25
LARGEST: Final = MOST_MB * 1_000_000
#: Imports in the history.
SHOWN = 30


class _Store:
    """The folder of files that wait, once the factory has named it."""

    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class RunCard:
    """One import; `state` is running, done or refused."""

    id: int
    system: str
    file: str
    state: str
    by_id: int | None
    started_at: datetime
    ended_at: datetime | None
    rows_done: int
    counts: dict[str, int]
    errors: int


def keep_in(folder: Path) -> None:
    """Name the folder of files that wait."""
    _Store.folder = folder


def path_of(mark: str) -> Path:
    """Where a file lies, by the hash of its bytes.

    Raises:
        NotFound: no such file waits.
    """
    path = _Store.folder / f"{mark}.csv"
    if not _MARK.fullmatch(mark) or not path.exists():
        raise NotFound("file")
    return path


def rehearse(content: bytes, *, name: str, system: str, by: Actor) -> Report:
    """Keep a file and say what would come of it; nothing is written to the mirror.

    Raises:
        Forbidden: the actor may not import.
        Invalid: field `file` or `system`; the file is not kept.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    _forget_old()
    if not content:
        raise Invalid({"file": "import_empty"})
    if len(content) > LARGEST:
        raise Invalid({"file": "import_large_here"}, most=MOST_MB)
    _Store.folder.mkdir(parents=True, exist_ok=True)
    path = _Store.folder / f"{hashlib.sha256(content).hexdigest()}.csv"
    room.keep(path, content)
    try:
        return importing.import_file(path, system=system, name=name, dry_run=True, by=by)
    except Invalid:
        path.unlink(missing_ok=True)
        raise


@transactional
def ask(mark: str, *, name: str, system: str, by: Actor) -> int:
    """Have a rehearsed file brought in by the worker. Returns the import; one that runs already is not begun twice.

    Raises:
        Forbidden: the actor may not import.
        NotFound: the file no longer waits.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    path_of(mark)
    row = queries.run_begun(system, mark)
    if row is None:
        row = ImportRun(
            system=system, file_name=name[:255], sha256=mark, state="running", by_id=by.person_id,
            started_at=clock.now(), ended_at=None, rows_done=0, counts={}, problems=[],
        )  # fmt: skip
        session.add(row)
        session.flush()
        publish(ImportAsked(run_id=row.id, sha256=mark, system=system, name=row.file_name), by=by)
    return row.id


def bring_in(run_id: int, mark: str, system: str, name: str) -> None:
    """Bring a file in, if that is not done yet, and delete it."""
    state = queries.run(run_id).state
    session.rollback()
    if state == "running":
        try:
            importing.import_file(path_of(mark), system=system, name=name, by=SYSTEM)
        except (Invalid, NotFound):
            _refuse(run_id)
    (_Store.folder / f"{mark}.csv").unlink(missing_ok=True)


@transactional
def _refuse(run_id: int) -> None:
    row = queries.run(run_id)
    row.state, row.ended_at = "refused", clock.now()


def history(*, by: Actor) -> list[RunCard]:
    """Imports, the newest first.

    Raises:
        Forbidden: the actor may not import.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    return [_card(row) for row in queries.runs(SHOWN)]


def _card(row: ImportRun) -> RunCard:
    counts = {key: int(count) for key, count in row.counts.items()}
    return RunCard(
        row.id, row.system, row.file_name, row.state, row.by_id, row.started_at, row.ended_at, row.rows_done, counts,
        counts.get("errors", 0),
    )  # fmt: skip


def _forget_old() -> None:
    if not _Store.folder.exists():
        return
    for path in _Store.folder.glob("*.csv"):
        if path.stat().st_mtime < (clock.now() - KEPT).timestamp():
            path.unlink(missing_ok=True)
