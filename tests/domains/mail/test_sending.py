"""Letters leave once each, whatever the server does: retries, order, alarms, paces, and one connection for many."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from itertools import pairwise

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import Forbidden
from app.kernel.transaction import begun
from app.mail import outgoing, refusals, sending, stoppage, transport
from app.mail import queries as letters
from app.mail.outgoing import Letter
from app.mail.pacing import paces_from
from app.mail.transport import CheckedMail, LettersPage, SmtpTransport, server_from
from app.people import queries as people_rows
from app.people import service as people
from app.people.service import Writer
from tests.cast import ADELE, KARIM, Character
from tests.ports import free_port
from tests.sink import Sink, sinking

Act = Callable[[Character], Actor]


@pytest.fixture
def sink(app: Flask, noon: datetime) -> Iterator[Sink]:
    with sinking() as one:
        reach(app, one.url)
        yield one
        outgoing.use(LettersPage(), "http://localhost")


def reach(app: Flask, url: str, pace: str = "") -> None:
    mail = CheckedMail(server_from(url))
    mail.init_app(app)
    outgoing.use(SmtpTransport(mail), "http://localhost", paces_from(pace))


@pytest.fixture
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience in tenths of seconds, in the same proportions."""
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(transport, "OPENING_SECONDS", 0.4)
    monkeypatch.setattr(transport, "LETTER_SECONDS", 0.8)


def a_letter_to(*emails: str) -> list[int]:
    """A sign-in letter to each address, with the address in it as its marker."""
    persons = people.recognise([Writer(email, "") for email in emails])
    made = [
        Letter(
            kind="sign_in", to_person=persons[email], language="fr", values={"sign_in": f"http://localhost/{email}/{n}"}
        )
        for n, email in enumerate(emails)
    ]
    return outgoing.write(made)


def marker(email: str, n: int = 0) -> str:
    return f"http://localhost/{email}/{n}"


def state(letter_id: int) -> str:
    row = letters.written(letter_id)
    assert row is not None
    return row.state


def row_of(letter_id: int) -> tuple[str, str, timedelta]:
    row = letters.written(letter_id)
    assert row is not None
    return row.state, row.answer, row.next_at - clock.now()


def undeliverable(email: str) -> str | None:
    return people_rows.addresses([email])[email].undeliverable


def test_a_batch_leaves_over_one_connection(sink: Sink) -> None:
    many = [f"p{n}@exemple.fr" for n in range(7)]
    a_letter_to(*many)
    assert outgoing.send_due() == 7
    assert [sink.count(marker(email, n)) for n, email in enumerate(many)] == [1] * 7
    assert sink.knocks() == 1
    assert sink.heard.count("RSET") == 6


def test_a_connection_that_the_server_ends_is_opened_anew(sink: Sink) -> None:
    a_letter_to("a@exemple.fr", "b@exemple.fr", "c@exemple.fr")
    sink.says["RSET"] = "421 4.7.0 enough for one connection"
    outgoing.send_due()
    assert len(sink.raw) == 3
    assert sink.knocks() == 3


@pytest.mark.parametrize("word", ["RCPT", "DATA", "END"])
def test_a_letter_put_off_is_tried_after_1_5_15_minutes_and_no_sooner(sink: Sink, word: str) -> None:
    (letter,) = a_letter_to("lente@exemple.fr")
    sink.says[word] = "451 4.7.1 greylisted"
    waits = []
    for _ in range(9):
        outgoing.send_due()
        waits.append(round(row_of(letter)[2].total_seconds() / 60))
        knocks = sink.knocks()
        clock.advance(row_of(letter)[2] - timedelta(seconds=1))
        outgoing.send_due()
        assert sink.knocks() == knocks
        clock.advance(timedelta(seconds=1))
    assert waits == [1, 5, 15, 30, 60, 120, 240, 240, 240]
    sink.says.clear()
    outgoing.send_due()
    assert sink.count(marker("lente@exemple.fr")) == 1


def test_after_five_days_a_letter_has_failed_with_its_cause(sink: Sink, noon: datetime) -> None:
    (letter,) = a_letter_to("lente@exemple.fr")
    sink.says["RCPT"] = "452 4.2.2 mailbox full"
    while state(letter) == "waiting":
        clock.advance(max(row_of(letter)[2], timedelta(0)))
        outgoing.send_due()
    assert row_of(letter)[:2] == ("failed", "452 4.2.2 mailbox full")
    assert clock.now() - noon == timedelta(days=5)
    assert undeliverable("lente@exemple.fr") is None


