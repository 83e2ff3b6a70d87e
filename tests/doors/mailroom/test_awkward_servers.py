"""Servers that break off, repeat themselves, lie or count anew: nothing lost, nothing doubled, nobody held up."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.health import service as health
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail import fetching, intake, mailboxes
from app.mail.models import LetterIn
from app.tickets.models import Ticket
from tests.doors.mailroom.conftest import a_mailbox, look
from tests.doors.mailroom.fake_imap import FakeServer, HangUp
from tests.makers import a_letter


def letter(number: int) -> bytes:
    return a_letter(sender=f"s{number}@exemple.fr", subject=f"Demande {number}", mid=f"<m{number}@exemple.fr>",
                    body=f"Bonjour, marque-{number}-fin")  # fmt: skip


@pytest.fixture
def server() -> FakeServer:
    """Five letters on a server that behaves until told otherwise."""
    return FakeServer({number: letter(number) for number in range(1, 6)})


@pytest.fixture
def port(server: FakeServer) -> Iterator[int]:
    with server.listening() as found:
        yield found


@pytest.fixture
def mailbox(app: Flask, port: int) -> int:
    return a_mailbox(port=port)


def once(command: str, act: Callable[[str], bytes]) -> Callable[[str, str], bytes | None]:
    """Answer the first of some commands in another way."""
    left = [1]

    def script(heard: str, rest: str) -> bytes | None:
        if left and heard == command and (command != "FETCH" or "BODY" in rest):
            left.pop()
            return act(rest)
        return None

    return script


def hang_up(last: bytes = b"") -> Callable[[str], bytes]:
    def act(_rest: str) -> bytes:
        raise HangUp(last)

    return act


def whole(run_jobs: Callable[[], int], server: FakeServer) -> None:
    """Every letter of the server is one request, and the doctor agrees."""
    run_jobs()
    session.rollback()
    subjects = sorted(ticket.subject for ticket in session.query(Ticket))
    assert subjects == sorted(f"Demande {number}" for number in server.letters)
    assert [check.id for check in health.examine() if not check.ok and check.id != "index"] == []


def alarms() -> int:
    session.rollback()
    return session.query(JournalEntry).filter_by(name="MailboxRenumbered").count()


HALF = b"* 1 FETCH (UID 1 BODY[] {500}\r\n" + letter(1)[:90]
GARBAGE = [
    b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n", b"\xff\xfe\x00 nonsense\r\n{tag} OK\r\n", b"* BYE shutting down\r\n",
    b"{tag} BAD what?\r\n", b"{tag} NO not now\r\n", b"* 1 FETCH (UID 1 BODY[] {10}\r\n" + letter(1) + b")\r\n{tag} OK\r\n",
    b"", b"* 1 FETCH\r\n{tag} OK done\r\n", b"* 1 FETCH (UID 1 BODY[] NIL)\r\n{tag} OK done\r\n",
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "act"),
    [
        ("FETCH", hang_up(HALF)), ("FETCH", hang_up()), ("STORE", hang_up()), ("SEARCH", hang_up()),
        ("SELECT", hang_up()), ("LOGIN", hang_up()), ("CAPABILITY", hang_up()), ("STORE", lambda _rest: b"{tag} NO busy\r\n"),
        ("SEARCH", lambda _rest: b"{tag} NO busy\r\n"), ("SELECT", lambda _rest: b"{tag} NO [UNAVAILABLE]\r\n"),
        ("LOGIN", lambda _rest: b"{tag} NO [UNAVAILABLE] Temporary failure\r\n"),
        *[("FETCH", hang_up(said)) for said in GARBAGE],
    ],
)  # fmt: skip
def test_a_line_that_breaks_off_anywhere_costs_one_round_and_nothing_else(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int], command: str, act: Callable[[str], bytes]
) -> None:
    server.script = once(command, act)
    first = look(mailbox)
    assert first["error"] not in {"", "sign_in"}
    server.script = lambda _command, _rest: None
    assert look(mailbox)["error"] == ""
    whole(run_jobs, server)
    assert server.seen == set(server.letters)
    assert look(mailbox)["letters"] == 0


def test_between_storing_and_telling_the_line_breaks_and_nothing_is_stored_twice(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int]
) -> None:
    server.script = once("STORE", hang_up())
    look(mailbox)
    assert (session.query(LetterIn).count(), server.seen) == (5, set())
    assert look(mailbox)["letters"] == 0
    assert server.seen == {1, 2, 3, 4, 5}
    whole(run_jobs, server)


def test_a_server_that_answers_twice_gives_each_letter_once(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int]
) -> None:
    def twice(rest: str) -> bytes:
        uids, _blank, parts = rest.partition(" ")
        said = b"".join(server.fetch(int(uid), parts) for uid in uids.split(","))
        return said + b"* 1 FETCH (FLAGS (\\Seen))\r\n" + said + b"{tag} OK done\r\n"

    server.script = once("FETCH", twice)
    assert look(mailbox)["letters"] == 5
    whole(run_jobs, server)


def test_a_size_that_is_wrong_changes_nothing(server: FakeServer, mailbox: int, run_jobs: Callable[[], int]) -> None:
    server.sizes = {1: 1, 2: 4_000_000}
    assert look(mailbox)["letters"] == 5
    whole(run_jobs, server)


def test_a_number_told_behind_the_letter_is_read(server: FakeServer, mailbox: int, run_jobs: Callable[[], int]) -> None:
    def behind(rest: str) -> bytes:
        said = b""
        for uid in rest.partition(" ")[0].split(","):
            raw = server.letters[int(uid)]
            said += b"* %d FETCH (BODY[] {%d}\r\n%b UID %b)\r\n" % (int(uid), len(raw), raw, uid.encode())
        return said + b"{tag} OK done\r\n"

    server.script = once("FETCH", behind)
    assert look(mailbox)["letters"] == 5
    whole(run_jobs, server)


def test_a_letter_the_server_keeps_to_itself_is_asked_for_again(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int]
) -> None:
    def without_three(rest: str) -> bytes:
        uids, _blank, parts = rest.partition(" ")
        said = b"".join(server.fetch(int(uid), parts) for uid in uids.split(",") if uid != "3")
        return said + b"{tag} OK done\r\n"

    server.script = once("FETCH", without_three)
    assert look(mailbox)["letters"] == 5
    whole(run_jobs, server)


def test_a_letter_removed_between_list_and_fetch_holds_up_no_other(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int]
) -> None:
    def removed(_rest: str) -> bytes:
        del server.letters[3]
        return server._plain("FETCH", "1,2,4,5 (UID BODY.PEEK[])") + b"{tag} OK done\r\n"

    server.script = once("FETCH", removed)
    assert (look(mailbox)["letters"], look(mailbox)["letters"]) == (4, 0)
    whole(run_jobs, server)


@pytest.mark.parametrize("change", ["uidvalidity", "uidnext"])
def test_a_server_that_counts_anew_is_one_alarm_and_no_second_request(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int], change: str
) -> None:
    look(mailbox)
    run_jobs()
    old = list(server.letters.values())
    server.letters = {1: old[1], 2: old[4], 3: letter(6)}
    if change == "uidvalidity":
        server.uidvalidity = 8
    assert [look(mailbox)["letters"], look(mailbox)["letters"]] == [1, 0]
    run_jobs()
    session.rollback()
    assert (session.query(Ticket).count(), alarms()) == (6, 1)
    assert mailboxes.card(mailbox, by=SYSTEM).alarm == "renumbered"


def test_a_letter_too_large_is_in_sight_and_holds_up_no_other(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int]
) -> None:
    server.sizes = {3: 26 * 1024 * 1024 + 1}
    told = look(mailbox)
    assert (told["letters"], told["refused"]) == (4, 1)
    run_jobs()
    session.rollback()
    (row,) = session.query(LetterIn).filter_by(fate="unparsed")
    assert (row.reason, row.uid, row.size) == ("too_large", 3, 26 * 1024 * 1024 + 1)
    assert b"Demande 3" in intake.raw_of(row)
    assert server.seen == {1, 2, 4, 5}


def test_a_letter_that_always_breaks_the_line_is_passed_over_in_sight(
    server: FakeServer, mailbox: int, run_jobs: Callable[[], int]
) -> None:
    def poisoned(command: str, rest: str) -> bytes | None:
        if command == "FETCH" and "BODY" in rest and "3" in rest.partition(" ")[0].split(","):
            raise HangUp
        return None

    server.script = poisoned
    outcomes = [look(mailbox) for _ in range(fetching.STUMBLES + 3)]
    assert sum(int(str(one["letters"])) for one in outcomes) == 2
    run_jobs()
    session.rollback()
    assert [(row.uid, row.reason) for row in session.query(LetterIn).filter_by(fate="unparsed")] == [(3, "unreadable")]
    assert sorted(ticket.subject for ticket in session.query(Ticket)) == [f"Demande {n}" for n in (1, 2, 4, 5)]


def test_letters_that_were_never_meant_to_come_in_stay_out_when_numbers_change(
    app: Flask, server: FakeServer, port: int, run_jobs: Callable[[], int]
) -> None:
    mailbox = a_mailbox(port=port, user="anciens", take_old=False)
    assert look(mailbox)["letters"] == 0
    server.letters[6] = letter(6)
    assert look(mailbox)["letters"] == 1
    plain = server.fetch

    def dated(uid: int, parts: str) -> bytes:
        day = "01-Jan-2020" if uid <= 5 else "01-Jan-2090"
        extra = f' INTERNALDATE "{day} 00:00:00 +0000"'.encode() if "SIZE" in parts else b""
        return plain(uid, parts).replace(b")\r\n", extra + b")\r\n") if extra else plain(uid, parts)

    server.fetch = dated  # type: ignore[method-assign]
    server.uidvalidity = 9
    server.letters[7] = letter(7)
    assert look(mailbox)["letters"] == 1
    run_jobs()
    session.rollback()
    assert sorted(ticket.subject for ticket in session.query(Ticket)) == ["Demande 6", "Demande 7"]


def test_a_refused_sign_in_is_tried_once(server: FakeServer, mailbox: int) -> None:
    server.script = lambda command, _rest: b"{tag} NO [AUTHENTICATIONFAILED] no\r\n" if command == "LOGIN" else None
    assert look(mailbox)["error"] == "sign_in"
    assert mailboxes.duties() == []
    assert server.calls == 1
    assert mailboxes.card(mailbox, by=SYSTEM).state == "stopped"


def test_the_secret_is_in_no_log(server: FakeServer, app: Flask, port: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    mailbox = a_mailbox(port=port, user="discrete", secret="velours-cramoisi-77")
    server.script = lambda command, _rest: b"{tag} NO no\r\n" if command == "LOGIN" else None
    look(mailbox)
    session.rollback()
    assert "velours-cramoisi-77" not in caplog.text + mailboxes.card(mailbox, by=SYSTEM).error_words


def test_nobody_is_called_while_there_is_no_mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: object) -> None:
        raise AssertionError("called")

    monkeypatch.setattr(socket, "create_connection", never)
    assert mailboxes.duties() == []
    assert app.test_cli_runner().invoke(args=["mail", "fetch"]).output == ""
