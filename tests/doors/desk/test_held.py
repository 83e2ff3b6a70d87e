"""Held and misfiled e-mails at the desk: the list, its buttons, the page that moves one, and who may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.mail import intake, outgoing, register
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.tickets import conversation
from app.tickets.conversation import Word
from tests.cast import HUGO, KARIM, LEA, SAMI, STRANGER, Character
from tests.doors.desk.steps import page, press, seen, told
from tests.makers import a_letter, a_ticket

SignIn = Callable[[Character], FlaskClient]
Known = Callable[[Character], Actor]
Jobs = Callable[[], int]
LIST = "/regie/courrier/retenus"


def take(jobs: Jobs, raw: bytes) -> int:
    (key,) = intake.store_letters([(raw, Envelope())])
    jobs()
    return int(str(register.fates_of([("", key)])[0][1]["ticket"]))


@pytest.fixture
def number(noon: datetime, run_jobs: Jobs) -> int:
    """Léa's request, with a second letter in it."""
    first = take(run_jobs, a_letter())
    take(run_jobs, a_letter(mid="<2@ex.fr>", subject=f"Re [#{first}]", body="Et mon fauteuil ?"))
    return first


@pytest.fixture
def held(number: int, run_jobs: Jobs, actor: Known) -> int:
    """The id of a word that a stranger sent into it."""
    case = seen(actor(KARIM), number)
    conversation.answer(case.id, Word(body="Bonjour."), by=actor(KARIM))
    run_jobs()
    outgoing.send_due()
    mid = letters.last_out(1)[0].mid
    raw = a_letter(sender=STRANGER, name="Son <b>mari", mid="<3@x.fr>", in_reply_to=f"<{mid}>", body="<i>Moi</i>.")
    take(run_jobs, raw)
    return seen(actor(KARIM), number).said[-1].id


def test_the_list_says_who_why_and_where_as_text(karim: FlaskClient, held: int, number: int) -> None:
    html = page(karim, LIST)
    assert "Son &lt;b&gt;mari" in html
    assert STRANGER in html
    assert "&lt;i&gt;Moi&lt;/i&gt;." in html
    assert "Son expéditeur ne participe pas à cette demande" in html
    assert f'href="/regie/demandes/{number}#m{held}"' in html


def test_an_empty_list_says_so(karim: FlaskClient) -> None:
    assert "Rien n’est retenu" in page(karim, LIST)


def test_a_refusal_is_taken_back_with_one_button(karim: FlaskClient, held: int) -> None:
    html = told(karim, press(karim, LIST, at=LIST, messages=held, do="refuse"))
    assert "Rien n’est retenu" in html
    assert 'value="hold"' in html
    assert STRANGER in told(karim, press(karim, LIST, at=LIST, messages=held, do="hold"))


@pytest.mark.parametrize("how", ["accept", "once", "note", "new"])
def test_several_are_dealt_with_at_once(karim: FlaskClient, held: int, how: str) -> None:
    html = told(karim, press(karim, LIST, at=LIST, messages=f"{held} 999", do=how))
    assert "1 courriel traité." in html
    assert "Rien n’est retenu" in html


def test_nothing_chosen_changes_nothing(karim: FlaskClient, held: int) -> None:
    assert "Choisissez au moins un courriel" in told(karim, press(karim, LIST, at=LIST, do="accept"))
    assert press(karim, LIST, at=LIST, messages=held, do="rien").status_code == 422


def test_others_see_and_decide_nothing(sign_in: SignIn, held: int, number: int) -> None:
    hugo, sami = sign_in(HUGO), sign_in(SAMI)
    assert STRANGER not in page(hugo, LIST)
    press(hugo, LIST, at=LIST, messages=held, do="accept")
    assert STRANGER in page(sign_in(KARIM), LIST)
    page(sami, LIST, 403)
    at = f"/regie/demandes/{number}/messages/{held}"
    for address in (f"{at}/classement", f"{at}/a-part", f"{at}/retour"):
        assert press(hugo, address, into="1").status_code == 404
        assert press(sami, address, into="1").status_code == 403


def where(by: Actor, number: int) -> str:
    """The page that moves the newest letter of Léa's."""
    return f"/regie/demandes/{number}/messages/{seen(by, number).said[-1].id}"