def test_one_recipients_failure_is_never_anothers(sink: Sink) -> None:
    gone, fine, full = a_letter_to("partie@exemple.fr", "bien@exemple.fr", "pleine@exemple.fr")
    sink.says["RCPT", "partie"] = "550 5.1.1 no such user"
    sink.says["END", "pleine"] = "552 5.3.4 message too big"
    outgoing.send_due()
    outgoing.send_due()
    assert [state(one) for one in (gone, fine, full)] == ["failed", "sent", "failed"]
    assert sink.count(marker("bien@exemple.fr", 1)) == 1
    assert len(sink.raw) == 1
    assert undeliverable("partie@exemple.fr") == "5.1.1"
    assert undeliverable("pleine@exemple.fr") is None


def test_a_later_letter_waits_for_the_earlier_one_to_the_same_address(sink: Sink) -> None:
    sink.says["RCPT", "lente"] = "451 4.7.1 later"
    first, second = (a_letter_to("lente@exemple.fr")[0] for _ in range(2))
    (other,) = a_letter_to("autre@exemple.fr")
    outgoing.send_due()
    assert [state(one) for one in (first, second, other)] == ["waiting", "waiting", "sent"]
    assert sink.recipients.count("lente@exemple.fr") == 1
    sink.says.clear()
    outgoing.send_due()
    assert len(sink.raw) == 1
    clock.advance(timedelta(minutes=1))
    outgoing.send_due()
    own = [message_from_bytes(raw, policy=policy.default)["Message-ID"] for raw in sink.raw[1:]]
    assert own == [f"<{row.mid}>" for one in (first, second) if (row := letters.written(one))]


def test_a_wrong_password_stops_everything_with_one_alarm_and_no_hammering(app: Flask, sink: Sink) -> None:
    sink.offers, sink.says["AUTH"] = ("AUTH PLAIN LOGIN",), "535 5.7.8 wrong password"
    reach(app, sink.url.replace("smtp://", "smtp://guichet:secret@"))
    waiting = a_letter_to("a@exemple.fr", "b@exemple.fr")
    for _ in range(30):
        outgoing.send_due()
        clock.advance(timedelta(seconds=29))
    asked = sink.heard.count("AUTH")
    alarm = stoppage.alarm()
    assert alarm is not None
    assert (alarm.kind, alarm.answer) == ("auth", "535 5.7.8 wrong password")
    assert health.quick() == (True, {"database": True, "mail": False, "worker": True})
    assert {check.id: check.found for check in health.examine() if not check.ok}["sending"] == "auth"
    assert sink.knocks() == 1
    assert {state(one) for one in waiting} == {"waiting"}
    clock.advance(timedelta(minutes=1))
    outgoing.send_due()
    assert sink.knocks() == 2
    assert sink.heard.count("AUTH") == 2 * asked
    assert [row.tries for row in letters.last_out()] == [0, 0]


@pytest.mark.parametrize(("word", "says"), [("MAIL", "530 5.7.0 authenticate first"), ("RCPT", "534 5.7.9 too weak")])
def test_being_unknown_stops_everything_at_whatever_word_it_is_said(sink: Sink, word: str, says: str) -> None:
    one, two = a_letter_to("a@exemple.fr", "b@exemple.fr")
    sink.says[word] = says
    outgoing.send_due()
    alarm = stoppage.alarm()
    assert alarm is not None
    assert alarm.kind == "auth"
    assert (state(one), state(two)) == ("waiting", "waiting")
    assert undeliverable("a@exemple.fr") is None


def test_the_button_tries_at_once_and_letters_leave_again(app: Flask, sink: Sink, actor: Act) -> None:
    a_letter_to("a@exemple.fr", "b@exemple.fr")
    sink.says["MAIL"] = "530 5.7.0 authenticate first"
    outgoing.send_due()
    sink.says.clear()
    outgoing.send_due()
    assert not sink.raw
    stoppage.try_now(by=actor(ADELE))
    outgoing.send_due()
    assert stoppage.alarm() is None
    outgoing.send_due()
    assert len(sink.raw) == 2


