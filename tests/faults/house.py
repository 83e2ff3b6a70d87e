"""A house run as processes of its own, its letters marked inside, and what must hold after every fault. No test is here."""

from __future__ import annotations

import json
import os
import resource
import signal
import smtplib
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from flask import Flask

from app.health import service as health
from app.kernel import clock
from app.kernel.db import session
from app.kernel.faults import KILLED
from app.kernel.jobs import Job
from app.kernel.transaction import begun
from app.mail.models import LetterIn, LetterOut
from app.tickets.models import Message
from tests.doors.cli.conftest import ROOT, environment
from tests.faults.scale import SOAK
from tests.makers import a_letter
from tests.ports import free_port

#: Longer than any lease, so that at real durations nothing waits for ever.
LONGEST = 600.0 if SOAK else 60.0
Process = subprocess.Popen[bytes]


@dataclass
class House:
    """The processes of one house; its database may be looked into beside them."""

    app: Flask
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return Path(self.app.instance_path)

    def environment(self, **settings: str) -> dict[str, str]:
        url = self.app.config["SETTINGS"].database_url
        given = {"DATABASE_URL": url, "LOG_LEVEL": "ERROR", "MAIL_PACE": "", "UNDO_SEND_SECONDS": "0"}
        return environment(self.folder, **{**given, **self.settings, **settings})

    def flask(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=ROOT, env=self.environment(**settings),
            capture_output=True, text=True, check=False, timeout=LONGEST,
        )  # fmt: skip

    def flask_said(self, said: str, *words: str) -> subprocess.CompletedProcess[str]:
        """The same where somebody types a line when asked."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=ROOT, env=self.environment(),
            capture_output=True, text=True, check=False, timeout=LONGEST, input=said + "\n",
        )  # fmt: skip

    @contextmanager
    def running(
        self, *command: str, told: IO[bytes] | None = None, room: int | None = None, said: str = "", **settings: str
    ) -> Iterator[Process]:
        """A process of the house; whatever is left of it at the end of the block is killed by its id.

        `told` takes what it logs; `room` is the largest file that it may write; `said` is what somebody types
        when asked.
        """
        words = command if command[0] == "gunicorn" else ("-m", "flask", "--app", "wsgi", *command)
        binary = Path(sys.executable).parent / "gunicorn" if command[0] == "gunicorn" else sys.executable
        rest = words[1:] if command[0] == "gunicorn" else words
        process = subprocess.Popen(
            [str(binary), *rest], cwd=ROOT, env=self.environment(**settings), stdout=subprocess.DEVNULL,
            stderr=told or subprocess.DEVNULL, start_new_session=True, preexec_fn=partial(_bound, room),
            stdin=subprocess.PIPE,
        )  # fmt: skip
        try:
            if process.stdin is not None:
                process.stdin.write(said.encode())
                process.stdin.close()
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    @contextmanager
    def worker(self, **settings: str) -> Iterator[Process]:
        with self.running("work", **settings) as process:
            yield process

    @contextmanager
    def mail_room(self, **settings: str) -> Iterator[tuple[Process, int]]:
        """A mail room, and where it takes letters by LMTP."""
        port = free_port()
        with self.running("mailroom", LMTP_BIND=f"127.0.0.1:{port}", **settings) as process:
            until(lambda: answers(port), 60, lambda: f"the mail room ended with {process.poll()}")
            yield process, port

    @contextmanager
    def web(self, told: IO[bytes] | None = None, **settings: str) -> Iterator[tuple[Process, str]]:
        """A web server and its address."""
        bind = f"127.0.0.1:{free_port()}"
        given = {"WEB_BIND": bind, "PUBLIC_URL": f"http://{bind}", "WEB_WORKERS": "1", "RATE_LIMITS": "off", **settings}
        with self.running("gunicorn", "wsgi:application", told=told, **given) as process:
            until(
                lambda: answers(int(bind.rpartition(":")[2]), http=True),
                60,
                lambda: f"the web ended with {process.poll()}",
            )
            yield process, f"http://{bind}"

    def dies_at(self, point: str, *command: str, times: int = 1, said: str = "", **settings: str) -> None:
        """Run a process that ends at a point of the code, and see that it did."""
        with self.running(*command, said=said, FAULT=f"{point}:{times}", **settings) as process:
            assert process.wait(LONGEST) == KILLED

    def leases_end(self) -> None:
        """The time passes after which whoever died is taken for dead; at real durations it really does."""
        if SOAK:
            return
        with begun():
            for job in session.query(Job).where(Job.run_at.is_not(None)):
                job.run_at = clock.now() - timedelta(seconds=1)
            for row in session.query(LetterOut).where(LetterOut.state.in_(("waiting", "sending"))):
                row.next_at = clock.now() - timedelta(seconds=1)

    def doctor(self) -> list[dict[str, Any]]:
        """What `flask doctor` finds wrong."""
        told = self.flask("doctor", "--json")
        found = json.loads(told.stdout)
        assert (told.returncode == 0) == found["ok"]
        return [check for check in found["checks"] if not check["ok"]]

    def well(self) -> None:
        """Every invariant holds, or does after what a worker does by the minute: a killed one may have left the index.

        Nothing lost or doubled is mended by any worker; the letters' own checks fail all the same.
        """
        if _wrong():
            with self.worker():
                until(lambda: not _wrong(), 2 * 60 + LONGEST, lambda: str(_wrong()))
        tell("well")


def tell(words: str) -> None:
    """Say how far a soak has come; it lasts for hours."""
    if SOAK:
        done = len(markers())
        print(f"    {time.strftime('%H:%M:%S')} {words}: {stored()} letters stored, {done} markers read", flush=True)


def _bound(room: int | None) -> None:
    if room is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))


def _wrong() -> list[health.Check]:
    session.rollback()
    return [check for check in health.examine() if not check.ok]


def answers(port: int, *, http: bool = False) -> bool:
    """Whether somebody answers there."""
    try:
        if http:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        with smtplib.LMTP("127.0.0.1", port):
            return True
    except (OSError, smtplib.SMTPException):
        return False


def until(true: Callable[[], bool], seconds: float = LONGEST, why: Callable[[], str] = lambda: "") -> None:
    """Wait for something to become true."""
    end, tick = time.monotonic() + seconds, threading.Event()
    while not true():
        assert time.monotonic() < end, why()
        tick.wait(0.05)


def letter(number: int, *, sender: str = "", body: str = "") -> bytes:
    """A letter with a marker inside, from somebody of its own."""
    return a_letter(
        sender=sender or f"spectateur{number}@exemple.fr", subject=f"Demande {number}", mid=f"<m{number}@exemple.fr>",
        body=f"Bonjour, marque-{number}-fin {body}",
    )  # fmt: skip


def handed_over(port: int, numbers: Sequence[int], make: Callable[[int], bytes] = letter) -> list[int]:
    """Deliver letters by LMTP as a mail server does, until the line breaks. Returns those that were answered for."""
    taken: list[int] = []
    with suppress(OSError, smtplib.SMTPException), smtplib.LMTP("127.0.0.1", port, timeout=30) as room:
        for number in numbers:
            room.sendmail(f"s{number}@exemple.fr", ["billetterie@valmorin.example"], make(number))
            taken.append(number)
    return taken


def delivered(port: int, numbers: Sequence[int], make: Callable[[int], bytes] = letter) -> None:
    """Deliver letters as a mail server does: what was not answered for is offered again."""
    left = list(numbers)
    for _ in range(50):
        done = set(handed_over(port, left, make))
        left = [number for number in left if number not in done]
        if not left:
            return
    raise AssertionError(f"{len(left)} letters could not be handed over")


def markers() -> Counter[int]:
    """How often each marker stands in a message, whatever the rows of letters say."""
    session.rollback()
    bodies = [body for (body,) in session.query(Message.body) if "marque-" in body]
    return Counter(int(body.split("marque-")[1].split("-fin")[0]) for body in bodies)


def once(numbers: Sequence[int]) -> Counter[int]:
    """Each marker once: nothing lost, nothing doubled."""
    return Counter(dict.fromkeys(numbers, 1))


def stored() -> int:
    """Letters that lie in the database."""
    session.rollback()
    return session.query(LetterIn).count()
