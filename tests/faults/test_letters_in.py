"""F01, F02, S40: processes killed while letters come in and are filed; nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.mail import drops, mailboxes
from app.mail.mailbox_draft import of_folder
from app.mail.models import LetterIn
from app.people import service as people
from tests.doors.mailroom.conftest import a_mailbox
from tests.dovecot import Dovecot, running
from tests.faults.house import House, delivered, handed_over, letter, markers, once, stored, tell, until
from tests.faults.scale import FLOOD, HONEST, LETTERS, ROUNDS
from tests.sink import Sink

#: Letters of one round.
SHARE = LETTERS // ROUNDS


def all_filed(house: House, count: int) -> None:
    """Another worker files what is left."""
    house.leases_end()
    with house.worker():
        until(lambda: sum(markers().values()) >= count)
    assert markers() == once(range(count))
    house.well()
    assert house.doctor() == []


def test_killed_between_storing_a_letter_and_saying_so(house: House) -> None:
    """F01 by LMTP: the mail server offers the letter again, and it is known for a copy."""
    for place in range(ROUNDS):
        numbers = range(place * SHARE, (place + 1) * SHARE)
        with house.mail_room(FAULT=f"e-mail stored:{SHARE // 2}") as (process, port):
            taken = handed_over(port, numbers)
            assert process.wait(60) == 137
        assert len(taken) == SHARE // 2 - 1
        with house.mail_room() as (_process, port):
            delivered(port, numbers[len(taken) :])
        tell(f"round {place + 1} of {ROUNDS}")
    assert stored() == ROUNDS * (SHARE + 1)
    all_filed(house, ROUNDS * SHARE)
    assert session.query(LetterIn).filter_by(fate="duplicate").count() == ROUNDS


def test_a_mail_room_killed_at_random_moments(house: House) -> None:
    """F01 by LMTP."""
    chance = random.Random(20261122)
    for place in range(ROUNDS):
        left = list(range(place * SHARE, (place + 1) * SHARE))
        with house.mail_room() as (process, port):
            timer = threading.Timer(chance.uniform(0.001, 0.3), process.kill)
            timer.start()
            done = set(handed_over(port, left))
            timer.join()
        with house.mail_room() as (_process, port):
            delivered(port, [number for number in left if number not in done])
        tell(f"round {place + 1} of {ROUNDS}")
    all_filed(house, ROUNDS * SHARE)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running() as found:
        yield found


def test_a_fetcher_killed_between_storing_letters_and_telling_their_server(house: House, server: Dovecot) -> None:
    """F01 by IMAP; random moments are shown in tests/doors/mailroom/test_killed.py."""
    user = f"faute{os.getpid()}"
    server.drop(user, *map(letter, range(LETTERS)))
    a_mailbox(port=server.port, user=user)
    hosts = {"MAIL_HOSTS": f"127.0.0.1:{server.port}"}
    rounds = min(ROUNDS, LETTERS // 50 + 1)
    for _ in range(rounds):
        house.dies_at("e-mail stored", "mail", "fetch", **hosts)
    assert house.flask("mail", "fetch", **hosts).returncode == 0
    assert house.flask("mail", "fetch", **hosts).stdout.count('"letters": 0') == 1
    assert (stored(), server.seen(user)) == (LETTERS, LETTERS)
    all_filed(house, LETTERS)


def test_a_mail_room_killed_between_storing_what_lies_in_a_folder_and_taking_it_away(house: House) -> None:
    """F01 by folder: what is found again is known by its number, and its marker is read once."""
    place = a_folder()
    for number in range(LETTERS):
        (place / f"{number}.eml").write_bytes(letter(number))
    for _ in range(min(ROUNDS, LETTERS // 50 + 1)):
        house.dies_at("e-mail stored", "mailroom", LMTP_BIND="", SMTP_BIND="")
    assert stored() > 0
    with house.running("mailroom", LMTP_BIND="", SMTP_BIND=""):
        until(lambda: not list(place.glob("*.eml")))
    assert (stored(), list(place.iterdir())) == (LETTERS, [])
    all_filed(house, LETTERS)
    assert session.query(LetterIn).filter_by(fate="duplicate").count() == 0


def test_a_mail_room_killed_at_random_moments_while_letters_are_left_in_a_folder(house: House) -> None:
    """F01 by folder: others go on leaving letters, whole ones and some in two halves."""
    place, chance = a_folder(), random.Random(20261125)
    for turn in range(ROUNDS):
        with house.running("mailroom", LMTP_BIND="", SMTP_BIND="") as process:
            for number in range(turn * SHARE, (turn + 1) * SHARE):
                raw = letter(number)
                with (place / f"{number}.eml").open("wb") as file:
                    file.write(raw[:60])
                    file.flush()
                    time.sleep(chance.choice((0.0, 0.02)))  # whoever writes is slow
                    file.write(raw[60:])
            time.sleep(chance.uniform(0.0, 4.0))  # the moment of the fault, not a wait for anything
            os.kill(process.pid, signal.SIGKILL)
        tell(f"round {turn + 1} of {ROUNDS}")
    with house.running("mailroom", LMTP_BIND="", SMTP_BIND=""):
        until(lambda: not list(place.glob("*.eml")))
    assert stored() == ROUNDS * SHARE
    all_filed(house, ROUNDS * SHARE)


def a_folder() -> Path:
    """A folder that the mail room watches."""
    home = people.department("billetterie").id
    draft = of_folder("Numériseur", department_id=home, language="fr", folder="scanner", after="remove")
    mailboxes.switch(mailboxes.add(draft, secret="", by=SYSTEM), on=True, by=SYSTEM)
    session.remove()
    place = drops.base() / "scanner"
    place.mkdir(parents=True)
    return place


def test_a_worker_killed_before_its_commit(house: House) -> None:
    """F02: the letters at hand are filed by the next one, not skipped."""
    with house.mail_room() as (_process, port):
        for place in range(ROUNDS):
            delivered(port, range(place * SHARE, (place + 1) * SHARE))
            house.dies_at("job worked", "work")
            assert sum(markers().values()) == place * SHARE
            house.leases_end()
            with house.worker():
                until(lambda place=place: sum(markers().values()) >= (place + 1) * SHARE)  # type: ignore[misc]
            house.well()
    all_filed(house, ROUNDS * SHARE)


def test_a_worker_killed_at_random_moments(house: House) -> None:
    """F02."""
    chance = random.Random(20261123)
    with house.mail_room() as (_process, port):
        for place in range(ROUNDS):
            delivered(port, range(place * SHARE, (place + 1) * SHARE))
            with house.worker() as process:
                time.sleep(chance.uniform(0.8, 2.0))  # the moment of the fault, not a wait for anything
                os.kill(process.pid, signal.SIGKILL)
    all_filed(house, ROUNDS * SHARE)


#: Letters an hour that one sender has filed at once here.
SHARE_AN_HOUR = 60


def test_a_flood_of_one_sender_delays_nobody_and_is_one_line(house: House, sink: Sink) -> None:
    """S40: both come mixed; the flood has to wait, and what waits is known to the letter."""
    flood = range(HONEST, HONEST + FLOOD)

    def make(number: int) -> bytes:
        return letter(number, sender="" if number < HONEST else "flot@lycee.example")

    order = sorted([*range(HONEST), *flood], key=lambda number: random.Random(number).random())
    with house.mail_room() as (_process, port), house.worker(SMTP_URL=sink.url, MAIL_SLOW_ADDRESS=str(SHARE_AN_HOUR)):
        delivered(port, order, make)
        until(lambda: set(markers()) >= set(range(HONEST)))
    house.well()
    found = markers()
    assert {number: found[number] for number in range(HONEST)} == once(range(HONEST))
    slow = session.query(LetterIn).filter_by(fate="slow", lane="flot@lycee.example").count()
    filed = sum(found[number] for number in flood)
    waiting = session.query(LetterIn).filter_by(fate="waiting").count()
    assert (max(found.values()), slow + filed + waiting) == (1, FLOOD)
    assert filed <= SHARE_AN_HOUR + 20  # and a few turns of what is let through
