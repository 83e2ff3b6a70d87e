"""Agents take a request out of an incident, put it in, settle it, pull it out, fold a person's and unfold them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.boxoffice.models import Performance
from app.health import queries as health
from app.incidents import belonging, declaring, queries
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.tickets import merging
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from tests.bill import a_performance, an_order
from tests.cast import HUGO, INES, KARIM, PAUL, Character
from tests.domains.incidents.test_declaring import telling
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Run = Callable[[], int]
CODE = "VAL-7K3QD"


@pytest.fixture
def show(app: Flask, noon: datetime) -> Performance:
    found = a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    an_order(CODE, found)
    return found


@pytest.fixture
def incident(show: Performance, actor: Act) -> int:
    return declaring.declare(telling(show), by=actor(INES))


def member(run_jobs: Run, **given: Any) -> int:
    opened = a_ticket(order_code=CODE, **given)
    run_jobs()
    return opened.ticket_id


def card(ticket_id: int) -> Ticket:
    row = tickets.cards([ticket_id])[ticket_id]
    session.refresh(row)
    return row


def stands(*ticket_ids: int) -> list[str]:
    rows = {row.ticket_id: row for row in queries.memberships(ticket_ids)}
    return [rows[key].stands for key in ticket_ids]


def test_what_is_taken_out_stands_in_the_queue_and_stays_out(incident: int, run_jobs: Run, actor: Act) -> None:
    ticket_id = member(run_jobs)
    belonging.take_out(incident, ticket_id, by=actor(KARIM))
    assert (card(ticket_id).turn, stands(ticket_id)) == ("ours", ["out"])
    belonging.take_out(incident, ticket_id, by=actor(KARIM))
    assert stands(ticket_id) == ["out"]


def test_what_an_agent_puts_in_stands_in_the_crowd(incident: int, run_jobs: Run, actor: Act) -> None:
    opened = a_ticket(body="Où puis-je garer ma voiture ?", email="autre@exemple.fr").ticket_id
    run_jobs()
    belonging.put_in(incident, opened, by=actor(KARIM))
    row = queries.memberships([opened])[0]
    assert (card(opened).turn, row.stands, row.reason, row.confidence) == ("crowd", "crowd", "agent", 1.0)
    assert health.tickets_with_wrong_turn() == 0


def test_one_request_stands_in_one_crowd(incident: int, run_jobs: Run, noon: datetime, actor: Act) -> None:
    ticket_id = member(run_jobs)
    other = declaring.declare(telling(a_performance("Tosca", "Tosca", noon + timedelta(days=9))), by=actor(INES))
    belonging.put_in(other, ticket_id, by=actor(KARIM))
    assert {row.incident_id: row.stands for row in queries.memberships([ticket_id])} == {
        incident: "out", other: "crowd",
    }  # fmt: skip


def test_nothing_is_put_into_what_has_ended(incident: int, run_jobs: Run, actor: Act) -> None:
    ticket_id = member(run_jobs)
    declaring.end(incident, "over", by=actor(INES))
    with pytest.raises(Conflict):
        belonging.put_in(incident, ticket_id, by=actor(KARIM))


def test_what_is_pulled_out_waits_for_a_person_who_settles_it(incident: int, run_jobs: Run, actor: Act) -> None:
    ticket_id = member(run_jobs)
    with pytest.raises(Conflict):
        belonging.settle(incident, ticket_id, by=actor(KARIM))
    belonging.pull_out(incident, ticket_id, by=actor(KARIM))
    row = queries.memberships([ticket_id])[0]
    assert (card(ticket_id).turn, row.stands, row.exceptions) == ("ours", "exception", ["by_hand"])
    belonging.settle(incident, ticket_id, by=actor(KARIM))
    assert (card(ticket_id).turn, stands(ticket_id)) == ("ours", ["settled"])


def test_a_persons_requests_fold_into_the_first_and_come_apart(incident: int, run_jobs: Run, actor: Act) -> None:
    belonging_to = [member(run_jobs, submission=f"envoi-{n}") for n in range(3)]
    person = card(belonging_to[0]).requester_id
    belonging.unfold(incident, person, by=actor(KARIM))
    assert stands(*belonging_to) == ["crowd"] * 3
    due = [card(key).due_at for key in belonging_to]
    assert belonging.fold(incident, person, by=actor(KARIM)) == 2
    assert stands(*belonging_to) == ["crowd", "folded", "folded"]
    assert [card(key).turn for key in belonging_to] == ["crowd", "away", "away"]
    assert health.tickets_with_wrong_turn() == 0
    assert belonging.unfold(incident, person, by=actor(KARIM)) == 2
    assert [card(key).turn for key in belonging_to] == ["crowd"] * 3
    assert [card(key).due_at for key in belonging_to] == due


def test_an_exception_that_folds_pulls_the_first_out_until_it_comes_apart(
    incident: int, run_jobs: Run, actor: Act
) -> None:
    first, second = member(run_jobs, submission="un"), member(run_jobs, submission="deux")
    person = card(first).requester_id
    belonging.unfold(incident, person, by=actor(KARIM))
    belonging.pull_out(incident, second, by=actor(KARIM))
    belonging.fold(incident, person, by=actor(KARIM))
    assert (stands(first, second), card(first).turn) == (["exception", "folded"], "ours")
    assert queries.memberships([first])[0].exceptions == ["by_hand"]
    belonging.unfold(incident, person, by=actor(KARIM))
    assert (stands(first, second), card(first).turn) == (["crowd", "exception"], "crowd")
    assert queries.memberships([first])[0].exceptions == []


def test_undoing_the_merge_by_hand_unfolds_too(incident: int, run_jobs: Run, actor: Act) -> None:
    first, second = member(run_jobs, submission="un"), member(run_jobs, submission="deux")
    person = card(first).requester_id
    belonging.unfold(incident, person, by=actor(KARIM))
    belonging.fold(incident, person, by=actor(KARIM))
    merging.unmerge(second, by=actor(KARIM))
    assert stands(first, second) == ["crowd", "crowd"]


def test_what_was_thought_of_two_requests_before_they_folded_is_thought_again(
    incident: int, run_jobs: Run, actor: Act
) -> None:
    first, second = member(run_jobs, submission="un"), member(run_jobs, submission="deux")
    person = card(first).requester_id
    belonging.unfold(incident, person, by=actor(KARIM))
    tickets.link(second, first, "perhaps_same")
    session.commit()
    belonging.fold(incident, person, by=actor(KARIM))
    assert [kind for kind, _ in tickets.linked(second)] == ["merged"]
    belonging.unfold(incident, person, by=actor(KARIM))
    assert [kind for kind, _ in tickets.linked(second)] == ["perhaps_same"]


def test_only_agents_who_see_the_request_may(incident: int, run_jobs: Run, actor: Act) -> None:
    ticket_id = member(run_jobs)
    with pytest.raises(NotFound):
        belonging.take_out(incident, ticket_id, by=actor(HUGO))
    with pytest.raises(Forbidden):
        belonging.take_out(incident, ticket_id, by=actor(PAUL))
