"""The page of those whom the answers to a crowd did not reach: sums, reasons, what can be done, pages, a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.incidents import answering
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import db, session
from app.mail import sending
from app.people import service as people
from app.people.models import Person
from app.tickets import conversation
from app.tickets.conversation import Word
from tests.cast import INES, KARIM, SAMI, Character
from tests.crowds import a_crowd, a_written_answer, an_incident

Act = Callable[[Character], Actor]
SignIn = Callable[[Character], FlaskClient]


@pytest.fixture
def incident(app: Flask, noon: datetime, actor: Act) -> int:
    """Twenty people: one with a dead address and a telephone, one answered by hand, five told."""
    by = actor(INES)
    made = an_incident(by)
    crowd = a_crowd(made, 20)
    people.mark_undeliverable("personne1@orange.example", "5.1.1")
    session.query(Person).filter_by(name="Personne 1").one().phone = "+33 1 44 55 66 77"
    session.commit()
    conversation.answer(crowd[2], Word(body="Je vous réponds."), by=by)
    answering.start(a_written_answer(made, by), seen_version=1, by=by)
    work.run_due()
    while sending.send_due():
        work.run_due()
    session.rollback()
    return made


def plain(browser: FlaskClient, address: str) -> str:
    session.rollback()
    page = browser.get(address)
    assert page.status_code == 200, page.status
    return page.get_data(as_text=True)


def test_it_counts_everybody_once_and_lists_each_not_reached_with_what_can_be_done(
    incident: int, sign_in: SignIn
) -> None:
    browser = sign_in(INES)
    page = plain(browser, f"/regie/incidents/{incident}/non-joints")
    assert "20 personnes concernées par cet incident" in page
    figures = [int(found) for found in re.findall(r'<td class="r(?: b)?">(\d+)</td>', page)]
    assert (sorted(figures[:-1]), figures[-1]) == ([1, 1, 5, 13], 20)
    assert "Leur adresse ne reçoit plus rien" in page
    assert "a répondu" in page
    assert 'href="tel:+33144556677"' in page
    assert re.search(r'href="/regie/demandes/\d+/impression"', page)
    only = plain(browser, f"/regie/incidents/{incident}/non-joints?motif=undeliverable")
    assert ("Personne 1<" in only, "Personne 2<" in only) == (True, False)
    assert "Depuis" in only


def test_it_is_read_in_english_too(incident: int, sign_in: SignIn, actor: Act) -> None:
    people.set_preferences({}, language="en", by=actor(INES))
    page = plain(sign_in(INES), f"/regie/incidents/{incident}/non-joints")
    for words in ("Who was not reached", "20 people belong to this incident", "Their address cannot be reached",
                  "Correct the address, then answer", "Call +33 1 44 55 66 77"):  # fmt: skip
        assert words in page


def test_more_than_a_page_is_read_page_by_page_and_with_as_many_questions(incident: int, sign_in: SignIn) -> None:
    browser, at = sign_in(INES), f"/regie/incidents/{incident}/non-joints"
    asked: list[str] = []

    def hear(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    plain(browser, at)
    event.listen(db.engine, "before_cursor_execute", hear)
    plain(browser, at)
    few = len(asked)
    event.remove(db.engine, "before_cursor_execute", hear)
    a_crowd(incident, 60, first=100)
    plain(browser, at)
    asked.clear()
    event.listen(db.engine, "before_cursor_execute", hear)
    first = plain(browser, at)
    assert len(asked) == few
    event.remove(db.engine, "before_cursor_execute", hear)
    following = re.search(r'href="([^"]+apres=[^"]+)"', first)
    assert following is not None
    second = plain(browser, following[1].replace("&amp;", "&"))
    numbers = [re.findall(r'<td><a href="/regie/demandes/(\d+)">', page) for page in (first, second)]
    assert [len(found) for found in numbers] == [50, 12]
    assert not set(numbers[0]) & set(numbers[1])


def test_everybody_not_reached_is_in_the_file_and_that_it_left_is_noted(
    incident: int, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(people, "note_export", lambda what, *, by: seen.append(what))
    answer = sign_in(INES).get(f"/regie/incidents/{incident}/non-joints.csv", buffered=True)
    rows = {row["name"]: row for row in csv.DictReader(StringIO(answer.get_data(as_text=True)))}
    assert {name: row["why"] for name, row in rows.items()} == {"Personne 1": "undeliverable", "Personne 2": "by_hand"}
    assert rows["Personne 1"]["reason"] == "Leur adresse ne reçoit plus rien"
    assert rows["Personne 1"]["since"].startswith("20")
    assert seen == [f"non-joints-{incident}"]


def test_where_everybody_was_reached_it_says_so(app: Flask, noon: datetime, actor: Act, sign_in: SignIn) -> None:
    empty = an_incident(actor(INES))
    page = plain(sign_in(INES), f"/regie/incidents/{empty}/non-joints")
    assert "Tout le monde a été joint" in page
    assert "non-joints.csv" not in page


def test_agents_read_it_and_take_no_file_and_others_do_not(incident: int, sign_in: SignIn) -> None:
    at = f"/regie/incidents/{incident}/non-joints"
    karim = sign_in(KARIM)
    assert "non-joints.csv" not in plain(karim, at)
    assert karim.get(f"{at}.csv").status_code == 403
    assert sign_in(SAMI).get(at).status_code == 403


@pytest.mark.parametrize("address", ["77/non-joints", "77/non-joints.csv", "{0}/non-joints?motif=nobody"])
def test_what_is_not_there_is_not_found(incident: int, sign_in: SignIn, address: str) -> None:
    assert sign_in(INES).get(f"/regie/incidents/{address.format(incident)}").status_code == 404


def test_the_incident_and_its_answer_lead_to_it(incident: int, sign_in: SignIn) -> None:
    browser = sign_in(INES)
    for address in (f"/regie/incidents/{incident}", f"/regie/incidents/{incident}/reponses/1"):
        assert f'href="/regie/incidents/{incident}/non-joints"' in plain(browser, address)
