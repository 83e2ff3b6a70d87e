"""Assign, tag, put off, solve, merge; and the lists that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import Invalid, NotFound
from app.people import staff
from app.tickets import conversation, handling, list_queries, merging, placing, views
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.filters import Filter, read
from app.tickets.models import Ticket
from tests.cast import ADELE, HUGO, INES, KARIM, NADIA, ODILE, Character
from tests.conftest import counted
from tests.makers import a_ticket

Known = Callable[[Character], Actor]


def row(ticket_id: int) -> Ticket:
    found = tickets.card(ticket_id)
    assert found is not None
    return found


def listed(actor: Actor, view: str = "todo", **more: object) -> list[int]:
    rows = list_queries.page(
        Filter(view=view, **more), departments=actor.departments, me=actor.person_id or 0, now=clock.now(), place=None  # type: ignore[arg-type]
    )  # fmt: skip
    return [r.id for r in rows]


def test_the_queue_runs_by_what_is_due_first(app: Flask, noon: datetime, actor: Known) -> None:
    slow, quick = a_ticket(type="practical_info"), a_ticket(type="scan_refused")
    assert listed(actor(KARIM)) == [quick.ticket_id, slow.ticket_id]


def test_a_list_costs_the_same_at_one_row_and_at_twenty(app: Flask, noon: datetime, actor: Known) -> None:
    karim = actor(KARIM)
    a_ticket()
    with counted() as one:
        listed(karim)
    for n in range(19):
        a_ticket(email=f"s{n}@exemple.fr")
    with counted() as twenty:
        assert len(listed(karim)) == 20
    assert len(one) == len(twenty) == 1


def test_pages_follow_each_other_without_gap_or_double(app: Flask, noon: datetime, actor: Known) -> None:
    karim = actor(KARIM)
    for n in range(120):
        with clock.frozen_at(noon + timedelta(minutes=n % 7)):
            a_ticket(email=f"s{n}@exemple.fr")
    seen: list[int] = []
    place = None
    while True:
        rows = list_queries.page(Filter(), departments=karim.departments, me=1, now=noon, place=place)
        seen += [r.id for r in rows[:50]]
        if len(rows) <= 50:
            break
        place = list_queries.Place(rows[49].due_at, rows[49].id)
    assert len(seen) == len(set(seen)) == 120


def test_the_page_before_is_the_page_before(app: Flask, noon: datetime, actor: Known) -> None:
    karim = actor(KARIM)
    for n in range(60):
        a_ticket(email=f"s{n}@exemple.fr")
    first = list_queries.page(Filter(), departments=karim.departments, me=1, now=noon, place=None)
    second = list_queries.page(
        Filter(),
        departments=karim.departments,
        me=1,
        now=noon,
        place=list_queries.Place(first[49].due_at, first[49].id),
    )
    back = list_queries.page(
        Filter(), departments=karim.departments, me=1, now=noon,
        place=list_queries.Place(second[0].due_at, second[0].id, backwards=True),
    )  # fmt: skip
    assert [r.id for r in reversed(back)] == [r.id for r in first[:50]]


def test_counts_are_capped_and_cost_one_statement(app: Flask, noon: datetime, actor: Known) -> None:
    karim = actor(KARIM)
    for n in range(3):
        a_ticket(email=f"s{n}@exemple.fr")
    with counted() as statements:
        counts = list_queries.counts(
            tuple(karim.departments), me=karim.person_id or 0, now=noon, views=("todo", "mine", "free", "late")
        )
    assert counts == {"todo": 3, "mine": 0, "free": 3, "late": 0}
    assert len(statements) == 1


def test_assigning_moves_it_to_the_colleagues_own_list(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim, nadia = a_ticket(), actor(KARIM), actor(NADIA)
    placing.assign(opened.ticket_id, nadia.person_id, by=karim)
    assert listed(nadia, "mine") == [opened.ticket_id]
    assert listed(karim, "free") == []


def test_nobody_outside_the_department_can_be_assigned(app: Flask, noon: datetime, actor: Known) -> None:
    with pytest.raises(Invalid):
        placing.assign(a_ticket().ticket_id, actor(HUGO).person_id, by=actor(KARIM))


def test_a_closed_account_is_given_nothing(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim, nadia = a_ticket(), actor(KARIM), actor(NADIA).person_id or 0
    staff.close(nadia, by=actor(ADELE))
    with pytest.raises(Invalid) as refusal:
        placing.assign(opened.ticket_id, nadia, by=karim)
    assert refusal.value.fields == {"assignee": "account_closed"}


def test_who_may_not_answer_is_given_nothing(app: Flask, noon: datetime, actor: Known) -> None:
    with pytest.raises(Invalid) as refusal:
        placing.assign(a_ticket().ticket_id, actor(ODILE).person_id, by=actor(KARIM))
    assert refusal.value.fields == {"assignee": "not_of_department"}


def test_sorting_into_another_department_frees_it_from_who_does_not_answer_there(
    app: Flask, noon: datetime, actor: Known
) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    placing.assign(opened.ticket_id, karim.person_id, by=karim)
    placing.sort(opened.ticket_id, category="technical_staff", type=None, priority="high", by=karim)
    assert row(opened.ticket_id).assignee_id is None


def test_a_moved_ticket_leaves_my_sight(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    placing.move(opened.ticket_id, next(iter(actor(HUGO).departments)), by=karim)
    assert listed(karim) == []
    assert listed(actor(HUGO)) == [opened.ticket_id]


def test_tags_narrow_a_list(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    a_ticket(email="x@exemple.fr")
    handling.tag(opened.ticket_id, add=["Groupe Scolaire"], by=karim)
    assert listed(karim, tag="groupe scolaire") == [opened.ticket_id]
    handling.tag(opened.ticket_id, remove=["groupe scolaire"], by=karim)
    assert listed(karim, tag="groupe scolaire") == []


@pytest.mark.parametrize("word", ["", "x" * 60, "<b>", "a\nb;"])
def test_an_odd_tag_is_refused(app: Flask, noon: datetime, actor: Known, word: str) -> None:
    with pytest.raises(Invalid):
        handling.tag(a_ticket().ticket_id, add=[word], by=actor(KARIM))


def test_a_snoozed_ticket_comes_back_by_itself(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    handling.snooze(opened.ticket_id, noon + timedelta(days=1), by=karim)
    assert listed(karim) == []
    assert listed(karim, "later") == [opened.ticket_id]
    with clock.frozen_at(noon + timedelta(days=1, minutes=1)):
        assert handling.wake() == 1
        assert listed(karim) == [opened.ticket_id]


def test_snoozing_into_the_past_is_refused(app: Flask, noon: datetime, actor: Known) -> None:
    with pytest.raises(Invalid):
        handling.snooze(a_ticket().ticket_id, noon - timedelta(minutes=1), by=actor(KARIM))


def test_spam_leaves_every_list_and_can_come_back(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    handling.mark_spam(opened.ticket_id, by=karim)
    assert listed(karim) == []
    assert listed(karim, "spam") == [opened.ticket_id]
    handling.mark_spam(opened.ticket_id, spam=False, by=karim)
    assert listed(karim) == [opened.ticket_id]


def test_a_merge_can_be_undone(app: Flask, noon: datetime, actor: Known) -> None:
    first, second, karim = a_ticket(), a_ticket(body="La même."), actor(KARIM)
    merging.merge(second.ticket_id, first.ticket_id, by=karim)
    assert listed(karim) == [first.ticket_id]
    merging.unmerge(second.ticket_id, by=karim)
    assert set(listed(karim)) == {first.ticket_id, second.ticket_id}


def test_requests_of_two_people_cannot_be_merged(app: Flask, noon: datetime, actor: Known) -> None:
    first, second = a_ticket(), a_ticket(email="autre@exemple.fr")
    with pytest.raises(Invalid):
        merging.merge(second.ticket_id, first.ticket_id, by=actor(KARIM))


def test_bulk_says_which_changed_and_which_did_not(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    done, refused = handling.in_bulk([opened.ticket_id, 999], lambda i: handling.solve(i, by=karim))
    assert (done, refused) == ([opened.ticket_id], {999: "ticket"})


def test_sorting_by_hand_moves_the_department_with_the_category(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    placing.sort(opened.ticket_id, category="technical_staff", type=None, priority="high", by=actor(KARIM))
    assert row(opened.ticket_id).department_id in actor(HUGO).departments


def test_a_type_of_another_category_is_refused(app: Flask, noon: datetime, actor: Known) -> None:
    with pytest.raises(Invalid):
        placing.sort(a_ticket().ticket_id, category="invoice", type="wrong_seat", priority="low", by=actor(KARIM))


def test_a_saved_view_is_seen_by_its_owner_and_a_shared_one_by_the_department(
    app: Flask, noon: datetime, actor: Known
) -> None:
    karim, ines = actor(KARIM), actor(INES)
    views.save_view("Mes écoles", Filter(category="group_booking"), by=karim)
    views.save_view("Accès", Filter(category="accessibility"), department_id=next(iter(ines.departments)), by=ines)
    assert {name for _, name, _, _ in views.views_for(karim)} == {"Mes écoles", "Accès"}
    assert {name for _, name, _, _ in views.views_for(actor(NADIA))} == {"Accès"}


def test_only_its_owner_deletes_a_view(app: Flask, noon: datetime, actor: Known) -> None:
    view_id = views.save_view("Mes écoles", Filter(), by=actor(KARIM))
    with pytest.raises(NotFound):
        views.delete_view(view_id, by=actor(NADIA))


def test_a_filter_from_an_address_leaves_nonsense_out() -> None:
    given = {"category": "invoice", "assignee": "x", "department": "9" * 30, "priority": " ", "unknown": "1"}
    assert read(given, "elsewhere") == Filter(category="invoice")


def test_a_merged_request_stays_out_of_the_queues_whatever_is_done_with_it(
    app: Flask, noon: datetime, actor: Known
) -> None:
    first, second, karim = a_ticket(), a_ticket(), actor(KARIM)
    merging.merge(second.ticket_id, first.ticket_id, by=karim)
    for verb in (handling.solve, handling.reopen, handling.mark_spam):
        verb(second.ticket_id, by=karim)
        assert row(second.ticket_id).turn == "away"
    handling.mark_spam(second.ticket_id, spam=False, by=karim)
    assert listed(karim) == [first.ticket_id]


def test_what_had_ended_and_is_put_off_lives_again(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    handling.solve(opened.ticket_id, by=karim)
    handling.snooze(opened.ticket_id, noon + timedelta(days=1), by=karim)
    assert row(opened.ticket_id).solved_at is None
    assert row(opened.ticket_id).due_at is not None


def test_an_answer_to_what_is_put_off_leaves_it_to_come_back(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim, until = a_ticket(), actor(KARIM), noon + timedelta(days=1)
    handling.snooze(opened.ticket_id, until, by=karim)
    conversation.answer(opened.ticket_id, Word(body="Nous vous écrirons demain."), by=karim)
    assert row(opened.ticket_id).snoozed_until == until
    with clock.frozen_at(until):
        assert handling.wake() == 1
