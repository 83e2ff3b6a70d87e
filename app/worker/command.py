"""`flask work`: the process that runs the schedule and waiting jobs."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.health import opening
from app.kernel.errors import Unavailable
from app.kernel.transaction import lacks_tables, unreachable
from app.worker import loop


@click.command("work")
@click.option("--once", is_flag=True, help="End when nothing is due.")
@with_appcontext
def work(*, once: bool) -> None:
    """Run the schedule and waiting jobs; nothing is begun with a key that is not the house's own."""
    _try_keys()
    loop.run(current_app._get_current_object(), once=once)  # type: ignore[attr-defined]


def _try_keys() -> None:
    """Refuse a key that did not seal what is here: letters would carry links that nobody can follow later.

    Raises:
        ClickException: which file is wrong.
    """
    try:
        files = opening.wrong_keys()
    except Exception as problem:
        # Whoever starts before the database does is told by `flask doctor`.
        if isinstance(problem, Unavailable) or unreachable(problem) or lacks_tables(problem):
            return
        raise
    if files:
        raise click.ClickException(opening.sentence(files))
