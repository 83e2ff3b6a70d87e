"""Letters in: stored first, filed once, threaded by proof and participation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.mail import identity, intake, outgoing, register
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.people import queries as people_rows
from app.tickets import access, cases, conversation, merging
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import KARIM, LEA, STRANGER, Character
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]


def take(jobs: Jobs, *raws: bytes, recipients: tuple[str, ...] = ()) -> list[dict[str, object]]:
    ids = intake.store_letters([(raw, Envelope("", recipients)) for raw in raws])
    jobs()
    return [fate for _, fate in register.fates_of([("", letter_id) for letter_id in ids])]


def answered(jobs: Jobs, karim: Actor, ticket_id: int, then: State | None = None) -> str:
    conversation.answer(ticket_id, Word(body="Bonjour, c’est fait."), then=then, by=karim)
    jobs()
    outgoing.send_due()
    return letters.last_out(1)[0].mid


def test_a_letter_opens_one_ticket(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    (fate,) = take(run_jobs, a_letter())
    assert fate["fate"] == "ticket"
    assert fate["ticket"]


def test_the_same_letter_twice_opens_one(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    first, second = take(run_jobs, a_letter(), a_letter())
    (third,) = take(run_jobs, b"Received: by another way\r\n" + a_letter())
    assert [first["fate"], second["fate"], third["fate"]] == ["ticket", "duplicate", "duplicate"]
    assert third["ticket"] == first["ticket"]


def test_two_letters_with_one_message_id_are_two(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    fates = take(run_jobs, a_letter(body="Un."), a_letter(body="Deux, tout autre chose."))
    assert [f["fate"] for f in fates] == ["ticket", "ticket"]


def test_a_reply_to_our_letter_joins_without_the_quotation(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    body = "Merci beaucoup !\n\nLe mar. 10 nov. 2026 à 14:30, Opéra de Valmorin a écrit :\n> Bonjour, c’est fait.\n"
    (fate,) = take(run_jobs, a_letter(mid="<deux@exemple.fr>", in_reply_to=f"<{mid}>", body=body))
    thread = cases.case_for(actor(KARIM), int(str(fate["ticket"])))
    assert fate["fate"] == "reply"
    assert thread.said[-1].body == "Merci beaucoup !"


def test_a_reply_without_headers_joins_by_its_number(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    (first,) = take(run_jobs, a_letter())
    (fate,) = take(
        run_jobs, a_letter(mid="<2@exemple.fr>", subject=f"Re: Remboursement [#{first['ticket']}]", body="Et ?")
    )
    assert (fate["fate"], fate["ticket"], fate["reason"]) == ("reply", first["ticket"], "number")


def test_a_reply_joins_by_the_plus_address_alone(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    (first,) = take(run_jobs, a_letter())
    answered(run_jobs, actor(KARIM), 1)
    back = letters.last_out(1)[0].reply_to
    (fate,) = take(
        run_jobs, a_letter(mid="<3@exemple.fr>", body="Par l’adresse.", subject="tout autre"), recipients=(back,)
    )
    assert (fate["fate"], fate["ticket"], fate["reason"]) == ("reply", first["ticket"], "token")


def test_a_forged_plus_address_proves_nothing(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    take(run_jobs, a_letter())
    answered(run_jobs, actor(KARIM), 1)
    local, _, domain = letters.last_out(1)[0].reply_to.partition("@")
    forged = local[:-1] + ("a" if local[-1] != "a" else "b") + "@" + domain
    (fate,) = take(run_jobs, a_letter(mid="<4@exemple.fr>", body="Faux.", subject="tout autre"), recipients=(forged,))
    assert fate["fate"] == "ticket"


def test_a_stranger_with_a_valid_token_is_held(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    (first,) = take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1, State.WAITING)
    (fate,) = take(run_jobs, a_letter(sender=STRANGER, mid="<5@x.fr>", in_reply_to=f"<{mid}>", body="C’est moi."))
    thread = cases.case_for(actor(KARIM), int(str(first["ticket"])))
    assert (fate["fate"], thread.state, thread.said[-1].held) == ("held", "waiting", True)


@pytest.mark.parametrize(("sender", "fate"), [(LEA, "reply"), (STRANGER, "held")])
def test_a_letter_to_a_request_merged_twice_comes_to_the_one_that_lives(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, sender: str, fate: str
) -> None:
    karim = actor(KARIM)
    told = take(run_jobs, *[a_letter(mid=f"<{place}@ex.fr>", body=f"Demande {place}.") for place in range(3)])
    mid = answered(run_jobs, karim, 1)
    numbers = [int(str(one["ticket"])) for one in told]
    first, second, last = (cases.case_for(karim, number) for number in numbers)
    merging.merge(first.id, second.id, by=karim)
    merging.merge(second.id, last.id, by=karim)
    (met,) = take(run_jobs, a_letter(sender=sender, mid="<9@x.fr>", in_reply_to=f"<{mid}>", body="Et ensuite ?"))
    assert (met["fate"], met["ticket"]) == (fate, last.number)
    said = cases.case_for(karim, last.number).said[-1]
    assert (said.body, said.held) == ("Et ensuite ?", fate == "held")


def test_what_is_held_is_not_shown_to_the_spectator(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    take(run_jobs, a_letter(sender=STRANGER, mid="<6@x.fr>", in_reply_to=f"<{mid}>", body="SECRET-MARKER"))
    own = access.own_thread(Actor(roles=frozenset(), ticket_id=1), 1)
    assert "SECRET-MARKER" not in " ".join(message.body for message in own.messages)


def test_a_guessed_reference_opens_a_linked_ticket(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    (first,) = take(run_jobs, a_letter())
    (fate,) = take(run_jobs, a_letter(sender=STRANGER, mid="<7@x.fr>", in_reply_to="<un@exemple.fr>", body="Et moi ?"))
    assert fate["fate"] == "ticket"
    assert fate["ticket"] != first["ticket"]
    assert fate["reason"] == "perhaps_same"


def test_robots_open_nothing(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    (fate,) = take(run_jobs, a_letter(headers={"Auto-Submitted": "auto-replied"}, subject="Absence"))
    assert (fate["fate"], fate["ticket"]) == ("automatic", None)


@pytest.mark.parametrize("sender", ["billetterie@valmorin.example", "Billetterie+nous@valmorin.example"])
def test_our_own_letters_coming_back_open_nothing(app: Flask, run_jobs: Jobs, noon: datetime, sender: str) -> None:
    (fate,) = take(run_jobs, a_letter(sender=sender))
    assert fate["fate"] == "automatic"


def test_a_letter_that_is_no_letter_is_kept_in_sight(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    (fate,) = take(run_jobs, b"\x00\xff\xfe nothing here")
    assert fate["fate"] == "unparsed"
    assert len(letters.with_fate("unparsed")) == 1


def test_a_reply_in_the_same_group_waits_for_its_parent(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    child = a_letter(mid="<b@exemple.fr>", in_reply_to="<a@exemple.fr>", body="J’oubliais.")
    first, second = take(run_jobs, a_letter(mid="<a@exemple.fr>"), child)
    assert (first["fate"], second["fate"]) == ("ticket", "reply")
    assert first["ticket"] == second["ticket"]


def test_a_reply_long_after_the_end_opens_a_new_linked_ticket(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    (first,) = take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1, State.SOLVED)
    with clock.frozen_at(noon + timedelta(days=31)):
        (fate,) = take(run_jobs, a_letter(mid="<late@exemple.fr>", in_reply_to=f"<{mid}>", body="Encore moi."))
    assert fate["fate"] == "ticket"
    assert fate["ticket"] != first["ticket"]


def test_a_bounce_marks_the_letter_and_the_address(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    report = (
        "From: MAILER-DAEMON@mx.exemple.fr\r\nTo: billetterie@valmorin.example\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n"
        f"Final-Recipient: rfc822; {LEA}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{mid}>\r\nSubject: Re\r\n\r\nBonjour\r\n--b--\r\n"
    ).encode()
    (fate,) = take(run_jobs, report)
    assert fate["fate"] == "bounce"
    assert letters.by_mids([mid])[mid].state == "bounced"


def silent_bounce(status: str, *, sender: str = "MAILER-DAEMON@mx.exemple.fr") -> bytes:
    """A report that quotes nothing of the letter it speaks of."""
    return (
        f"From: {sender}\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n"
        f"Final-Recipient: rfc822; {LEA}\r\nAction: failed\r\nStatus: {status}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "state", "marked"),
    [("5.1.1", "bounced", "5.1.1"), ("4.4.1", "shown", None), ("5.2.2", "bounced", "5.2.2")],
)
def test_a_bounce_that_quotes_nothing_is_known_by_where_it_came_back(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, status: str, state: str, marked: str | None
) -> None:
    (first,) = take(run_jobs, a_letter())
    answered(run_jobs, actor(KARIM), 1)
    row = letters.last_out(1)[0]
    (fate,) = take(run_jobs, silent_bounce(status), recipients=(identity.return_address(row.id),))
    assert (fate["fate"], fate["ticket"]) == ("bounce", first["ticket"])
    assert letters.by_mids([row.mid])[row.mid].state == state
    assert people_rows.addresses([LEA])[LEA].undeliverable == marked


def warning(status_lines: str, *, subject: str = "Delayed Mail (still being retried)") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.exemple.fr\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered for 4 hours.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n"
        f"Final-Recipient: rfc822; {LEA}\r\n{status_lines}--b--\r\n"
    ).encode()


def plain_warning(subject: str, text: str) -> bytes:
    return f"From: MAILER-DAEMON@mx.exemple.fr\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()


@pytest.mark.parametrize(
    "raw",
    [
        warning("Action: delayed\r\n"), warning("Action: delayed\r\nStatus: 4.4.1\r\n"),
        warning("Action: delayed\r\nStatus: 5.0.0\r\n"),
        plain_warning("Warning: message still undelivered after 4 hours", "It will be retried until it is 5 days old."),
        plain_warning("Mail delivery", "Warning: message still undelivered after 4 hours, will retry"),
        plain_warning("Returned mail", f"550 was said of <{LEA}>. THIS IS A WARNING MESSAGE ONLY."),
    ],
)  # fmt: skip
def test_a_warning_that_a_delivery_takes_long_marks_nobody(
    app: Flask, run_jobs: Jobs, noon: datetime, actor: Known, raw: bytes
) -> None:
    take(run_jobs, a_letter())
    answered(run_jobs, actor(KARIM), 1)
    row = letters.last_out(1)[0]
    (fate,) = take(run_jobs, raw, recipients=(identity.return_address(row.id),))
    assert fate["fate"] == "bounce"
    now = letters.by_mids([row.mid])[row.mid]
    assert (now.state, now.answer[:1]) == ("shown", "4")
    assert people_rows.addresses([LEA])[LEA].undeliverable is None


def test_a_forged_return_address_names_no_letter(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    take(run_jobs, a_letter())
    mid = answered(run_jobs, actor(KARIM), 1)
    real = identity.return_address(letters.last_out(1)[0].id)
    for forged in (identity.return_address(999_999), real.replace("+retour-", "+retour-a")[:-1], f"{real}.example"):
        take(run_jobs, silent_bounce("5.1.1", sender=f"MAILER-DAEMON@{len(forged)}.fr"), recipients=(forged,))
    assert letters.by_mids([mid])[mid].state == "shown"
    assert people_rows.addresses([LEA])[LEA].undeliverable is None


def test_a_bounce_of_a_bounce_goes_nowhere(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    written = len(letters.last_out())
    back = silent_bounce("5.1.1", sender="billetterie@valmorin.example")
    (fate,) = take(run_jobs, back, recipients=("billetterie+retour-aaaaaaaaaaaaaaaaaaaaaaaaaa@valmorin.example",))
    assert (fate["fate"], fate["ticket"]) == ("bounce", None)
    assert len(letters.last_out()) == written


def test_two_desks_that_answer_each_other_stop_at_one_acknowledgement(
    app: Flask, run_jobs: Jobs, noon: datetime
) -> None:
    """The other desk answers all we send, with a letter that says nothing of being automatic."""
    other = "support@guichet-autre.example"
    take(run_jobs, a_letter(sender=other, name="Support", subject="Ticket 1 opened", mid="<0@autre.example>"))
    for turn in range(1, 6):
        outgoing.send_due()
        ours = [row for row in letters.last_out() if row.to_email == other]
        take(
            run_jobs,
            a_letter(
                sender=other, name="Support", subject=f"Re: {ours[0].subject}", mid=f"<{turn}@autre.example>",
                in_reply_to=f"<{ours[0].mid}>", body=f"Your message number {turn} was received.",
            ),
            a_letter(sender=other, name="Support", subject=f"Ticket {turn + 1} opened", mid=f"<n{turn}@autre.example>"),
        )  # fmt: skip
    assert [row.kind for row in letters.last_out() if row.to_email == other] == ["received"]


def test_a_subject_cannot_turn_the_line_it_stands_in(app: Flask, run_jobs: Jobs, noon: datetime, actor: Known) -> None:
    (fate,) = take(run_jobs, a_letter(subject="Facture \u202efdp.exe"))
    assert cases.case_for(actor(KARIM), int(str(fate["ticket"]))).subject == "Facture fdp.exe"
