"""One house with its doors open: web server, mail room and the mail server its letters leave through.

No browser and no story is here.
"""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app.boxoffice import service as boxoffice
from app.demo.populate import PASSWORD
from app.demo.service import seed
from app.factory import create_app
from app.incidents import declaring
from app.incidents.declaring import Telling
from app.incidents.first_words import first_words
from app.insight import service as insight
from app.insight import visits
from app.kernel import clock, work
from app.kernel.access import Actor
from app.kernel.db import db, session
from app.knowledge import pack
from app.mail import outgoing
from app.mailroom import lmtp
from app.people import entry
from app.people.entry import signed_in
from app.search import desk, index
from app.sla import service as sla
from app.tickets import conversation, handling
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from app.tickets.states import State
from app.triage import place
from app.venue import service as venue
from tests.conftest import NOON, settings_for
from tests.makers import a_ticket
from tests.ports import free_port

__all__ = ["NOON", "PASSWORD", "House", "Sink", "opened", "raised", "taught"]

#: Enough labelled messages for a real model, and few enough to learn from in seconds.
LESSONS = Path(__file__).resolve().parents[2] / "app" / "triage" / "messages" / "phrasings.jsonl"


class Sink:
    """The mail server of the world: it keeps every letter it takes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        letter = message_from_bytes(envelope.original_content, policy=policy.default)
        letter["Return-Path"] = f"<{envelope.mail_from}>"
        self.taken.append(letter)  # type: ignore[arg-type]
        return "250 2.0.0 kept"

    def to(self, address: str, after: int = 0) -> list[EmailMessage]:
        """Letters somebody received, the oldest first; `after` leaves out those already read."""
        return [letter for letter in self.taken if address in letter["To"]][after:]


@dataclass
class House:
    """An open house; its clock moves only when a story says so."""

    app: Flask
    url: str
    sink: Sink
    lmtp_port: int

    def work(self) -> None:
        """What the worker does when it is given all the time it needs."""
        with self.app.app_context():
            for _ in range(2):
                work.run_due()
                outgoing.send_due()
            desk.read_due()

    def count(self) -> None:
        """The turns of the schedule: promises swept, tickets woken, visits written, figures counted."""
        with self.app.app_context():
            visits.flush()
            sla.sweep()
            handling.wake()
            insight.roll_up()

    def wait(self, **span: float) -> datetime:
        """Time passes: `minutes=5`, `hours=2`. Returns the moment reached."""
        clock.advance(timedelta(**span))
        return clock.now()

    @property
    def folder(self) -> Path:
        """Where the house keeps its things."""
        return Path(self.app.instance_path)

    def ask(self, **draft: object) -> Opened:
        """A request that came by the form, sorted and acknowledged."""
        with self.app.app_context():
            made = a_ticket(**draft)
        self.work()
        return made

    def answer(
        self, ticket_id: int, words: str, *, then: State, name: str = "karim", canned_id: int | None = None
    ) -> None:
        """A colleague's answer, written elsewhere than in the story."""
        with self.app.app_context():
            conversation.answer(ticket_id, Word(body=words), then=then, canned_id=canned_id, by=self.actor(name))
        self.work()

    def cancel(self, order_code: str) -> int:
        """Inès declares that what an order is for was cancelled, elsewhere than in the story. Returns the incident."""
        with self.app.app_context():
            order = boxoffice.find(order_code)
            assert order is not None
            assert order.performance is not None
            given = first_words("cancelled", order.performance, venue.house().tz)
            told = Telling(cause="cancelled", performance_id=order.performance.id, **given)
            incident = declaring.declare(told, by=self.actor("ines"))
            session.remove()
        return incident

    def actor(self, name: str) -> Actor:
        """A colleague, for what happens elsewhere than in the story; inside the application's context."""
        who = signed_in(entry.sign_in(f"{name}@valmorin.example", PASSWORD))
        assert who is not None
        return who.actor

    def deliver(self, letter: EmailMessage, *, sender: str | None = None) -> None:
        """Hand a letter to the mail room as a mail server would; `sender` where its envelope names another."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as room:
            assert room.send_message(letter, from_addr=sender) == {}


class _Quiet(WSGIRequestHandler):
    """Says nothing of requests; faults are still told by the application."""

    def log_request(self, *_given: object) -> None:
        """Stay silent."""


def raised(folder: Path) -> Path:
    """The demo house, built once: season, orders, requests, articles, index and figures."""
    app = create_app(settings_for(folder))
    with app.app_context(), clock.frozen_at(NOON):
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        pack.read_own()
        seed()
        work.run_due()
        index.rebuild()
        desk.read_due()
        insight.roll_up()
        _let_go()
    return folder


def taught(folder: Path) -> Path:
    """A folder with a triage model learned from a few labelled messages."""
    place.be(folder)
    place.trained_from([LESSONS])
    return folder


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


@contextmanager
def opened(template: Path, folder: Path, **settings: str) -> Iterator[House]:
    """A copy of a house with every door open, on a Tuesday in opening hours."""
    shutil.copytree(template, folder)
    port, lmtp_port, sink = free_port(), free_port(), Sink()
    post = Controller(sink, hostname="127.0.0.1", port=free_port())
    post.start()
    url = f"http://127.0.0.1:{port}"
    app = create_app(settings_for(folder, PUBLIC_URL=url, SMTP_URL=f"smtp://127.0.0.1:{post.port}", **settings))
    try:
        with clock.frozen_at(NOON), _served(app, port), _mail_room(app, lmtp_port):
            yield House(app, url, sink, lmtp_port)
    finally:
        post.stop()
        with app.app_context():
            _let_go()


@contextmanager
def _served(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # a browser keeps its connections; nobody waits for them at the end
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextmanager
def _mail_room(app: Flask, port: int) -> Iterator[None]:
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()

    async def serve() -> None:
        serving = asyncio.create_task(lmtp.serve(app, lmtp=f"127.0.0.1:{port}", smtp="", stop=stop))
        await _listening(port, serving)
        ready.set()
        await serving

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


async def _listening(port: int, serving: asyncio.Task[None]) -> None:
    while not serving.done():
        with suppress(ConnectionRefusedError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.wait([serving], timeout=0.02)
