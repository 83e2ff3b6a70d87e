"""`flask work`: the process that runs the schedule and waiting jobs."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.worker import loop


@click.command("work")
@click.option("--once", is_flag=True, help="End when nothing is due.")
@with_appcontext
def work(*, once: bool) -> None:
    """Run the schedule and waiting jobs."""
    loop.run(current_app._get_current_object(), once=once)  # type: ignore[attr-defined]
