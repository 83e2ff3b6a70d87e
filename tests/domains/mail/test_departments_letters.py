"""Letters of a department stay in it: unreadable ones, those split off, and the mailbox they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import service as health
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.mail import fetching, intake, mailboxes, register, reparsing, sight, unparsed
from app.mail.fetching import Fetched
from app.mail.intake import Envelope
from app.mail.mailbox_draft import MailboxDraft
from app.mail.models import LetterIn
from app.people import service as people
from app.tickets import cases, handling, moving
from app.tickets.models import Ticket
from app.tickets.states import REOPENS_WITHIN
from tests.cast import ADELE, HUGO, INES, KARIM, LEA, RITA, Character
from tests.makers import a_letter

Known = Callable[[Character], Actor]


def a_mailbox(department: str) -> int:
    draft = MailboxDraft(
        name="Informatique", department_id=people.department(department).id, language="en", host="imap.example.org",
        port=993, security="tls", user="it@valmorin.example", auth="password", folder="INBOX", after="seen",
        take_old=True,
    )  # fmt: skip
    made = mailboxes.add(draft, secret="rideau-pourpre", by=SYSTEM)
    mailboxes.switch(made, on=True, by=SYSTEM)
    fetching.met(made, 7, 3)
    return made


def left_there(mailbox: int, *uids: int, raw: bytes = b"", reason: str = "unreadable") -> list[int]:
    for uid in uids:
        fetching.refuse(mailbox, 7, Fetched(uid, raw), size=len(raw), reason=reason)
    session.rollback()
    return [key for (key,) in session.query(LetterIn.id).filter_by(mailbox_id=mailbox).order_by(LetterIn.id)]


def listed(by: Actor) -> list[int]:
    session.rollback()
    return [letter.id for letter in unparsed.listed(by=by)]


def test_letters_of_a_departments_mailbox_are_seen_there_alone(app: Flask, noon: datetime, actor: Known) -> None:
    (secret,) = left_there(a_mailbox("it"), 1, raw=b"Subject: Mot de passe de la direction\r\n\r\n", reason="too_large")
    (common,) = intake.store_letters([(b"Subject: Sans auteur\r\n\r\nUn mot.\r\n", Envelope())])
    intake.file_letters([common])
    karim, hugo = actor(KARIM), actor(HUGO)
    assert (listed(karim), sight.waiting(by=karim).unparsed) == ([common], 1)
    assert (listed(hugo), sight.waiting(by=hugo).unparsed) == ([secret], 1)
    assert (listed(actor(ADELE)), listed(SYSTEM)) == ([common, secret], [common, secret])
    assert (sight.may_file(hugo), sight.may_file(actor(RITA))) == (True, False)
    for key, by in ((secret, karim), (common, hugo), (secret, actor(RITA))):
        for verb in (unparsed.one, unparsed.raw, unparsed.try_again, unparsed.put_aside):
            with pytest.raises(NotFound):
                verb(key, by=by)
        with pytest.raises(NotFound):
            unparsed.open_by_hand(key, email=LEA, name="", subject="", body="À moi.", by=by)


def test_a_request_made_by_hand_of_such_a_letter_stays_in_its_department(
    app: Flask, noon: datetime, actor: Known
) -> None:
    keys = left_there(a_mailbox("it"), 1, 2)
    made = [
        unparsed.open_by_hand(key, email=LEA, name="", subject="", body=f"Numéro {key}", by=actor(HUGO)) for key in keys
    ]
    case = cases.case_for(actor(HUGO), made[0].number)
    assert (case.department_id, case.language) == (people.department("it").id, "en")
    with pytest.raises(NotFound):
        cases.case_for(actor(KARIM), made[0].number)
    session.rollback()
    # Of both nothing could be fetched, so that they look the same; they are two letters all the same.
    assert [check.id for check in health.examine() if not check.ok and check.id != "index"] == []


def test_of_a_letter_that_stays_on_its_server_nothing_is_read_again(app: Flask, noon: datetime, actor: Known) -> None:
    head = f"From: {LEA}\r\nSubject: Grand\r\n\r\n".encode()
    (key,) = left_there(a_mailbox("it"), 1, raw=head, reason="too_large")
    assert unparsed.try_again(key, by=actor(HUGO)) == "unparsed"
    for dry in (True, False):
        (told,) = reparsing.reparse([key], dry=dry, by=SYSTEM)
        assert (told.outcome, told.reason) == ("unparsed", "too_large")


def test_a_letter_split_off_stays_in_its_department(
    app: Flask, noon: datetime, actor: Known, run_jobs: Callable[[], int]
) -> None:
    raws = [
        a_letter(body="Mon salaire."),
        a_letter(mid="<2@ex.fr>", in_reply_to="<un@exemple.fr>", body="Et ma fiche ?"),
    ]
    box = a_mailbox("rh")
    for uid, raw in enumerate(raws, 1):
        fetching.take_in(box, 7, [Fetched(uid, raw)], up_to=uid)
        run_jobs()
    rita = actor(RITA)
    first = session.query(Ticket).one()
    said = cases.case_for(rita, first.number).said
    session.rollback()
    made = moving.split(said[-1].id, by=rita)
    run_jobs()
    assert cases.case_for(rita, made).department_id == people.department("rh").id
    with pytest.raises(NotFound):
        cases.case_for(actor(KARIM), made)


def test_who_does_not_work_in_a_department_takes_no_mailbox_from_it(app: Flask, actor: Known) -> None:
    made = a_mailbox("rh")
    ours = replace(mailboxes.card(made, by=SYSTEM).draft, department_id=people.department("billetterie").id)
    with pytest.raises(Invalid) as problem:
        mailboxes.change(made, ours, secret="", by=actor(INES))
    assert problem.value.fields == {"secret": "required"}
    mailboxes.change(made, ours, secret="", by=actor(ADELE))
    assert mailboxes.card(made, by=SYSTEM).has_secret


def test_an_answer_that_comes_too_late_opens_its_request_in_the_same_department(
    app: Flask, noon: datetime, actor: Known, run_jobs: Callable[[], int]
) -> None:
    fetching.take_in(a_mailbox("rh"), 7, [Fetched(1, a_letter(body="Mon salaire."))], up_to=1)
    run_jobs()
    first = session.query(Ticket).one()
    handling.solve(first.id, by=actor(RITA))
    clock.advance(REOPENS_WITHIN + timedelta(days=1))
    # Answers go to the house's own address, whichever mailbox the request came from.
    late = a_letter(mid="<2@ex.fr>", in_reply_to="<un@exemple.fr>", body="Et ma prime ?")
    ids = intake.store_letters([(late, Envelope())])
    run_jobs()
    session.rollback()
    homes = [row.department_id for row in session.query(Ticket).order_by(Ticket.id)]
    assert homes == [people.department("rh").id] * 2
    assert register.fates_of([("", ids[0])])[0][1]["reason"] == "too_late"
