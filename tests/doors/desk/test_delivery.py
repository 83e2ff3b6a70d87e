"""How letters fare, said where agents look: in the conversation, in the list of letters, in the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail import identity, intake, outgoing, stoppage
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.mail.parcels import Parcel, Refused, Stopped
from app.mail.transport import LettersPage
from app.people import service as people
from app.tickets import conversation
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from tests.cast import ADELE, KARIM, LEA, Character
from tests.domains.mail.test_intake import silent_bounce
from tests.doors.desk.steps import page, press, seen, told

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
WORK = "/regie/reglages/courrier"


class World:
    """A mail server that says what it is told to."""

    shows = False

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.to: list[str] = []

    def send(self, parcel: Parcel) -> str:
        if self.trouble is not None:
            raise self.trouble
        self.to.append(parcel.to)
        return "250"

    def rest(self) -> None:
        """It was never held."""


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    made = World()
    outgoing.use(made, "http://localhost")
    yield made
    outgoing.use(LettersPage(), "http://localhost")


@pytest.fixture
def letter(world: World, ticket: Opened, actor: Act, run_jobs: Callable[[], int]) -> int:
    """The letter of an answer, still in the outbox."""
    run_jobs()
    outgoing.send_due()
    conversation.answer(ticket.ticket_id, Word(body="Vous serez remboursée."), by=actor(KARIM))
    run_jobs()
    return letters.last_out(1)[0].id


def sent(world: World, trouble: Exception | None) -> None:
    world.trouble = trouble
    outgoing.send_due()


def test_a_letter_put_off_says_when_it_is_tried_again(
    letter: int, world: World, address: str, karim: FlaskClient
) -> None:
    sent(world, Refused("451 4.7.1 greylisted", permanent=False))
    assert "Différé" in page(karim, address)
    clock.advance(timedelta(minutes=2))
    sent(world, None)
    assert "Différé" not in page(karim, address)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 no such user", "n’existe pas"), ("550 unknown", "n’existe pas"), ("552 5.2.2 over quota", "pleine"),
        ("552 5.3.4 too big", "trop lourd"), ("554 5.7.1 spam", "indésirables"), ("550 5.1.2 bad host", "qui suit l’@"),
        ("500 what", "refusé"),
    ],
)  # fmt: skip
def test_why_it_could_not_be_delivered_is_said_in_words(
    letter: int, world: World, address: str, karim: FlaskClient, answer: str, words: str
) -> None:
    sent(world, Refused(answer, permanent=True))
    html = page(karim, address)
    assert words in html
    assert answer in html


def test_it_is_sent_again_to_a_corrected_address(
    letter: int, world: World, ticket: Opened, address: str, karim: FlaskClient
) -> None:
    sent(world, Refused("550 5.1.1 no such user", permanent=True, unknown=True))
    assert f'value="{LEA}"' in page(karim, address)
    told(karim, press(karim, f"{address}/lettres/{letter}", at=address, **{f"to-{letter}": "lea@bonne.example"}))
    sent(world, None)
    assert world.to[-1] == "lea@bonne.example"
    assert "adresse corrigée" in page(karim, f"{address}/historique")


def test_a_wrong_correction_is_answered_beside_its_field(
    letter: int, world: World, address: str, karim: FlaskClient
) -> None:
    sent(world, Refused("550 5.1.1 no such user", permanent=True))
    answer = press(karim, f"{address}/lettres/{letter}", at=address, **{f"to-{letter}": "lea chez bonne"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="lea chez bonne"' in html
    assert f'id="f-to-{letter}"' in html
    row = letters.written(letter)
    assert row is not None
    assert (row.state, row.to_email) == ("failed", LEA)


def test_a_letter_of_another_request_is_not_sent_from_here(
    letter: int, world: World, address: str, karim: FlaskClient
) -> None:
    sent(world, Refused("550 5.1.1 no such user", permanent=True))
    assert press(karim, f"{address}/lettres/{letter + 999}", at=address).status_code == 404


@pytest.mark.parametrize("state", ["", "waiting", "failed", "bounced"])
def test_the_list_is_narrowed_to_a_state(letter: int, world: World, sign_in: SignIn, state: str) -> None:
    sent(world, Refused("550 5.1.1 no such user", permanent=True))
    html = page(sign_in(ADELE), f"/lettres?etat={state}" if state else "/lettres")
    assert (f"/lettres/{letter}" in html) == (state in {"", "failed"})


def test_a_state_that_is_none_does_not_exist(sign_in: SignIn, ticket: Opened) -> None:
    page(sign_in(ADELE), "/lettres?etat=perdue", 404)


def test_the_page_of_a_letter_takes_a_correction(letter: int, world: World, sign_in: SignIn) -> None:
    adele, place = sign_in(ADELE), f"/lettres/{letter}"
    sent(world, Refused("550 5.1.1 no such user", permanent=True))
    assert press(adele, f"{place}/renvoi", at=place, to="nulle part").status_code == 422
    told(adele, press(adele, f"{place}/renvoi", at=place, to="lea@bonne.example"))
    sent(world, None)
    assert world.to[-1] == "lea@bonne.example"


def test_all_that_failed_leave_again_with_one_button(letter: int, world: World, sign_in: SignIn) -> None:
    adele = sign_in(ADELE)
    sent(world, Refused("554 5.7.1 blocked", permanent=True))
    assert "indésirables" in page(adele, WORK)
    told(adele, press(adele, f"{WORK}/renvoi", at=WORK))
    before = len(world.to)
    sent(world, None)
    assert len(world.to) == before + 1
    assert "554 5.7.1" not in page(adele, WORK)


def test_all_that_failed_are_all_of_them_in_steps_and_once_each(
    letter: int, world: World, sign_in: SignIn, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "AT_ONCE", 3)
    adele, (person,) = sign_in(ADELE), people.recognise([people.Writer(LEA)]).values()
    values = {"sign_in": "http://localhost/x"}
    outgoing.write([outgoing.Letter(kind="sign_in", to_person=person, language="fr", values=values)] * 7)
    world.trouble = Refused("554 5.7.1 blocked", permanent=True)
    while outgoing.send_due():
        pass
    assert "Renvoyer les 8 courriels" in page(adele, WORK)
    html = told(adele, press(adele, f"{WORK}/renvoi", at=WORK))
    assert "8 courriels repartent" in html
    assert "préparés par 3" in html
    assert "Renvoyer les 5 courriels" in html
    # Pressed once more meanwhile: those left, and none of them twice.
    assert "5 courriels repartent" in told(adele, press(adele, f"{WORK}/renvoi", at=WORK))
    world.trouble, before = None, len(world.to)
    run_jobs()
    while outgoing.send_due():
        pass
    run_jobs()
    outgoing.send_due()
    assert len(world.to) == before + 8
    again = session.query(JournalEntry.data).filter_by(name="LetterSentAgain").all()
    assert len({data["letter_out_id"] for (data,) in again}) == len(again) == 8


@pytest.mark.parametrize("kind", ["auth", "tls", "sender", "down"])
def test_one_alarm_says_why_nothing_leaves_and_its_button_tries(
    letter: int, world: World, sign_in: SignIn, kind: str
) -> None:
    adele = sign_in(ADELE)
    sent(world, Stopped(kind, "535 5.7.8 wrong password"))
    html = page(adele, WORK)
    assert html.count("Aucun courriel ne part") == 1
    assert "535 5.7.8 wrong password" in html
    told(adele, press(adele, f"{WORK}/essai", at=WORK))
    sent(world, None)
    assert stoppage.alarm() is None
    assert "Aucun courriel ne part" not in page(adele, WORK)


@pytest.mark.parametrize("verb", ["essai", "renvoi"])
def test_agents_do_not_press_these_buttons(karim: FlaskClient, verb: str) -> None:
    assert press(karim, f"{WORK}/{verb}").status_code == 403


def test_a_letter_that_came_back_says_so(
    letter: int, world: World, ticket: Opened, address: str, karim: FlaskClient, actor: Act
) -> None:
    sent(world, None)
    back = Envelope("", (identity.return_address(letter),))
    intake.file_letters(intake.store_letters([(silent_bounce("5.1.1"), back)]))
    html = page(karim, address)
    assert "Revenu" in html
    assert "n’existe pas" in html
    assert seen(actor(KARIM), ticket.number).requester.mailboxes[0].undeliverable == "5.1.1"
