"""Opening a request, from any door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.access import Actor, spectator
from app.kernel.errors import Forbidden, Invalid
from app.kernel.journal import about
from app.people import service as people
from app.tickets import message_queries
from app.tickets import queries as tickets
from app.tickets.opening import open_ticket
from app.tickets.states import Channel
from tests.cast import KARIM, SAMI, Character
from tests.makers import a_draft, a_ticket

Known = Callable[[Character], Actor]


def test_a_request_gets_a_number_and_a_first_message(app: Flask, noon: datetime) -> None:
    opened = a_ticket()
    row = tickets.card_by_number(opened.number)
    assert row is not None
    assert (row.state, row.turn, row.id) == ("new", "ours", opened.ticket_id)
    assert message_queries.first_message_id(opened.ticket_id) == opened.message_id


def test_the_same_submission_twice_opens_one(app: Flask, noon: datetime) -> None:
    first = a_ticket(submission="form-1")
    second = a_ticket(submission="form-1")
    assert (second.ticket_id, second.before) == (first.ticket_id, True)


def test_one_address_is_one_person_whatever_its_case(app: Flask, noon: datetime) -> None:
    first, second = a_ticket(email="Lea@Exemple.fr"), a_ticket(email="lea@exemple.fr ")
    rows = tickets.cards([first.ticket_id, second.ticket_id])
    assert len({row.requester_id for row in rows.values()}) == 1


def test_a_subject_is_made_of_the_first_words_when_there_is_none(app: Flask, noon: datetime) -> None:
    row = tickets.card(a_ticket(body="Bonjour, où est mon billet ?\nMerci").ticket_id)
    assert row is not None
    assert row.subject == "Bonjour, où est mon billet ? Merci"


def test_the_type_brings_category_and_department(app: Flask, noon: datetime) -> None:
    row = tickets.card(a_ticket(type="lost_property").ticket_id)
    assert row is not None
    assert (row.category, row.department_id) == ("lost_property", people.department("billetterie").id)


def test_the_journal_tells_who_opened_it_and_by_which_door(app: Flask, noon: datetime) -> None:
    opened = a_ticket()
    first = next(iter(about(opened.ticket_id)))
    assert (first.name, first.actor_role, first.door) == ("TicketOpened", "spectator", "portal")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": ""}, "email"), ({"email": "pas une adresse"}, "email"), ({"email": "a@b@c.fr"}, "email"),
        ({"body": "   "}, "body"), ({"body": "é" * 60_000}, "body"), ({"subject": "x" * 9_000}, "subject"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_says_which_field(app: Flask, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        a_draft(**given)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]


def test_nothing_is_left_when_opening_fails_half_way(app: Flask, noon: datetime) -> None:
    with pytest.raises(Forbidden):
        open_ticket(a_draft(type="staff_it"), by=spectator(None, door="portal"))
    assert tickets.cards(range(1, 50)) == {}


def test_a_colleague_opens_an_internal_request_in_its_department(app: Flask, noon: datetime, actor: Known) -> None:
    opened = open_ticket(a_draft(email=SAMI.email, type="staff_hr", channel=Channel.DESK), by=actor(SAMI))
    row = tickets.card(opened.ticket_id)
    assert row is not None
    assert row.department_id == people.department("rh").id


def test_a_type_that_is_unknown_is_left_to_triage(app: Flask, noon: datetime, actor: Known) -> None:
    row = tickets.card(open_ticket(a_draft(type="no_such_type"), by=actor(KARIM)).ticket_id)
    assert row is not None
    assert (row.type, row.category) == (None, None)
