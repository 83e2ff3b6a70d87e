"""Write again, answer, note; drafts and presence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.kernel.access import Actor, spectator
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.tickets import access, cases, conversation, holding, merging, message_queries, opening, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.states import State
from tests.cast import HUGO, KARIM, LEA, NADIA, PAUL, Character
from tests.makers import a_ticket

Known = Callable[[Character], Actor]


def lea(ticket_id: int) -> Actor:
    return spectator(None, door="portal", ticket_id=ticket_id)


def state(ticket_id: int) -> str:
    row = tickets.card(ticket_id)
    assert row is not None
    return row.state


def test_an_answer_takes_the_ticket_and_opens_it(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    conversation.answer(opened.ticket_id, Word(body="Bonjour."), by=karim)
    row = tickets.card(opened.ticket_id)
    assert row is not None
    assert (row.state, row.assignee_id, row.unread) == ("open", karim.person_id, False)


@pytest.mark.parametrize("then", [State.OPEN, State.WAITING, State.SOLVED])
def test_an_answer_leaves_the_ticket_where_the_agent_says(
    app: Flask, noon: datetime, actor: Known, then: State
) -> None:
    opened = a_ticket()
    conversation.answer(opened.ticket_id, Word(body="Bonjour."), then=then, by=actor(KARIM))
    assert state(opened.ticket_id) == then


def test_an_answer_on_an_older_version_is_stopped(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    conversation.write_again(opened.ticket_id, Word(body="Autre chose !"), by=lea(opened.ticket_id))
    with pytest.raises(Conflict):
        conversation.answer(opened.ticket_id, Word(body="Trop tard."), seen_version=1, by=actor(KARIM))
    bodies = [word.body for word in cases.case_for(actor(KARIM), opened.number).said]
    assert "Trop tard." not in bodies


def test_the_same_answer_pressed_twice_is_said_once(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    word = Word(body="Bonjour.", submission="press-1")
    assert conversation.answer(opened.ticket_id, word, by=karim) == conversation.answer(
        opened.ticket_id, word, by=karim
    )


@pytest.mark.parametrize("then", [State.WAITING, State.SOLVED])
def test_a_word_from_the_spectator_brings_it_back(app: Flask, noon: datetime, actor: Known, then: State) -> None:
    opened = a_ticket()
    conversation.answer(opened.ticket_id, Word(body="Bonjour."), then=then, by=actor(KARIM))
    conversation.write_again(opened.ticket_id, Word(body="Encore."), by=lea(opened.ticket_id))
    assert state(opened.ticket_id) == "open"


def test_a_note_is_never_shown_to_the_spectator(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    conversation.note(opened.ticket_id, Word(body="NOTE-SECRETE"), by=actor(KARIM))
    own = access.own_thread(lea(opened.ticket_id), opened.ticket_id)
    desk = cases.case_for(actor(KARIM), opened.number)
    assert "NOTE-SECRETE" not in [m.body for m in own.messages]
    assert "NOTE-SECRETE" in [word.body for word in desk.said]


def test_another_department_cannot_tell_that_a_ticket_exists(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    with pytest.raises(NotFound):
        cases.case_for(actor(HUGO), opened.number)
    with pytest.raises(NotFound):
        conversation.answer(opened.ticket_id, Word(body="Bonjour."), by=actor(HUGO))


def test_a_link_opens_its_own_ticket_only(app: Flask, noon: datetime) -> None:
    mine, other = a_ticket(), a_ticket(email="autre@exemple.fr")
    with pytest.raises(NotFound):
        access.own_thread(lea(mine.ticket_id), other.ticket_id)


def test_an_editor_may_not_answer(app: Flask, noon: datetime, actor: Known) -> None:
    with pytest.raises(Forbidden):
        conversation.answer(a_ticket().ticket_id, Word(body="Bonjour."), by=actor(PAUL))


def test_being_the_requester_does_not_open_the_desk(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(email=KARIM.email, department="rh"), actor(KARIM)
    with pytest.raises(NotFound):
        cases.case_for(karim, opened.number)
    with pytest.raises(NotFound):
        conversation.note(opened.ticket_id, Word(body="curieux"), by=karim)


def test_an_empty_word_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid):
        Word(body="  \n ")


def test_drafts_of_reply_and_note_are_kept_apart(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    conversation.keep_draft(opened.ticket_id, "reply", "Bonjour Lé", by=karim)
    conversation.keep_draft(opened.ticket_id, "note", "voir avec Inès", by=karim)
    kept = tickets.drafts(opened.ticket_id, karim.person_id or 0)
    assert {kind: row.body for kind, row in kept.items()} == {"reply": "Bonjour Lé", "note": "voir avec Inès"}


def test_sending_forgets_the_draft(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    conversation.keep_draft(opened.ticket_id, "reply", "Bonjour", by=karim)
    conversation.answer(opened.ticket_id, Word(body="Bonjour."), by=karim)
    assert tickets.drafts(opened.ticket_id, karim.person_id or 0) == {}


def test_a_draft_survives_when_somebody_takes_the_ticket(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim, nadia = a_ticket(), actor(KARIM), actor(NADIA)
    conversation.keep_draft(opened.ticket_id, "reply", "Bonjour", by=karim)
    placing.assign(opened.ticket_id, nadia.person_id, by=nadia)
    assert "reply" in tickets.drafts(opened.ticket_id, karim.person_id or 0)


def test_colleagues_see_who_has_it_open(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    conversation.be_present(opened.ticket_id, typing=True, by=actor(NADIA))
    seen = tickets.present(opened.ticket_id, tickets.present_since(noon))
    assert [(p.person.name, p.typing) for p in seen] == [(NADIA.name, True)]


def test_a_word_for_a_merged_request_joins_the_one_that_lives_on(app: Flask, noon: datetime, actor: Known) -> None:
    first, second, third = a_ticket(), a_ticket(), a_ticket()
    merging.merge(first.ticket_id, second.ticket_id, by=actor(KARIM))
    merging.merge(second.ticket_id, third.ticket_id, by=actor(KARIM))
    message_id = conversation.write_again(first.ticket_id, Word(body="Encore moi."), by=lea(first.ticket_id))
    said, row = message_queries.message(message_id), tickets.card(first.ticket_id)
    assert said is not None
    assert row is not None
    assert (said.ticket_id, row.turn) == (third.ticket_id, "away")


def test_a_word_keeps_everything_but_what_no_database_stores(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket(body="Un\x00 mot.", subject="Su\x00jet")
    conversation.note(opened.ticket_id, Word(body="Une\x00 note."), by=actor(KARIM))
    ticket = cases.case_for(actor(KARIM), opened.number)
    assert ticket.subject == "Sujet"
    assert [said.body for said in ticket.said] == ["Un mot.", "Une note."]


def test_a_held_word_of_another_department_does_not_exist(app: Flask, noon: datetime, actor: Known) -> None:
    opened = a_ticket()
    first = message_queries.first_message_id(opened.ticket_id)
    for message_id in (first, 999_999):
        with pytest.raises(NotFound):
            holding.decide(message_id, "accept", ticket_id=opened.ticket_id, by=actor(HUGO))
    elsewhere = a_ticket(email="autre@exemple.fr")
    with pytest.raises(NotFound):
        holding.decide(first, "accept", ticket_id=elsewhere.ticket_id, by=actor(KARIM))
    with pytest.raises(Conflict):
        holding.decide(first, "accept", ticket_id=opened.ticket_id, by=actor(KARIM))


def test_requests_thought_the_same_can_be_merged_and_parted(app: Flask, noon: datetime, actor: Known) -> None:
    first = a_ticket()
    draft = opening.Draft(email=LEA, body="Encore.", perhaps_same=first.ticket_id)
    second = opening.open_ticket(draft, by=spectator(None, door="mailroom"))
    merging.merge(second.ticket_id, first.ticket_id, by=actor(KARIM))
    assert cases.case_for(actor(KARIM), second.number).merged
    merging.unmerge(second.ticket_id, by=actor(KARIM))
    assert not cases.case_for(actor(KARIM), second.number).merged


def test_a_form_used_again_with_other_words_says_them(app: Flask, noon: datetime, actor: Known) -> None:
    opened, karim = a_ticket(), actor(KARIM)
    first = conversation.answer(opened.ticket_id, Word(body="Bonjour.", submission="press-2"), by=karim)
    second = conversation.answer(opened.ticket_id, Word(body="Autre chose.", submission="press-2"), by=karim)
    assert first != second
