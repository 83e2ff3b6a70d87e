"""What other processes do meanwhile: nobody is kept by an incident that ended, nobody missed by one just declared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice.models import Performance
from app.incidents import belonging, declaring, matching, queries, surfaces
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.tickets import conversation, handling
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from tests.bill import a_performance, an_order
from tests.cast import INES, KARIM, Character
from tests.domains.incidents.test_declaring import telling, written
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Run = Callable[[], int]


@pytest.fixture
def show(app: Flask, noon: datetime) -> Performance:
    return a_performance("Carmen", "Carmen", noon + timedelta(days=3))


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process decides: nothing tells this one to look again before its two seconds are over."""
    monkeypatch.setattr(surfaces, "forget", lambda: None)


def turn(ticket_id: int) -> str:
    session.rollback()
    return tickets.cards([ticket_id])[ticket_id].turn


def stands(ticket_id: int) -> list[str]:
    session.rollback()
    return [row.stands for row in queries.memberships([ticket_id])]


def test_nobody_joins_what_another_process_has_just_ended(show: Performance, run_jobs: Run, actor: Act) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    surfaces.declared()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surfaces, "forget", lambda: None)
        declaring.end(incident, "over", by=actor(INES))
    assert turn(written(show, run_jobs)) == "ours"


@pytest.mark.usefixtures("deaf")
def test_what_came_before_joins_though_this_process_has_not_heard(show: Performance, run_jobs: Run, actor: Act) -> None:
    ticket_id = written(show, run_jobs)
    assert surfaces.declared() == []
    declaring.declare(telling(show), by=actor(INES))
    run_jobs()
    assert turn(ticket_id) == "crowd"


def test_whom_an_ended_incident_still_holds_is_let_go(show: Performance, run_jobs: Run, actor: Act) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    ticket_id = written(show, run_jobs)
    declaring.end(incident, "over", by=actor(INES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "crowd_of", lambda *_given, **_more: [])  # its own job found nobody yet
        run_jobs()
    assert turn(ticket_id) == "crowd"
    assert matching.release_left() == 1
    assert (turn(ticket_id), matching.release_left()) == ("ours", 0)


def test_what_an_agent_moved_to_another_incident_stays_there_when_the_first_ends(
    show: Performance, noon: datetime, run_jobs: Run, actor: Act
) -> None:
    other = a_performance("Tosca", "Tosca", noon + timedelta(days=5))
    first = declaring.declare(telling(show), by=actor(INES))
    second = declaring.declare(telling(other, title_fr="« Tosca » est annulé"), by=actor(INES))
    ticket_id = written(show, run_jobs)
    belonging.put_in(second, ticket_id, by=actor(KARIM))
    declaring.end(first, "over", by=actor(INES))
    run_jobs()
    assert (turn(ticket_id), stands(ticket_id)) == ("crowd", ["out", "crowd"])
    with pytest.raises(Conflict):
        belonging.take_out(first, ticket_id, by=actor(KARIM))


def test_who_is_answered_by_hand_is_that_colleagues(show: Performance, run_jobs: Run, actor: Act) -> None:
    declaring.declare(telling(show), by=actor(INES))
    ticket_id = written(show, run_jobs)
    conversation.answer(ticket_id, Word(body="Je regarde votre dossier."), by=actor(KARIM))
    assert (turn(ticket_id), stands(ticket_id)) == ("ours", ["settled"])


def test_an_exception_that_was_ended_waits_for_nobody(show: Performance, run_jobs: Run, actor: Act) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    ticket_id = written(show, run_jobs)
    belonging.pull_out(incident, ticket_id, by=actor(KARIM))
    handling.solve(ticket_id, by=actor(KARIM))
    assert stands(ticket_id) == ["settled"]


def test_a_reply_to_what_we_said_is_read_by_a_person(show: Performance, run_jobs: Run, actor: Act) -> None:
    ticket_id = written(show, run_jobs)
    conversation.answer(ticket_id, Word(body="Nous revenons vers vous."), by=actor(KARIM))
    incident = declaring.declare(telling(show), by=actor(INES))
    belonging.put_in(incident, ticket_id, by=actor(KARIM))
    assert turn(ticket_id) == "crowd"
    requester = tickets.cards([ticket_id])[ticket_id].requester_id
    conversation.write_again(
        ticket_id, Word(body="Merci, à quelle adresse ?"), by=spectator(requester, door="portal", ticket_id=ticket_id)
    )
    assert (turn(ticket_id), stands(ticket_id)) == ("ours", ["exception"])


@pytest.mark.parametrize(("name", "stood"), [("Léa Fontanel", "crowd"), ("Odette Marchandeau", "exception")])
def test_an_order_in_the_writers_own_name_is_no_other_order_in_a_later_word_either(
    show: Performance, run_jobs: Run, actor: Act, name: str, stood: str
) -> None:
    declaring.declare(telling(show), by=actor(INES))
    ticket_id = written(show, run_jobs)
    asker = spectator(tickets.cards([ticket_id])[ticket_id].requester_id, door="portal")
    conversation.write_again(ticket_id, Word(body=f"Les places sont au nom de {name}."), by=asker)
    assert stands(ticket_id) == [stood]


def test_requests_of_two_departments_do_not_fold(show: Performance, run_jobs: Run, actor: Act) -> None:
    declaring.declare(telling(show), by=actor(INES))
    an_order("VAL-8M4RS", show)
    first = written(show, run_jobs)
    second = a_ticket(order_code="VAL-8M4RS", department="maison").ticket_id
    run_jobs()
    session.rollback()
    rows = tickets.cards([first, second])
    assert [row.merged_into_id for row in rows.values()] == [None, None]


def test_a_machine_does_not_overwrite_what_a_manager_declared(show: Performance, actor: Act) -> None:
    incident = declaring.propose(telling(show, text_fr="Des mots tout faits."), {})
    assert incident is not None
    declaring.declare(telling(show, text_fr="Mes mots."), incident_id=incident, by=actor(INES))
    declaring.sharpen(incident, telling(show, text_fr="Des mots tout faits."), {})
    assert [one.text_fr for one in surfaces.declared()] == ["Mes mots."]
