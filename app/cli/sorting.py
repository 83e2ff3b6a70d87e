"""`flask triage`: classify, explain, train, learn, roll back, evaluate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup, with_appcontext

from app.catalogue import service as catalogue
from app.cli.speech import NUMBER, given_lines, line, refusing, say
from app.kernel.access import SYSTEM
from app.triage import learning, place, service, speaking, succession
from app.triage.classify import Decision, Incoming
from app.triage.house import FORCE
from app.triage.reasons import describe

if TYPE_CHECKING:
    from app.triage.explaining import Explanation

triage = AppGroup("triage", help="Sorting.")
MESSAGES = Path(__file__).resolve().parents[1] / "triage" / "messages"
#: Lines decided together: enough to be quick, few enough to answer as they come.
BATCH = 200
CHANNELS = {"email", "web", "phone-note", "api"}


@triage.command("classify")
@refusing
@with_appcontext
def classify() -> None:
    """Lines of {id, channel, subject, body, received_at?} in, one decision a line out, in the same order."""
    waiting: list[tuple[object, Incoming | str]] = []
    for number, given, wrong in given_lines(sys.stdin.buffer):
        key = given.get("id") if given else None
        waiting.append((key, _incoming(given, number) if given is not None else wrong))
        if len(waiting) >= BATCH:
            _answer(waiting)
            waiting = []
    _answer(waiting)


def _incoming(given: dict[str, object], number: int) -> Incoming | str:
    subject, body = given.get("subject") or "", given.get("body")
    if not isinstance(body, str) or not isinstance(subject, str):
        return f"line {number}: subject and body must be text"
    channel = given.get("channel", "email")
    if not isinstance(channel, str) or channel not in CHANNELS:
        return f"line {number}: channel must be one of {', '.join(sorted(CHANNELS))}"
    moment = given.get("received_at")
    try:
        at = service.moment_of(str(moment) if moment is not None else None)
    except ValueError:
        return f"line {number}: received_at is not ISO 8601"
    return Incoming(id=str(given.get("id")), channel=channel, subject=subject, body=body, received_at=at)


def _answer(waiting: list[tuple[object, Incoming | str]]) -> None:
    good = [one for _, one in waiting if not isinstance(one, str)]
    decisions = iter(service.decide(good) if good else [])
    for key, one in waiting:
        if isinstance(one, str):
            line({"id": key, "error": one})
        else:
            line({**_plain(next(decisions)), "id": key})


def _plain(decision: Decision) -> dict[str, object]:
    return decision.to_json()


@triage.command("explain")
@click.argument("text", required=False)
@click.option("--ticket", type=NUMBER, help="The number of a request, instead of a text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@refusing
@with_appcontext
def explain(*, text: str | None, ticket: int | None, as_json: bool) -> None:
    """What is decided on a text, a request, or what is typed in, and all that weighed in it."""
    if ticket is not None and text is not None:
        raise click.UsageError("give a text or --ticket, not both")
    against = False
    if ticket is not None:
        given, against = service.incoming_of(ticket, by=SYSTEM)
    else:
        body = text if text is not None else sys.stdin.buffer.read().decode("utf-8", "replace")
        given = Incoming("-", "email", "", body, service.moment_of(None))
    told = place.explained(given, speaking.house(), objected=against)
    if as_json:
        line(told.to_json())
    else:
        click.echo("\n".join(_explained(told)))


def _explained(told: Explanation) -> Iterator[str]:
    one = told.decision
    yield f"{one.category} / {one.type or '-'}   {one.priority}   {one.language}   model {one.model}"
    for slug, chance in one.top3:
        card = catalogue.category(slug)
        yield f"  {chance:6.1%}  {slug:28}{card.description_en if card else ''}".rstrip()
    yield "reasons"
    yield from (f"  {describe(reason)}" for reason in one.reasons)
    for title, weights in (("words", told.words), ("patterns", told.patterns)):
        yield title
        yield from (f"  {weight:+.3f}  {name}" for name, weight in weights)
    if told.house:
        yield "words of the house"
        yield from (f"  {FORCE:+.3f}  {words}  for {slug}" for words, slug in told.house)
    yield "nearest examples"
    yield from (f"  {near.cosine:.2f}  {near.category:28}{near.words}" for near in told.near)


@triage.command("train")
@click.option("--if-missing", is_flag=True, help="Do nothing when a model that fits is there.")
@click.option("--messages", type=click.Path(exists=True, file_okay=False, path_type=Path), default=MESSAGES)
@refusing
@with_appcontext
def train(*, if_missing: bool, messages: Path) -> None:
    """Learn from the labelled messages kept in the project."""
    if if_missing and place.categoriser() is not None:
        return
    say(place.trained_from(_files(messages)))


@triage.command("learn")
@refusing
@with_appcontext
def learn() -> None:
    """Learn from what colleagues made of sortings now rather than tonight, and say what became of it."""
    say(_VERDICTS[learning.learn()])


_VERDICTS = {
    "published": "a new model is in use",
    "erased": "a new model is in use: the one before learned from a letter that was erased, or whose writer objected",
    "worse_held": "the new model knows less of the messages held out: the one in use stays",
    "worse_recent": "the new model knows less of recent requests: the one in use stays",
    "waits": "a new model waits: somebody went back to an earlier one",
    "": "nothing new was learned",
}


@triage.command("models")
@refusing
@with_appcontext
def models() -> None:
    """The models of this house, newest first, a JSON object each."""
    for one in succession.history(by=SYSTEM):
        line(asdict(one))


@triage.command("rollback")
@click.argument("version", required=False)
@refusing
@with_appcontext
def rollback(version: str | None) -> None:
    """Put the model used before the present one in use again, or the one of a version."""
    if version is not None:
        succession.use(version, by=SYSTEM)
    else:
        for one in succession.history(by=SYSTEM):
            if one.unreadable and one.used_at:
                say(f"left out: {one.version}, which this version of the product cannot read")
    say(f"in use: {version or succession.roll_back(by=SYSTEM)}")


@triage.command("evaluate")
@click.option("--messages", type=click.Path(exists=True, file_okay=False, path_type=Path), default=MESSAGES)
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="A folder for tables and drawings.")
@click.option("--learned-only", is_flag=True, help="Leave the frozen part alone: for whoever still changes something.")
@click.option(
    "--banking", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The folder of BANKING77, instead."
)
@refusing
@with_appcontext
def evaluate(*, messages: Path, as_json: bool, to: Path | None, learned_only: bool, banking: Path | None) -> None:
    """Measure on messages that were left out of learning, and on the part that it never sees."""
    if banking is not None:
        _regress(banking, as_json=as_json)
        return
    figures, table = place.measured_on(_files(messages), frozen=not learned_only, folder=to)
    if as_json:
        line(figures)
    else:
        click.echo(table)


@triage.command("curve")
@click.option("--messages", type=click.Path(exists=True, file_okay=False, path_type=Path), default=MESSAGES)
@click.option("--json", "as_json", is_flag=True, help="All steps as one JSON object.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="A folder for tables and drawings.")
@refusing
@with_appcontext
def curve(*, messages: Path, as_json: bool, to: Path | None) -> None:
    """Play colleagues who sort requests, learn after each hundred, and measure on messages never learned."""
    figures, table = place.learning_rehearsed(_files(messages), lambda told: click.echo(told, err=True), to)
    if as_json:
        line(figures)
    else:
        click.echo(table)


def _regress(folder: Path, *, as_json: bool) -> None:
    if not all((folder / name).is_file() for name in ("train.csv", "test.csv")):
        raise click.UsageError(f"{folder} holds no train.csv and test.csv")
    found = place.measured_on_banking(folder)
    if as_json:
        line(found)
        return
    for way, figures in found.items():
        click.echo(f"{way:20}" + "  ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in figures.items()))


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.jsonl"))
    if not found:
        raise click.UsageError(f"{folder} holds no labelled messages (*.jsonl)")
    return found
