"""F03: workers killed while letters leave, at each point between taking a letter and noting that it left.

Between the server's word and our commit a letter may leave twice, under one Message-ID; nowhere else, and never is one lost.
"""

from __future__ import annotations

import time
from collections import Counter

import pytest

from app.kernel.db import session
from app.mail import outgoing
from app.mail.models import LetterOut
from app.mail.outgoing import Letter
from app.people import service as people
from app.people.service import Writer
from tests.faults.house import House, until
from tests.faults.scale import ROUNDS
from tests.sink import Sink


def written(number: int) -> str:
    """One letter in the outbox; its address is its marker."""
    email = f"marque{number}@exemple.fr"
    persons = people.recognise([Writer(email, "")])
    outgoing.write([Letter(kind="sign_in", to_person=persons[email], language="fr", values={"sign_in": email})])
    session.remove()
    return email


def all_sent() -> bool:
    session.rollback()
    return {state for (state,) in session.query(LetterOut.state)} == {"sent"}


def sent(emails: list[str]) -> bool:
    session.rollback()
    query = session.query(LetterOut).filter(LetterOut.to_email.in_(emails))
    return query.filter(LetterOut.state == "sent").count() == len(emails)


def arrivals(sink: Sink) -> Counter[str]:
    return Counter(str(letter["To"]).partition("<")[2].strip(">") for letter in sink.taken)


@pytest.mark.parametrize(("point", "copies"), [("e-mail taken", 1), ("e-mail sent", 2)])
def test_a_sender_killed_at_a_point(house: House, sink: Sink, point: str, copies: int) -> None:
    emails = []
    for number in range(ROUNDS):
        emails.append(written(number))
        house.dies_at(point, "work", SMTP_URL=sink.url)
        assert sink.count(emails[-1]) == copies - 1
        house.leases_end()
        with house.worker(SMTP_URL=sink.url):
            until(all_sent)
    house.well()
    assert arrivals(sink) == Counter(dict.fromkeys(emails, copies))
    assert len({letter["Message-ID"] for letter in sink.taken}) == ROUNDS


def test_a_sender_killed_after_its_letter_and_before_the_answer(house: House, sink: Sink) -> None:
    """The server forgets a letter it did not answer for, as RFC 5321 asks; random moments: tests/doors/worker."""
    sink.forgets = True
    emails = []
    for number in range(ROUNDS):
        emails.append(written(number))
        with house.worker(SMTP_URL=sink.url) as process:
            sink.drops.add("END")
            sink.at["END"] = process.kill
            assert process.wait(60) == -9
        sink.drops.clear()
        sink.at.clear()
        house.leases_end()
        with house.worker(SMTP_URL=sink.url):
            until(all_sent)
    house.well()
    assert arrivals(sink) == Counter(dict.fromkeys(emails, 1))


#: Letters to everybody else while one server hangs.
OTHERS = 300


def minute(house: House, sink: Sink, emails: list[str], seconds: float) -> tuple[int, float]:
    """Send what waits. Shape: (letters that arrived in so many seconds, seconds until all but one had)."""
    sink.raw.clear()
    with house.worker(SMTP_URL=sink.url):
        until(lambda: len(sink.raw) > 0)
        began, wanted = time.monotonic(), len(emails) - 1
        while time.monotonic() - began < seconds and len(sink.raw) < wanted:
            time.sleep(0.02)  # the length of the measure, not a wait for anything
        found = len(sink.raw), time.monotonic() - began
        until(lambda: sent(emails))
        return found


def many_written(count: int, domain: str) -> list[str]:
    emails = [f"marque{number}@{domain}" for number in range(count)]
    persons = people.recognise([Writer(email, "") for email in emails])
    outgoing.write([
        Letter(kind="sign_in", to_person=persons[email], language="fr", values={"sign_in": email}) for email in emails
    ])  # fmt: skip
    session.remove()
    return emails


@pytest.mark.parametrize("fault", ["silent", "slow"])
def test_a_server_that_hangs_leaves_four_fifths_of_the_pace_to_all_other_mail(
    house: House, sink: Sink, fault: str
) -> None:
    """F11: accepted and never answered, or a byte a second; for the whole time the worker gives such a letter."""
    paces = []
    for attempt in ("un", "deux", "trois"):  # a machine that is busy elsewhere for a moment says nothing about us
        emails = many_written(OTHERS, f"{attempt}.exemple.fr")
        count, seconds = minute(house, sink, emails, 60)
        assert count >= OTHERS - 1
        getattr(sink, fault).add(("DATA", "goudron"))
        many_written(1, f"{attempt}.goudron.example")
        emails = many_written(OTHERS, f"{attempt}.ailleurs.example")
        found, _ = minute(house, sink, emails, seconds)
        assert not any("goudron" in letter["To"] for letter in sink.taken)
        getattr(sink, fault).clear()
        paces.append(found / OTHERS)
        if paces[-1] >= 0.8:
            return
    raise AssertionError(f"shares of the pace kept: {paces}")
