"""`flask drill`: rehearse what nobody wants to live through unprepared, in a house made for it and thrown away."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask.testing import FlaskClient

from app.cli.speech import line, refusing, say
from config import surroundings

drill = AppGroup("drill", help="Rehearsals in a house of their own.")
#: Lies in the folder that a rehearsal made: without it, nothing is ever blown over a house.
MARK = "made-for-a-rehearsal"
#: Settings by which this house would reach the world: the house of a rehearsal has none of them.
_WAYS_OUT = ("MAIL_", "SMTP_")
ROOT = Path(__file__).resolve().parents[2]
#: Whose pages are opened while the storm blows, and how the address of a request looks.
AGENT = "karim@valmorin.example"
MANAGER = "ines@valmorin.example"
_REQUEST = re.compile(r"/regie/demandes/\d+")
_INCIDENT = re.compile(r"/regie/incidents/\d+")
_ANSWER = re.compile(r"/regie/incidents/\d+/reponses/\d+")


@drill.command("storm")
@click.option("--letters", type=click.IntRange(1, 100_000), default=15_000, show_default=True, help="How many come in.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same storm for the same number.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
    help="Keep the house here, to look around.",
)
@click.option(
    "--messages",
    type=click.Path(path_type=Path, exists=True),
    help="What the rehearsal's sorter learns from; all by default.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object on stdout.")
@refusing
def storm(*, letters: int, seed: int, keep: Path | None, messages: Path | None, as_json: bool) -> None:
    """Blow the hour after a cancellation over a copy of the demo house; no e-mail leaves it."""
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise click.UsageError(f"{keep} is not empty")
    with tempfile.TemporaryDirectory(prefix="guichet-drill-", ignore_cleanup_errors=True) as folder:
        told = _rehearsed(keep or Path(folder), letters, seed, messages)
    if as_json:
        line(told)
    else:
        _tell(told)


def _rehearsed(folder: Path, letters: int, seed: int, messages: Path | None) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    # Another database, and no way out for letters, whatever this house is set to.
    environment = surroundings(
        without=_WAYS_OUT, DATA_DIR=str(folder), DATABASE_URL="", SMTP_URL="dev:", GUICHET_ENV="development",
        LOG_LEVEL="ERROR", MAIL_ADDRESS="billetterie@valmorin.example", PUBLIC_URL="http://localhost:5000",
        KB_ARTICLES_DIR="", SEARCH_INDEX_DIR="", RATE_LIMITS="off",
    )  # fmt: skip
    say("a house for the rehearsal is being made")
    lessons = ["--messages", str(messages)] if messages else []
    for words in (["drill", "marked"], ["db", "upgrade"], ["seed", "demo"], ["triage", "train", *lessons], ["reindex"]):
        _flask(words, environment)
    said = _flask(["drill", "here", str(letters), str(seed)], environment, aloud=True)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _flask(words: list[str], environment: Mapping[str, str], *, aloud: bool = False) -> str:
    done = subprocess.run(  # noqa: S603 - ourselves, with words of our own
        [sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=ROOT, env=dict(environment), check=False,
        text=True, stdout=subprocess.PIPE, stderr=None if aloud else subprocess.PIPE,
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException((done.stderr or "the rehearsal could not be held").strip().splitlines()[-1])
    return done.stdout


@drill.command("marked", hidden=True)
@refusing
@with_appcontext
def marked() -> None:
    """Refuse unless this is a house made for a rehearsal: asked before anything is done to it."""
    _check_mark()


def _check_mark() -> None:
    if not (Path(current_app.instance_path) / MARK).exists():
        raise click.UsageError("a storm is only ever blown over a house made for it: flask drill storm")


@drill.command("here", hidden=True)
@click.argument("letters", type=int)
@click.argument("seed", type=int)
@refusing
@with_appcontext
def here(letters: int, seed: int) -> None:
    """The rehearsal itself, in the house that was made for it and in no other."""
    from app.demo import drill as rehearsal  # noqa: PLC0415 - docs/decisions/0018
    from app.demo import drill_answer, drill_report  # noqa: PLC0415 - docs/decisions/0018

    _check_mark()
    course = rehearsal.rehearse(letters, seed=seed, say=say, read=_agent())
    # Read before the crowd is answered: an answered request stands in no crowd.
    told = drill_report.report(course)
    say("the whole crowd is being answered")
    answer = drill_answer.answered(course)
    line({**told, "answer": answer, "pages_of_the_incident_cpu_ms": _watched(_signed_in(MANAGER))})


def _watched(browser: FlaskClient) -> dict[str, float]:
    """What each page takes on which a manager watches an incident whose whole crowd was answered."""
    there = _INCIDENT.search(browser.get("/regie/incidents").get_data(as_text=True))
    if there is None:
        return {}
    answer = _ANSWER.search(browser.get(f"{there[0]}/reponse").get_data(as_text=True))
    paths = [there[0], *(f"{there[0]}/{page}" for page in ("foule", "non-joints")), *([answer[0]] if answer else [])]
    for path in paths:
        _timed(browser, path)  # what a process loads once is not the page's
    return {re.sub(r"\d+", "N", path): round(_timed(browser, path), 1) for path in paths}


def _signed_in(email: str) -> FlaskClient:
    from app.demo.populate import PASSWORD  # noqa: PLC0415 - docs/decisions/0018

    browser = current_app.test_client()
    if browser.post("/regie/connexion", data={"email": email, "password": PASSWORD}).status_code != 303:
        raise click.ClickException("nobody could sign in to the house of the rehearsal")
    return browser


def _agent() -> Callable[[], list[float]]:
    """An agent of the demo house who opens the queue, a request and the list of incidents; says what each took."""
    browser = _signed_in(AGENT)
    asked = _REQUEST.search(browser.get("/regie/file/todo").get_data(as_text=True))
    paths = ["/regie/file/todo", "/regie/incidents", *([asked[0]] if asked else [])]

    def read() -> list[float]:
        return [_timed(browser, path) for path in paths]

    return read


def _timed(browser: FlaskClient, path: str) -> float:
    begun = time.thread_time()
    answer = browser.get(path)
    spent = 1000 * (time.thread_time() - begun)
    if answer.status_code != 200:
        raise click.ClickException(f"{path} answered {answer.status_code} during the rehearsal")
    return spent


def _tell(told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        click.echo(f"{name.replace('_', ' '):<28} {json.dumps(value, ensure_ascii=False)}")
