"""Promises that end soon or have passed are told to whoever has the request and to its managers, in few letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.mail.outgoing import Shown
from app.notices import gathering
from app.sla import service as sla
from app.tickets import conversation, handling, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from tests.cast import ADELE, HUGO, INES, KARIM, NADIA
from tests.domains.notices.conftest import choose, told_to
from tests.makers import a_ticket

Jobs = Callable[[], int]


def due_at(opened: Opened) -> datetime:
    card = tickets.card(opened.ticket_id)
    assert card is not None
    assert card.due_at is not None
    return card.due_at


def wait(until: datetime) -> None:
    clock.advance(until - clock.now())


@pytest.fixture
def swept(karim: Actor, opened: Opened, run_jobs: Jobs) -> Callable[[], list[Shown]]:
    placing.assign(opened.ticket_id, karim.person_id, by=karim)

    def sweep() -> list[Shown]:
        sla.sweep()
        run_jobs()
        return told_to(KARIM.email)

    return sweep


def test_a_promise_near_is_told_with_reason_spectator_and_moment(
    opened: Opened, swept: Callable[[], list[Shown]]
) -> None:
    wait(due_at(opened) - timedelta(minutes=20))
    (letter,) = swept()
    assert letter.subject == f"Bientôt en retard\u00a0: {opened.number}"
    assert "Léa Fontanel\u00a0: une réponse est promise avant 14\u00a0h\u00a030." in letter.text
    assert f"http://localhost/regie/demandes/{opened.number}" in letter.text
    assert [row.id for row in swept()] == [letter.id]


def test_managers_hear_of_what_nobody_has_and_those_of_other_departments_do_not(opened: Opened, run_jobs: Jobs) -> None:
    wait(due_at(opened) - timedelta(minutes=20))
    sla.sweep()
    run_jobs()
    assert [letter.kind for letter in told_to(INES.email)] == ["due"]
    assert [told_to(who.email) for who in (KARIM, NADIA, HUGO, ADELE)] == [[], [], [], []]


def test_a_manager_who_does_not_want_it_hears_nothing(opened: Opened, ines: Actor, run_jobs: Jobs) -> None:
    choose(ines, team_due="never")
    wait(due_at(opened) - timedelta(minutes=20))
    sla.sweep()
    run_jobs()
    assert told_to(INES.email) == []


def test_many_are_one_letter_and_the_next_leaves_half_an_hour_later(
    opened: Opened, karim: Actor, run_jobs: Jobs, swept: Callable[[], list[Shown]]
) -> None:
    others = []
    for n in range(2):
        others.append(a_ticket(email=f"autre{n}@exemple.fr"))
        placing.assign(others[n].ticket_id, karim.person_id, by=karim)
        clock.advance(timedelta(minutes=10))
    run_jobs()
    wait(due_at(others[0]) - timedelta(minutes=25))
    (first,) = swept()
    assert first.subject == "Bientôt en retard\u00a0: 2 demandes"
    clock.advance(timedelta(minutes=21))
    assert [row.id for row in swept()] == [first.id]
    clock.advance(timedelta(minutes=10))
    second = swept()[-1]
    assert second.subject == "En retard\u00a0: 2, bientôt\u00a0: 1"
    assert second.created_at - first.created_at >= timedelta(minutes=30)


def test_what_was_answered_before_the_letter_leaves_is_not_told(
    opened: Opened, karim: Actor, run_jobs: Jobs, swept: Callable[[], list[Shown]]
) -> None:
    wait(due_at(opened) - timedelta(minutes=20))
    sla.sweep()
    run_jobs()
    conversation.answer(opened.ticket_id, Word(body="Voilà."), by=karim)
    assert swept() == []


def test_near_and_late_heard_twice_are_told_once(opened: Opened, swept: Callable[[], list[Shown]]) -> None:
    wait(due_at(opened) + timedelta(minutes=1))
    (letter,) = swept()
    assert letter.subject == f"En retard\u00a0: {opened.number}"
    gathering.promised("late", [(opened.ticket_id, "first", due_at(opened).isoformat())])
    clock.advance(timedelta(minutes=31))
    assert len(told_to(KARIM.email)) == 1


def test_spam_is_not_told(opened: Opened, swept: Callable[[], list[Shown]]) -> None:
    wait(due_at(opened) - timedelta(minutes=20))
    sla.sweep()
    handling.mark_spam(opened.ticket_id, by=SYSTEM)
    assert swept() == []
