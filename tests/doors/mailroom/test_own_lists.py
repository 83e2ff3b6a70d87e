"""A box office whose address is a mailing list: what people write through it, handed over by LMTP, is theirs."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app.health import service as health
from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import authentication, lists, own_lists, register, robots
from app.mail.models import LetterIn, LetterOut
from app.people.models import Address
from app.tickets.models import Ticket
from tests.cast import HUGO, KARIM, LEA, Character
from tests.doors.mailroom.test_lmtp import connected, room
from tests.makers import a_letter

Jobs = Callable[[], int]
Known = Callable[[Character], Actor]
Room = tuple[int, int]
__all__ = ["room"]
NAME, SERVER = "contact.listes.valmorin.example", "mx.valmorin.example"
POST = "contact@listes.valmorin.example"
GROUP = {
    "List-ID": f"<{NAME}>", "Precedence": "list", "Mailing-list": f"list {POST}; contact contact+owners@valmorin.example",
    "List-Post": f"<https://groups.exemple.fr/g/contact>, <mailto:{POST}>", "List-Help": "<https://exemple.fr/aide>",
    "List-Unsubscribe": "<mailto:unsubscribe@listes.valmorin.example>", "X-Mailman-Version": "3.3.8",
}  # fmt: skip


@pytest.fixture
def ours() -> Iterator[None]:
    """The list is one of the house's."""
    own_lists.be([NAME])
    yield
    own_lists.be([])


def handed(room: Room, run_jobs: Jobs, *raws: bytes) -> list[dict[str, object]]:
    """The fates of letters that the list's server hands over."""
    with connected(smtplib.LMTP, room[0]) as server:
        for raw in raws:
            assert (
                server.sendmail("contact+bounces@listes.valmorin.example", ["billetterie@valmorin.example"], raw) == {}
            )
    session.rollback()  # work that another thread caused is seen only by a new transaction
    run_jobs()
    session.rollback()
    rows = session.query(LetterIn).order_by(LetterIn.id).all()[-len(raws) :]
    return [fate for _, fate in register.fates_of([("", row.id) for row in rows])]


def by_list(number: int = 1, **more: object) -> bytes:
    headers = GROUP | dict(more.pop("headers", {}))  # type: ignore[call-overload]
    return a_letter(mid=f"<{number}@exemple.fr>", to=POST, headers=headers, **more)  # type: ignore[arg-type]


def test_a_letter_by_a_list_of_ours_is_its_writers(room: Room, run_jobs: Jobs, noon: datetime, ours: None) -> None:
    (fate,) = handed(room, run_jobs, by_list())
    assert (fate["fate"], fate["reason"]) == ("ticket", "new")
    assert [row.to_email for row in session.query(LetterOut)] == [LEA]


def test_a_letter_by_any_other_list_is_not(room: Room, run_jobs: Jobs, noon: datetime, ours: None) -> None:
    other = {"List-ID": "Amis <amis.exemple.fr>"}
    fates = handed(room, run_jobs, by_list(headers=other), a_letter(mid="<2@x.fr>", headers={"List-Help": "<x>"}))
    assert [(fate["fate"], fate["reason"]) for fate in fates] == [("automatic", "precedence"), ("automatic", "list")]
    both = by_list(3).replace(b"List-ID:", b"List-ID: <amis.exemple.fr>\r\nList-ID:", 1)
    assert handed(room, run_jobs, both)[0]["fate"] == "automatic"


@pytest.mark.parametrize(
    ("headers", "sign"),
    [
        ({"Auto-Submitted": "auto-replied"}, "submitted"), ({"Precedence": "bulk"}, "precedence"),
        ({"X-Autoreply": "yes"}, "machine"), ({"X-Auto-Response-Suppress": "All"}, "suppressed"),
        ({"Return-Path": "<>"}, "returned"),
    ],
)  # fmt: skip
def test_other_signs_still_count_through_it(
    room: Room, run_jobs: Jobs, noon: datetime, ours: None, headers: dict[str, str], sign: str
) -> None:
    (fate,) = handed(room, run_jobs, by_list(headers=headers))
    assert (fate["fate"], fate["reason"]) == ("automatic", sign)
    assert session.query(LetterOut).count() == 0


@pytest.mark.parametrize("where", ["X-Original-From", "Reply-To", "X-Original-Sender"])
def test_into_whose_from_the_list_wrote_itself_is_its_writers(
    room: Room, run_jobs: Jobs, noon: datetime, ours: None, where: str
) -> None:
    authentication.trust(SERVER)
    headers = {where: f"Hugo <{HUGO.email}>", "Authentication-Results": f"{SERVER}; dmarc=pass"}
    try:
        (fate,) = handed(room, run_jobs, by_list(sender=POST, name="'Hugo' via Contact", headers=headers))
    finally:
        authentication.trust("")
    assert (fate["fate"], fate["reason"]) == ("ticket", "new")
    assert [row.to_email for row in session.query(LetterOut)] == [HUGO.email]
    assert session.query(LetterIn).one().auth == "none"  # the list proved that it is the list, and nothing more
    assert session.query(Address).filter_by(email=POST).count() == 0


