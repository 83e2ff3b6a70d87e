"""Requests between colleagues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.access import Actor
from app.people.colleagues import email_of
from app.tickets import cases, conversation, handling, lists, own
from app.tickets.conversation import Word
from app.tickets.opening import Draft, Opened, open_ticket
from app.tickets.states import Channel
from tests.cast import HUGO, KARIM, LEA, RITA, SAMI, Character
from tests.doors.desk.steps import page, press, seen, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
NEW = "/regie/interne/nouvelle"


@pytest.fixture
def sami(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """A colleague who handles no requests."""
    return sign_in(SAMI)


@pytest.fixture
def asked(noon: datetime, actor: Act) -> Opened:
    """What Sami asked of IT."""
    by = actor(SAMI)
    draft = Draft(email=email_of(by), body="L’imprimante est vide.", channel=Channel.DESK, type="staff_it")
    return open_ticket(draft, by=by)


def ask(browser: FlaskClient, **more: object) -> TestResponse:
    """Sami asks about his leave."""
    fields = {"type": "staff_hr", "own-matter": "leave", "subject": "Congés", "body": "Puis-je partir ?", **more}
    return press(browser, NEW, at=f"{NEW}?motif=staff_hr", **fields)


def test_first_one_says_what_about(sami: FlaskClient) -> None:
    html = page(sami, NEW)
    assert "motif=staff_it" in html
    assert "motif=refund_cancelled" not in html


def test_what_is_asked_reaches_its_department(sami: FlaskClient, actor: Act) -> None:
    told(sami, ask(sami))
    case = seen(actor(RITA), lists.own(actor(SAMI))[0].number)
    assert (case.subject, case.type, case.requester.name) == ("Congés", "staff_hr", SAMI.name)
    assert case.answers == {"matter": "leave"}


def test_a_field_of_its_kind_that_is_missing_says_so(sami: FlaskClient) -> None:
    answer = ask(sami, **{"own-matter": ""})
    assert answer.status_code == 422
    assert 'id="f-own-matter-e"' in answer.get_data(as_text=True)


def test_one_sees_ones_own_requests(sami: FlaskClient, asked: Opened, sign_in: SignIn) -> None:
    a_ticket()
    html = page(sami, "/regie/interne")
    assert f"/regie/interne/{asked.number}" in html
    assert str(asked.number) not in page(sign_in(KARIM), "/regie/interne")


def test_notes_about_it_are_not_for_who_asked(sami: FlaskClient, asked: Opened, actor: Act) -> None:
    conversation.note(asked.ticket_id, Word(body="Encore lui."), by=actor(HUGO))
    conversation.answer(asked.ticket_id, Word(body="J’arrive."), by=actor(HUGO))
    html = page(sami, f"/regie/interne/{asked.number}")
    assert "J’arrive." in html
    assert "Encore lui." not in html


@pytest.mark.parametrize("who", [KARIM, HUGO])
def test_what_others_asked_does_not_exist_here(asked: Opened, sign_in: SignIn, who: Character) -> None:
    page(sign_in(who), f"/regie/interne/{asked.number}", 404)
    assert press(sign_in(who), f"/regie/interne/{asked.number}/messages", body="x").status_code == 404


def test_a_spectators_request_does_not_exist_here(sami: FlaskClient, ticket: Opened) -> None:
    page(sami, f"/regie/interne/{ticket.number}", 404)


def test_writing_again_brings_it_back(sami: FlaskClient, asked: Opened, actor: Act) -> None:
    handling.solve(asked.ticket_id, by=actor(HUGO))
    here = f"/regie/interne/{asked.number}"
    told(sami, press(sami, f"{here}/messages", at=here, body="Toujours vide."))
    assert seen(actor(HUGO), asked.number).state == "open"


def test_nothing_written_says_so(sami: FlaskClient, asked: Opened) -> None:
    here = f"/regie/interne/{asked.number}"
    answer = press(sami, f"{here}/messages", at=here, body=" ")
    assert answer.status_code == 422
    assert 'id="f-body-e"' in answer.get_data(as_text=True)


def test_an_empty_request_says_what_is_missing_and_keeps_the_rest(sami: FlaskClient) -> None:
    answer = ask(sami, body="")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'id="f-body-e"' in html
    assert 'value="Congés"' in html


def test_a_reason_for_spectators_is_not_asked_here(sami: FlaskClient) -> None:
    assert ask(sami, type="refund_cancelled").status_code == 422


def test_a_file_stays_when_the_form_comes_back(sami: FlaskClient, asked: Opened) -> None:
    for at, there in (("/regie/interne/nouvelle?motif=staff_it", "/regie/interne/nouvelle"),
                      (f"/regie/interne/{asked.number}", f"/regie/interne/{asked.number}/messages")):  # fmt: skip
        answer = press(sami, there, at=at, submission="faux", files=(BytesIO(b"%PDF-1.7"), "photo.pdf"),
                       type="staff_it")  # fmt: skip
        assert answer.status_code == 422
        assert "photo.pdf" in answer.get_data(as_text=True)


def test_a_file_of_ones_own_comes_back_as_a_download(sami: FlaskClient, asked: Opened, actor: Act,
                                                     sign_in: SignIn) -> None:  # fmt: skip
    here = f"/regie/interne/{asked.number}"
    press(sami, f"{here}/messages", at=here, body="Photo", files=(BytesIO(b"%PDF-1.7"), "photo.pdf"))
    file = own.own_case(actor(SAMI), asked.number).said[-1].files[0]
    answer = sami.get(f"{here}/fichiers/{file.id}")
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page(sign_in(KARIM), f"{here}/fichiers/{file.id}", 404)


def test_the_staff_never_see_the_queue(sami: FlaskClient, asked: Opened) -> None:
    for place in ("/regie/file/todo", f"/regie/demandes/{asked.number}"):
        page(sami, place, 403)


def test_who_answers_it_may_not_be_written_to_as_a_spectator(asked: Opened, actor: Act) -> None:
    assert cases.case_for(actor(HUGO), asked.number).requester.email != LEA
