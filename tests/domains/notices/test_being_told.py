"""Colleagues are told what concerns them once, by one letter, as they chose, and never of what is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.incidents import answering, declaring
from app.incidents.models import CrowdAnswer
from app.kernel import clock, work
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.mail import outgoing
from app.mail import queries as letters
from app.mail.models import LetterOut
from app.mail.sending import parcel_of
from app.notices import gathering, queries
from app.notices import service as notices
from app.people import entry, staff
from app.people import service as people
from app.people.colleagues import told
from app.tickets import conversation, handling, mentions, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.opening import Opened
from tests.cast import ADELE, HUGO, INES, KARIM, NADIA, PASSWORD, Character
from tests.crowds import a_crowd, a_written_answer, an_incident
from tests.domains.notices.conftest import choose, told_to
from tests.makers import a_ticket

Jobs = Callable[[], int]
Act = Callable[[Character], Actor]


def lea(opened: Opened) -> Actor:
    card = tickets.card(opened.ticket_id)
    assert card is not None
    return spectator(card.requester_id, door="portal", ticket_id=card.id)


def test_who_is_given_a_request_is_told_by_one_letter(
    opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs
) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    (letter,) = told_to(KARIM.email)
    assert letter.subject == f"[{opened.number}] Demande confiée\u00a0: Deux places à rembourser"
    assert "Inès Carvalho vous a confié cette demande de Léa Fontanel." in letter.text
    assert f"Ouvrir à la régie\nhttp://localhost/regie/demandes/{opened.number}" in letter.text
    row = letters.written(letter.id)
    assert row is not None
    assert parcel_of(row).headers["Auto-Submitted"] == "auto-generated"
    assert [row.id for row in told_to(KARIM.email)] == [letter.id]


def test_a_letter_to_a_colleague_holds_no_link_of_the_spectator(
    opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs
) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    (letter,) = told_to(KARIM.email)
    row = letters.written(letter.id)
    assert row is not None
    assert "/d/" not in letter.text + letter.html
    assert (row.ticket_id, row.references) == (None, "")


def test_who_takes_a_request_is_not_told_of_it(opened: Opened, karim: Actor, run_jobs: Jobs) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=karim)
    run_jobs()
    assert told_to(KARIM.email) == []


def test_the_same_fact_heard_twice_is_told_once(opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    told_to(KARIM.email)
    version = 2
    gathering.assigned([(opened.ticket_id, karim.person_id or 0, ines.person_id, version)] * 2)
    assert len(told_to(KARIM.email)) == 1


def test_several_at_once_are_one_letter(opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs) -> None:
    others = [a_ticket(email=f"autre{n}@exemple.fr").ticket_id for n in range(3)]
    run_jobs()
    for ticket_id in (opened.ticket_id, *others):
        placing.assign(ticket_id, karim.person_id, by=ines)
    run_jobs()
    (letter,) = told_to(KARIM.email)
    assert letter.subject == "4 nouvelles de vos demandes"
    assert letter.text.count("vous a confié") == 4


def test_what_was_given_to_somebody_else_meanwhile_is_no_news(
    opened: Opened, karim: Actor, nadia: Actor, ines: Actor, run_jobs: Jobs
) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    placing.assign(opened.ticket_id, nadia.person_id, by=ines)
    run_jobs()
    assert told_to(KARIM.email) == []
    assert len(told_to(NADIA.email)) == 1


def test_the_spectators_word_is_told_to_whoever_has_the_request(opened: Opened, karim: Actor, run_jobs: Jobs) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=karim)
    conversation.write_again(opened.ticket_id, Word(body="Et alors ?"), by=lea(opened))
    run_jobs()
    (letter,) = told_to(KARIM.email)
    assert letter.subject == f"[{opened.number}] Léa Fontanel a écrit\u00a0: Deux places à rembourser"


def test_a_spectator_who_writes_line_by_line_is_told_of_every_ten_minutes(
    opened: Opened, karim: Actor, run_jobs: Jobs
) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=karim)
    counts = []
    for minute in range(12):
        conversation.write_again(opened.ticket_id, Word(body=f"Et alors ? {minute}"), by=lea(opened))
        run_jobs()
        counts.append(len(told_to(KARIM.email)))
        clock.advance(timedelta(minutes=1))
    assert counts == [1] * 10 + [2] * 2
    conversation.mark_read(opened.ticket_id, by=karim)
    clock.advance(timedelta(minutes=10))
    assert len(told_to(KARIM.email)) == 2


def test_words_in_another_request_are_told_at_once(opened: Opened, karim: Actor, run_jobs: Jobs) -> None:
    other = a_ticket(email="autre@exemple.fr")
    for one in (opened, other):
        placing.assign(one.ticket_id, karim.person_id, by=karim)
        conversation.write_again(one.ticket_id, Word(body="Et alors ?"), by=lea(one))
        run_jobs()
        told_to(KARIM.email)
    assert len(told_to(KARIM.email)) == 2


def test_a_long_subject_is_cut_where_a_telephone_would(karim: Actor, ines: Actor, run_jobs: Jobs) -> None:
    other = a_ticket(email="autre@exemple.fr", subject="Deux places au premier rang " * 4)
    placing.assign(other.ticket_id, karim.person_id, by=ines)
    run_jobs()
    (letter,) = told_to(KARIM.email)
    assert letter.subject.startswith(f"[{other.number}] Demande confiée")
    assert (len(letter.subject), letter.subject[-1]) == (70, "…")


def test_a_word_somebody_has_read_already_is_not_told(opened: Opened, karim: Actor, run_jobs: Jobs) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=karim)
    conversation.write_again(opened.ticket_id, Word(body="Et alors ?"), by=lea(opened))
    run_jobs()
    conversation.mark_read(opened.ticket_id, by=karim)
    assert told_to(KARIM.email) == []


@pytest.mark.parametrize("words", ["@karim, ton avis ?", "Vu avec @Karim.Oulmane.", "(@oulmane)", "@KARIM"])
def test_whom_a_note_names_is_told_and_listed(
    opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs, words: str
) -> None:
    message_id = conversation.note(opened.ticket_id, Word(body=words), by=ines)
    run_jobs()
    (letter,) = told_to(KARIM.email)
    assert "Inès Carvalho parle de vous dans une note." in letter.text
    assert mentions.named_in([message_id]) == {message_id: ["Karim Oulmane"]}


@pytest.mark.parametrize("words", ["karim", "écrire à x@karim.fr", "@hugo, un serveur ?", "@ karim", "@ines c’est moi"])
def test_nobody_is_told_who_was_not_named_or_does_not_work_there(
    opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs, words: str
) -> None:
    message_id = conversation.note(opened.ticket_id, Word(body=words), by=ines)
    run_jobs()
    assert [told_to(email) for email in (KARIM.email, HUGO.email, INES.email)] == [[], [], []]
    assert mentions.named_in([message_id]) == {}


def test_who_is_at_the_desk_reads_it_in_the_summary_of_the_day(
    opened: Opened, ines: Actor, actor: Act, run_jobs: Jobs
) -> None:
    karim = actor(KARIM)
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    assert told_to(KARIM.email) == []
    clock.advance(timedelta(days=1))
    (letter,) = told_to(KARIM.email)
    assert (letter.kind, letter.subject) == ("digest", "Votre résumé du jour\u00a0: 1 nouvelle")


def test_what_was_settled_before_the_summary_is_not_in_it(
    opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs
) -> None:
    choose(karim, assigned="daily")
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    handling.solve(opened.ticket_id, by=karim)
    clock.advance(timedelta(days=1))
    assert told_to(KARIM.email) == []


@pytest.mark.parametrize(("way", "count"), [("now", 1), ("away", 0), ("daily", 0), ("never", 0)])
def test_each_way_of_being_told_holds_at_the_desk(
    opened: Opened, ines: Actor, actor: Act, run_jobs: Jobs, way: str, count: int
) -> None:
    karim = actor(KARIM)
    choose(karim, assigned=way)
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    assert len(told_to(KARIM.email)) == count


def test_nothing_is_told_to_a_closed_account(
    opened: Opened, karim: Actor, ines: Actor, actor: Act, run_jobs: Jobs
) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    staff.close(karim.person_id or 0, by=actor(ADELE))
    assert told_to(KARIM.email) == []
    assert told(karim.person_id or 0) is None


def test_what_could_not_be_told_for_days_is_not_told(opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    clock.advance(timedelta(days=3))
    assert told_to(KARIM.email) == []
    assert queries.waiting_persons(clock.now()) == []


def test_a_letter_reads_in_the_language_of_the_colleague(
    opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs
) -> None:
    people.set_preferences({}, language="en", by=karim)
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    (letter,) = told_to(KARIM.email)
    assert letter.subject == f"[{opened.number}] Request given to you: Deux places à rembourser"
    assert letter.text.startswith("Hello Karim Oulmane,")


def test_what_was_told_long_ago_is_forgotten(opened: Opened, karim: Actor, ines: Actor, run_jobs: Jobs) -> None:
    placing.assign(opened.ticket_id, karim.person_id, by=ines)
    run_jobs()
    assert notices.forget() == 0
    clock.advance(timedelta(days=91))
    assert notices.forget() == 1


def test_signing_out_is_leaving_the_desk(opened: Opened, app: Flask) -> None:
    token = entry.sign_in(KARIM.email, PASSWORD)
    found = entry.signed_in(token)
    assert found is not None
    session.rollback()
    person = told(found.person_id)
    assert person is not None
    assert person.present(clock.now())
    entry.sign_out(token)
    person = told(found.person_id)
    assert person is not None
    assert not person.present(clock.now())


def held_answer(ines: Actor, *, by_itself: bool = False, people: int = 20) -> tuple[int, int]:
    """An answer to a crowd whose first wave is told. Shape: (incident, answer)."""
    incident = an_incident(ines)
    a_crowd(incident, people)
    answer = a_written_answer(incident, ines, by_itself=by_itself)
    row = session.get_one(CrowdAnswer, answer, populate_existing=True)
    answering.start(answer, seen_version=row.version, by=ines)
    work.run_due()
    return incident, answer


def test_whoever_sends_an_answer_to_a_crowd_is_told_that_the_next_wave_waits(ines: Actor, nadia: Actor) -> None:
    incident, answer = held_answer(ines)
    (letter,) = told_to(INES.email)
    assert letter.subject == "La vague suivante vous attend\N{NO-BREAK SPACE}: « Carmen » est annulé"
    assert "La vague 1 de votre réponse est dite." in letter.text
    assert f"http://localhost/regie/incidents/{incident}/reponses/{answer}" in letter.text
    assert told_to(NADIA.email) == []


def test_a_wave_that_somebody_let_go_on_meanwhile_is_no_news(ines: Actor) -> None:
    _incident, answer = held_answer(ines)
    row = session.get_one(CrowdAnswer, answer, populate_existing=True)
    answering.pause(row.id, by=ines)
    assert told_to(INES.email) == []


def test_who_chose_never_to_be_told_of_waves_is_not(ines: Actor) -> None:
    choose(ines, held="never")
    held_answer(ines)
    assert told_to(INES.email) == []


def test_what_keeps_a_wave_from_going_on_by_itself_is_told_once(ines: Actor, run_jobs: Jobs) -> None:
    incident, _answer = held_answer(ines, by_itself=True)
    outgoing.send_due(limit=500)
    for row in session.query(LetterOut).filter(LetterOut.kind == "answer").limit(2):
        row.state = "bounced"
    session.commit()
    assert told_to(INES.email) == []
    for _ in range(3):
        clock.advance(timedelta(minutes=10))
        answering.go_on_by_themselves()
        run_jobs()
    (letter,) = told_to(INES.email)
    assert "Trop de courriels de la vague 1 sont revenus" in letter.text
    steps = [step.what for step in declaring.timeline(incident, by=ines)]
    assert steps.count("answer_stuck") == 1