def test_nobody_is_taken_for_the_list_itself(room: Room, run_jobs: Jobs, noon: datetime, ours: None) -> None:
    (fate,) = handed(room, run_jobs, by_list(sender=POST, headers={"Sender": POST, "Reply-To": POST}))
    assert (fate["fate"], fate["reason"]) == ("unparsed", "no_author")


def test_a_list_that_is_the_box_offices_own_address(room: Room, run_jobs: Jobs, noon: datetime, app: Flask) -> None:
    own_lists.be(["billetterie.valmorin.example"])
    try:
        google = {"List-ID": "<billetterie.valmorin.example>", "List-Post": "<mailto:billetterie@valmorin.example>"}
        munged = a_letter(
            sender="billetterie@valmorin.example", headers=google | {"X-Original-From": f"Léa <{LEA}>"}, mid="<1@x.fr>"
        )
        fates = handed(room, run_jobs, munged, a_letter(mid="<2@x.fr>", sender="anne@exemple.fr", headers=google))
    finally:
        own_lists.be([])
    assert [fate["fate"] for fate in fates] == ["ticket", "ticket"]


def test_a_list_that_people_write_by_is_told_of_and_let_in_once_it_is_named(
    room: Room, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    news = {"List-Id": "<nouvelles.exemple.fr>"}
    handed(room, run_jobs, *(by_list(n, sender=f"p{n}@exemple.fr", name=f"P {n}") for n in range(4)))
    handed(room, run_jobs, *(a_letter(mid=f"<n{n}@x.fr>", subject=f"N° {n}", headers=news) for n in range(9)))
    by = actor(KARIM)
    assert lists.suspects(by=by) == []
    assert lists.unnoticed() == 0
    handed(room, run_jobs, by_list(4, sender="p1@exemple.fr", name="P 1"))
    assert lists.suspects(by=by) == [lists.Suspect(NAME, 5, 4, ours=False)]
    assert [(check.found, check.ok, check.warns) for check in health.examine() if check.id == "lists"] == [
        (1, True, True)
    ]
    own_lists.be([NAME])
    try:
        assert lists.unnoticed() == 0
        assert lists.suspects(by=by) == [lists.Suspect(NAME, 5, 4, ours=True)]
        assert lists.let_in(NAME, by=by) == 5
        run_jobs()
        assert (session.query(Ticket).count(), lists.suspects(by=by)) == (5, [])
        assert lists.let_in(NAME, by=by) == 0
    finally:
        own_lists.be([])
    assert all(check.ok for check in health.examine() if check.id in {"letters", "letters-once"})


def test_what_an_agent_decided_to_be_a_machines_stays_one(
    room: Room, run_jobs: Jobs, noon: datetime, actor: Known
) -> None:
    handed(room, run_jobs, by_list(1), by_list(2, subject="Autre"))
    by, key = actor(KARIM), session.query(LetterIn.id).order_by(LetterIn.id).limit(1).scalar() or 0
    robots.open_by_hand(key, email=LEA, name="", subject="", body="Oui", by=by)
    robots.take_back(key, by=by)
    own_lists.be([NAME])
    try:
        assert [(one.count, one.ours) for one in lists.suspects(by=by)] == [(1, True)]
        assert lists.let_in(NAME, by=by) == 1
        run_jobs()
        assert lists.suspects(by=by) == []
    finally:
        own_lists.be([])
    session.rollback()
    assert [row.fate for row in session.query(LetterIn).order_by(LetterIn.id)] == ["automatic", "ticket"]
    assert all(check.ok for check in health.examine() if check.id in {"letters", "letters-once"})


def test_a_copy_that_the_list_left_alone_is_a_duplicate_and_one_it_changed_is_not(
    room: Room, run_jobs: Jobs, noon: datetime, ours: None
) -> None:
    direct = a_letter(mid="<1@exemple.fr>", to=f"billetterie@valmorin.example, {POST}")
    mailed = b"".join(f"{name}: {value}\r\n".encode() for name, value in GROUP.items()) + direct
    footed = mailed.rstrip() + b"\r\n-- \r\nListe Contact\r\n"
    tagged = mailed.replace(b"Subject: ", b"Subject: [Contact] ", 1)
    fates = handed(room, run_jobs, direct, mailed, footed, tagged)
    assert [fate["fate"] for fate in fates] == ["ticket", "duplicate", "ticket", "ticket"]
    assert [fate["reason"] for fate in fates] == ["new", "same_letter", "new", "new"]
    assert len({fate["ticket"] for fate in fates}) == 3
    assert fates[0]["ticket"] == fates[1]["ticket"]


@pytest.mark.parametrize(("found", "fate", "why"), [("pass", "reply", "number"), ("fail", "held", "not_authentic")])
def test_an_answer_that_the_list_changed_is_held_unless_the_mail_server_vouches_for_it(
    room: Room, run_jobs: Jobs, noon: datetime, ours: None, found: str, fate: str, why: str
) -> None:
    authentication.trust(SERVER)
    try:
        (opened,) = handed(room, run_jobs, by_list())
        told = {"Authentication-Results": f"{SERVER}; dmarc={found}"}
        answer = by_list(2, subject=f"Re: x [#{opened['ticket']}]", headers=told)
        (met,) = handed(room, run_jobs, answer)
    finally:
        authentication.trust("")
    assert (met["fate"], met["reason"], met["ticket"]) == (fate, why, opened["ticket"])
