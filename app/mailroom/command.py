"""`flask mailroom`: the process that takes letters."""

from __future__ import annotations

import asyncio
import signal

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.mailroom import imap, lmtp


@click.command("mailroom")
@with_appcontext
def mailroom() -> None:
    """Take letters by LMTP and SMTP, and fetch them from mailboxes."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        asyncio.run(_until_stopped(app))
    except lmtp.CannotListen as problem:
        raise click.ClickException(str(problem)) from None


async def _until_stopped(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    fetchers = imap.Fetchers(app, every=settings.mail_poll_seconds)
    fetchers.start()
    try:
        await lmtp.serve(app, lmtp=settings.lmtp_bind, smtp=settings.smtp_bind, stop=stop)
    finally:
        await asyncio.to_thread(fetchers.end)
