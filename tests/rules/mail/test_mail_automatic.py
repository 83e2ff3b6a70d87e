"""Machines are told from people, so that no machine of ours answers one."""

from __future__ import annotations

import pytest

from app.mail.reading import read


def letter(*headers: str, subject: str = "Bonjour", text: str = "x") -> bytes:
    return "\n".join(["From: a@exemple.fr", f"Subject: {subject}", *headers, "", text]).encode()


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: AUTO-REPLIED; owner=x",
        "Precedence: Bulk",
        "Precedence: auto_reply",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, AutoReply",
        "List-Id: <amis.example.org>",
        "List-Unsubscribe: <mailto:x@example.org>",
        "X-Autoreply: yes",
        "X-Autorespond: x",
        "Return-Path: <>",
        "X-Jira-FingerPrint: x",
        "X-ServiceNow-Generated: true",
    ],
)
def test_headers_of_machines_are_known(header: str) -> None:
    assert read(letter(header)).is_auto_reply


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "X-Auto-Response-Suppress: DR, NDR",
        "Return-Path: <a@exemple.fr>",
    ],
)
def test_headers_of_people_are_left_in_peace(header: str) -> None:
    assert not read(letter(header)).is_auto_reply


@pytest.mark.parametrize(
    "subject",
    [
        "Réponse automatique : Places",
        "Automatic reply: Seats",
        "Out of Office: Re: Seats",
        "Absence du bureau",
        "Absent(e) du bureau : Re: x",
        "Message d'absence",
        "Autoreply: x",
        "Auto: RE: x",
        "[Auto-Reply] x",
        "Jean Valet est absent du bureau",
        "Jane Doe is out of the office",
        "Notification d’absence",
    ],
)
def test_out_of_office_subjects_are_known(subject: str) -> None:
    assert read(letter(subject=subject)).is_auto_reply


@pytest.mark.parametrize(
    "subject",
    ["Absence le 12 mars", "Automate en panne", "Re: Réponse automatique", "Je serai absente, que faire ?", "Autocar"],
)
def test_spectators_may_speak_of_absence(subject: str) -> None:
    assert not read(letter(subject=subject)).is_auto_reply


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undelivered Mail Returned to Sender", "This is the mail system at host mx.exemple.fr."),
        ("Non remis : Places", "Votre message n'a pas pu être remis aux destinataires suivants"),
        ("Échec de la remise", "550 5.1.1 inconnu; could not be delivered to inconnu@exemple.fr"),
    ],
)
def test_reports_in_plain_words_are_bounces(subject: str, text: str) -> None:
    reading = read(letter(subject=subject, text=text))
    assert reading.is_bounce
    assert reading.is_auto_reply


def test_a_person_may_complain_about_a_delivery() -> None:
    assert not read(letter(subject="Non distribué : ma lettre", text="Je n'ai rien reçu.")).is_bounce


def test_only_class_five_failures_are_permanent() -> None:
    bounced = "From: MAILER-DAEMON@exemple.fr\nSubject: {}\n\n<x@exemple.fr>: {}\n"
    hard = read(bounced.format("failure notice", "550 5.1.1 unknown").encode()).bounce
    soft = read(bounced.format("failure notice", "452 4.2.2 mailbox full").encode()).bounce
    assert hard is not None
    assert hard.permanent
    assert soft is not None
    assert not soft.permanent
