"""The lists of the desk and what lies around one request, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock, keyset
from app.kernel.access import Actor
from app.kernel.errors import Forbidden, NotFound
from app.kernel.transaction import begun
from app.tickets import behalf, cases, conversation, handling, lists, merging, own, placing, taking
from app.tickets.conversation import Word
from app.tickets.filters import VIEWS, Filter
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import HUGO, KARIM, NADIA, SAMI, STRANGER, Character
from tests.makers import a_draft, a_ticket

Act = Callable[[Character], Actor]


@pytest.fixture
def three(app: Flask, noon: datetime) -> list[Opened]:
    """Three requests, a minute apart, so that each is due before the next."""
    opened = []
    for minute in range(3):
        with clock.frozen_at(noon + timedelta(minutes=minute)):
            opened.append(a_ticket(email=f"p{minute}@exemple.fr"))
    return opened


def test_a_list_runs_by_what_is_due_first(three: list[Opened], actor: Act) -> None:
    page = lists.page(Filter(), by=actor(KARIM))
    assert [row.number for row in page.rows] == [opened.number for opened in three]
    assert (page.previous, page.next) == ("", "")


def test_what_owes_nothing_comes_last(three: list[Opened], actor: Act) -> None:
    by = actor(KARIM)
    with begun():
        handling.note_due({three[0].ticket_id: None})
    rows = lists.page(Filter(), by=by).rows
    assert (rows[-1].number, rows[-1].due_at) == (three[0].number, None)
    place = keyset.Place(None, three[0].ticket_id)
    assert lists.position(Filter(), place, by=by) == (3, 3)
    assert lists.next_number(Filter(), place, by=by) == three[1].number


def test_ended_ones_run_by_activity(three: list[Opened], actor: Act, noon: datetime) -> None:
    by = actor(KARIM)
    for minute, opened in enumerate(three):
        with clock.frozen_at(noon + timedelta(hours=1, minutes=minute)):
            handling.solve(opened.ticket_id, by=by)
    rows = lists.page(Filter(view="done"), by=by).rows
    assert [row.number for row in rows] == [opened.number for opened in reversed(three)]
    place = keyset.Place(rows[0].activity_at, rows[0].id)
    assert lists.next_number(Filter(view="done"), place, by=by) == rows[1].number


def test_counts_say_what_lists_hold(three: list[Opened], actor: Act) -> None:
    by = actor(KARIM)
    placing.assign(three[0].ticket_id, by.person_id, by=by)
    conversation.answer(three[1].ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=by)
    named = {view: Filter(view=view) for view in VIEWS}
    held = {view: len(lists.page(filters, by=by).rows) for view, filters in named.items()}
    assert lists.counts(named, by=by) == held
    assert held["todo"] == 2


def test_what_has_not_ended_stands_in_one_list_whoevers_turn_it_is(three: list[Opened], actor: Act) -> None:
    by = actor(KARIM)
    conversation.answer(three[1].ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=by)
    handling.snooze(three[0].ticket_id, clock.now() + timedelta(days=1), by=by)
    fourth = a_ticket(subject="Terminée", email="autre@exemple.fr")
    handling.solve(fourth.ticket_id, by=by)
    rows = lists.page(Filter(view="open"), by=by).rows
    assert {row.number for row in rows} == {opened.number for opened in three}
    assert [row.due_at for row in rows] == sorted((row.due_at for row in rows), key=lambda at: (at is None, at))
    after = keyset.Place(rows[0].due_at, rows[0].id)
    assert lists.next_number(Filter(view="open"), after, by=by) == rows[1].number


def test_from_the_end_of_a_list_one_comes_back_to_its_beginning(three: list[Opened], actor: Act) -> None:
    by = actor(KARIM)
    place = cases.spot_of(by, three[2].number).place(by_activity=False)
    assert lists.next_number(Filter(), place, by=by) == three[0].number


def test_nothing_stands_before_the_first(three: list[Opened], actor: Act) -> None:
    by = actor(KARIM)
    place = cases.spot_of(by, three[0].number).place(by_activity=False, backwards=True)
    assert lists.next_number(Filter(), place, by=by) is None


def test_lists_are_for_who_handles_requests(app: Flask, actor: Act) -> None:
    with pytest.raises(Forbidden):
        lists.page(Filter(), by=actor(SAMI))


def test_what_is_new_counts_unread_words_only(three: list[Opened], actor: Act, noon: datetime) -> None:
    by = actor(KARIM)
    assert lists.fresh(Filter(), noon, by=by) == 2
    conversation.mark_read(three[2].ticket_id, by=by)
    assert lists.fresh(Filter(), noon, by=by) == 1


def test_the_next_one_taken_is_free_or_ones_own(three: list[Opened], actor: Act) -> None:
    karim, nadia = actor(KARIM), actor(NADIA)
    placing.assign(three[0].ticket_id, nadia.person_id, by=nadia)
    assert taking.take_next(Filter(), by=karim) == three[1].number
    assert taking.take_next(Filter(), by=karim) == three[1].number
    assert taking.take_next(Filter(), skip=three[1].ticket_id, by=karim) == three[2].number


def test_another_department_has_nothing_to_take(three: list[Opened], actor: Act) -> None:
    assert taking.take_next(Filter(), by=actor(HUGO)) is None


def test_drafts_and_colleagues_stand_beside_a_request(three: list[Opened], actor: Act) -> None:
    karim, nadia = actor(KARIM), actor(NADIA)
    conversation.keep_draft(three[0].ticket_id, "reply", "Bonjour", by=karim)
    conversation.be_present(three[0].ticket_id, typing=False, by=nadia)
    beside = cases.beside(three[0].ticket_id, by=karim)
    assert beside.drafts["reply"].body == "Bonjour"
    assert beside.present == ((NADIA.name, False),)


def test_who_has_a_fresh_draft_is_writing(three: list[Opened], actor: Act) -> None:
    nadia = actor(NADIA)
    conversation.be_present(three[0].ticket_id, typing=False, by=nadia)
    conversation.keep_draft(three[0].ticket_id, "reply", "Bonjour", by=nadia)
    assert cases.beside(three[0].ticket_id, by=actor(KARIM)).present == ((NADIA.name, True),)


def test_linked_requests_come_before_others_of_the_same_person(app: Flask, noon: datetime, actor: Act) -> None:
    by = actor(KARIM)
    first, second, third = (a_ticket() for _ in range(3))
    merging.merge(third.ticket_id, first.ticket_id, by=by)
    company = cases.company(cases.case_for(by, first.number), by=by)
    assert [(near.kind, near.number) for near in company] == [("merged", third.number), ("other", second.number)]


def test_what_one_asked_oneself_has_no_notes(app: Flask, noon: datetime, actor: Act) -> None:
    opened = a_ticket(email=SAMI.email, type="staff_it", by=actor(SAMI))
    conversation.note(opened.ticket_id, Word(body="Entre nous."), by=actor(HUGO))
    assert [word.kind for word in own.own_case(actor(SAMI), opened.number).said] == ["spectator"]
    with pytest.raises(NotFound):
        own.own_case(actor(HUGO), opened.number)


def test_a_call_is_one_transaction_with_its_note(app: Flask, noon: datetime, actor: Act) -> None:
    opened = behalf.open_for(a_draft(email=STRANGER), note="Rappeler.", by=actor(KARIM))
    kinds = [word.kind for word in cases.case_for(actor(KARIM), opened.number).said]
    assert kinds == ["spectator", "note"]
