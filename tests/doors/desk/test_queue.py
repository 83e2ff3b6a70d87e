"""The queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.keyset import Place
from app.tickets import conversation, handling, list_queries, placing, views
from app.tickets.conversation import Word
from app.tickets.filters import Filter
from app.tickets.opening import Opened
from app.tickets.states import State
from tests.cast import HUGO, INES, KARIM, NADIA, ODILE, PAUL, SAMI, Character
from tests.doors.desk.steps import page, press, seen, statements, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
TODO = "/regie/file/todo"


def numbers(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-row="(\d+)"', html)]


def test_what_waits_for_us_is_listed(ticket: Opened, karim: FlaskClient) -> None:
    html = page(karim, TODO)
    assert numbers(html) == [ticket.number]
    assert "Remboursement de deux places" in html
    assert f"/regie/demandes/{ticket.number}?vue=todo" in html


@pytest.mark.parametrize("who", [SAMI, PAUL, ODILE])
def test_who_handles_no_requests_may_not_enter(sign_in: SignIn, who: Character) -> None:
    page(sign_in(who), TODO, 403)


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(TODO).headers["Location"].startswith("/regie/connexion")


def test_requests_of_other_departments_do_not_exist(ticket: Opened, sign_in: SignIn) -> None:
    assert numbers(page(sign_in(HUGO), TODO)) == []


def test_an_unknown_view_does_not_exist(karim: FlaskClient) -> None:
    page(karim, "/regie/file/demain", 404)
    page(karim, "/regie/file/v/999", 404)


def test_words_of_an_address_that_make_no_sense_are_left_out(ticket: Opened, karim: FlaskClient) -> None:
    assert numbers(page(karim, f"{TODO}?assignee=abc&place=%00x&department=99999999999999999999")) == [ticket.number]


def test_each_view_holds_its_own(ticket: Opened, karim: FlaskClient, actor: Act) -> None:
    by = actor(KARIM)
    mine, waiting, later, done, spam = (a_ticket().ticket_id for _ in range(5))
    placing.assign(mine, by.person_id, by=by)
    conversation.answer(waiting, Word(body="Quelle date ?"), then=State.WAITING, by=by)
    handling.snooze(later, clock.now() + timedelta(days=1), by=by)
    handling.solve(done, by=by)
    handling.mark_spam(spam, by=by)
    shown = {view: len(numbers(page(karim, f"/regie/file/{view}"))) for view in
             ("todo", "mine", "free", "late", "waiting", "later", "done", "spam")}  # fmt: skip
    assert shown == {"todo": 2, "mine": 1, "free": 1, "late": 0, "waiting": 1, "later": 1, "done": 1, "spam": 1}


def test_what_is_late_is_said_and_counted(ticket: Opened, sign_in: SignIn, noon: datetime) -> None:
    with clock.frozen_at(noon + timedelta(days=20)):
        html = page(sign_in(KARIM), "/regie/file/late")
    assert numbers(html) == [ticket.number]
    assert 'class="bad"' in html


@pytest.mark.parametrize(
    ("query", "fits"),
    [("priority=normal", True), ("priority=urgent", False), ("language=fr", True), ("tag=presse", True),
     ("tag=autre", False), ("order=VAL-7K3QD", False), ("category=refund_cancelled", True)],
)  # fmt: skip
def test_a_filter_narrows(ticket: Opened, karim: FlaskClient, actor: Act, query: str, fits: bool) -> None:
    handling.tag(ticket.ticket_id, add=["presse"], by=actor(KARIM))
    assert (numbers(page(karim, f"{TODO}?{query}")) == [ticket.number]) is fits


def test_nothing_left_brings_the_curtain_down(karim: FlaskClient) -> None:
    assert "Curtain" in page(karim, TODO) or "Rideau" in page(karim, TODO)


def test_pages_follow_each_other_without_a_gap(karim: FlaskClient, noon: datetime) -> None:
    opened = {a_ticket(email=f"p{place}@exemple.fr").number for place in range(60)}
    first = page(karim, TODO)
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    second = page(karim, onward[1].replace("&amp;", "&"))
    assert (len(numbers(first)), len(numbers(second))) == (50, 10)
    assert set(numbers(first)) | set(numbers(second)) == opened
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back is not None
    assert numbers(page(karim, back[1].replace("&amp;", "&"))) == numbers(first)


def test_one_row_and_twenty_cost_the_same(karim: FlaskClient, ticket: Opened) -> None:
    one = statements(karim, TODO)
    for place in range(20):
        a_ticket(email=f"p{place}@exemple.fr")
    assert statements(karim, TODO) == one <= 6


def test_new_words_are_told_without_moving_a_row(karim: FlaskClient, ticket: Opened, noon: datetime) -> None:
    address = re.search(r'data-fresh-url="([^"]+)"', page(karim, TODO))
    assert address is not None
    with clock.frozen_at(noon + timedelta(minutes=1)):
        assert page(karim, address[1].replace("&amp;", "&")).strip() == ""
        a_ticket()
        html = page(karim, address[1].replace("&amp;", "&"))
    assert html.strip().startswith(f'<a href="{TODO}">1')


def test_a_moment_that_is_none_is_not_found(karim: FlaskClient) -> None:
    page(karim, "/regie/file/nouvelles?depuis=hier", 404)


def test_the_next_one_is_taken_and_opened(karim: FlaskClient, ticket: Opened, actor: Act) -> None:
    html = told(karim, press(karim, "/regie/file/suivante?vue=todo"))
    assert str(ticket.number) in html
    assert seen(actor(KARIM), ticket.number).assignee == KARIM.name


def test_two_colleagues_take_two_requests(ticket: Opened, sign_in: SignIn, actor: Act) -> None:
    other = a_ticket()
    for who in (KARIM, NADIA):
        press(sign_in(who), "/regie/file/suivante")
    by = actor(KARIM)
    taken = {seen(by, number).assignee for number in (ticket.number, other.number)}
    assert taken == {KARIM.name, NADIA.name}


def test_nothing_to_take_is_said(karim: FlaskClient) -> None:
    answer = press(karim, "/regie/file/suivante?vue=todo")
    assert answer.headers["Location"] == TODO
    assert 'role="status"' in told(karim, answer)


def test_a_filter_is_kept_as_a_view_and_let_go(karim: FlaskClient, ticket: Opened, actor: Act) -> None:
    html = told(karim, press(karim, "/regie/vues?vue=todo&priority=urgent", name="Urgences"))
    assert "Urgences" in html
    assert numbers(html) == []
    view_id = views.views_for(actor(KARIM))[0][0]
    press(karim, f"/regie/vues/{view_id}/retrait")
    assert views.views_for(actor(KARIM)) == []


def test_a_view_without_a_name_says_so(karim: FlaskClient, noon: datetime) -> None:
    answer = press(karim, "/regie/vues?vue=todo&priority=urgent", name=" ")
    assert answer.status_code == 422
    assert 'id="f-name-e"' in answer.get_data(as_text=True)


def test_only_who_may_share_shares_a_view(sign_in: SignIn, actor: Act, noon: datetime) -> None:
    department = next(iter(actor(KARIM).departments))
    assert press(sign_in(KARIM), "/regie/vues?vue=late", name="À tous", share=department).status_code == 403
    press(sign_in(INES), "/regie/vues?vue=late", name="À tous", share=department)
    assert "À tous" in page(sign_in(NADIA), TODO)


def test_anothers_view_cannot_be_deleted(karim: FlaskClient, sign_in: SignIn, actor: Act) -> None:
    view_id = views.save_view("Mes urgences", Filter(priority="urgent"), by=actor(KARIM))
    assert press(sign_in(NADIA), f"/regie/vues/{view_id}/retrait").status_code == 404


@pytest.mark.parametrize("odd", ["²", "1" * 5_000, "-1", "%00"])
def test_a_number_that_is_none_breaks_no_page(ticket: Opened, karim: FlaskClient, odd: str) -> None:
    page(karim, f"{TODO}?assignee={odd}&department={odd}&v={odd}")
    page(karim, f"/regie/demandes/{ticket.number}?reponse={odd}")
    assert karim.get(f"/regie/file/nouvelles?depuis={odd}").status_code == 404
    assert karim.get(f"/regie/recherche/articles?demande={odd}").status_code == 404
    assert press(karim, "/regie/file/lot", numbers=odd, do="solve").status_code == 303


@pytest.mark.parametrize("odd", ["²", "1" * 5_000])
def test_a_view_is_not_shared_with_a_department_that_is_no_number(sign_in: SignIn, odd: str) -> None:
    press(sign_in(INES), "/regie/vues", name="Urgences", share=odd)
    assert "Urgences" in page(sign_in(INES), TODO)
    assert "Urgences" not in page(sign_in(KARIM), TODO)


@pytest.mark.parametrize(
    ("filters", "sought"),
    [
        (Filter(performance=7), "ix_ticket_performance (performance_id=? AND department_id=? AND turn=?)"),
        (Filter(category="exchange"), "ix_ticket_category (category=? AND department_id=? AND turn=?)"),
        (Filter(view="mine"), "ix_ticket_mine (assignee_id=? AND department_id=? AND turn=?)"),
        (Filter(), "ix_ticket_queue (department_id=? AND turn=? AND due_at<?)"),
    ],
)
def test_counts_seek_what_they_count_instead_of_reading_a_whole_turn(
    app: Flask, noon: datetime, filters: Filter, sought: str
) -> None:
    plans: list[str] = []

    def explain(_conn: object, cursor: Any, statement: str, given: Any, *_rest: object) -> None:
        if "LIMIT" in statement and not plans:
            plans.append(
                " ".join(row[3] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given))
            )

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        list_queries.position(filters, [1], me=1, now=noon, place=Place(noon, 5, backwards=True))
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    assert sought in plans[0]