def test_a_server_that_is_down_burns_no_letters_tries(app: Flask, sink: Sink) -> None:
    reach(app, f"smtp://127.0.0.1:{free_port()}")
    waiting = a_letter_to(*(f"p{n}@exemple.fr" for n in range(5)))
    moments = []
    for _ in range(120):
        before = stoppage.alarm()
        outgoing.send_due()
        after = stoppage.alarm()
        assert after is not None
        if before is None or after.tries > before.tries:
            moments.append(round((after.next_at - clock.now()).total_seconds() / 60))
        clock.advance(timedelta(minutes=1))
    assert moments[:6] == [1, 2, 4, 8, 15, 15]
    assert {row.tries for row in letters.last_out()} == {0}
    reach(app, sink.url)
    clock.advance(timedelta(minutes=15))
    outgoing.send_due()
    outgoing.send_due()
    assert {state(one) for one in waiting} == {"sent"}
    assert [sink.count(marker(f"p{n}@exemple.fr", n)) for n in range(5)] == [1] * 5


@pytest.mark.parametrize("says", ["421 4.3.2 closing", "554 5.7.1 no service for you"])
def test_a_greeting_that_refuses_is_a_server_that_is_down(sink: Sink, says: str) -> None:
    (letter,) = a_letter_to("a@exemple.fr")
    sink.says["CONNECT"] = says
    outgoing.send_due()
    alarm = stoppage.alarm()
    assert alarm is not None
    assert (alarm.kind, alarm.answer) == ("down", says)
    assert state(letter) == "waiting"


def test_a_server_that_cannot_be_trusted_gets_nothing(app: Flask, sink: Sink) -> None:
    """It speaks no TLS where TLS is expected."""
    a_letter_to("a@exemple.fr")
    reach(app, sink.url.replace("smtp:", "smtps:"))
    outgoing.send_due()
    alarm = stoppage.alarm()
    assert alarm is not None
    assert alarm.kind == "tls"
    assert "MAIL" not in sink.heard


@pytest.mark.usefixtures("swift")
def test_a_refusal_does_not_hide_that_an_earlier_try_may_have_arrived(sink: Sink) -> None:
    sink.silent.add("END")
    (one,) = a_letter_to("a@exemple.fr")
    outgoing.send_due()
    sink.silent.clear()
    for words in ("451 4.3.0 later", "452 4.2.2 full"):
        sink.says["RCPT"] = words
        clock.advance(timedelta(hours=1))
        outgoing.send_due()
        assert row_of(one)[:2] == ("waiting", f"timed out · {words}")
    assert refusals.perhaps_taken(row_of(one)[1])


def test_a_refusal_does_not_hide_that_a_sender_was_lost_with_the_letter(sink: Sink) -> None:
    (one,) = a_letter_to("a@exemple.fr")
    assert sending._take(25) is not None  # it dies here, nobody knows how far it was
    sink.says["RCPT"] = "451 4.3.0 later"
    clock.advance(sending.LEASE * 2)
    outgoing.send_due()
    assert row_of(one)[:2] == ("waiting", "sender lost · 451 4.3.0 later")


