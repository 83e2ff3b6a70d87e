"""`flask boxoffice`: what comes from the ticketing system."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.boxoffice import importing, pulling
from app.boxoffice.connectors.port import Flaw, Trouble
from app.boxoffice.importing import Report
from app.cli.campaigns import acting
from app.cli.speech import line, refusing, say
from app.kernel.access import SYSTEM
from app.kernel.errors import Invalid
from app.web import tongue
from app.web.import_words import column_words, file_words, flaw_words, office_words

boxoffice = AppGroup("boxoffice", help="Orders and tickets, as the ticketing system has them.")


@boxoffice.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--system", default="csv", show_default=True, help="The ticketing system whose numbers these are.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with the file.")
@click.option(
    "--as", "email", default="", help="The colleague who brings it in, with their rights; their password is asked for."
)
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@refusing
@with_appcontext
def import_file(file: Path, *, system: str, dry_run: bool, email: str, as_json: bool) -> None:
    """Bring a CSV file in; lines with an error are named and left out, and then the exit code is 1.

    Without --as it is brought in by the house itself, as whoever may run commands here may do everything.
    """
    try:
        with acting(email) if email else nullcontext(SYSTEM) as by:
            report = importing.import_file(file, system=system, dry_run=dry_run, by=by)
    except Invalid as problem:
        _refuse(problem, as_json=as_json)
        sys.exit(1)
    _report(report, as_json=as_json)


@boxoffice.command("pull")
@click.argument("system", type=click.Choice(["pretix"]))
@click.option("--all", "whole", is_flag=True, help="Everything, not only what changed since the last time.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@refusing
@with_appcontext
def pull_system(system: str, *, whole: bool, as_json: bool) -> None:
    """Ask the linked ticketing system what changed; exit code 1 where a line was left out or it does not answer."""
    try:
        report = pulling.pull(pulling.linked(), whole=whole, by=SYSTEM)
    except Trouble as problem:
        _refuse(problem, as_json=as_json)
        sys.exit(1)
    if report is None:
        line({"rows": 0}) if as_json else say("nothing changed")
    else:
        _report(report, as_json=as_json)


@boxoffice.command("hook")
@click.argument("system", type=click.Choice(["pretix"]))
@refusing
@with_appcontext
def tell_hook(system: str) -> None:
    """Print the address to which SYSTEM may send its webhooks; whoever knows it can make us ask, and nothing else."""
    say(f"{current_app.config['PUBLIC_URL']}/api/v1/billetterie/{system}/{pulling.hook(system)}")


def _report(report: Report, *, as_json: bool) -> None:
    if as_json:
        line(asdict(report) | {"flaws": [_told(flaw) for flaw in report.flaws]})
    else:
        _say(report)
    if report.errors:
        sys.exit(1)


def _refuse(problem: Invalid | Trouble, *, as_json: bool) -> None:
    sentences = {}
    for lang in tongue.LANGUAGES:
        tongue.speak(lang)
        sentences[lang] = file_words(problem) if isinstance(problem, Invalid) else office_words(problem.code)
    if as_json:
        code = next(iter(problem.fields.values())) if isinstance(problem, Invalid) else problem.code
        line({"error": code, "values": problem.values, **sentences})
    say(sentences["en"])


def _told(flaw: Flaw) -> dict[str, Any]:
    """A flaw with its sentence in both languages."""
    told = asdict(flaw)
    for lang in tongue.LANGUAGES:
        tongue.speak(lang)
        told |= {lang: flaw_words(flaw)}
    return told


def _say(report: Report) -> None:
    tongue.speak("en")
    for flaw in report.flaws:
        where = f"line {flaw.line}" if flaw.line else "whole file"
        mark = "error" if flaw.error else "warning"
        say(f"{where}, {mark}, {column_words(flaw.column)} {flaw.value!r}: {flaw_words(flaw)}")
    say(f"{report.rows} lines: {report.ok} good, {report.warnings} with a warning, {report.errors} left out")
    if report.written:
        say(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in report.written.items()))
    if report.dry_run:
        say("nothing was written")
