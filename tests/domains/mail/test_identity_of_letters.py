"""Identity is not From: what a letter claims about its sender, its thread or its way opens nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.mail import authentication, forwarding, intake, outgoing, register
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.models import LetterIn, LetterOut
from app.people.models import Address
from app.tickets import access, cases, conversation, holding
from app.tickets.cases import Case
from app.tickets.conversation import Word
from app.tickets.models import Message, Participant, Ticket
from app.tickets.states import State
from tests.cast import HUGO, KARIM, LEA, STRANGER, Character
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]
THIRD = "technicien@prestataire.example"
OURS = "billetterie@valmorin.example"


def take(jobs: Jobs, *raws: bytes, recipients: tuple[str, ...] = ()) -> list[dict[str, object]]:
    ids = intake.store_letters([(raw, Envelope("", recipients)) for raw in raws])
    jobs()
    session.rollback()
    return [fate for _, fate in register.fates_of([("", key) for key in ids])]


@pytest.fixture
def karim(noon: datetime, actor: Known) -> Actor:
    return actor(KARIM)


@pytest.fixture
def asked(app: Flask, run_jobs: Jobs, karim: Actor) -> Case:
    """Léa's request, which waits for her; our answer has left."""
    (fate,) = take(run_jobs, a_letter())
    case = cases.case_for(karim, int(str(fate["ticket"])))
    conversation.answer(case.id, Word(body="Bonjour, SECRET-MARKER."), then=State.WAITING, by=karim)
    run_jobs()
    outgoing.send_due()
    return cases.case_for(karim, case.number)


@pytest.fixture
def trusted(app: Flask) -> Iterator[None]:
    authentication.trust("mx.valmorin.example")
    yield
    authentication.trust("")


def now(karim: Actor, case: Case) -> Case:
    session.rollback()
    return cases.case_for(karim, case.number)


@pytest.mark.parametrize(
    "answered", ["<g.00000000000000000001.abcdefghij.abcdefghijklmnop@valmorin.example>", "<un@exemple.fr>", "<1@x>"]
)
def test_forged_references_append_nothing(run_jobs: Jobs, karim: Actor, asked: Case, answered: str) -> None:
    sent = session.query(LetterOut).count()
    (fate,) = take(run_jobs, a_letter(sender=STRANGER, mid="<f@x.fr>", in_reply_to=answered, body="Faux."))
    assert (fate["fate"], fate["ticket"] == asked.number) == ("ticket", False)
    case = now(karim, asked)
    assert (case.state, len(case.said), case.version) == (asked.state, len(asked.said), asked.version)
    told = [row.to_email for row in session.query(LetterOut).order_by(LetterOut.id)][sent:]
    assert LEA not in told


def test_a_message_id_used_by_somebody_else_draws_no_answer_of_lea_away(run_jobs: Jobs, asked: Case) -> None:
    take(run_jobs, a_letter(sender=STRANGER, mid="<un@exemple.fr>", body="Avec le même numéro de courriel."))
    (fate,) = take(run_jobs, a_letter(mid="<suite@ex.fr>", in_reply_to="<un@exemple.fr>", body="Je précise."))
    assert (fate["fate"], fate["ticket"]) == ("reply", asked.number)


def test_a_leaked_token_shows_a_stranger_nothing_and_is_held(run_jobs: Jobs, karim: Actor, asked: Case) -> None:
    sent, mid = session.query(LetterOut).count(), letters.last_out(1)[0].mid
    (fate,) = take(run_jobs, a_letter(sender=STRANGER, mid="<s@x.fr>", in_reply_to=f"<{mid}>", body="Je suis Léa."))
    case = now(karim, asked)
    assert (fate["fate"], fate["reason"], case.state) == ("held", "stranger_with_token", "waiting")
    own = access.own_thread(Actor(roles=frozenset(), ticket_id=asked.id), asked.id)
    assert "Je suis Léa." not in {message.body for message in own.messages}
    assert session.query(LetterOut).count() == sent


@pytest.mark.parametrize("known", [True, False])
def test_an_agents_address_in_from_makes_no_agent(run_jobs: Jobs, karim: Actor, asked: Case, *, known: bool) -> None:
    sent = session.query(LetterOut).count()
    mid = letters.last_out(1)[0].mid if known else "<un@exemple.fr>"
    raw = a_letter(sender=KARIM.email, name="Karim", mid="<k@x.fr>", in_reply_to=f"<{mid.strip('<>')}>", body="Oui.")
    (fate,) = take(run_jobs, raw)
    assert fate["fate"] == ("held" if known else "ticket")
    assert session.query(Message).filter_by(body="Oui.").one().kind == "spectator"
    assert now(karim, asked).state == "waiting"
    assert all(row.kind != "answer" for row in session.query(LetterOut).order_by(LetterOut.id)[sent:])


