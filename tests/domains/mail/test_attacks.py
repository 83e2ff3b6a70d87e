"""Robots, leaks and floods, by the numbers of the security suite: nothing answers, reopens, stops a clock or shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import authentication, building, composing, identity, intake, outgoing, register, specimen
from app.mail.composing import LANGUAGES
from app.mail.intake import Envelope
from app.mail.letter_kinds import KINDS
from app.mail.models import LetterIn, LetterOut
from app.mail.outgoing import Letter
from app.mail.sending import parcel_of
from app.people import service as people
from app.sla import queries as sla
from app.tickets import cases, conversation
from app.tickets.cases import Case
from app.tickets.conversation import Word
from app.tickets.models import Ticket
from app.tickets.states import State
from tests.cast import KARIM, LEA, Character
from tests.makers import a_letter, a_ticket

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]


def take(jobs: Jobs, *raws: bytes, recipients: tuple[str, ...] = ()) -> list[dict[str, object]]:
    ids = intake.store_letters([(raw, Envelope("", recipients)) for raw in raws])
    jobs()
    session.rollback()
    return [fate for _, fate in register.fates_of([("", key) for key in ids])]


@pytest.fixture
def karim(noon: datetime, actor: Known) -> Actor:
    return actor(KARIM)


def asked(jobs: Jobs, karim: Actor, then: State) -> tuple[Case, LetterOut]:
    """Léa's request as our answer left it, and that answer."""
    (fate,) = take(jobs, a_letter())
    case = cases.case_for(karim, int(str(fate["ticket"])))
    conversation.answer(case.id, Word(body="Votre numéro de place ?"), then=then, by=karim)
    jobs()
    outgoing.send_due()
    letter = session.query(LetterOut).order_by(LetterOut.id.desc()).first()
    assert letter is not None
    session.expunge(letter)
    return now(karim, case.number), letter


def now(karim: Actor, number: int) -> Case:
    session.rollback()
    return cases.case_for(karim, number)


def promises(case: Case) -> list[tuple[object, ...]]:
    """Every promise of a request with the steps of its clock."""
    rows = sla.promises_of([case.id])[case.id]
    steps = sla.steps_of([row.id for row in rows])
    return [(row.kind, row.state, row.due_at, [(step.what, step.at) for step in steps.get(row.id, [])]) for row in rows]


ABSENT = [
    {"Auto-Submitted": "auto-replied"}, {"Return-Path": "<>"}, {"Precedence": "auto_reply"}, {"X-Autoreply": "yes"},
    {"X-Auto-Response-Suppress": "All"}, {"Precedence": "bulk"},
]  # fmt: skip


@pytest.mark.parametrize("then", [State.OPEN, State.WAITING, State.SOLVED])
def test_an_absence_answers_nothing_reopens_nothing_and_stops_no_clock(
    app: Flask, run_jobs: Jobs, karim: Actor, then: State
) -> None:
    """S37: it comes with everything that would have a person's answer join: key, reference, number and sender."""
    before, letter = asked(run_jobs, karim, then)
    sent, clocks = session.query(LetterOut).count(), promises(before)
    clock.advance(timedelta(minutes=5))
    raws = [
        a_letter(
            mid=f"<absence-{place}@x.fr>", in_reply_to=f"<{letter.mid}>", to=letter.reply_to, headers=headers,
            subject=f"Absence: {letter.subject}", body="Je suis en congé jusqu’au 3.",
        )
        for place, headers in enumerate(ABSENT)
    ]  # fmt: skip
    fates = take(run_jobs, *raws, recipients=(letter.reply_to,))
    after = now(karim, before.number)
    assert [fate["fate"] for fate in fates] == ["automatic"] * len(ABSENT)
    assert (after.state, after.version, after.due_at) == (before.state, before.version, before.due_at)
    assert [word.id for word in after.said] == [word.id for word in before.said]
    assert promises(before) == clocks
    assert session.query(LetterOut).count() == sent


