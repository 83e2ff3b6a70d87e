"""S33: an address that only looks like ours is shown for what it is, wherever colleagues read who wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.mail import intake
from app.mail.intake import Envelope
from app.people.names import in_ascii
from app.tickets.models import Message, Ticket
from tests.doors.desk.steps import page

LIKE = "v\u0430lmorin.example"  # its second letter is Cyrillic
SHOWN = "xn--vlmorin-2fg.example"


def letter(more: str = "", author: str = f"Opéra <contact@{LIKE}>") -> bytes:
    head = f"From: {author}\r\nTo: billetterie@{LIKE}\r\nCc: caisse@{LIKE}\r\nMessage-ID: <i@x.fr>\r\nSubject: x\r\n"
    return f"{head}{more}\r\nBonjour\r\n".encode()


def taken(jobs: Callable[[], int], raw: bytes) -> int:
    (key,) = intake.store_letters([(raw, Envelope(f"contact@{LIKE}"))])
    jobs()
    session.rollback()
    return key


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"contact@{LIKE}", f"contact@{SHOWN}"), (f"Contact@{LIKE.upper()}", f"contact@{SHOWN}"),
        ("lea@exemple.fr", "lea@exemple.fr"), (f"a@b@{LIKE}", r"a@b@v\u0430lmorin.example"),
        ("contact@v\u0430lmorin..example", r"contact@v\u0430lmorin..example"), ("Opéra", "Opéra"), ("", ""),
    ],
)  # fmt: skip
def test_any_address_can_be_shown(given: str, shown: str) -> None:
    assert in_ascii(given) == shown


def test_a_request_and_its_e_mail_show_it(karim: FlaskClient, noon: datetime, run_jobs: Callable[[], int]) -> None:
    taken(run_jobs, letter())
    number, message_id = session.query(Ticket).one().number, session.query(Message.id).one()[0]
    session.rollback()
    request = page(karim, f"/regie/demandes/{number}")
    as_sent = page(karim, f"/regie/demandes/{number}/messages/{message_id}/courriel")
    for html in (request, as_sent):
        assert f"contact@{SHOWN}" in html
        assert LIKE not in html
    for box in ("billetterie", "caisse"):
        assert f"{box}@{SHOWN}" in as_sent


def test_what_no_person_wrote_shows_it(karim: FlaskClient, noon: datetime, run_jobs: Callable[[], int]) -> None:
    key = taken(run_jobs, letter("Auto-Submitted: auto-replied\r\n"))
    assert LIKE not in page(karim, "/regie/courrier/automatiques")
    for place in ("/regie/courrier/automatiques", f"/regie/courrier/automatiques/{key}"):
        assert f"contact@{SHOWN}" in page(karim, place)


def test_what_cannot_be_read_shows_it(karim: FlaskClient, noon: datetime, run_jobs: Callable[[], int]) -> None:
    taken(run_jobs, b"\x00 nothing\r\n")
    html = page(karim, "/regie/courrier/illisibles")
    assert LIKE not in html
    assert f"contact@{SHOWN}" in html