@pytest.mark.parametrize("sender", [OURS, f"billetterie+{'a' * 42}@valmorin.example", OURS.upper()])
def test_our_own_address_is_recorded_and_answers_nobody(run_jobs: Jobs, asked: Case, sender: str) -> None:
    sent = session.query(LetterOut).count()
    (fate,) = take(run_jobs, a_letter(sender=sender, mid="<o@x.fr>", subject=f"Re [#{asked.number}]", body="Boucle."))
    assert (fate["fate"], fate["reason"], fate["ticket"]) == ("automatic", "own_letter", None)
    assert session.query(LetterOut).count() == sent


def test_our_name_with_a_strange_address_is_a_stranger(run_jobs: Jobs, karim: Actor, asked: Case) -> None:
    raw = a_letter(sender=STRANGER, name="Billetterie", mid="<n@x.fr>", subject=f"Re [#{asked.number}]", body="Oui.")
    (fate,) = take(run_jobs, raw)
    assert fate["fate"] == "ticket"
    assert cases.case_for(karim, int(str(fate["ticket"]))).requester.email == STRANGER


@pytest.mark.parametrize(
    ("author", "address"),
    [
        ("alice@ok.test)bob@evil.test", ""),
        ("Amis: alice@ok.test;", "alice@ok.test"),
        ("ALICE@OK.TEST", "alice@ok.test"),
        ("Alice <alice+place@ok.test>", "alice+place@ok.test"),
        ("=?utf-8?q?alice=40ok.test?= <bob@evil.test>", "bob@evil.test"),
        ("Opéra <contact@vаlmorin.example>", "contact@xn--vlmorin-2fg.example"),
    ],
)
def test_an_odd_author_has_one_reading_everywhere(
    app: Flask, run_jobs: Jobs, karim: Actor, author: str, address: str
) -> None:
    raw = f"From: {author}\r\nTo: {OURS}\r\nMessage-ID: <i@x.fr>\r\nSubject: x\r\n\r\nBonjour\r\n".encode()
    (fate,) = take(run_jobs, raw)
    if not address:
        assert fate["ticket"] is None
        return
    shown = cases.case_for(karim, int(str(fate["ticket"]))).requester.email
    assert shown == session.query(Address.email).order_by(Address.id.desc()).limit(1).scalar()
    assert shown == address


def test_of_two_authors_the_first_one_counts(app: Flask, run_jobs: Jobs, karim: Actor) -> None:
    raw = b"From: a@ok.test\r\nFrom: b@evil.test\r\nSubject: x\r\nMessage-ID: <i@x.fr>\r\n\r\nBonjour\r\n"
    (fate,) = take(run_jobs, raw)
    assert cases.case_for(karim, int(str(fate["ticket"]))).requester.email == "a@ok.test"


FAILED = "mx.valmorin.example; dmarc=fail header.from=exemple.fr; spf=pass smtp.mailfrom=evil.test"
PASSED = "mx.valmorin.example (Postfix); dkim=pass header.d=exemple.fr; dmarc=pass header.from=exemple.fr"
FORGED = "mx.evil.test; dmarc=pass header.from=exemple.fr"


@pytest.mark.parametrize(
    ("headers", "auth", "fate"),
    [
        ([FAILED], "fail", "held"),
        ([PASSED], "pass", "reply"),
        ([FORGED, FAILED], "fail", "held"),
        ([FAILED, PASSED], "fail", "held"),
        ([FORGED], "", "reply"),
    ],
)
@pytest.mark.usefixtures("trusted")
def test_only_the_word_of_our_own_server_counts(
    run_jobs: Jobs, karim: Actor, asked: Case, headers: list[str], auth: str, fate: str
) -> None:
    raw = a_letter(mid="<a@ex.fr>", subject=f"Re [#{asked.number}]", body="Changez mon IBAN.")
    above = "".join(f"Authentication-Results: {header}\r\n" for header in headers).encode()
    (met,) = take(run_jobs, above + raw)
    assert met["fate"] == fate
    assert session.query(LetterIn.auth).order_by(LetterIn.id.desc()).limit(1).scalar() == auth
    if fate == "held":
        assert (now(karim, asked).state, met["reason"]) == ("waiting", "not_authentic")


def test_nobody_in_copy_takes_part_or_is_written_to(run_jobs: Jobs, karim: Actor, asked: Case) -> None:
    raw = a_letter(mid="<cc@ex.fr>", subject=f"Re [#{asked.number}]", body="J’ajoute un ami.", headers={"Cc": THIRD})
    (fate,) = take(run_jobs, raw)
    assert fate["fate"] == "reply"
    assert session.query(Participant).count() == 0
    conversation.answer(asked.id, Word(body="Entendu."), by=karim)
    run_jobs()
    outgoing.send_due()
    assert {row.to_email for row in session.query(LetterOut)} == {LEA}
    (met,) = take(run_jobs, a_letter(sender=THIRD, mid="<t@x>", in_reply_to="<cc@ex.fr>", body="Moi aussi."))
    assert met["ticket"] != asked.number