OURS = "mx.valmorin.example"
#: What our server says of an author of no account that it judged, who had the house read Léa's name somewhere else.
JUDGED = "dmarc=pass header.from=evil.example"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (f"From: Jean <jean@localhost>\r\nReply-To: {LEA}\r\n", "dmarc=none header.from=localhost"),
        (f"From: Jean Dupont\r\nReply-To: {LEA}\r\n", "dmarc=permerror"),
        (f"From: Jean Dupont\r\nReturn-Path: <{LEA}>\r\n", "spf=fail smtp.mailfrom=exemple.fr"),
        (f"From: Jean Dupont\r\nSender: {LEA}\r\n", "spf=pass smtp.mailfrom=moi@evil.example"),
        (f"From: {LEA}\r\nFrom: moi@evil.example\r\n", JUDGED),
        (f"From: {LEA}, moi@evil.example\r\n", JUDGED),
    ],
    ids=["localhost", "no-address", "return-path", "sender", "two-froms", "two-authors"],
)
def test_whoever_is_read_elsewhere_than_our_server_judged_is_held(
    app: Flask, run_jobs: Jobs, karim: Actor, head: str, found: str
) -> None:
    """S33 and S35: a From that cannot be written to, or two of them, turn no check of DMARC away from Léa."""
    before, _letter = asked(run_jobs, karim, State.WAITING)
    authentication.trust(OURS)
    try:
        above = f"Authentication-Results: {OURS}; {found}\r\n{head}"
        rest = f"To: b@valmorin.example\r\nMessage-ID: <e@x>\r\nSubject: Re: [#{before.number}]\r\n\r\nMon IBAN change.\r\n"
        (fate,) = take(run_jobs, (above + rest).encode())
    finally:
        authentication.trust("")
    assert (fate["fate"], fate["reason"]) == ("held", "not_authentic")
    assert now(karim, before.number).state == "waiting"
    assert session.query(LetterIn.auth).order_by(LetterIn.id.desc()).limit(1).scalar() == "fail"


def test_two_hundred_automatic_letters_of_one_sender_open_and_answer_nothing(
    app: Flask, run_jobs: Jobs, noon: datetime
) -> None:
    """S37."""
    robot = {"Auto-Submitted": "auto-generated"}
    raws = [
        a_letter(mid=f"<{n}@robot.fr>", sender="robot@exemple.fr", headers=robot, body=f"Nº {n}") for n in range(200)
    ]
    assert {fate["fate"] for fate in take(run_jobs, *raws)} == {"automatic"}
    assert (session.query(Ticket).count(), session.query(LetterOut).count()) == (0, 0)


def test_a_vacation_on_both_sides_and_a_bounce_of_the_acknowledgement_end_at_one_letter(
    app: Flask, run_jobs: Jobs, noon: datetime
) -> None:
    """S37: the acknowledgement is answered by an absence, then comes back; nothing follows from either."""
    take(run_jobs, a_letter())
    outgoing.send_due()
    (ours,) = session.query(LetterOut).all()
    session.expunge(ours)
    absence = a_letter(
        mid="<v@x.fr>", in_reply_to=f"<{ours.mid}>", subject=f"Out of office: {ours.subject}",
        headers={"Auto-Submitted": "auto-replied (vacation)"},
    )  # fmt: skip
    back = a_letter(
        sender="MAILER-DAEMON@mx.exemple.fr",
        name="",
        mid="<b@mx.fr>",
        subject="Undelivered",
        in_reply_to=f"<{ours.mid}>",
        body="550 5.1.1 no such user",
    )
    fates = take(run_jobs, absence, back, recipients=(identity.return_address(ours.id),))
    outgoing.send_due()
    assert fates[0]["fate"] in {"automatic", "bounce"}
    assert fates[1]["fate"] == "bounce"
    assert (session.query(Ticket).count(), session.query(LetterOut).count()) == (1, 1)


