"""An e-mail sent again to another address, and that address made the spectator's; undone, and not for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.kernel.db import session
from app.mail import identity, intake, outgoing
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.parcels import Refused
from app.people import service as people
from app.people.models import Address
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from tests.cast import HUGO, KARIM, LEA, ODILE, STRANGER, Character
from tests.domains.mail.test_intake import silent_bounce
from tests.doors.desk.steps import page, press, seen, told
from tests.doors.desk.test_delivery import World, letter, sent, world
from tests.makers import a_ticket

__all__ = ["letter", "world"]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
SignIn = Callable[[Character], FlaskClient]
RIGHT = "lea@bonne.example"
OFFER = f"Écrire désormais à {RIGHT}"


@pytest.fixture
def door(ticket: Opened, actor: Act) -> str:
    """Where corrections are sent to."""
    return f"/regie/spectateurs/{seen(actor(KARIM), ticket.number).requester.id}/adresse"


@pytest.fixture
def resent(letter: int, world: World, address: str, karim: FlaskClient) -> None:
    """Its address does not exist; it was sent again to another one."""
    sent(world, Refused("550 5.1.1 no such user", permanent=True, unknown=True))
    assert OFFER not in page(karim, address)
    told(karim, press(karim, f"{address}/lettres/{letter}", at=address, **{f"to-{letter}": RIGHT}))
    sent(world, None)


def fields(ticket: Opened, **more: str) -> dict[str, str]:
    return {"request": str(ticket.number), "email": LEA, "to": RIGHT, "do": "correct", **more}


def boxes(actor: Act, ticket: Opened) -> list[tuple[str, str | None]]:
    session.rollback()
    return [(box.email, box.undeliverable) for box in seen(actor(KARIM), ticket.number).requester.mailboxes]


def test_the_address_is_corrected_in_one_press_and_letters_go_there(
    resent: None, world: World, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act, run_jobs: Jobs
) -> None:
    html = page(karim, address)
    assert OFFER in html
    assert f"partent encore à {LEA}" in html
    html = told(karim, press(karim, door, at=address, **fields(ticket)))
    assert f"partent désormais à {RIGHT}" in html
    assert 'name="do" value="uncorrect"' in html
    assert OFFER not in html
    assert boxes(actor, ticket) == [(RIGHT, None), (LEA, "5.1.1")]
    conversation.answer(ticket.ticket_id, Word(body="Encore un mot."), by=actor(KARIM))
    run_jobs()
    outgoing.send_due()
    assert world.to[-1] == RIGHT
    assert people.recognise([people.Writer(LEA)])[LEA] == people.recognise([people.Writer(RIGHT)])[RIGHT]
    assert "a corrigé l’adresse" in page(karim, f"{address}/historique")


def test_it_is_undone_and_leaves_nothing_behind(
    resent: None, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act
) -> None:
    before = boxes(actor, ticket)
    for do in ("correct", "correct", "uncorrect", "uncorrect"):
        told(karim, press(karim, door, at=address, **fields(ticket, do=do)))
    assert boxes(actor, ticket) == before == [(LEA, "5.1.1")]
    assert session.query(Address).filter_by(email=RIGHT).count() == 0
    past = page(karim, f"{address}/historique")
    assert (past.count("a corrigé l’adresse"), past.count("a annulé la correction")) == (1, 1)
    told(karim, press(karim, door, at=address, **fields(ticket)))
    assert boxes(actor, ticket)[0] == (RIGHT, None)


def test_an_address_proved_meanwhile_stays_known(
    resent: None, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act
) -> None:
    told(karim, press(karim, door, at=address, **fields(ticket)))
    people.confirm_address(RIGHT)
    told(karim, press(karim, door, at=address, **fields(ticket, do="uncorrect")))
    assert boxes(actor, ticket) == [(LEA, "5.1.1"), (RIGHT, None)]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (STRANGER, "quelqu’un d’autre"), (KARIM.email, "quelqu’un d’autre"), ("nulle part", "adresse"),
        ("billetterie@valmorin.example", "adresse"),
    ],
)  # fmt: skip
def test_nobody_else_s_address_and_none_of_ours_takes_the_place(
    resent: None, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act, to: str, words: str
) -> None:
    a_ticket(email=STRANGER)
    html = told(karim, press(karim, door, at=address, **fields(ticket, to=to)))
    assert words in html
    assert "partent désormais" not in html
    assert boxes(actor, ticket) == [(LEA, "5.1.1")]


def test_an_address_that_can_be_reached_is_not_corrected(
    door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act
) -> None:
    assert "rien à corriger" in told(karim, press(karim, door, at=address, **fields(ticket)))
    assert boxes(actor, ticket) == [(LEA, None)]


def test_the_address_of_a_colleague_is_not_an_agents_to_change(karim: FlaskClient, address: str, actor: Act) -> None:
    theirs = a_ticket(email=HUGO.email)
    people.mark_undeliverable(HUGO.email, "5.1.1")
    place = f"/regie/spectateurs/{seen(actor(KARIM), theirs.number).requester.id}/adresse"
    html = told(karim, press(karim, place, at=address, **fields(theirs, email=HUGO.email)))
    assert "se connecte avec cette adresse" in html
    assert boxes(actor, theirs) == [(HUGO.email, "5.1.1")]


def test_what_comes_back_from_the_wrong_address_late_is_not_held_against_the_right_one(
    resent: None, letter: int, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act, run_jobs: Jobs
) -> None:
    told(karim, press(karim, door, at=address, **fields(ticket)))
    before = letters.written(letter)
    assert before is not None
    state = before.state
    intake.store_letters([(silent_bounce("5.1.1"), Envelope("", (identity.return_address(letter),)))])
    run_jobs()
    assert boxes(actor, ticket) == [(RIGHT, None), (LEA, "5.1.1")]
    after = letters.written(letter)
    assert after is not None
    assert after.state == state == "sent"
    intake.store_letters(
        [
            (
                silent_bounce("5.1.1").replace(LEA.encode(), RIGHT.encode()),
                Envelope("", (identity.return_address(letter),)),
            )
        ]
    )
    run_jobs()
    assert boxes(actor, ticket) == [(RIGHT, "5.1.1"), (LEA, "5.1.1")]


def test_others_correct_nothing(
    resent: None, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act, sign_in: SignIn
) -> None:
    other = a_ticket(email=STRANGER)
    assert press(karim, door, at=address, **fields(other)).status_code == 404
    assert press(karim, door, at=address, **fields(ticket, email=STRANGER)).status_code == 404
    assert press(sign_in(HUGO), door, **fields(ticket)).status_code == 404
    assert press(sign_in(ODILE), door, **fields(ticket)).status_code == 403
    assert boxes(actor, ticket) == [(LEA, "5.1.1")]
