"""Taking an answer back: from the bar that follows one over the desk, or from the conversation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.catalogue import service as catalogue
from app.catalogue.service import CannedDraft
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.mail import intake, outgoing
from app.mail.intake import Envelope
from app.tickets import departing
from app.tickets.models import Message, Ticket
from app.tickets.opening import Opened
from tests.cast import ADELE, HUGO, KARIM, SAMI, Character
from tests.doors.desk.steps import page, press, seen, statements, told
from tests.makers import a_letter, a_ticket

Act = Callable[[Character], Actor]
SignIn = Callable[[Character], FlaskClient]
WORDS = "Vous serez remboursée."


@pytest.fixture(autouse=True)
def _patient(noon: object) -> Iterator[None]:
    departing.wait(20)
    yield
    departing.wait(0)


def answer(browser: FlaskClient, address: str, **fields: object) -> str:
    return told(browser, press(browser, f"{address}/reponse", at=address, reply=WORDS, **{"go": "stay", **fields}))


def undo_of(html: str) -> str:
    """Where the bar's button leads; it must be a form that works without scripts."""
    found = re.search(r'id="undo".*?<form[^>]*method="post" action="([^"]+)"', html, re.DOTALL)
    assert found is not None, html[:2_000]
    return found[1].replace("&amp;", "&")


def test_the_bar_follows_one_over_the_desk_while_there_is_time(address: str, karim: FlaskClient) -> None:
    assert re.search(r"\(20\ss\)", answer(karim, address))
    clock.advance(timedelta(seconds=8))
    for place in (address, "/regie/file/todo"):
        html = page(karim, place)
        assert undo_of(html)
        assert re.search(r"\(12\ss\)", html)
    assert re.search(r"12\ss<", page(karim, address).partition('class="thread"')[2])
    clock.advance(timedelta(seconds=12))
    assert 'id="undo"' not in page(karim, "/regie/file/todo")


def test_taking_back_puts_the_words_into_the_field(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act, run_jobs: Callable[[], int]
) -> None:
    undo = undo_of(answer(karim, address, then="solved"))
    html = told(karim, press(karim, undo, at=address))
    assert re.search(rf'<textarea[^>]*name="reply"[^>]*>\s*{WORDS}', html)
    assert 'id="undo"' not in html
    clock.advance(timedelta(minutes=1))
    departing.depart_due()
    run_jobs()
    case = seen(actor(KARIM), ticket.number)
    assert [word.kind for word in case.said] == ["spectator"]
    assert case.state in {"new", "open"}
    assert not [one for one in outgoing.latest(by=actor(ADELE)) if one.kind in {"answer", "solved"}]


def test_files_stay_joined(address: str, karim: FlaskClient) -> None:
    undo = undo_of(answer(karim, address, files=(BytesIO(b"rang C"), "plan.txt")))
    taken = press(karim, undo, at=address)
    assert taken.status_code == 200
    html = taken.get_data(as_text=True)
    assert 'name="kept"' in html
    assert "plan.txt" in html


def test_too_late_is_said_and_nothing_changes(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    undo = undo_of(answer(karim, address))
    clock.advance(timedelta(seconds=21))
    departing.depart_due()
    html = told(karim, press(karim, undo, at=address))
    assert "trop tard" in html or "too late" in html
    assert [word.kind for word in seen(actor(KARIM), ticket.number).said] == ["spectator", "agent"]


def test_without_a_wait_it_leaves_at_once(address: str, karim: FlaskClient) -> None:
    departing.wait(0)
    assert 'id="undo"' not in answer(karim, address)


@pytest.mark.parametrize(("who", "status"), [(SAMI, 403), (HUGO, 404)])
def test_others_cannot_take_it_back(
    address: str, karim: FlaskClient, sign_in: SignIn, who: Character, status: int
) -> None:
    undo = undo_of(answer(karim, address))
    assert press(sign_in(who), undo).status_code == status
    clock.advance(timedelta(seconds=20))
    assert departing.depart_due() == 1


def test_a_whole_batch_is_taken_back_with_one_button(ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    card = catalogue.save_canned(
        CannedDraft(title_fr="Fait", title_en="Done", body_fr="C’est fait.", body_en="Done.", then_state="solved"),
        by=SYSTEM,
    )
    numbers = [ticket.number, a_ticket(email="autre@exemple.fr").number]
    given = " ".join(map(str, numbers))
    preview = press(karim, "/regie/file/lot?vue=todo", numbers=given, canned=card).get_data(as_text=True)
    found = re.search(r'name="submission" value="([^"]+)"', preview)
    assert found is not None
    sent = press(karim, "/regie/file/lot/envoi?vue=todo", numbers=given, canned=card, submission=found[1])
    html = told(karim, sent)
    assert undo_of(html) == "/regie/file/lot?vue=todo"
    told(karim, press(karim, "/regie/file/lot?vue=todo", do="take_back", numbers=given))
    clock.advance(timedelta(minutes=1))
    assert departing.depart_due() == 0
    assert all([w.kind for w in seen(actor(KARIM), number).said] == ["spectator"] for number in numbers)


def test_an_answer_that_waits_costs_the_page_one_question_more(address: str, karim: FlaskClient) -> None:
    before = statements(karim, address)
    answer(karim, address)
    assert statements(karim, address) <= before + 2


def test_a_letter_is_not_moved_away_from_the_answer_that_leaves(
    karim: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    intake.store_letters([(a_letter(), Envelope()), (a_letter(mid="<2@ex.fr>", body="Autre chose."), Envelope())])
    run_jobs()
    one, other = (row.number for row in session.query(Ticket).order_by(Ticket.id))
    first = session.query(Message).order_by(Message.id).first()
    assert first is not None
    place, filing = f"/regie/demandes/{one}", f"/regie/demandes/{one}/messages/{first.id}/classement"
    session.rollback()
    answer(karim, place)
    refused = press(karim, filing, at=filing, into=str(other))
    assert (refused.status_code, "reprenez-la d’abord" in refused.get_data(as_text=True)) == (409, True)
    undone = told(karim, press(karim, filing.replace("classement", "retour"), at=filing))
    assert "reprenez-la d’abord" in undone
