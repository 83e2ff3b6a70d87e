"""`flask mail`: read letters, or take a folder of them through the real intake."""

from __future__ import annotations

import base64
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.speech import given_lines, line, refusing, say
from app.kernel import work
from app.kernel.access import SYSTEM
from app.mail import collecting, intake, mailboxes, register, reparsing
from app.mail.intake import Envelope
from app.mail.reading import parse
from app.search import desk as desk_search

mail = AppGroup("mail", help="Letters.")


@mail.command("parse")
@click.option("--batch", is_flag=True, help="Lines of {id, raw_b64} in, lines of {id, result} out.")
@refusing
def parse_letter(*, batch: bool) -> None:
    """Say what a letter on stdin holds, as JSON."""
    if not batch:
        line(parse(sys.stdin.buffer.read()))
        return
    for number, given, wrong in given_lines(sys.stdin.buffer):
        if given is None or not isinstance(given.get("raw_b64"), str):
            line({"id": (given or {}).get("id"), "error": wrong or f"line {number} has no raw_b64"})
            continue
        try:
            raw = base64.b64decode(given["raw_b64"])
        except ValueError:
            line({"id": given.get("id"), "error": f"line {number}: raw_b64 is not base 64"})
            continue
        line({"id": given.get("id"), "result": parse(raw)})


@mail.command("receive")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--from", "sender", default="", help="Envelope sender.")
@click.option("--to", "recipients", multiple=True, help="Envelope recipient; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="A line for each file.")
@click.option("--jobs/--no-jobs", default=True, help="Run the jobs that letters cause.")
@refusing
@with_appcontext
def receive(folder: Path, *, sender: str, recipients: Sequence[str], as_json: bool, jobs: bool) -> None:
    """Take every file below a folder through the real intake and its jobs, sorted by name, until they can be found."""
    envelope = Envelope(sender, tuple(recipients), "folder")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stored: list[tuple[str, int]] = []
    for some in _groups(files, 200):
        ids = intake.store_letters([(path.read_bytes(), envelope) for path in some])
        stored += zip((path.relative_to(folder).as_posix() for path in some), ids, strict=True)
    if jobs:
        work.run_due()
        desk_search.read_due()
    if as_json:
        for name, fate in register.fates_of(stored):
            line({"file": name, **fate})


@mail.command("fates")
@click.option("--json", "as_json", is_flag=True, help="Kept for clarity: the output is always JSON lines.")
@refusing
@with_appcontext
def fates(*, as_json: bool) -> None:
    """The fate of every stored letter, oldest first."""
    for letter_id, fate in register.all_fates():
        line({"letter": letter_id, **fate})
    if as_json:
        sys.stdout.flush()


@mail.command("reparse")
@click.option("--letter", "letter_id", type=click.IntRange(min=1), help="One stored letter, by its number.")
@click.option("--unparsed", "unparsed_only", is_flag=True, help="Only letters that could not be read.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only letters that arrived on this day or later, UTC.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would come of it and change nothing.")
@refusing
@with_appcontext
def reparse(*, letter_id: int | None, unparsed_only: bool, since: datetime | None, dry: bool) -> None:
    """Read stored letters again; a line for each that is not the same as before."""
    if letter_id is None and not unparsed_only and since is None:
        raise click.UsageError("say which: --letter N, --unparsed or --since DATE")
    ids = reparsing.chosen(
        letter_id=letter_id, unparsed_only=unparsed_only, since=since.replace(tzinfo=UTC) if since else None
    )
    told: Counter[str] = Counter()
    for found in reparsing.reparse(ids, dry=dry, by=SYSTEM):
        told[found.outcome] += 1
        if found.outcome != "same":
            line({"letter": found.letter_id, "outcome": found.outcome, "reason": found.reason})
    say(", ".join(f"{count} {outcome}" for outcome, count in sorted(told.items())) or "no letter to read")


def _groups(files: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    for start in range(0, len(files), size):
        yield files[start : start + size]


@mail.command("fetch")
@refusing
@with_appcontext
def fetch() -> None:
    """Look once into every mailbox that is switched on; a line for each, exit 1 if one could not be served."""
    outcomes = [collecting.visited(duty) for duty in mailboxes.duties()]
    for outcome in outcomes:
        line(outcome)
    if any(outcome["error"] for outcome in outcomes):
        raise SystemExit(1)
