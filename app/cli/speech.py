"""How commands speak: lines of JSON, one sentence of refusal, the exit code that goes with it."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterator
from copy import copy
from functools import wraps
from typing import IO, Any, ParamSpec

import click
from flask.cli import with_appcontext

from app.health import service as health
from app.kernel.errors import Invalid, Problem, Unavailable
from app.kernel.transaction import lacks_tables, unreachable
from app.web import tongue, words

P = ParamSpec("P")
#: The number of a row, as far as databases and JSON count.
NUMBER = click.IntRange(1, 2**53 - 1)


def line(value: object) -> None:
    """One JSON value on a line of its own."""
    said = json.dumps(value, ensure_ascii=False, default=str)
    # Half of a character, which JSON can spell and UTF-8 cannot, is spelt again.
    click.echo(said.encode("utf-8", "backslashreplace").decode())


def say(words: str) -> None:
    """A message for a person."""
    click.echo(words, err=True)


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal into one sentence and exit code 1."""

    @wraps(command)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Exception as problem:
            sentence = _sentence(problem)
            if not sentence:
                raise
            say(sentence)
            sys.exit(1)

    return spoken


def polite(command: click.Command) -> click.Command:
    """The same command of another door, refusing in one sentence."""
    told = copy(command)
    told.callback = refusing(command.callback) if command.callback else None
    return told


def reaching(command: click.Command) -> click.Command:
    """The same command of a library, refusing in one sentence where the database cannot be reached to begin with.

    What goes wrong later is not hidden: an upgrade that fails half-way needs every word of it.
    """
    told, run = copy(command), command.callback

    def reached(*args: object, **kwargs: object) -> Any:  # noqa: ANN401 - as click says it
        _reach()
        return run(*args, **kwargs) if run else None

    told.callback = reached
    return told


@refusing
@with_appcontext
def _reach() -> None:
    can_serve, _ = health.quick()
    if not can_serve:
        raise Unavailable("database")


def given_lines(source: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    """Lines of JSON objects. Shape: (line number, object or None, what is wrong with it)."""
    for number, raw in enumerate(source, start=1):
        if not raw.strip():  # a line in is a line out, so that whoever reads both keeps them side by side
            yield number, None, f"line {number} is empty"
            continue
        try:
            value = json.loads(raw.removeprefix(codecs.BOM_UTF8), parse_constant=_no_number)
        except (ValueError, RecursionError) as problem:
            yield number, None, f"line {number} is not JSON: {problem}"
            continue
        yield (number, value, "") if isinstance(value, dict) else (number, None, f"line {number} is not an object")


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def _sentence(problem: Exception) -> str:
    """What a command says of a refusal; empty when it is a fault of ours."""
    if lacks_tables(problem) or lacks_tables(problem.__cause__):
        return "The tables of this version are not in the database: run flask db upgrade."
    if unreachable(problem) or (isinstance(problem, Unavailable) and problem.code == "database"):
        return (
            "The database cannot be reached: check DATABASE_URL, and that its server runs or its file may be written."
        )
    if isinstance(problem, Problem):
        return _refusal(problem)
    return f"{type(problem).__name__}: {problem}" if isinstance(problem, OSError | ValueError | RuntimeError) else ""


def _refusal(problem: Problem) -> str:
    if isinstance(problem, Invalid):
        before = tongue.language()
        tongue.speak("en")
        told = "; ".join(f"{name}: {said}" for name, said in words.field_words(problem).items())
        tongue.speak(before)
        return told
    values = ", ".join(f"{name}={value}" for name, value in problem.values.items())
    return f"{type(problem).__name__}: {problem.code.replace('_', ' ')}" + (f" ({values})" if values else "")
