"""F07, F08: what a power cut leaves, and a disk that fills up and has room again, under processes that run.

The disk is filled without rights of any kind: the largest file that a running process may write is set to nothing, which
its writes meet as they would meet a full disk, and then given back.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import smtplib
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from app.kernel.db import db, session
from app.mail.models import LetterIn
from app.tickets.models import Attachment, Ticket
from tests.doors.cli.conftest import ROOT
from tests.doors.mailroom.conftest import a_mailbox
from tests.doors.portal.scenery import a_form
from tests.dovecot import running
from tests.faults import forgetful
from tests.faults.forgetful import Disk
from tests.faults.house import House, answers, delivered, handed_over, letter, markers, once, stored, until
from tests.faults.scale import LETTERS, ROUNDS
from tests.ports import free_port

PDF = b"%PDF-1.4\n" + b"x" * 3_000_000 + b"\n%%EOF\n"
_UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def family(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


@contextmanager
def full_disk(pid: int, room: int = 0) -> Iterator[None]:
    """No file may grow beyond some bytes, for a running process and its children."""
    ids = family(pid)
    for one in ids:
        resource.prlimit(one, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    yield
    for one in ids:
        resource.prlimit(one, resource.RLIMIT_FSIZE, _UNLIMITED)


def halves(house: House) -> list[str]:
    """Files that were begun and never finished."""
    return [str(path) for path in house.folder.rglob("*.part")]


def test_synchronous_writes_are_on_for_every_connection(house: House) -> None:
    """F07: SQLite's FULL (2) calls fsync on every commit; the log is a write-ahead one."""
    connection = session.connection()
    assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


#: A mail room on a disk that keeps only what was synced.
FORGETFUL = """
import sys
from tests.faults import forgetful
forgetful.install(sys.argv[1], sys.argv[2])
from flask.cli import main
sys.argv = ["flask", "--app", "wsgi", "mailroom"]
main()
"""