#: Kinds that carry what a person wrote just now.
BY_PEOPLE = frozenset({"answer", "question", "forward"})
TOO_MUCH = frozenset({"bcc", "cc", "received", "x-mailer", "user-agent", "x-originating-ip", "sender"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_that_leaves_is_whole_in_its_language_and_tells_no_more_than_it_must(
    app: Flask, noon: datetime, run_jobs: Jobs, language: str
) -> None:
    """S38, and what every letter must be: text and twin, short lines, one language, no counting picture."""
    opened = a_ticket()
    run_jobs()
    (person,) = people.recognise([people.Writer(LEA)]).values()
    said = specimen.values(language)
    letters = [
        Letter(
            kind=kind, to_person=person, language=language, values={name: said[name] for name in KINDS[kind].variables},
            ticket_id=opened.ticket_id, automatic=kind not in BY_PEOPLE,
        )
        for kind in KINDS
    ]  # fmt: skip
    keys = outgoing.write(letters)
    session.rollback()
    assert len(keys) == len(KINDS)
    for key in keys:
        it_is_as_it_must_be(session.get_one(LetterOut, key))


def it_is_as_it_must_be(row: LetterOut) -> None:
    raw = building.built(parcel_of(row))
    read = message_from_bytes(raw, policy=policy.default)
    own = row.mid
    assert identity.is_own_mid(own), row.kind
    assert read["Message-ID"].strip() == f"<{own}>"
    assert not identity.is_own_mid(re.sub(r"[^.@]+@", "aaaaaaaaaaaaaaaa@", own))
    assert (read["Auto-Submitted"] or "") == ("" if row.kind in BY_PEOPLE else "auto-generated")
    assert read["X-Auto-Response-Suppress"] == "All"
    assert read["Reply-To"].addresses[0].addr_spec == row.reply_to
    assert row.reply_to.startswith("billetterie+")
    assert len(read["To"].addresses) == 1
    assert not TOO_MUCH & {name.lower() for name in read}
    head = raw.partition(b"\r\n\r\n")[0].decode()
    assert set(re.findall(r"@([\w.-]+)", head)) == {"valmorin.example", LEA.rpartition("@")[2]}
    assert max(map(len, raw.split(b"\r\n"))) <= building.LONGEST_LINE
    plain, rich = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().strip()
    html = rich.get_content()
    assert f'lang="{row.language}"' in html
    for fetched in ("<img", "background=", "url(", "<link", "@import", "<script", " src="):
        assert fetched not in html, row.kind
    assert len(read["Subject"]) <= (255 if row.kind in BY_PEOPLE else outgoing.SUBJECT)


#: What `design/UX.md` (g) asks for, each with the kinds that say it.
NOTIFICATIONS = {
    "N1": ("received", "incident"), "N2": ("answer",), "N3": ("question",), "N4": ("awaited", "ending"), "N5": ("late",),
    "N6": ("solved",), "N7": ("choice_invite",), "N8": ("choice_reminder",), "N9": ("choice_made",),
    "N10": ("money_done", "refund_returned"), "N11": ("voucher_issued", "voucher_ending"), "N12": ("receipt_given",),
    "N13": ("announcement",), "N14": ("link", "sign_in"), "N15": ("notice", "digest"), "N16": ("due",), "N17": ("point",),
    "N18": ("articles",), "N19": ("security",),
}  # fmt: skip


def test_every_notification_is_shipped_in_both_languages_and_names_the_same() -> None:
    assert {kind for kinds in NOTIFICATIONS.values() for kind in kinds} <= set(KINDS)
    assert len(NOTIFICATIONS) == 19
    for kind in (kind for kinds in NOTIFICATIONS.values() for kind in kinds):
        french, english = (composing.shipped(kind, language) for language in ("fr", "en"))
        assert french.text.strip() != english.text.strip()
        named = [set(re.findall(r"{{\s*(\w+)", words.subject + words.text)) for words in (french, english)]
        assert named[0] == named[1] != set(), kind
