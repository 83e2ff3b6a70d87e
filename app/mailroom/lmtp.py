"""LMTP and SMTP on a private socket: bytes in, one verb, an answer the mail server can act on."""

from __future__ import annotations

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from app.kernel import faults
from app.kernel.errors import Unavailable
from app.mail import intake

log = logging.getLogger(__name__)

SAFE = "250 2.0.0 Letter stored"
LATER = "451 4.3.0 Not stored, please deliver again later"
TOO_LARGE = "552 5.3.4 Letter too large, 25 MB at most"
#: Bytes of one line of a letter; RFC 5321 4.5.3.1.6 asks for 1,000 at least, and real senders write far longer ones.
LINE_BYTES = 4 * 1024 * 1024


class _Lmtp(LMTP):
    """LMTP that takes long lines."""

    line_length_limit = LINE_BYTES


class _Smtp(SMTP):
    """SMTP that takes long lines."""

    line_length_limit = LINE_BYTES


class CannotListen(RuntimeError):
    """An address at which nobody can listen; its text names the setting."""


class Handler:
    """Takes letters from a connection; storing happens in a thread, in an application context of its own."""

    def __init__(self, app: Flask, door: str, pool: ThreadPoolExecutor) -> None:
        self._app = app
        self._door = door
        self._pool = pool

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Store the letter, then say so; the delivering server keeps it until we have."""
        raw = bytes(envelope.original_content or b"")
        if len(raw) > intake.LETTER_BYTES:
            return TOO_LARGE
        said = intake.Envelope(envelope.mail_from or "", tuple(envelope.rcpt_tos), self._door)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._pool, self._store, raw, said)
        return "\r\n".join([answer] * self._copies(envelope))

    def _copies(self, envelope: Envelope) -> int:
        # LMTP owes one answer for each recipient; SMTP one in all.
        return max(1, len(envelope.rcpt_tos)) if self._door == "lmtp" else 1

    def _store(self, raw: bytes, said: intake.Envelope) -> str:
        try:
            with self._app.app_context():
                intake.store_letters([(raw, said)])
            faults.point("e-mail stored")
        except Unavailable:
            return LATER
        except Exception:
            log.exception("a letter could not be stored")
            return LATER
        return SAFE


async def serve(app: Flask, *, lmtp: str, smtp: str, stop: asyncio.Event) -> None:
    """Listen until asked to stop, then let letters under way be stored.

    Raises:
        CannotListen: an address is taken, or is not one of this machine.
    """
    pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="letters")
    loop = asyncio.get_running_loop()
    servers = []
    for bind, kind, door in ((lmtp, _Lmtp, "lmtp"), (smtp, _Smtp, "smtp")):
        if not bind:
            continue
        host, _, port = bind.rpartition(":")
        handler = Handler(app, door, pool)
        try:
            servers.append(await loop.create_server(_protocol(kind, handler), host, int(port)))
        except OSError as problem:
            reason = os.strerror(problem.errno) if problem.errno and problem.errno > 0 else problem.strerror
            raise CannotListen(f"{door.upper()}_BIND is {bind}: nobody can listen there ({reason}).") from None
        log.info("%s listens on %s", door, bind)
    await stop.wait()
    for server in servers:
        server.close()
        await server.wait_closed()
    pool.shutdown(wait=True)


def _protocol(kind: type[SMTP], handler: Handler):  # type: ignore[no-untyped-def]  # noqa: ANN202 - asyncio's protocol factory
    def make() -> SMTP:
        return kind(
            handler, data_size_limit=intake.LETTER_BYTES + 1024, enable_SMTPUTF8=True, ident="Guichet", timeout=120
        )

    return make