def test_a_message_says_why_it_stands_there(karim: FlaskClient, number: int, actor: Known) -> None:
    html = page(karim, f"/regie/demandes/{number}")
    assert "Classé ici par le numéro dans son objet." in html
    assert f'href="{where(actor(KARIM), number)}/classement' in html


def test_a_letter_is_moved_with_one_press_and_back(
    karim: FlaskClient, number: int, actor: Known, run_jobs: Jobs
) -> None:
    other = take(run_jobs, a_letter(mid="<9@ex.fr>", body="Un fauteuil roulant."))
    at = where(actor(KARIM), number)
    assert f'value="{other}"' in page(karim, f"{at}/classement")
    answer = press(karim, f"{at}/classement", at=f"{at}/classement", near=str(other))
    assert answer.headers["Location"].startswith(f"/regie/demandes/{other}")
    html = told(karim, answer)
    undo = at.replace(str(number), str(other)) + "/retour"
    assert f'action="{undo}' in html
    assert "Et mon fauteuil" in html
    assert "Et mon fauteuil" in told(karim, press(karim, undo))


def test_a_letter_becomes_a_request_and_back(karim: FlaskClient, number: int, actor: Known) -> None:
    at = where(actor(KARIM), number)
    html = told(karim, press(karim, f"{at}/a-part", at=f"{at}/classement"))
    assert "Et mon fauteuil" in html
    assert LEA in html


@pytest.mark.parametrize("typed", ["", "0", "abc", "999999", "9" * 30, "²"])
def test_a_number_that_is_none_is_answered_next_to_the_field(
    karim: FlaskClient, number: int, actor: Known, typed: str
) -> None:
    at = where(actor(KARIM), number)
    answer = press(karim, f"{at}/classement", at=f"{at}/classement", into=typed)
    assert answer.status_code == 422
    assert 'id="f-into-e"' in answer.get_data(as_text=True)


def test_the_number_of_another_department_reads_like_none(
    karim: FlaskClient, number: int, actor: Known, run_jobs: Jobs
) -> None:
    elsewhere = a_ticket(department="it", email="autre@exemple.fr").number
    at = where(actor(KARIM), number)
    texts = {
        press(karim, f"{at}/classement", at=f"{at}/classement", into=str(typed)).get_data(as_text=True).count("numéro")
        for typed in (elsewhere, 999999)
    }
    assert len(texts) == 1


def test_a_move_of_what_changed_meanwhile_is_stopped(karim: FlaskClient, number: int, actor: Known) -> None:
    at = where(actor(KARIM), number)
    assert press(karim, f"{at}/a-part", at=f"{at}/classement", version="1").status_code == 409


def test_a_message_of_another_request_is_not_found(
    karim: FlaskClient, number: int, run_jobs: Jobs, actor: Known
) -> None:
    other = take(run_jobs, a_letter(mid="<9@ex.fr>", body="Un fauteuil roulant."))
    message = seen(actor(KARIM), number).said[-1].id
    page(karim, f"/regie/demandes/{other}/messages/{message}/classement", 404)
    note = conversation.note(seen(actor(KARIM), number).id, Word(body="Note."), by=actor(KARIM))
    page(karim, f"/regie/demandes/{number}/messages/{note}/classement", 404)


def test_a_request_is_forwarded_and_bad_input_keeps_the_text(karim: FlaskClient, number: int, actor: Known) -> None:
    at = f"/regie/demandes/{number}/transfert"
    chosen = seen(actor(KARIM), number).said[0].id
    answer = press(karim, at, at=at, email="nulle part", note="À voir <b>", messages=chosen)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="f-email-e"' in html
    assert "À voir &lt;b&gt;" in html
    html = told(karim, press(karim, at, at=at, email="tech@ex.example", note="À voir", messages=chosen))
    assert "Transférée à tech@ex.example." in html
    assert press(karim, at, at=at, email="tech@ex.example").status_code == 422


def test_others_forward_nothing(sign_in: SignIn, number: int) -> None:
    for who, status in ((HUGO, 404), (SAMI, 403)):
        page(sign_in(who), f"/regie/demandes/{number}/transfert", status)
        assert press(sign_in(who), f"/regie/demandes/{number}/transfert", email=LEA).status_code == status
