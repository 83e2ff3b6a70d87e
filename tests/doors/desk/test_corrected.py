"""An e-mail sent again to another address, and that address made the spectator's; undone, and not for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

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
from tests.cast import ADELE, HUGO, KARIM, LEA, ODILE, STRANGER, Character
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


@pytest.fixture
def adele(sign_in: SignIn) -> FlaskClient:
    """An administrator, who reads every letter."""
    return sign_in(ADELE)


@pytest.fixture
def resent_from_its_page(letter: int, world: World, adele: FlaskClient) -> str:
    """The page of the letter, sent again from there to another address."""
    sent(world, Refused("550 5.1.1 no such user", permanent=True, unknown=True))
    place = f"/lettres/{letter}"
    assert "Écrire désormais" not in page(adele, place)
    told(adele, press(adele, f"{place}/renvoi", at=place, to=RIGHT))
    return place


def hidden(html: str, action: str) -> dict[str, str]:
    """What the form that goes to `action` sends along."""
    form = html.split(f'action="{action}', 1)[1].partition("</form>")[0]
    given = re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in given}


@pytest.mark.parametrize("left", [True, False])
def test_the_page_of_the_letter_offers_the_same_with_undo_and_the_line_in_the_history(
    resent_from_its_page: str,
    world: World,
    door: str,
    address: str,
    adele: FlaskClient,
    ticket: Opened,
    actor: Act,
    left: bool,
) -> None:
    place = resent_from_its_page
    if left:
        sent(world, None)
    html = page(adele, place)
    assert OFFER in html
    assert f"partent encore à {LEA}" in html
    answer = press(adele, door, at=place, **hidden(html, door))
    assert answer.headers["Location"] == place
    html = told(adele, answer)
    assert f"partent désormais à {RIGHT}" in html
    assert OFFER not in html
    assert boxes(actor, ticket) == [(RIGHT, None), (LEA, "5.1.1")]
    assert "a corrigé l’adresse" in page(adele, f"{address}/historique")
    undo = hidden(html, door)
    assert undo["do"] == "uncorrect"
    answer = press(adele, door, at=place, **undo)
    assert answer.headers["Location"] == place
    assert f"partent de nouveau à {LEA}" in told(adele, answer)
    assert boxes(actor, ticket) == [(LEA, "5.1.1")]
    assert OFFER in page(adele, place)
    assert "a annulé la correction" in page(adele, f"{address}/historique")


def test_the_page_of_the_letter_does_not_offer_what_is_no_correction(
    resent_from_its_page: str, letter: int, world: World, adele: FlaskClient
) -> None:
    sent(world, Refused("550 5.1.1 no such user", permanent=True, unknown=True))
    assert OFFER not in page(adele, resent_from_its_page)  # it came back from there too
    told(adele, press(adele, f"{resent_from_its_page}/renvoi", at=resent_from_its_page, to=LEA))
    assert "Écrire désormais" not in page(adele, resent_from_its_page)


def test_the_page_of_the_letter_offers_nothing_once_the_address_is_reached_again(
    resent_from_its_page: str, door: str, adele: FlaskClient
) -> None:
    told(adele, press(adele, door, at=resent_from_its_page, email=LEA, do="lift"))
    assert OFFER not in page(adele, resent_from_its_page)


def test_somebody_else_s_address_does_not_take_the_place_from_there_either(
    letter: int, world: World, door: str, adele: FlaskClient, ticket: Opened, actor: Act
) -> None:
    a_ticket(email=STRANGER)
    sent(world, Refused("550 5.1.1 no such user", permanent=True, unknown=True))
    place = f"/lettres/{letter}"
    html = told(adele, press(adele, f"{place}/renvoi", at=place, to=STRANGER))
    answer = press(adele, door, at=place, **hidden(html, door))
    assert answer.headers["Location"] == place
    assert "quelqu’un d’autre" in told(adele, answer)
    assert boxes(actor, ticket) == [(LEA, "5.1.1")]


def test_others_correct_nothing(
    resent: None, door: str, address: str, karim: FlaskClient, ticket: Opened, actor: Act, sign_in: SignIn
) -> None:
    other = a_ticket(email=STRANGER)
    assert press(karim, door, at=address, **fields(other)).status_code == 404
    assert press(karim, door, at=address, **fields(ticket, email=STRANGER)).status_code == 404
    assert press(sign_in(HUGO), door, **fields(ticket)).status_code == 404
    assert press(sign_in(ODILE), door, **fields(ticket)).status_code == 403
    assert boxes(actor, ticket) == [(LEA, "5.1.1")]
