"""How commands speak: lines of JSON, one sentence of refusal, the exit code that goes with it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, Any, ParamSpec

import click

from app.kernel.errors import Invalid, Problem
from app.kernel.transaction import unreachable

P = ParamSpec("P")


def line(value: object) -> None:
    """One JSON value on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def say(words: str) -> None:
    """A message for a person."""
    click.echo(words, err=True)


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a refusal into one sentence and exit code 1."""

    @wraps(command)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Problem as problem:
            say(_sentence(problem))
            sys.exit(1)
        except (OSError, ValueError, RuntimeError) as problem:
            say(f"{type(problem).__name__}: {problem}")
            sys.exit(1)
        except Exception as problem:
            if not unreachable(problem):
                raise
            say(
                "The database cannot be used: check DATABASE_URL, and that its server runs; "
                "`flask db upgrade` makes its tables."
            )
            sys.exit(1)

    return spoken


def given_lines(source: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    """Lines of JSON objects. Shape: (line number, object or None, what is wrong with it)."""
    for number, raw in enumerate(source, start=1):
        if not raw.strip():
            continue
        try:
            value = json.loads(raw)
        except (ValueError, UnicodeDecodeError) as problem:
            yield number, None, f"line {number} is not JSON: {problem}"
            continue
        yield (number, value, "") if isinstance(value, dict) else (number, None, f"line {number} is not an object")


def _sentence(problem: Problem) -> str:
    if isinstance(problem, Invalid):
        return "; ".join(f"{name}: {code.replace('_', ' ')}" for name, code in problem.fields.items())
    values = ", ".join(f"{name}={value}" for name, value in problem.values.items())
    return f"{type(problem).__name__}: {problem.code.replace('_', ' ')}" + (f" ({values})" if values else "")
