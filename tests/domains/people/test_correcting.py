"""Two addresses of one person change places, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.people import correcting
from app.people import queries as rows
from app.people import service as people
from app.people.models import Address
from tests.cast import KARIM, LEA, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
OTHER = "lea.travail@exemple.fr"


def letters_go_to(person: int) -> str | None:
    session.rollback()
    return people.letters_go_to(person)


def test_one_that_is_known_already_changes_places_and_back(app: Flask, actor: Act) -> None:
    a_ticket()
    person, by = people.recognise([people.Writer(LEA)])[LEA], actor(KARIM)
    session.add(Address(person_id=person, email=OTHER))
    session.commit()
    people.confirm_address(OTHER)
    with pytest.raises(Conflict):
        correcting.correct(person, LEA, OTHER, by=by)
    people.mark_undeliverable(LEA, "5.1.1")
    for _ in range(2):
        correcting.correct(person, LEA, OTHER.upper(), by=by)
        assert letters_go_to(person) == OTHER
    marks = rows.addresses([LEA, OTHER])
    assert [marks[email].undeliverable for email in (LEA, OTHER)] == ["5.1.1", None]
    assert [marks[email].confirmed_at is None for email in (LEA, OTHER)] == [True, False]
    assert rows.refused([person]) == set()
    for _ in range(2):
        correcting.take_back(person, LEA, OTHER, by=by)
        assert letters_go_to(person) == LEA
    assert rows.addresses([OTHER])[OTHER].confirmed_at is not None
    assert rows.refused([person]) == {person}
