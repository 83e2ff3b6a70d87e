"""Commands of a library that is loaded when one of them is asked for, rather than by every process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask.cli import ScriptInfo


class Later(click.Command):
    """Stands in for a group of commands until it is needed; `load` is called with the house at hand."""

    def __init__(self, name: str, load: Callable[[], click.Command], *, help: str) -> None:
        super().__init__(name, help=help)
        self._load = load

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click says it
    ) -> click.Context:
        """The context of the command it stands for: whoever makes one goes on with that command."""
        house = (parent or click.get_current_context()).ensure_object(ScriptInfo).load_app()
        with house.app_context():
            command = self._load()
        return command.make_context(info_name, args, parent, **extra)