@contextmanager
def never_for_ever() -> Iterator[None]:
    """What is done ends, on however busy a machine: a server that drips would be heard out for 500 seconds."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 100


def fault(kind: str, sink: Sink) -> set[str | tuple[str, str]]:
    table: set[str | tuple[str, str]] = getattr(sink, kind)
    return table


@pytest.mark.parametrize("kind", ["silent", "slow"])
@pytest.mark.parametrize("word", ["RCPT", "DATA", "END"])
@pytest.mark.usefixtures("swift")
def test_a_letter_that_hangs_holds_up_no_other(sink: Sink, kind: str, word: str) -> None:
    fault(kind, sink).add((word, "goudron"))
    stuck, *fine = a_letter_to("a@goudron.example", "b@goudron.example", *(f"p{n}@exemple.fr" for n in range(10)))
    with never_for_ever():
        outgoing.send_due()
    assert sink.knocks() == 2
    assert [sink.count(marker(f"p{n}@exemple.fr", n + 2)) for n in range(10)] == [1] * 10
    assert row_of(stuck)[:2] == ("waiting", "timed out")
    assert state(fine[0]) == "waiting"
    assert sink.recipients.count("b@goudron.example") == 0


@pytest.mark.parametrize("kind", ["silent", "slow"])
@pytest.mark.parametrize("word", ["CONNECT", "EHLO", "MAIL"])
@pytest.mark.usefixtures("swift")
def test_a_server_that_hangs_stops_the_queue_within_the_time(sink: Sink, kind: str, word: str) -> None:
    fault(kind, sink).add(word)
    a_letter_to(*(f"p{n}@d{n}.example" for n in range(10)))
    with never_for_ever():
        outgoing.send_due()
    assert sink.knocks() <= 2
    alarm = stoppage.alarm()
    assert alarm is not None
    assert alarm.kind == "down"
    assert sorted(row.tries for row in letters.last_out())[:8] == [0] * 8
    fault(kind, sink).clear()
    clock.advance(timedelta(minutes=2))
    outgoing.send_due()
    outgoing.send_due()
    assert [sink.count(marker(f"p{n}@d{n}.example", n)) for n in range(10)] == [1] * 10


@pytest.mark.usefixtures("swift")
def test_a_line_that_goes_dead_after_the_letter_costs_one_letter_its_turn(sink: Sink) -> None:
    sink.drops.add(("END", "perdue"))
    lost, fine = a_letter_to("perdue@exemple.fr", "bien@autre.example")
    outgoing.send_due()
    assert (state(lost), state(fine)) == ("waiting", "sent")
    sink.drops.clear()
    clock.advance(timedelta(minutes=2))
    outgoing.send_due()
    assert state(lost) == "sent"
    own = [one["Message-ID"] for one in sink.taken if "perdue@exemple.fr" in one["To"]]
    assert len(own) == 2
    assert len(set(own)) == 1


def test_each_domain_gets_its_letters_at_its_own_pace(app: Flask, sink: Sink) -> None:
    reach(app, sink.url, "lent.example=6/min, *=60/min")
    a_letter_to(*(f"p{n}@lent.example" for n in range(9)), *(f"p{n}@exemple.fr" for n in range(5)))
    left = []
    for _ in range(90):
        outgoing.send_due()
        left.append(sum("lent.example" in to for to in sink.recipients))
        clock.advance(timedelta(seconds=1))
    assert sum("exemple.fr" in to for to in sink.recipients) == 5
    assert left[0] == 1
    assert left[59] == 6
    assert left[-1] == 9
    assert all(after - before <= 1 for before, after in pairwise(left))


def test_a_sender_that_died_leaves_its_letters_to_the_next_once_its_lease_has_ended(sink: Sink) -> None:
    (letter,) = a_letter_to("a@exemple.fr")
    assert sending._take(50) is not None
    clock.advance(timedelta(minutes=4))
    assert outgoing.send_due() == 0
    clock.advance(timedelta(minutes=1))
    assert outgoing.send_due() == 1
    assert state(letter) == "sent"


def test_a_sender_that_wakes_up_after_its_lease_settles_nothing(sink: Sink) -> None:
    (letter,) = a_letter_to("a@exemple.fr")
    late = sending._take(50)
    assert late is not None
    clock.advance(timedelta(minutes=6))
    outgoing.send_due()
    sending._settle_refused(letter, late, 1, outgoing.Refused("550 5.1.1 too late", permanent=True, unknown=True))
    sending._give_back(late, late.letters)
    assert row_of(letter)[:2] == ("sent", "250")
    assert undeliverable("a@exemple.fr") is None


def test_a_letter_that_cannot_be_built_fails_alone(sink: Sink) -> None:
    odd, fine = a_letter_to("a@exemple.fr", "b@exemple.fr")
    row = letters.written(odd)
    assert row is not None
    with begun():
        row.to_email, row.domain = "a\r\nBcc: b@exemple.fr", ""
    outgoing.send_due()
    assert (state(odd), state(fine)) == ("failed", "sent")


def test_an_address_the_server_has_no_letters_for_fails_alone(sink: Sink) -> None:
    odd, fine = a_letter_to("zoé@exemple.fr", "b@exemple.fr")
    outgoing.send_due()
    assert row_of(odd)[:2] == ("failed", "553 5.6.7 SMTPUTF8 not supported by server")
    assert state(fine) == "sent"


def test_the_envelope_names_the_letter_and_the_machine_is_not_named(sink: Sink) -> None:
    a_letter_to("a@exemple.fr", "b@exemple.fr")
    outgoing.send_due()
    assert len(set(sink.senders)) == 2
    assert all(one.startswith("billetterie+retour-") for one in sink.senders)
    assert all(letter["X-Auto-Response-Suppress"] == "All" for letter in sink.taken)
    assert not any(name.lower().startswith("list-") for letter in sink.taken for name in letter.keys())  # noqa: SIM118


def test_only_those_who_read_letters_may_try_again(app: Flask, actor: Act) -> None:
    with pytest.raises(Forbidden):
        stoppage.try_now(by=actor(KARIM))
