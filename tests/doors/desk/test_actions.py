"""What is done with one request."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.kernel import clock
from app.kernel.access import Actor
from app.mail import outgoing
from app.people import service as people
from app.sla import promised
from app.tickets import conversation, placing
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from app.triage import service as triage
from tests.cast import ADELE, HUGO, KARIM, NADIA, SAMI, STRANGER, Character
from tests.doors.desk.steps import page, press, seen, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]


def version(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found is not None
    return found[1]


def test_an_answer_is_said_and_leaves_by_letter(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act, run_jobs: Callable[[], int]
) -> None:
    told(
        karim, press(karim, f"{address}/reponse", at=address, reply="Vous serez remboursée.", then="waiting", go="stay")
    )
    run_jobs()
    case = seen(actor(KARIM), ticket.number)
    assert (case.said[-1].body, case.state, case.assignee) == ("Vous serez remboursée.", "waiting", KARIM.name)
    assert "question" in {letter.kind for letter in outgoing.latest(by=actor(ADELE))}


def test_the_same_answer_pressed_twice_is_said_once(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act
) -> None:
    form = page(karim, address)
    submission = re.search(r'name="submission" value="([^"]+)"', form)
    assert submission is not None
    for _ in range(2):
        press(karim, f"{address}/reponse", reply="Oui.", submission=submission[1], version=version(form))
    assert [word.body for word in seen(actor(KARIM), ticket.number).said if word.kind == "agent"] == ["Oui."]


def test_sending_leads_to_the_next_of_the_list(address: str, karim: FlaskClient, noon: datetime) -> None:
    with clock.frozen_at(noon + timedelta(minutes=5)):
        second = a_ticket(type="refund_cancelled")
    answer = press(karim, f"{address}/reponse?vue=todo", at=address, reply="Oui.", then="solved", go="next")
    assert answer.headers["Location"] == f"/regie/demandes/{second.number}?vue=todo"


def test_after_the_last_one_comes_the_list(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/reponse?vue=todo", at=address, reply="Oui.", then="solved", go="next")
    assert answer.headers["Location"] == "/regie/file/todo"


def test_an_empty_answer_says_why(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/reponse", at=address, reply="  ")
    assert answer.status_code == 422
    assert 'id="f-reply-e"' in answer.get_data(as_text=True)


def test_a_blank_left_in_an_answer_is_stopped_and_the_text_kept(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act
) -> None:
    answer = press(karim, f"{address}/reponse", at=address, reply="Votre commande {{order}}", then="solved")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Votre commande {{order}}</textarea>" in html
    assert '<option value="solved" selected>' in html
    assert len(seen(actor(KARIM), ticket.number).said) == 1


def test_what_changed_meanwhile_is_shown_and_nothing_is_sent(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act
) -> None:
    before = version(page(karim, address))
    conversation.note(ticket.ticket_id, Word(body="Déjà réglé au guichet."), by=actor(NADIA))
    answer = press(karim, f"{address}/reponse", reply="Mon texte", version=before, last=ticket.message_id,
                   submission=submission_of(page(karim, address)))  # fmt: skip
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Mon texte</textarea>" in html
    assert "Déjà réglé au guichet." in html
    assert version(html) != before
    assert all(word.kind != "agent" for word in seen(actor(KARIM), ticket.number).said)


def submission_of(html: str) -> str:
    found = re.search(r'name="submission" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_form_of_another_house_is_refused(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/reponse", at=address, reply="Oui.", submission="faux.1.faux")
    assert answer.status_code == 422
    assert "Oui.</textarea>" in answer.get_data(as_text=True)


def test_a_file_goes_with_the_answer(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    press(karim, f"{address}/reponse", at=address, reply="Voici.", files=(BytesIO(b"%PDF-1.7 x"), "reçu.pdf"))
    assert [file.name for file in seen(actor(KARIM), ticket.number).said[-1].files] == ["reçu.pdf"]


def test_a_file_that_lies_is_refused_and_the_text_kept(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/reponse", at=address, reply="Voici.", files=(BytesIO(b"<html>"), "reçu.pdf"))
    assert answer.status_code == 422
    assert "Voici.</textarea>" in answer.get_data(as_text=True)


def kept_in(html: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)" checked', html)


def test_files_stay_when_the_answer_comes_back(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    before = version(page(karim, address))
    conversation.note(ticket.ticket_id, Word(body="Déjà réglé."), by=actor(NADIA))
    files = [(BytesIO(b"%PDF-1.7 x"), "reçu.pdf"), (BytesIO(b"<html>"), "autre.pdf")]
    first = press(karim, f"{address}/reponse", at=address, reply="Voici.", files=files).get_data(as_text=True)
    assert len(kept_in(first)) == 1
    again = press(karim, f"{address}/reponse", at=address, reply="Voici.", kept=kept_in(first), version=before)
    assert again.status_code == 409
    (kept,) = kept_in(again.get_data(as_text=True))
    told(karim, press(karim, f"{address}/reponse", at=address, reply="Voici.", kept=kept, go="stay"))
    assert [file.name for file in seen(actor(KARIM), ticket.number).said[-1].files] == ["reçu.pdf"]


def test_a_file_far_too_large_leaves_the_text_in_place(address: str, karim: FlaskClient) -> None:
    form = page(karim, address)
    proof = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert proof is not None
    files = [FileStorage(BytesIO(b"%PDF-" + bytes(30 * 1024 * 1024)), "grand.pdf")]
    values = {"reply": "Voici.", "submission": submission_of(form), "csrf_token": proof[1], "files": files}
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = karim.post(f"{address}/reponse", data=body, content_type=kind)
    assert answer.status_code == 422
    assert "Voici.</textarea>" in answer.get_data(as_text=True)


def test_a_note_stays_inside(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    before = len(outgoing.latest(by=actor(ADELE)))
    told(karim, press(karim, f"{address}/note", at=address, note="Très courtois."))
    run_jobs()
    assert seen(actor(KARIM), ticket.number).said[-1].kind == "note"
    assert len(outgoing.latest(by=actor(ADELE))) == before


def test_an_empty_note_opens_on_its_tab(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/note", at=address, note="")
    assert answer.status_code == 422
    assert re.search(r'<form id="note"[^>]*data-first', answer.get_data(as_text=True))


@pytest.mark.parametrize(("given", "name"), [("me", KARIM.name), ("nadia", NADIA.name), ("", "")])
def test_it_is_given_to_somebody_or_nobody(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act, given: str, name: str
) -> None:
    placing.assign(ticket.ticket_id, actor(NADIA).person_id, by=actor(NADIA))
    to = str(actor(NADIA).person_id) if given == "nadia" else given
    told(karim, press(karim, f"{address}/attribution", assignee=to))
    assert seen(actor(KARIM), ticket.number).assignee == name


def test_a_colleague_of_another_department_cannot_be_given_it(address: str, karim: FlaskClient, actor: Act) -> None:
    answer = press(karim, f"{address}/attribution", assignee=str(actor(HUGO).person_id))
    assert answer.status_code == 422
    assert 'id="f-assignee-e"' in answer.get_data(as_text=True)


def test_given_to_another_department_it_leaves_ones_sight(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/service?vue=todo", department=people.department("it").id)
    assert answer.headers["Location"] == "/regie/file/todo"
    page(karim, address, 404)


def test_tags_come_and_go(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    press(karim, f"{address}/etiquettes", tag="Presse, gala")
    press(karim, f"{address}/etiquettes", remove="presse")
    assert seen(actor(KARIM), ticket.number).tags == ("gala",)


def test_an_odd_tag_says_why(address: str, karim: FlaskClient) -> None:
    answer = press(karim, f"{address}/etiquettes", tag="?!")
    assert answer.status_code == 422
    assert 'id="f-tag-e"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        ({"when": "tomorrow"}, datetime(2026, 11, 12, 10, tzinfo=UTC)),
        ({"when": "three"}, datetime(2026, 11, 13, 10, tzinfo=UTC)),
        ({"when": "date", "date": "2026-11-16"}, datetime(2026, 11, 17, 10, tzinfo=UTC)),
    ],
)
def test_it_is_put_off_until_the_house_opens(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act, fields: dict[str, str], until: datetime
) -> None:
    # Armistice Day follows the Tuesday of these tests, and Mondays are closed.
    told(karim, press(karim, f"{address}/report", **fields))
    case = seen(actor(KARIM), ticket.number)
    assert (case.state, case.snoozed_until) == ("snoozed", until)


@pytest.mark.parametrize("date", ["hier", "2026-11-10", "2026-02-30", "2090-01-01"])
def test_a_date_that_cannot_be_says_why(address: str, karim: FlaskClient, date: str) -> None:
    answer = press(karim, f"{address}/report", when="date", date=date)
    assert answer.status_code == 422
    assert 'id="f-date-e"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(("verb", "state"), [("fin", "solved"), ("report", "snoozed")])
def test_ending_and_putting_off_can_be_undone(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act, verb: str, state: str
) -> None:
    html = told(karim, press(karim, f"{address}/{verb}", when="tomorrow"))
    assert seen(actor(KARIM), ticket.number).state == state
    undo = re.search(r'id="undo".*?action="([^"]+)"', html, re.S)
    assert undo is not None
    press(karim, undo[1].replace("&amp;", "&"))
    assert seen(actor(KARIM), ticket.number).state == "open"


def test_spam_leaves_the_queue_and_comes_back(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    press(karim, f"{address}/indesirable")
    assert seen(actor(KARIM), ticket.number).turn == "away"
    press(karim, f"{address}/indesirable", off="1")
    assert seen(actor(KARIM), ticket.number).turn == "ours"


def test_merging_leads_to_the_other_and_can_be_undone(
    address: str, ticket: Opened, karim: FlaskClient, actor: Act
) -> None:
    other = a_ticket()
    answer = press(karim, f"{address}/fusion", into=other.number)
    assert answer.headers["Location"].startswith(f"/regie/demandes/{other.number}")
    assert seen(actor(KARIM), ticket.number).merged
    press(karim, f"{address}/separation")
    assert not seen(actor(KARIM), ticket.number).merged


def test_requests_of_two_people_are_not_merged(address: str, karim: FlaskClient) -> None:
    other = a_ticket(email=STRANGER)
    assert press(karim, f"{address}/fusion", into=other.number).status_code == 422


def test_merging_into_nothing_is_not_found(address: str, karim: FlaskClient) -> None:
    assert press(karim, f"{address}/fusion", into="123456").status_code == 404


def test_one_choice_corrects_the_sorting(address: str, ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    told(karim, press(karim, f"{address}/tri", kind="exchange:exchange_date", priority="high"))
    case = seen(actor(KARIM), ticket.number)
    assert (case.category, case.type, case.priority) == ("exchange", "exchange_date", "high")


@pytest.mark.parametrize("fields", [{"kind": "nothing:", "priority": "high"}, {"kind": "exchange:", "priority": "soon"},
                                    {"kind": "exchange:staff_it", "priority": "low"}])  # fmt: skip
def test_a_sorting_that_is_none_says_why(address: str, karim: FlaskClient, fields: dict[str, str]) -> None:
    answer = press(karim, f"{address}/tri", **fields)
    assert answer.status_code == 422
    assert "msg-err" in answer.get_data(as_text=True)


def test_what_triage_proposed_is_confirmed(
    address: str, ticket: Opened, karim: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    assert f"{address}/tri/confirmation" in page(karim, address)
    told(karim, press(karim, f"{address}/tri/confirmation"))
    found = triage.sorting_on(ticket.ticket_id)
    assert found is not None
    assert found.outcome == "confirmed"


def test_nothing_to_confirm_is_not_found(address: str, karim: FlaskClient) -> None:
    assert press(karim, f"{address}/tri/confirmation").status_code == 404


def test_a_letter_of_another_request_is_not_sent_again(address: str, karim: FlaskClient) -> None:
    assert press(karim, f"{address}/lettres/1").status_code == 404


VERBS = ("reponse", "note", "attribution", "service", "etiquettes", "report", "fin", "reprise", "indesirable", "fusion",
         "separation", "tri", "tri/confirmation", "lettres/1", "presence?seen=0", "brouillon/note")  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_who_handles_no_requests_may_do_nothing(address: str, sign_in: SignIn, verb: str) -> None:
    assert press(sign_in(SAMI), f"{address}/{verb}").status_code == 403


@pytest.mark.parametrize("verb", VERBS)
def test_for_another_department_there_is_nothing_to_do(address: str, sign_in: SignIn, verb: str) -> None:
    answer = press(sign_in(HUGO), f"{address}/{verb}", reply="x", note="x", into="123456", department=1)
    assert answer.status_code == 404


def test_an_answer_settles_the_first_promise(address: str, ticket: Opened, karim: FlaskClient) -> None:
    press(karim, f"{address}/reponse", at=address, reply="Oui.", then="open")
    stand = {card.kind: card.state for card in promised.promises(ticket.ticket_id)}
    assert stand == {"first": "kept", "solution": "running"}
