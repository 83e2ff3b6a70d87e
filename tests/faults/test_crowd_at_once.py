"""An answer to a crowd pressed by two colleagues at one moment, and said by three workers at once: everybody once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.health import queries as checks
from app.incidents import answering
from app.incidents.models import CrowdRecipient, IncidentStep
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.mail.models import LetterOut
from app.tickets.models import Message
from tests.cast import INES, Character
from tests.crowds import a_crowd, a_written_answer, an_incident, row_of
from tests.faults.house import House, until
from tests.faults.test_together import Form, at_once, ready
from tests.sink import Sink

Act = Callable[[Character], Actor]
SignIn = Callable[[Character], FlaskClient]
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
PEOPLE = 90


def form(browser: FlaskClient, incident: int, answer: int) -> Form:
    proofs = ready(browser, f"/regie/incidents/{incident}/reponse?a={answer}")
    return {"csrf_token": proofs["csrf_token"], "answer": str(answer), "version": "1"}


def started() -> Counter[int]:
    session.rollback()
    steps = session.query(IncidentStep).filter_by(what="answer_started")
    return Counter(step.values["answer"] for step in steps)


def told_once(answers: list[int], people: int) -> None:
    """Each of a crowd has one message, of whichever answer, and one row of it."""
    session.rollback()
    assert checks.recipients_wrong() == 0
    rows = session.query(CrowdRecipient).filter(CrowdRecipient.answer_id.in_(answers), CrowdRecipient.state == "said")
    assert Counter(row.person_id for row in rows) == dict.fromkeys({row.person_id for row in rows}, 1)
    assert (rows.count(), session.query(Message).filter(Message.submission.like("crowd-%")).count()) == (people, people)


def look_and_go_on(answer: int, by: Actor) -> bool:
    row = row_of(answer)
    if row.state == "held":
        answering.go_on(answer, seen_version=row.version, by=by)
    return row.state != "done"


@pytest.mark.parametrize("app", BOTH, indirect=True)
@pytest.mark.parametrize("same", [True, False], ids=["one answer", "two answers"])
def test_two_colleagues_who_start_at_one_moment_start_one_answer(
    app: Flask, noon: datetime, sign_in: SignIn, actor: Act, same: bool
) -> None:
    by = actor(INES)
    incident = an_incident(by)
    a_crowd(incident, 20)
    first = a_written_answer(incident, by)
    answers = [first, first if same else a_written_answer(incident, by)]
    browsers = [sign_in(INES), sign_in(INES)]
    forms = [form(browser, incident, answer) for browser, answer in zip(browsers, answers, strict=True)]
    address = f"/regie/incidents/{incident}/reponse/depart"
    session.remove()
    statuses = at_once(*(
        lambda browser=browser, sent=sent: browser.post(address, data=sent).status_code  # type: ignore[misc]
        for browser, sent in zip(browsers, forms, strict=True)
    ))  # fmt: skip
    assert sorted(statuses) == ([303, 303] if same else [303, 409])
    assert sum(started().values()) == 1
    (begun,) = started()
    assert row_of(begun).run == 1
    work.run_due()
    while look_and_go_on(begun, by):
        work.run_due()
    told_once(answers, 20)


@pytest.mark.parametrize("app", BOTH, indirect=True)
def test_two_colleagues_who_let_it_go_on_at_one_moment_tell_one_wave(
    app: Flask, noon: datetime, sign_in: SignIn, actor: Act
) -> None:
    by = actor(INES)
    incident = an_incident(by)
    a_crowd(incident, 40)
    answer = a_written_answer(incident, by)
    answering.start(answer, seen_version=1, by=by)
    work.run_due()
    browsers, at = [sign_in(INES), sign_in(INES)], f"/regie/incidents/{incident}/reponses/{answer}"
    seen = str(row_of(answer).version)
    forms = [{"csrf_token": ready(browser, at)["csrf_token"], "version": seen} for browser in browsers]
    session.remove()
    statuses = at_once(*(
        lambda browser=browser, sent=sent: browser.post(f"{at}/suite", data=sent).status_code  # type: ignore[misc]
        for browser, sent in zip(browsers, forms, strict=True)
    ))  # fmt: skip
    assert sorted(statuses) == [303, 409]
    work.run_due()
    assert (row_of(answer).wave, row_of(answer).state) == (2, "held")
    told_once([answer], 9)


@pytest.mark.parametrize("app", BOTH, indirect=True)
def test_three_workers_at_once_send_everybody_one_letter(house: House, sink: Sink, actor: Act) -> None:
    by = actor(INES)
    incident = an_incident(by)
    a_crowd(incident, PEOPLE)
    answer = a_written_answer(incident, by)
    answering.start(answer, seen_version=1, by=by)

    def over() -> bool:
        try:
            going = look_and_go_on(answer, by)
        except Conflict:  # a worker was there in between
            going = True
        session.rollback()
        letters = Counter(state for (state,) in session.query(LetterOut.state).filter_by(kind="answer"))
        return not going and letters == {"sent": PEOPLE}

    session.remove()
    with ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(house.worker(SMTP_URL=sink.url))
        until(over, why=lambda: f"{row_of(answer).state} {row_of(answer).wave}")
    told_once([answer], PEOPLE)
    got = Counter(str(one["To"]) for one in sink.taken if "rembours" in str(one) or "refunded" in str(one))
    assert (len(got), set(got.values())) == (PEOPLE, {1})
    house.well()
