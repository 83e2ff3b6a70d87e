"""The show plays after all: who was answered hears so once, nobody else does, and everything else is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import queries as checks
from app.incidents import (
    answering,
    belonging,
    board,
    declaring,
    drafting,
    held,
    previewing,
    progress,
    surfaces,
    teaching,
)
from app.incidents.filling import Words
from app.incidents.models import CrowdAnswer, CrowdRecipient, IncidentCurve, IncidentTicket
from app.kernel import clock, work
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.mail import sending
from app.mail.models import LetterOut
from app.tickets import conversation
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.models import Message
from tests.bill import a_performance
from tests.cast import INES, Character
from tests.crowds import WORDS, a_crowd, a_plan, a_written_answer, an_incident, row_of

Act = Callable[[Character], Actor]
PEOPLE = 30


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(INES)


def said(answer_id: int) -> list[int]:
    """Requests in which an answer was said."""
    session.rollback()
    query = session.query(CrowdRecipient.ticket_id).filter_by(answer_id=answer_id, state="said")
    return sorted(key for (key,) in query)


def words_in(ticket_id: int) -> int:
    session.rollback()
    return session.query(Message).filter_by(ticket_id=ticket_id, kind="agent").count()


def leave() -> None:
    """Every e-mail that waits leaves: whoever it is for has been told."""
    while sending.send_due():
        work.run_due()


def whole(answer_id: int, by: Actor) -> None:
    """Tell everybody an answer is for."""
    answering.start(answer_id, seen_version=row_of(answer_id).version, by=by)
    work.run_due()
    for _ in range(3):
        if row_of(answer_id).state == "held":
            answering.go_on(answer_id, seen_version=row_of(answer_id).version, by=by)
            work.run_due()
    assert row_of(answer_id).state == "done"
    leave()


def half(incident: int, by: Actor, **plan: object) -> int:
    """An answer of which the first wave was told."""
    answer = a_written_answer(incident, by, **plan)
    answering.start(answer, seen_version=1, by=by)
    work.run_due()
    assert row_of(answer).state == "held"
    leave()
    return answer


def withdrawn(incident: int, by: Actor) -> int:
    """The show plays after all: the correction that was prepared."""
    declaring.end(incident, "withdrawn", by=by)
    work.run_due()
    session.rollback()
    (found,) = [row.id for row in session.query(CrowdAnswer) if row.filters.get("retracts")]
    return int(found)


def test_who_was_answered_is_told_once_that_it_plays_and_nobody_else_is(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, PEOPLE)
    answer = half(incident, ines)
    wrong = said(answer)
    follow_up = withdrawn(incident, ines)
    assert surfaces.declared() == []
    assert row_of(answer).state == "stopped"
    assert row_of(follow_up).state == "draft"
    assert [words_in(key) for key in wrong] == [1] * len(wrong), "nobody is told anything that nobody has read"
    assert {row.turn for key, row in tickets.cards(crowd).items() if key not in wrong} == {"ours"}
    found, samples = previewing.preview(incident, follow_up, by=ines)
    assert sorted(one.ticket_id for one in found.chosen) == wrong
    assert found.left_out == {"told": PEOPLE - len(wrong)}
    assert "Carmen" in samples[0].body
    whole(follow_up, ines)
    assert said(follow_up) == wrong
    assert Counter(words_in(key) for key in crowd) == {2: len(wrong), 0: PEOPLE - len(wrong)}
    assert session.query(LetterOut).filter_by(kind="answer").count() == 2 * len(wrong)
    assert {row.state for row in tickets.cards(wrong).values()} == {"solved"}, "each stays as it was"
    what = [step.what for step in declaring.timeline(incident, by=ines)]
    assert [one for one in what if one in {"withdrawn", "answer_stopped", "retraction_written", "answer_done"}] == [
        "withdrawn", "answer_stopped", "retraction_written", "answer_done",
    ]  # fmt: skip
    (step,) = [one for one in declaring.timeline(incident, by=ines) if one.what == "retraction_written"]
    assert (step.values["people"], step.values["answer"], step.person_id) == (len(wrong), follow_up, ines.person_id)
    assert checks.recipients_wrong() == checks.tickets_with_wrong_turn() == checks.tickets_with_wrong_due() == 0


def test_where_nobody_was_answered_nothing_is_prepared(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 5)
    a_written_answer(incident, ines)
    declaring.end(incident, "withdrawn", by=ines)
    work.run_due()
    assert [row.filters["retracts"] for row in session.query(CrowdAnswer)] == [False]


def test_what_is_over_needs_no_correction(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    half(incident, ines)
    declaring.end(incident, "over", by=ines)
    work.run_due()
    assert [row.filters["retracts"] for row in session.query(CrowdAnswer)] == [False]


def test_what_was_over_may_turn_out_not_to_have_happened(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, PEOPLE)
    answer = half(incident, ines)
    declaring.end(incident, "over", by=ines)
    work.run_due()
    ended = board.one(incident, by=ines).ended_at
    wrong = said(answer)
    clock.advance(timedelta(days=1))
    session.query(IncidentCurve).update({"holders": 5})
    session.commit()
    follow_up = withdrawn(incident, ines)
    whole(follow_up, ines)
    assert said(follow_up) == wrong
    assert Counter(words_in(key) for key in crowd) == {2: len(wrong), 0: PEOPLE - len(wrong)}
    entry = board.one(incident, by=ines)
    assert (entry.told.state, entry.ended_at) == ("withdrawn", ended)
    assert [row.holders for row in teaching.learnt(clock.now().date() - timedelta(days=9))] == [0]
    with pytest.raises(Conflict):
        declaring.end(incident, "withdrawn", by=ines)
    with pytest.raises(Conflict):
        declaring.end(incident, "over", by=ines)
    assert checks.recipients_wrong() == checks.tickets_with_wrong_turn() == 0


def test_who_was_told_by_several_answers_is_told_once(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    answer = half(incident, ines, then="open")
    answering.correct(answer, Words("Autre chose.", "Something else."), seen_revision=1, by=ines)
    second = a_written_answer(incident, ines, then="same", corrects=answer)
    whole(second, ines)
    answering.stop(answer, back=False, by=ines)
    third = a_written_answer(incident, ines, then="open", again=True)
    whole(third, ines)
    follow_up = withdrawn(incident, ines)
    whole(follow_up, ines)
    assert len(said(follow_up)) == PEOPLE
    assert set(said(answer)) == set(said(second))
    assert checks.recipients_wrong() == 0


def test_whoever_became_an_exception_or_was_taken_out_after_being_told_is_told_too(ines: Actor, actor: Act) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    answer = half(incident, ines)
    one, other = said(answer)[:2]
    asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
    conversation.write_again(one, Word(body="Je porte plainte, mon avocat vous écrira."), by=asker)
    session.query(IncidentTicket).filter_by(ticket_id=one).update({"stands": "exception", "exceptions": ["legal"]})
    session.commit()
    belonging.take_out(incident, other, by=ines)
    wrong = said(answer)
    follow_up = withdrawn(incident, ines)
    whole(follow_up, ines)
    assert said(follow_up) == wrong


def test_whom_the_wrong_answer_did_not_reach_is_not_told_of_it(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    answer = half(incident, ines)
    missed = session.query(CrowdRecipient).filter_by(answer_id=answer, state="said").first()
    assert missed is not None
    lost, letter = missed.ticket_id, session.query(LetterOut).filter_by(message_id=missed.message_id).one()
    letter.state = "bounced"
    session.commit()
    follow_up = withdrawn(incident, ines)
    whole(follow_up, ines)
    assert said(follow_up) == sorted(set(said(answer)) - {lost})


def test_the_correction_itself_can_be_paused_corrected_and_resumed(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    whole(a_written_answer(incident, ines), ines)
    follow_up = withdrawn(incident, ines)
    answering.start(follow_up, seen_version=row_of(follow_up).version, by=ines)
    work.run_due()
    held.forget()
    assert [one.answer_id for one in held.held(by=ines)] == [follow_up], "it is shown though nothing is declared"
    answering.pause(follow_up, by=ines)
    words = Words("Elle joue à 20 h.", "It plays at 8.")
    answering.correct(follow_up, words, seen_revision=1, by=ines)
    answering.resume(follow_up, seen_version=row_of(follow_up).version, by=ines)
    early = said(follow_up)
    for _ in range(2):
        work.run_due()
        answering.go_on(follow_up, seen_version=row_of(follow_up).version, by=ines)
    work.run_due()
    assert row_of(follow_up).state == "done"
    assert len(said(follow_up)) == PEOPLE
    assert progress.progress(incident, follow_up, by=ines).outdated == len(early)
    again = drafting.write(incident, a_plan(then="same", words=words, corrects=follow_up), by=ines)
    whole(again, ines)
    assert said(again) == early
    assert checks.recipients_wrong() == 0


def test_a_second_correction_finds_nobody_who_was_told_already(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    half(incident, ines)
    follow_up = withdrawn(incident, ines)
    whole(follow_up, ines)
    second = drafting.write(incident, a_plan(then="same", retracts=True), by=ines)
    assert previewing.preview(incident, second, by=ines)[0].chosen == []


def test_it_may_be_laid_aside_and_nobody_is_told(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    half(incident, ines)
    follow_up = withdrawn(incident, ines)
    held.forget()
    assert [(one.answer_id, one.wave) for one in held.held(by=ines)] == [(follow_up, 0)], "it waits for somebody"
    answering.stop(follow_up, back=False, by=ines)
    assert row_of(follow_up).state == "stopped"
    assert held.held(by=ines) == []
    with pytest.raises(Conflict):
        answering.start(follow_up, seen_version=row_of(follow_up).version, by=ines)
    assert said(follow_up) == []


@pytest.mark.parametrize("state", ["declared", "over"])
def test_only_what_did_not_happen_is_corrected_so(ines: Actor, state: str) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    half(incident, ines)
    if state == "over":
        declaring.end(incident, "over", by=ines)
    with pytest.raises(Conflict):
        drafting.write(incident, a_plan(then="same", retracts=True), by=ines)


def test_an_ordinary_answer_is_said_to_nobody_of_what_did_not_happen(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, PEOPLE)
    draft = a_written_answer(incident, ines)
    answer = half(incident, ines)
    withdrawn(incident, ines)
    for plan in (a_plan(), a_plan(then="same", corrects=answer)):
        with pytest.raises(Conflict):
            drafting.write(incident, plan, by=ines)
    with pytest.raises(Conflict):
        answering.start(draft, seen_version=1, by=ines)


def test_its_words_name_the_show_and_its_day_in_both_languages(ines: Actor, noon: datetime) -> None:
    show = a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    incident = an_incident(ines, performance_id=show.id)
    a_crowd(incident, 10)
    half(incident, ines)
    words = progress.card(incident, withdrawn(incident, ines), by=ines).words[-1]
    assert words.text_fr.startswith("Bonjour {{name}},")
    assert "« Carmen »" in words.text_fr
    assert "13\N{NO-BREAK SPACE}novembre" in words.text_fr
    assert "Carmen" in words.text_en
    assert "13\N{NO-BREAK SPACE}November" in words.text_en
    assert WORDS.fr not in words.text_fr
