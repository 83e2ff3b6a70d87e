"""A spectator in brief, and a request written down for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.people import service as people
from app.people.service import Writer
from app.tickets import lists
from app.tickets.opening import Opened
from tests.cast import HUGO, KARIM, LEA, ODILE, SAMI, STRANGER, Character
from tests.doors.desk.steps import page, press, seen, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
NEW = "/regie/demandes/nouvelle"


def of(ticket: Opened, by: Actor) -> str:
    return f"/regie/spectateurs/{seen(by, ticket.number).requester.id}"


def test_a_spectator_is_shown_with_what_they_asked(ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    html = page(karim, of(ticket, actor(KARIM)))
    assert LEA in html
    assert f'data-row="{ticket.number}"' in html


def test_an_address_that_refuses_letters_says_so(ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    people.mark_undeliverable(LEA, "5.1.1")
    assert "5.1.1" in page(karim, of(ticket, actor(KARIM)))


def test_who_never_asked_anything_here_does_not_exist(ticket: Opened, karim: FlaskClient, sign_in: SignIn,
                                                      actor: Act) -> None:  # fmt: skip
    nobody = people.recognise([Writer(STRANGER)])[STRANGER]
    page(karim, f"/regie/spectateurs/{nobody}", 404)
    page(karim, "/regie/spectateurs/99999999", 404)
    page(sign_in(HUGO), of(ticket, actor(KARIM)), 404)


def test_who_may_not_read_about_people_may_not_enter(ticket: Opened, sign_in: SignIn, actor: Act) -> None:
    address = of(ticket, actor(KARIM))
    page(sign_in(SAMI), address, 403)
    assert sign_in(ODILE).get(address).status_code in {200, 404}


def test_who_reads_about_people_only_reads_no_requests(ticket: Opened, sign_in: SignIn, actor: Act) -> None:
    html = page(sign_in(ODILE), of(ticket, actor(KARIM)))
    assert LEA in html
    assert "Remboursement de deux places" not in html
    assert str(ticket.number) not in html
    assert ">Demandes</h2>" not in html
    assert "Nouvelle demande" not in html.partition("<main")[2].partition("</main>")[0]


FORM = {"email": "m.durand@exemple.fr", "name": "Marc Durand", "channel": "phone", "language": "fr", "kind": "",
        "subject": "Place en fauteuil", "body": "Demande une place en fauteuil.", "note": "Rappeler lundi.",
        "order": "val 8c6jd"}  # fmt: skip


def test_a_call_becomes_a_request_with_a_note(karim: FlaskClient, noon: object, actor: Act) -> None:
    answer = press(karim, NEW, at=NEW, **FORM)
    number = int(answer.headers["Location"].rpartition("/")[2])
    case = seen(actor(KARIM), number)
    assert (case.channel, case.order_code, case.requester.name) == ("phone", "VAL-8C6JD", "Marc Durand")
    assert [word.kind for word in case.said] == ["spectator", "note"]


def test_the_same_form_twice_opens_one(karim: FlaskClient, noon: object, actor: Act) -> None:
    html = page(karim, NEW)
    submission = html.split('name="submission" value="')[1].split('"')[0]
    places = {press(karim, NEW, **FORM, submission=submission, anyway="1").headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert len(lists.still_open(FORM["email"], by=actor(KARIM))) == 1


def test_a_spectator_with_an_open_request_is_pointed_out_first(ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    answer = press(karim, NEW, at=NEW, **{**FORM, "email": LEA})
    assert answer.status_code == 200
    assert str(ticket.number) in answer.get_data(as_text=True)
    told(karim, press(karim, NEW, at=NEW, **{**FORM, "email": LEA}, anyway="1"))
    assert len(lists.still_open(LEA, by=actor(KARIM))) == 2


@pytest.mark.parametrize(
    ("field", "value"), [("email", "durand"), ("email", ""), ("body", " "), ("subject", "x" * 9_000)]
)
def test_what_is_wrong_is_said_beside_its_field(karim: FlaskClient, noon: object, field: str, value: str) -> None:
    html = press(karim, NEW, at=NEW, **{**FORM, field: value}).get_data(as_text=True)
    assert f'id="f-{field}-e"' in html
    assert f'href="#f-{field}"' in html
    assert "Rappeler lundi." in html


def test_a_reason_for_colleagues_only_is_not_taken_from_a_caller(karim: FlaskClient, noon: object, actor: Act) -> None:
    answer = press(karim, NEW, at=NEW, **{**FORM, "kind": "staff_it"})
    assert seen(actor(KARIM), int(answer.headers["Location"].rpartition("/")[2])).type is None


def test_who_handles_no_requests_opens_none_for_others(sign_in: SignIn) -> None:
    page(sign_in(SAMI), NEW, 403)
    assert press(sign_in(SAMI), NEW, **FORM).status_code == 403


def test_the_form_knows_whom_it_is_for(karim: FlaskClient) -> None:
    assert f'value="{LEA}"' in page(karim, f"{NEW}?email={LEA}")


def test_requests_of_others_are_not_among_hers(ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    other = a_ticket(email=STRANGER)
    assert str(other.number) not in page(karim, of(ticket, actor(KARIM)))


def test_what_goes_to_another_department_is_opened_all_the_same_with_its_note(
    noon: object, sign_in: SignIn, actor: Act
) -> None:
    hugo = sign_in(HUGO)
    answer = press(hugo, NEW, at=NEW, **FORM)
    assert answer.headers["Location"] == "/regie/file/todo"
    (row,) = lists.still_open(FORM["email"], by=actor(KARIM))
    assert str(row.number) in told(hugo, answer)
    assert [word.kind for word in seen(actor(KARIM), row.number).said] == ["spectator", "note"]
    page(hugo, f"/regie/demandes/{row.number}", 404)
