"""Recognising, signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import clock, keys
from app.kernel.access import Actor
from app.kernel.errors import Forbidden, Gone, Invalid, NotFound
from app.people import entry, queries, staff
from app.people import service as people
from app.people.service import Writer
from tests.cast import ADELE, KARIM, NADIA, PASSWORD, SAMI, STRANGER, Character

Known = Callable[[Character], Actor]


def a_link(character: Character) -> str:
    """The token of a sign-in link just asked for."""
    entry.ask_sign_in_link(character.email)
    row = queries.sign_in_links(range(1, 10)).popitem()[1]
    return keys.link_token("sign-in", row.nonce, row.generation)


def test_an_address_is_recognised_once(app: Flask, noon: datetime) -> None:
    first = people.recognise([Writer("Lea@Exemple.fr", "Léa"), Writer("lea@exemple.fr", "L.")])
    second = people.recognise([Writer("lea@exemple.fr")])
    assert first == second == {"lea@exemple.fr": first["lea@exemple.fr"]}


def test_the_right_password_opens_a_session(app: Flask, noon: datetime) -> None:
    who = entry.signed_in(entry.sign_in(KARIM.email.upper(), PASSWORD))
    assert who is not None
    assert who.name == KARIM.name


@pytest.mark.parametrize(
    ("email", "password"), [(KARIM.email, "faux"), (STRANGER, PASSWORD), ("", ""), (KARIM.email, "x" * 10**6)]
)
def test_wrong_sign_ins_are_refused_in_the_same_words(app: Flask, noon: datetime, email: str, password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        entry.sign_in(email, password)
    assert refusal.value.fields == {"password": "wrong_sign_in"}


def test_after_ten_wrong_tries_even_the_right_one_waits(app: Flask, noon: datetime) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            entry.sign_in(KARIM.email, "faux")
    with pytest.raises(Invalid) as refusal:
        entry.sign_in(KARIM.email, PASSWORD)
    assert refusal.value.fields == {"password": "too_many_tries"}
    with clock.frozen_at(noon + timedelta(minutes=16)):
        assert entry.sign_in(KARIM.email, PASSWORD)


def test_a_session_ends_by_sign_out_idleness_and_age(app: Flask, noon: datetime) -> None:
    token = entry.sign_in(KARIM.email, PASSWORD)
    with clock.frozen_at(noon + timedelta(hours=3)):
        assert entry.signed_in(token) is None
    entry.sign_out(token)
    assert entry.signed_in(token) is None


def test_a_busy_session_still_ends_after_twelve_hours(app: Flask, noon: datetime) -> None:
    token = entry.sign_in(KARIM.email, PASSWORD)
    for hours in range(1, 13):
        with clock.frozen_at(noon + timedelta(hours=hours)):
            entry.touch_session(token)
    with clock.frozen_at(noon + timedelta(hours=12, minutes=1)):
        assert entry.signed_in(token) is None


def test_a_new_password_ends_every_session(app: Flask, noon: datetime, actor: Known) -> None:
    token = entry.sign_in(KARIM.email, PASSWORD)
    entry.change_password(PASSWORD, "autre-mot-secret", by=actor(KARIM))
    assert entry.signed_in(token) is None
    assert entry.sign_in(KARIM.email, "autre-mot-secret")


def test_a_closed_account_is_out_at_once(app: Flask, noon: datetime, actor: Known) -> None:
    token = entry.sign_in(KARIM.email, PASSWORD)
    karim = entry.signed_in(token)
    assert karim is not None
    people.close_account(karim.person_id, by=actor(ADELE))
    assert entry.signed_in(token) is None


def test_only_who_manages_people_closes_accounts(app: Flask, noon: datetime, actor: Known) -> None:
    with pytest.raises(Forbidden):
        people.close_account(actor(NADIA).person_id or 0, by=actor(KARIM))


def test_a_sign_in_link_works_once_for_fifteen_minutes(app: Flask, noon: datetime) -> None:
    token = a_link(SAMI)
    with clock.frozen_at(noon + timedelta(minutes=16)), pytest.raises(Gone):
        entry.sign_in_by_link(token)
    assert entry.signed_in(entry.sign_in_by_link(token)) is not None
    with pytest.raises(Gone):
        entry.sign_in_by_link(token)


def test_a_link_that_was_changed_opens_nothing(app: Flask, noon: datetime) -> None:
    token = a_link(SAMI)
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "", "*", token[::-1], "é"):
        with pytest.raises(NotFound):
            entry.sign_in_by_link(wrong)


def test_a_link_is_void_once_the_account_has_changed(app: Flask, noon: datetime, actor: Known) -> None:
    karim, adele = actor(KARIM), actor(ADELE)
    changes = (
        lambda: entry.change_password(PASSWORD, "autre-mot-secret", by=karim),
        lambda: staff.reassign(karim.person_id or 0, roles=["editor"], departments=[], by=adele),
        lambda: staff.close(karim.person_id or 0, by=adele),
    )
    for change in changes:
        token = a_link(KARIM)
        change()
        with pytest.raises(Gone):
            entry.sign_in_by_link(token)
    staff.reopen(karim.person_id or 0, by=adele)
    with pytest.raises(Gone):
        entry.sign_in_by_link(token)


def test_only_three_links_an_hour_are_sent(app: Flask, noon: datetime) -> None:
    for _ in range(5):
        entry.ask_sign_in_link(SAMI.email)
    assert set(queries.sign_in_links(range(1, 10))) == {1, 2, 3}


def test_asking_a_link_for_a_stranger_says_nothing(app: Flask, noon: datetime) -> None:
    entry.ask_sign_in_link(STRANGER)
    assert queries.sign_in_links(range(1, 10)) == {}
