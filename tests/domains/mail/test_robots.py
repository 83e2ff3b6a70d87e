"""People whom words alone would make robots; robots by their signs; returns that prove nothing mark nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import identity, intake, register, robots
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.models import LetterOut
from app.people import queries as people_rows
from app.tickets import cases
from tests.cast import KARIM, LEA, Character
from tests.domains.mail.test_intake import answered, take
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]
TALK = [
    ("Message automatique reçu, que faire ?", "Bonjour, j’ai reçu un message automatique mais pas mes billets."),
    ("Automatic reply but no tickets", "I only got your automatic reply, where are my tickets?"),
    ("Auto: où se garer ?", "Où garer mon auto ?"),
    ("Je suis absente du bureau ce soir-là", "Peut-on échanger ?"),
    ("Échec de livraison de mes billets", "La Poste dit que le pli n’a pas été distribué."),
    ("Undelivered tickets", "My tickets could not be delivered to me, please help."),
    ("Message not delivered", "You wrote that my message could not be delivered to the box office: why?"),
    (
        "Mail delivery failed for my e-tickets",
        "The message you sent could not be delivered, I see. Please resend them.",
    ),
]
SIGNS = [
    ({"Auto-Submitted": "auto-replied"}, "submitted"), ({"Return-Path": "<>"}, "returned"),
    ({"Precedence": "bulk"}, "precedence"), ({"X-Auto-Response-Suppress": "All"}, "suppressed"),
    ({"List-Unsubscribe": "<mailto:x@exemple.fr>"}, "list"), ({"X-Autoreply": "yes"}, "machine"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "body"), TALK, ids=[subject for subject, _ in TALK])
def test_who_only_talks_like_a_robot_is_heard_but_no_machine_answers(
    app: Flask, run_jobs: Jobs, noon: datetime, subject: str, body: str
) -> None:
    (fate,) = take(run_jobs, a_letter(subject=subject, body=body))
    assert (fate["fate"], fate["reason"]) == ("ticket", "new")
    assert session.query(LetterOut).count() == 0
    take(run_jobs, a_letter(sender="autre@exemple.fr", mid="<2@exemple.fr>"))
    assert [row.to_email for row in session.query(LetterOut)] == ["autre@exemple.fr"]


def test_who_only_talks_like_a_robot_joins_what_they_answer(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    (first,) = take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    body = "Your message could not be delivered to my mind: what do you mean?"
    (fate,) = take(
        run_jobs, a_letter(mid="<2@x.fr>", subject="Message not delivered", body=body, in_reply_to=f"<{mid}>")
    )
    assert (fate["fate"], fate["ticket"]) == ("reply", first["ticket"])
    assert cases.case_for(actor(KARIM), int(str(first["ticket"]))).said[-1].body == body


@pytest.mark.parametrize(("headers", "sign"), SIGNS, ids=[sign for _, sign in SIGNS])
@pytest.mark.parametrize("subject", ["Remboursement", "Absence du bureau"])
def test_a_machines_sign_opens_nothing_and_is_told(
    app: Flask, run_jobs: Jobs, noon: datetime, headers: dict[str, str], sign: str, subject: str
) -> None:
    (fate,) = take(run_jobs, a_letter(subject=subject, headers=headers))
    assert (fate["fate"], fate["reason"], fate["ticket"]) == ("automatic", sign, None)


def test_a_daemon_without_a_report_is_a_return_of_ours_or_of_nobodys(
    app: Flask, run_jobs: Jobs, noon: datetime
) -> None:
    raw = a_letter(sender="MAILER-DAEMON@mx.exemple.fr", name="", subject="failure notice", body="550 5.1.1 no user")
    (fate,) = take(run_jobs, raw)
    assert (fate["fate"], fate["reason"]) == ("bounce", "bounce_stray")


def from_field(value: str, more: str = "") -> bytes:
    head = (
        f"From: {value}\r\n{more}To: billetterie@valmorin.example\r\nSubject: Ma place\r\nMessage-ID: <f@x.fr>\r\n\r\n"
    )
    return (head + "Bonjour, remboursez-moi.\r\n").encode()


@pytest.mark.parametrize("author", ["jean@orange,fr", "jean@[192.0.2.1]", "jean@localhost", "Jean Dupont"])
@pytest.mark.parametrize(
    ("more", "envelope"),
    [("Reply-To: jean@orange.fr\r\n", ""), ("Return-Path: <jean@orange.fr>\r\n", ""), ("", "jean@orange.fr")],
    ids=["reply-to", "return-path", "envelope"],
)
def test_an_author_nobody_can_write_to_is_answered_where_one_can(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, author: str, more: str, envelope: str
) -> None:
    (key,) = intake.store_letters([(from_field(author, more), Envelope(envelope))])
    run_jobs()
    fate = register.fates_of([("", key)])[0][1]
    assert fate["fate"] == "ticket"
    assert cases.case_for(actor(KARIM), int(str(fate["ticket"]))).requester.email == "jean@orange.fr"


@pytest.mark.parametrize("author", ["jean@orange,fr", "jean@[192.0.2.1]", "jean@localhost", "Jean Dupont"])
@pytest.mark.parametrize("envelope", ["", "billetterie+retour-x@valmorin.example"], ids=["none", "ours"])
def test_an_author_nobody_can_write_to_waits_in_sight(
    app: Flask, run_jobs: Jobs, noon: datetime, author: str, envelope: str
) -> None:
    (key,) = intake.store_letters([(from_field(author), Envelope(envelope))])
    run_jobs()
    fate = register.fates_of([("", key)])[0][1]
    assert (fate["fate"], fate["reason"]) == ("unparsed", "no_author")


def test_what_does_not_begin_as_a_letter_does_waits_in_sight(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    (key,) = intake.store_letters([(b"\x00\xff\xfe\x80\r\n" * 400, Envelope("robot@exemple.fr"))])
    run_jobs()
    fate = register.fates_of([("", key)])[0][1]
    assert (fate["fate"], fate["reason"]) == ("unparsed", "no_letter")


def report(mid: str, recipient: str) -> bytes:
    """What a server writes, or whoever plays one."""
    return (
        "From: MAILER-DAEMON@attacker.example\r\nTo: billetterie@valmorin.example\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n'
        f"In-Reply-To: <{mid}>\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{mid}>\r\n\r\nBonjour\r\n--b--\r\n"
    ).encode()


def words_only(mid: str) -> bytes:
    return a_letter(
        sender="mailer-daemon@attacker.example", subject="Undelivered Mail Returned to Sender", mid="<z@z.fr>",
        body=f"550 5.1.1 no such user {LEA}", in_reply_to=f"<{mid}>",
    )  # fmt: skip


@pytest.mark.parametrize(
    "forged",
    [words_only, lambda mid: report(mid, "somebody-else@attacker.example"), lambda mid: report(mid, "")],
    ids=["thread and words", "another recipient", "no recipient"],
)
def test_a_forged_return_shows_and_silences_nobody(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, forged: Callable[[str], bytes]
) -> None:
    (first,) = take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    (fate,) = take(run_jobs, forged(mid))
    assert (fate["fate"], fate["ticket"], fate["reason"]) == ("bounce", first["ticket"], "bounce_unproven")
    session.rollback()
    assert letters.by_mids([mid])[mid].state == "shown"
    assert people_rows.addresses([LEA])[LEA].undeliverable is None


@pytest.mark.parametrize("way", ["quoted", "returned"])
def test_a_return_that_proves_itself_marks_the_address(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, way: str
) -> None:
    (first,) = take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    back = identity.return_address(letters.last_out(1)[0].id)
    told = report(mid, LEA.upper()) if way == "quoted" else report("other@nowhere.example", "")
    (fate,) = take(run_jobs, told, recipients=(back,) if way == "returned" else ())
    assert (fate["fate"], fate["ticket"], fate["reason"]) == ("bounce", first["ticket"], "bounce")
    session.rollback()
    assert people_rows.addresses([LEA])[LEA].undeliverable == "5.1.1"


def test_what_is_taken_for_a_machines_is_listed_and_becomes_a_request_and_back(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    karim = actor(KARIM)
    big = a_letter(subject="Lettre", headers={"List-Id": "<x.fr>"}, body="Un mot. " * 20_000)
    other = a_letter(subject="Autre", headers={"Precedence": "bulk"}, body="Deux.", mid="<2@x.fr>")
    take(run_jobs, big, other)
    newest, oldest = robots.listed("automatic", by=karim)
    assert [(one.subject, one.sender, one.reason) for one in (newest, oldest)] == [
        ("Autre", LEA, "precedence"), ("Lettre", LEA, "list"),
    ]  # fmt: skip
    assert robots.listed("automatic", by=karim, before=newest.id) == [oldest]
    assert robots.listed("bounce", by=karim) == []
    number = robots.open_by_hand(oldest.id, email=LEA, name="Léa", subject="Lettre", body="Un mot.", by=karim)
    assert cases.case_for(karim, number).said[0].body == "Un mot."
    assert robots.listed("automatic", by=karim) == [newest]
    robots.take_back(oldest.id, by=karim)
    assert cases.case_for(karim, number).spam
    assert robots.listed("automatic", by=karim) == [newest, oldest]
