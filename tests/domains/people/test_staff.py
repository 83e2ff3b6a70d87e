"""Colleagues come, change department or role, and leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.kernel import changes
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.people import colleagues, departments, entry, service, staff
from app.people.staff import Newcomer, StaffCard
from app.tickets import cases, handling, placing
from tests.cast import ADELE, KARIM, NADIA, PASSWORD, Character
from tests.makers import a_ticket

pytestmark = pytest.mark.usefixtures("app", "noon")

AGENT = Actor(roles=frozenset({Role.AGENT}), door="desk")


def somebody(**more: Any) -> Newcomer:
    given: dict[str, Any] = {"email": "Zoe@Valmorin.example", "name": "Zoé", "password": PASSWORD, "roles": ("staff",)}
    return Newcomer(**{**given, **more})


def known(email: str) -> StaffCard:
    session.rollback()
    return next(card for card in staff.roster(by=SYSTEM) if card.email == email)


def wrong(verb: Any, *given: Any, **more: Any) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        verb(*given, **more)
    session.rollback()
    return set(refusal.value.fields)


def test_who_leaves_hands_open_requests_back(app: Flask, actor: Callable[[Character], Actor]) -> None:
    karim = actor(KARIM)
    held, ended, other = (a_ticket(email=f"p{place}@exemple.fr") for place in range(3))
    for one in (held, ended):
        placing.assign(one.ticket_id, karim.person_id, by=karim)
    handling.solve(ended.ticket_id, by=karim)
    placing.assign(other.ticket_id, actor(NADIA).person_id, by=karim)
    staff.close(karim.person_id or 0, by=actor(ADELE))
    found = [cases.case_for(SYSTEM, one.number) for one in (held, ended, other)]
    assert [case.assignee for case in found] == ["", KARIM.name, NADIA.name]
    assert found[0].version == 3


def test_who_changes_department_keeps_what_can_still_be_answered(
    app: Flask, actor: Callable[[Character], Actor]
) -> None:
    karim, adele = actor(KARIM), actor(ADELE)
    held = a_ticket()
    placing.assign(held.ticket_id, karim.person_id, by=karim)
    staff.reassign(karim.person_id or 0, roles=["agent"], departments=["billetterie", "it"], by=adele)
    assert cases.case_for(SYSTEM, held.number).assignee == KARIM.name
    staff.reassign(karim.person_id or 0, roles=["agent"], departments=["it"], by=adele)
    assert cases.case_for(SYSTEM, held.number).assignee == ""


def test_somebody_new_signs_in_and_can_be_given_requests() -> None:
    staff.invite(somebody(roles=("staff", "agent"), departments=("billetterie",)), by=SYSTEM)
    assert entry.sign_in("zoe@valmorin.example", PASSWORD)
    assert "Zoé" in {card.name for card in colleagues.answering_in([service.department("billetterie").id])}


def history() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    session.rollback()
    return [(line.subject, dict(line.before), dict(line.after)) for line in changes.changes(by=SYSTEM)]


def test_the_name_the_administrator_gives_wins() -> None:
    key = service.recognise([service.Writer("zoe@valmorin.example", "zozo du 38")])["zoe@valmorin.example"]
    staff.invite(somebody(name="Zoé Marchand", departments=("billetterie",)), by=SYSTEM)
    assert known("zoe@valmorin.example").name == "Zoé Marchand"
    after = {"name": "Zoé Marchand", "roles": ["staff"], "departments": ["billetterie"]}
    assert history()[0] == (f"colleague {key}", {"name": "zozo du 38"}, after)


def test_other_rights_leave_a_line() -> None:
    key = known(KARIM.email).id
    staff.reassign(key, roles=["editor"], departments=["it"], by=SYSTEM)
    before, after = (
        {"roles": ["agent", "staff"], "departments": ["billetterie"]},
        {"roles": ["editor"], "departments": ["it"]},
    )
    assert history()[0] == (f"colleague {key}", before, after)
    staff.reassign(key, roles=["editor"], departments=["it"], by=SYSTEM)
    assert len([line for line in history() if line[0] == f"colleague {key}"]) == 1


def test_closing_and_opening_an_account_leave_a_line() -> None:
    key = known(KARIM.email).id
    staff.close(key, by=SYSTEM)
    staff.reopen(key, by=SYSTEM)
    assert [line[2] for line in history()[:2]] == [{"account": "open"}, {"account": "closed"}]


def test_an_address_has_one_account() -> None:
    assert wrong(staff.invite, somebody(email=KARIM.email), by=SYSTEM) == {"email"}


def test_what_no_account_can_be_is_named() -> None:
    assert wrong(somebody, email="x", name=" ", password="court", roles=("king",), language="de") == {
        "email", "name", "password", "roles", "language",
    }  # fmt: skip


def test_other_roles_and_departments_end_every_session() -> None:
    token = entry.sign_in(KARIM.email, PASSWORD)
    staff.reassign(known(KARIM.email).id, roles=["editor"], departments=["it"], by=SYSTEM)
    card = known(KARIM.email)
    assert (card.roles, card.departments) == ((Role.EDITOR,), frozenset({service.department("it").id}))
    assert entry.signed_in(token) is None


def test_the_last_administrator_stays() -> None:
    key = known(ADELE.email).id
    assert wrong(staff.reassign, key, roles=["staff"], departments=[], by=SYSTEM) == {"roles"}
    assert wrong(staff.close, key, by=SYSTEM) == {"person"}
    staff.invite(somebody(roles=("admin",)), by=SYSTEM)
    staff.close(key, by=SYSTEM)
    assert not known(ADELE.email).active


def test_a_closed_account_opens_again_with_its_roles() -> None:
    key = known(KARIM.email).id
    staff.close(key, by=SYSTEM)
    staff.reopen(key, by=SYSTEM)
    assert known(KARIM.email).roles == (Role.AGENT, Role.STAFF)
    assert entry.sign_in(KARIM.email, PASSWORD)


def test_nobody_without_an_account_is_touched() -> None:
    for verb in (staff.close, staff.reopen):
        with pytest.raises(NotFound):
            verb(99_999, by=SYSTEM)


def test_accounts_are_for_administrators() -> None:
    for verb in (lambda: staff.roster(by=AGENT), lambda: staff.invite(somebody(), by=AGENT)):
        with pytest.raises(Forbidden):
            verb()


def test_departments_are_renamed_together_or_not_at_all() -> None:
    key = service.department("it").id
    assert wrong(departments.rename, {key: ("Réseau", " ")}, by=SYSTEM) == {f"{key}-en"}
    departments.rename({key: ("Réseau", "Network")}, by=SYSTEM)
    assert service.department("it").name_fr == "Réseau"


def test_a_department_has_a_code_of_its_own() -> None:
    assert wrong(departments.add, "it", name_fr="Un", name_en="One", internal=False, by=SYSTEM) == {"code"}
    departments.add("bar", name_fr="Bar", name_en="Bar", internal=True, by=SYSTEM)
    assert service.department("bar").internal
