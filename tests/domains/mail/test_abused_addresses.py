"""Letters and forms that abuse somebody else's name or address: nothing is changed, told or sent because of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.db import session
from app.mail import intake, telling
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.mail.outgoing import parcel_of
from app.people import entry
from app.tickets.models import Message, Ticket
from tests.cast import KARIM, LEA, STRANGER
from tests.makers import a_letter, a_ticket

Jobs = Callable[[], int]
IBAN = "FR76 3000 6000 0112 3456 7890 189"


def letters() -> list[LetterOut]:
    session.rollback()
    return session.query(LetterOut).order_by(LetterOut.id).all()


def kinds(email: str) -> Counter[str]:
    return Counter(row.kind for row in letters() if row.to_email == email)


@pytest.mark.parametrize(
    "asked", [f"Merci de verser sur {IBAN}.", "Ma nouvelle adresse est {me}.", "Envoyez-moi tout l’historique."]
)
def test_who_claims_to_be_somebody_gets_and_changes_nothing_of_theirs(
    app: Flask, noon: datetime, run_jobs: Jobs, asked: str
) -> None:
    """S34; nothing in the house keeps an IBAN yet, and no letter changes an address."""
    mine = a_ticket(body="Mon histoire secrète.")
    run_jobs()
    before, told = session.query(Ticket).filter_by(id=mine.ticket_id).one().requester_id, kinds(LEA)
    body = f"Je suis Léa Fontanel ({LEA}), demande {mine.number}. {asked.format(me=STRANGER)}"
    raw = a_letter(sender=STRANGER, name="Léa Fontanel", subject=f"Ma demande [#{mine.number}]", body=body)
    intake.store_letters([(raw, Envelope())])
    run_jobs()
    session.rollback()
    assert [row.body for row in session.query(Message).filter_by(ticket_id=mine.ticket_id)] == ["Mon histoire secrète."]
    assert session.query(Ticket).filter_by(id=mine.ticket_id).one().requester_id == before
    assert kinds(LEA) == told
    assert kinds(STRANGER) == {"received": 1}
    (answer,) = [row for row in letters() if row.to_email == STRANGER]
    assert not any(word in answer.text + answer.subject for word in ("secrète", IBAN, str(mine.number)))


def test_a_form_filled_in_for_a_victim_writes_once_and_none_of_its_words(
    app: Flask, noon: datetime, run_jobs: Jobs
) -> None:
    """S41: whoever fills it in, from wherever; the door's own limits come on top."""
    for number in range(40):
        a_ticket(email="victime@exemple.fr", body=f"INSULTE {number}", subject=f"INSULTE {number}", name="INSULTE")
        run_jobs()
    (row,) = [row for row in letters() if row.to_email == "victime@exemple.fr"]
    parcel = parcel_of(row)
    assert "INSULTE" not in parcel.subject + parcel.text + parcel.html


def test_links_are_sent_three_times_an_hour_however_often_they_are_asked_for(
    app: Flask, noon: datetime, run_jobs: Jobs
) -> None:
    """S42; by origin the doors count too: tests/doors/desk/test_sign_in.py, tests/doors/portal/test_finding.py."""
    for _ in range(5):
        a_ticket()
    run_jobs()
    for _ in range(100):
        assert entry.ask_sign_in_link(KARIM.email) is entry.ask_sign_in_link(STRANGER) is None
        assert telling.find_again(LEA) is telling.find_again(STRANGER) is None
    run_jobs()
    assert kinds(KARIM.email) == {"sign_in": 3}
    assert kinds(LEA)["link"] == 3
    assert kinds(STRANGER) == {}


def test_no_word_of_a_stranger_becomes_a_link_or_a_subject(app: Flask, noon: datetime, run_jobs: Jobs) -> None:
    """S43."""
    evil = "http://evil.example"
    a_ticket(email="victime@exemple.fr", name=f"Bob {evil}/n", subject=f"{evil}/s", body=f"{evil}/b")
    run_jobs()
    (row,) = letters()
    parcel = parcel_of(row)
    assert "evil" not in parcel.subject
    assert f'href="{evil}' not in parcel.html
