"""Recognising, signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from app.kernel import clock, keys
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Forbidden, Gone, Invalid, NotFound
from app.people import entry, entry_queries, guard, staff
from app.people import service as people
from app.people.models import SignInAttempt
from app.people.service import Writer
from tests.cast import ADELE, KARIM, NADIA, PASSWORD, SAMI, STRANGER, Character

Known = Callable[[Character], Actor]


def a_link(character: Character) -> str:
    """The token of a sign-in link just asked for."""
    entry.ask_sign_in_link(character.email)
    row = entry_queries.sign_in_links(range(1, 10)).popitem()[1]
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


HOME, STREET = "192.0.2.7", "198.51.100.23"


def guess(times: int = 10, *, network: str = "") -> None:
    for _ in range(times):
        with pytest.raises(Invalid):
            entry.sign_in(KARIM.email, "faux", network=network)


def is_refused(network: str = "") -> bool:
    try:
        entry.sign_in(KARIM.email, PASSWORD, network=network)
    except Invalid as refusal:
        return refusal.fields == {"password": "too_many_tries"}
    return False


def test_after_ten_wrong_tries_even_the_right_one_waits_a_minute(app: Flask, noon: datetime) -> None:
    guess()
    assert is_refused()
    with clock.frozen_at(noon + timedelta(seconds=61)):
        assert not is_refused()
        assert not is_refused()


def test_each_further_wrong_try_doubles_the_wait_up_to_a_quarter_of_an_hour(app: Flask, noon: datetime) -> None:
    guess()
    at = noon
    for minutes in (1, 2, 4, 8, 15, 15):
        with clock.frozen_at(at + timedelta(minutes=minutes, seconds=-1)):
            assert is_refused()
        at += timedelta(minutes=minutes, seconds=1)
        with clock.frozen_at(at):
            guess(1)


def test_others_may_write_while_a_password_is_checked(
    app: Flask, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def slow(_stored: str, _password: str) -> bool:
        with db.engine.begin() as other:  # a second writer, who would wait ten seconds and then fail
            seen.append(other.execute(delete(SignInAttempt)).rowcount)
        return True

    monkeypatch.setattr(entry, "_right", slow)
    assert entry.sign_in(KARIM.email, PASSWORD)
    assert seen == [1]  # the try had been counted before it was looked at


def test_whoever_guesses_from_elsewhere_makes_no_colleague_wait(app: Flask, noon: datetime) -> None:
    home = guard.network_of(HOME)
    entry.sign_in(KARIM.email, PASSWORD, network=home)
    for number in range(12):
        with pytest.raises(Invalid):
            entry.sign_in(KARIM.email, "faux", network=guard.network_of(f"203.0.113.{number}"))
    assert is_refused(guard.network_of(STREET))
    assert not is_refused(home)


def test_a_link_makes_its_network_known(app: Flask, noon: datetime) -> None:
    street = guard.network_of(STREET)
    guess(network=street)
    assert is_refused(street)
    entry.sign_in_by_link(a_link(KARIM), network=street)
    assert not is_refused(street)


def test_a_network_unused_for_long_is_a_strangers_again(app: Flask, noon: datetime) -> None:
    home = guard.network_of(HOME)
    entry.sign_in(KARIM.email, PASSWORD, network=home)
    with clock.frozen_at(noon + timedelta(days=91)):
        guess()
        assert is_refused(home)


@pytest.mark.parametrize("address", ["", "nowhere", "1.2.3", "fe80::1%eth0"])
def test_a_network_is_told_by_no_address_itself(app: Flask, address: str) -> None:
    assert address == "" or address not in guard.network_of(address)
    assert guard.network_of("2001:db8::1") == guard.network_of("2001:db8::2") != guard.network_of("2001:db9::1")


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
    assert set(entry_queries.sign_in_links(range(1, 10))) == {1, 2, 3}


def test_asking_a_link_for_a_stranger_says_nothing(app: Flask, noon: datetime) -> None:
    entry.ask_sign_in_link(STRANGER)
    assert entry_queries.sign_in_links(range(1, 10)) == {}