def test_a_private_address_takes_no_verification_mail_of_another_service(
    run_jobs: Jobs, karim: Actor, asked: Case
) -> None:
    private = letters.last_out(1)[0].reply_to
    raw = a_letter(
        sender="no-reply@service.example", name="Service", to=private, mid="<v@service.example>",
        subject="Confirm your address", body="Your code is 123456.",
    )  # fmt: skip
    (fate,) = take(run_jobs, raw, recipients=(private,))
    assert fate["fate"] == "held"
    own = access.own_thread(Actor(roles=frozenset(), ticket_id=asked.id), asked.id)
    assert all("123456" not in message.body for message in own.messages)
    assert [card.email for card in holding.waiting(by=karim)] == ["no-reply@service.example"]


def test_the_same_letter_by_fifty_ways_is_one_message(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    plain = a_letter(headers={"Cc": "direction@valmorin.example"})
    ways = [
        f"Received: from mx{place}.example by mx; Tue, 10 Nov 2026 14:{place:02}:00 +0100\r\n"
        f"Delivered-To: alias{place}@valmorin.example\r\n".encode()
        for place in range(49)
    ]
    by_list = b"List-Id: <tous.valmorin.example>\r\nPrecedence: list\r\n" + plain
    fates = [fate["fate"] for fate in take(run_jobs, by_list, *[way + plain for way in ways])]
    assert (fates.count("ticket"), fates.count("duplicate")) == (1, 49)
    assert (session.query(Ticket).count(), session.query(Message).count()) == (1, 1)


def test_letters_without_or_with_odd_message_ids_are_each_kept_once(app: Flask, run_jobs: Jobs, noon: datetime) -> None:
    long = f"<{'x' * 10_000}@ex.fr>".encode()
    odd = [a_letter(mid="<z@ex.fr>", body=f"Mot {place}.").replace(b"<z@ex.fr>", long) for place in range(2)]
    without = a_letter(mid="", body="Sans.")
    fates = [fate["fate"] for fate in take(run_jobs, *odd, without, b"Received: by mx2\r\n" + without)]
    assert fates == ["ticket", "ticket", "ticket", "duplicate"]
    assert [fate["fate"] for fate in take(run_jobs, odd[0])] == ["duplicate"]


def test_a_third_party_gets_what_was_chosen_and_answers_to_the_team_alone(
    run_jobs: Jobs, karim: Actor, asked: Case
) -> None:
    first = asked.said[0].id
    forwarding.forward(
        asked.id, email=THIRD.upper(), note="Pouvez-vous regarder ?", message_ids=[first], trace="Transmis.", by=karim
    )
    run_jobs()
    outgoing.send_due()
    row = letters.last_out(1)[0]
    whole = outgoing.shown(row.id, by=SYSTEM)
    assert (row.to_email, row.kind, row.references) == (THIRD, "forward", "")
    assert "Je souhaite un remboursement." in row.text
    assert all("SECRET-MARKER" not in part and "/d/" not in part for part in (whole.text, whole.html))
    (fate,) = take(run_jobs, a_letter(sender=THIRD, mid="<r@x>", in_reply_to=f"<{row.mid}>", body="Réparé."))
    assert (fate["fate"], fate["reason"], now(karim, asked).state) == ("held", "third_party", "waiting")
    own = access.own_thread(Actor(roles=frozenset(), ticket_id=asked.id), asked.id)
    assert not {"Réparé.", "Transmis."} & {message.body for message in own.messages}
    holding.decide(now(karim, asked).said[-1].id, "note", by=karim)
    own = access.own_thread(Actor(roles=frozenset(), ticket_id=asked.id), asked.id)
    assert "Réparé." not in {message.body for message in own.messages}


def test_nothing_is_forwarded_but_public_words_to_a_real_address(
    run_jobs: Jobs, karim: Actor, asked: Case, actor: Known
) -> None:
    first, sent = asked.said[0].id, session.query(LetterOut).count()
    note = conversation.note(asked.id, Word(body="Entre nous."), by=karim)
    wrong: list[tuple[str, list[int], str]] = [
        ("nulle part", [first], "email"), ("", [first], "email"), (OURS, [first], "email"), (THIRD, [], "messages"),
        (THIRD, [first, note], "messages"), (THIRD, [999_999], "messages"),
    ]  # fmt: skip
    for email, chosen, field in wrong:
        with pytest.raises(Invalid) as refusal:
            forwarding.forward(asked.id, email=email, note="", message_ids=chosen, trace="x", by=karim)
        assert set(refusal.value.fields) == {field}
    with pytest.raises(NotFound):
        forwarding.forward(asked.id, email=THIRD, note="", message_ids=[first], trace="x", by=actor(HUGO))
    assert session.query(LetterOut).count() == sent
