"""Brings a file into the mirror in committed batches: killed anywhere, the next run goes on where it stopped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from app.boxoffice import household_queries as households
from app.boxoffice import import_queries as queries
from app.boxoffice import moving, relating
from app.boxoffice.connectors import sniffing
from app.boxoffice.connectors.csv_file import CsvFile
from app.boxoffice.connectors.port import Flaw, Line
from app.boxoffice.connectors.rows import Setting
from app.boxoffice.events import BoxOfficeImported, PaymentsDisputed, PerformanceChanged
from app.boxoffice.mirroring import Batch, Mirrored, mirror
from app.boxoffice.models import ImportRun
from app.boxoffice.survey import Survey, Taken
from app.kernel import audit, clock, faults
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional
from app.venue import service as venue

#: Lines of one transaction.
BATCH = 1_000
_SYSTEM = re.compile(r"[a-z][a-z0-9_]{0,19}")


@dataclass(frozen=True, slots=True)
class Report:
    """What an import found and did. `written` is empty after a rehearsal."""

    file: str
    system: str
    sha256: str
    dry_run: bool
    #: Lines of the file, and how many of them are good, doubtful and left out.
    rows: int
    ok: int
    warnings: int
    errors: int
    #: How often each flaw was met; then the first of them in full, errors before warnings.
    codes: Mapping[str, int]
    flaws: tuple[Flaw, ...]
    written: Mapping[str, int]
    run_id: int | None = None


def import_file(path: Path, *, system: str = "csv", name: str = "", dry_run: bool = False, by: Actor) -> Report:
    """Bring a file in, or only say what would come of it; lines with an error are left out.

    The same file again changes nothing.

    Raises:
        Forbidden: the actor may not import.
        Invalid: this is no table of admissions, or it is empty or too large; nothing of it was read in.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    if not _SYSTEM.fullmatch(system):
        raise Invalid({"system": "system_name"})
    mark = sniffing.sha256(path)
    house = venue.house()
    connector = CsvFile(path, Setting(house.tz, house.currency), system=system)
    return bring(connector.pull(), Source(system, (name or path.name)[:255], mark), dry_run=dry_run, by=by)


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from, and what tells this import from others.

    A file that is brought in again goes on where it stopped, and is another import once it ended; what is `followed`
    is asked anew each time, and one import for as long as its mark holds.
    """

    system: str
    name: str
    sha256: str
    followed: bool = False


def bring(lines: Iterator[Line], source: Source, *, dry_run: bool = False, by: Actor) -> Report:
    """Bring lines in, in committed batches.

    Raises:
        Invalid: there is not one.
        Trouble: who gives the lines stopped answering; what was committed stays.
    """
    first = next(lines, None)
    if first is None:
        raise Invalid({"file": "import_no_rows"})
    house, system = venue.house(), source.system
    run = None if dry_run else _begin(source, by=by)
    survey, written = _read(first, lines, run, households.daughters_of(system))
    mothers = survey.close()
    if run is not None:
        written += relating.relate(system, mothers, house.language, alone=survey.released())
        faults.point("records related")
        written += moving.settle(run.id, by=by)
        _end(run.id, survey, written, by=by)
    return Report(
        source.name, system, source.sha256, dry_run, survey.rows, survey.ok, survey.warned, survey.errors,
        dict(survey.codes), survey.flaws(), {name: count for name, count in sorted(written.items()) if count},
        run.id if run else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportCard:
    """One import as people see it; it ended where `ended_at` is given."""

    id: int
    system: str
    file: str
    sha256: str
    by_id: int | None
    started_at: datetime
    ended_at: datetime | None
    rows_done: int
    counts: Mapping[str, Any]
    flaws: tuple[Flaw, ...]


def imports(*, limit: int = 20, by: Actor) -> list[ImportCard]:
    """The latest imports, newest first.

    Raises:
        Forbidden: the actor may not import.
    """
    by.must(Permission.BOXOFFICE_IMPORT)
    return [
        ImportCard(
            row.id, row.system, row.file_name, row.sha256, row.by_id, row.started_at, row.ended_at, row.rows_done,
            dict(row.counts), tuple(Flaw(**flaw) for flaw in row.problems),
        )
        for row in queries.runs(limit)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Run:
    """An import that runs, and how many lines an earlier attempt has committed."""

    id: int
    system: str
    done: int
    counts: Mapping[str, Any]
    by: Actor


@transactional
def _begin(source: Source, *, by: Actor) -> _Run:
    system, name, mark = source.system, source.name, source.sha256
    row = queries.run_followed(system, mark) if source.followed else queries.run_begun(system, mark)
    if source.followed and row is not None:
        # What a pull that was broken off has noted is yet to be settled.
        row.moves = row.moves if row.state == "running" else {}
        row.state, row.ended_at, row.rows_done, row.counts = "running", None, 0, {}
    if row is None:
        row = ImportRun(
            system=system, file_name=name, sha256=mark, state="running", by_id=by.person_id, started_at=clock.now(),
            ended_at=None, rows_done=0, counts={}, problems=[],
        )  # fmt: skip
        session.add(row)
        session.flush()
    return _Run(row.id, system, row.rows_done, dict(row.counts), by)


def _read(
    first: Line, lines: Iterator[Line], run: _Run | None, daughters: frozenset[str]
) -> tuple[Survey, Counter[str]]:
    survey = Survey(daughters=daughters)
    written: Counter[str] = Counter(run.counts if run else {})
    some = [first, *islice(lines, BATCH - 1)]
    while some:
        done = run.done if run else 0
        taken = [one for line in some if (one := survey.take(line)) is not None and survey.rows > done]
        if run is not None and survey.rows > done:
            until = max((line.changed_at for line in some if line.changed_at), default=None)
            written = _write(run, taken, survey.rows, written, until)
            faults.point("batch committed")
        some = list(islice(lines, BATCH))
    return survey, written


@transactional
def _write(
    run: _Run, taken: list[Taken], rows: int, before: Counter[str], until: datetime | None
) -> Counter[str]:  # fmt: skip
    house = venue.house()
    batch = Batch(
        run.system, house.tz, house.currency, house.language, [one.sale for one in taken],
        {one.sale.customer.external_id: one.sale.customer for one in taken if one.customer_new},
        {one.sale.order_code: one.sale for one in taken if one.order_new},
    )  # fmt: skip
    row, written = queries.run(run.id), before
    if taken:
        found = mirror(batch, clock.now())
        written, row.moves = before + found.counts, moving.noted(row.moves, found)
        for key, status in found.bill.said.items():
            publish(PerformanceChanged(performance_id=key, status=status), by=run.by)
        _say_disputes(run, found)
    row.rows_done, row.counts = rows, dict(written)
    # What was committed late carries an earlier moment.
    row.pulled_until = max((one for one in (until, row.pulled_until) if one), default=None)
    session.flush()
    faults.point("batch written")
    return written


def _say_disputes(run: _Run, found: Mirrored) -> None:
    """What a bank takes back is written where auditors read, and told to whoever may be about to pay it again."""
    for verb, payments in (("payment_disputed", found.disputed), ("payment_undisputed", found.undisputed)):
        for key in payments:
            audit.note(verb, f"payment:{key}", {"source": "file", "import": run.id}, by=run.by)
    if found.disputed:
        publish(PaymentsDisputed(run_id=run.id, payment_ids=tuple(found.disputed)), by=run.by)


@transactional
def _end(run_id: int, survey: Survey, written: Counter[str], *, by: Actor) -> None:
    row = queries.run(run_id)
    row.state, row.ended_at = "done", clock.now()
    row.counts = {
        "rows": survey.rows, "ok": survey.ok, "warnings": survey.warned, "errors": survey.errors, **written
    }  # fmt: skip
    row.problems = [asdict(flaw) for flaw in survey.flaws()]
    publish(BoxOfficeImported(run_id=run_id, rows=survey.rows, errors=survey.errors), by=by)