@contextmanager
def forgetful_mail_room(house: House, record: Path, database: Path) -> Iterator[int]:
    """A mail room whose disk is written down; yields where it takes letters by LMTP."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", FORGETFUL, str(record), str(database)], cwd=ROOT, stderr=subprocess.DEVNULL,
        env=house.environment(LMTP_BIND=f"127.0.0.1:{port}", SMTP_BIND=""),
    )  # fmt: skip
    try:
        until(lambda: answers(port), 60, lambda: f"the mail room ended with {process.poll()}")
        yield port
    finally:
        process.kill()
        process.wait(10)


def found_in(database: Path) -> Counter[int]:
    """Markers of the letters that a database holds, however it lies there."""
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        raws = [zlib.decompress(raw).decode() for (raw,) in opened.execute("SELECT raw FROM letter_in")]
    return Counter(int(raw.split("marque-")[1].split("-fin")[0]) for raw in raws)


def test_a_power_cut_loses_no_letter_that_was_answered_for(house: House, tmp_path: Path) -> None:
    """F07: whatever was not synced is dropped, torn or kept by chance, at many moments; every 250 held until then stays.

    A disk that syncs nothing shows that the loss would be seen.
    """
    database, record, chance = house.folder / "guichet.sqlite3", tmp_path / "record", random.Random(20261126)
    session.remove()
    db.engine.dispose()
    lay = forgetful.before(database)
    answered: list[tuple[int, int]] = []
    with forgetful_mail_room(house, record, database) as port, smtplib.LMTP("127.0.0.1", port, timeout=30) as room:
        for number in range(LETTERS):
            room.sendmail(f"s{number}@exemple.fr", ["billetterie@valmorin.example"], letter(number))
            answered.append((record.stat().st_size, number))
    assert Path(f"{database}-shm").exists()  # SQLite found its files by the names it was given
    disk = Disk(lay, record.read_bytes())
    assert len(disk) > 3 * LETTERS
    missed = 0
    for turn in range(10 * ROUNDS):
        at = chance.randrange(len(disk) + 1)
        owed = {number for size, number in answered if disk.steps_until(size) <= at}
        found = found_in(disk.cut(at, tmp_path / f"cut{turn}", chance))
        assert owed <= set(found)
        assert set(found.values()) <= {1}
        with suppress(sqlite3.DatabaseError, AssertionError):
            missed += bool(owed - set(found_in(disk.cut(at, tmp_path / f"deaf{turn}", chance, deaf=True))))
    assert missed > 0


def test_whatever_was_answered_for_is_in_a_copy_of_the_files_at_any_moment(house: House, tmp_path: Path) -> None:
    """F07: a copy of database and log, taken while letters come in, is whole and holds every letter answered for.

    The copy is what a process cut off in mid-write leaves to the system.
    """
    chance, database = random.Random(20261124), house.folder / "guichet.sqlite3"
    taken: list[int] = []
    with house.mail_room() as (_process, port):
        for place in range(ROUNDS):
            numbers = range(place * 20, place * 20 + 20)
            thread = threading.Thread(target=lambda numbers=numbers: taken.extend(handed_over(port, numbers)))
            thread.start()
            time.sleep(chance.uniform(0.0, 0.1))  # the moment of the fault, not a wait for anything
            answered, copy = list(taken), tmp_path / f"copy{place}.sqlite3"
            for end in ("-wal", ""):  # the log first: what moves from it to the file meanwhile is then in both
                if Path(f"{database}{end}").exists():
                    shutil.copyfile(f"{database}{end}", f"{copy}{end}")
            thread.join()
            with closing(sqlite3.connect(copy)) as opened:
                assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert opened.execute("SELECT count(*) FROM letter_in").fetchone()[0] >= len(answered)


def test_a_full_disk_takes_no_letter_and_answers_for_none(house: House) -> None:
    """F08, database: by LMTP the mail server keeps the letter, and offers it again."""
    with house.mail_room() as (process, port):
        delivered(port, range(5))
        with full_disk(process.pid):
            assert handed_over(port, [5]) == []
        delivered(port, range(5, LETTERS))
    assert stored() == LETTERS
    with house.worker():
        until(lambda: sum(markers().values()) >= LETTERS)
    assert markers() == once(range(LETTERS))
    house.well()


def test_a_full_disk_flags_nothing_in_a_mailbox(house: House) -> None:
    """F08, database: by IMAP nothing is marked that is not stored."""
    user = f"plein{os.getpid()}"
    with running() as server:
        a_mailbox(port=server.port, user=user)
        server.drop(user, *map(letter, range(3)))
        hosts = {"MAIL_HOSTS": f"127.0.0.1:{server.port}"}
        with house.running("mail", "fetch", room=0, **hosts) as process:
            assert process.wait(60) == 1
        assert (stored(), server.seen(user)) == (0, 0)
        assert house.flask("mail", "fetch", **hosts).returncode == 0
        assert (stored(), server.seen(user)) == (3, 3)
    house.well()


def with_file(number: int) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = f"p{number}@exemple.fr", "billetterie@valmorin.example"
    made["Message-ID"], made["Subject"] = f"<f{number}@exemple.fr>", "Pièce"
    made.set_content(f"Bonjour, marque-{number}-fin")
    made.add_attachment(PDF + bytes([number]), maintype="application", subtype="pdf", filename="billet.pdf")
    return made.as_bytes()


def test_a_worker_without_room_leaves_no_half_file_and_goes_on_by_itself(house: House) -> None:
    """F08, attachments and index: what cannot be kept now is kept once there is room, however often it was tried."""
    with house.mail_room() as (_process, port):
        delivered(port, range(3), with_file)
    with house.worker() as process:
        with full_disk(process.pid, room=2_000_000):
            time.sleep(4)  # it tries
            assert (markers(), halves(house)) == ({}, [])
            assert process.poll() is None
        house.leases_end()
        until(lambda: sum(markers().values()) == 3, 600)
    session.rollback()
    assert session.query(Attachment).count() == 3
    assert [row.tries for row in session.query(LetterIn)] == [0, 0, 0]
    house.well()


def test_a_log_that_cannot_be_written_stops_nothing(house: House) -> None:
    """F08, log."""
    with house.mail_room() as (_process, port):
        delivered(port, range(5))
    with Path("/dev/full").open("wb") as full, house.running("work", LOG_LEVEL="DEBUG", told=full):
        until(lambda: sum(markers().values()) == 5)
    house.well()


class Reader:
    """A browser that keeps cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def ask(self, path: str, data: bytes | None = None, kind: str = "") -> tuple[int, str]:
        """A page, or what a form answers. Shape: (status, text)."""
        headers = {"Content-Type": kind, "Origin": self.url} if data is not None else {}
        try:
            with self._open(urllib.request.Request(self.url + path, data, headers), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def form(self, words: str, file: bytes) -> tuple[bytes, str]:
        """The request form filled in, perhaps with a file. Shape: (body, its type)."""
        _status, html = self.ask("/demandes/nouvelle")
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html)
        fields = {**dict(hidden), **a_form(body=words)}
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in fields.items()
        ]
        if file:
            head = (
                b'Content-Disposition: form-data; name="files"; filename="billet.pdf"\r\nContent-Type: application/pdf'
            )
            parts.append(head + b"\r\n\r\n" + file)
        body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
        return body, "multipart/form-data; boundary=limit"


@pytest.mark.parametrize(("room", "file"), [(40_000, b""), (2_000_000, PDF)])
def test_pages_are_read_while_the_disk_is_full_and_what_was_typed_is_kept(house: House, room: int, file: bytes) -> None:
    """F08: the database in the first case, temporary files and attachments in the second."""
    with house.web() as (process, url):
        reader = Reader(url)
        given = reader.form("Ma demande tient-elle ?", file)
        with full_disk(process.pid, room):
            status, html = reader.ask("/demandes/envoi", *given)
            assert status == 503
            assert "éessayez dans une minute" in html
            assert ("Ma demande tient-elle ?" in html) == (not file)
            assert reader.ask("/")[0] == reader.ask("/aide")[0] == 200
        assert session.query(Ticket).count() == 0
        assert halves(house) == []
        assert reader.ask("/demandes/envoi", *given)[0] == 200
    session.rollback()
    assert session.query(Ticket).count() == 1
    house.well()
