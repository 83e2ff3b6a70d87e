"""Who may do what."""

from __future__ import annotations

import pytest

from app.kernel.access import MATRIX, SYSTEM, Actor, Permission, Role, spectator
from app.kernel.errors import Forbidden

#: What spectators may do, and nobody may take for more than it is.
OWN = {Permission.TICKET_OPEN, Permission.TICKET_WRITE}


def somebody(*roles: Role) -> Actor:
    return Actor(roles=frozenset(roles), person_id=1)


def test_every_role_has_its_row_and_every_permission_somebody() -> None:
    assert set(MATRIX) == set(Role)
    assert set().union(*MATRIX.values()) == set(Permission)


def test_permissions_stand_in_alphabetical_order() -> None:
    assert list(Permission) == sorted(Permission)


@pytest.mark.parametrize("role", Role)
def test_everybody_may_ask_for_themselves(role: Role) -> None:
    assert MATRIX[role] >= OWN


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        (Role.SPECTATOR, Permission.TICKET_READ, False),
        (Role.STAFF, Permission.TICKET_OPEN_INTERNAL, True),
        (Role.STAFF, Permission.TICKET_READ, False),
        (Role.AGENT, Permission.TICKET_ANSWER, True),
        (Role.AGENT, Permission.DASHBOARD_READ, False),
        (Role.AGENT, Permission.PERSON_EDIT, False),
        (Role.MANAGER, Permission.TICKET_ANSWER, True),
        (Role.MANAGER, Permission.DASHBOARD_READ, True),
        (Role.MANAGER, Permission.ARTICLE_PUBLISH, False),
        (Role.EDITOR, Permission.ARTICLE_PUBLISH, True),
        (Role.EDITOR, Permission.TICKET_READ, False),
        (Role.FINANCE, Permission.REPORT_EXPORT, True),
        (Role.FINANCE, Permission.TICKET_READ, False),
        (Role.ADMIN, Permission.PERSON_EDIT, True),
    ],
)
def test_a_role_may_what_the_matrix_says(role: Role, permission: Permission, allowed: bool) -> None:
    assert somebody(role).may(permission) is allowed


def test_only_administrators_read_rights_and_edit_colleagues() -> None:
    for permission in (Permission.PERSON_EDIT, Permission.PERMISSION_READ):
        assert {role for role in Role if permission in MATRIX[role]} == {Role.ADMIN}


def test_several_roles_add_up() -> None:
    both = somebody(Role.AGENT, Role.EDITOR)
    assert all(both.may(permission) for permission in MATRIX[Role.AGENT] | MATRIX[Role.EDITOR])
    assert not both.may(Permission.SETTINGS_EDIT)


def test_a_refusal_names_the_permission() -> None:
    with pytest.raises(Forbidden) as refusal:
        spectator(None, door="portal").must(Permission.TICKET_READ)
    assert (refusal.value.code, refusal.value.values) == ("not_allowed", {"permission": "ticket:read"})
    somebody(Role.AGENT).must(Permission.TICKET_READ)


def test_nobody_may_anything_and_the_system_may_all() -> None:
    assert not any(somebody().may(permission) for permission in Permission)
    assert all(SYSTEM.may(permission) for permission in Permission)


@pytest.mark.parametrize(
    ("roles", "word"),
    [
        ((), "spectator"),
        ((Role.SPECTATOR,), "spectator"),
        ((Role.STAFF, Role.AGENT), "agent"),
        ((Role.STAFF, Role.EDITOR, Role.AGENT), "editor"),
        ((Role.AGENT, Role.MANAGER), "manager"),
        (tuple(Role), "admin"),
    ],
)
def test_the_journal_keeps_the_strongest_role(roles: tuple[Role, ...], word: str) -> None:
    assert somebody(*roles).role == word


def test_a_private_link_opens_one_request_only() -> None:
    by = spectator(5, door="portal", ticket_id=9)
    assert (by.person_id, by.ticket_id, by.door, by.departments, by.role) == (5, 9, "portal", frozenset(), "spectator")
