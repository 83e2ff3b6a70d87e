"""What may befall a crowd while it is told: merges undone, gaps in a text, dead addresses, corrections; nobody twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.incidents import answer_queries as queries
from app.incidents import answering, previewing, progress
from app.incidents.filling import Words, checked
from app.incidents.models import CrowdRecipient, IncidentTicket
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.mail import sending
from app.mail.models import LetterOut
from app.people import service as people
from app.people.models import Person
from app.tickets import handling, merging
from app.tickets import queries as tickets
from app.tickets.models import Message, Ticket
from app.venue import service as venue
from tests.cast import ADELE, INES, Character
from tests.crowds import WORDS, a_crowd, a_written_answer, an_incident, belong
from tests.domains.incidents.test_crowd_answers import fate_of, go_on, of_wave, row_of, sound, start, told
from tests.makers import a_ticket

Act = Callable[[Character], Actor]


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(INES)


def to_the_end(answer: int, by: Actor) -> None:
    while row_of(answer).state == "held":
        go_on(answer, by)
    assert row_of(answer).state == "done"


def left_by_mail() -> None:
    while sending.send_due():
        work.run_due()


@pytest.mark.parametrize("what", ["merged", "spam"])
def test_what_was_put_away_by_mistake_when_its_turn_came_is_counted_and_answered_once_undone(
    ines: Actor, what: str
) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    one = of_wave(answer, 2)[0]
    row = tickets.cards([one])[one]
    if what == "spam":
        handling.mark_spam(one, by=ines)
    else:
        other = a_ticket(email=people.letters_go_to(row.requester_id), body="Une autre question.").ticket_id
        merging.merge(one, other, by=ines)
    to_the_end(answer, ines)
    assert fate_of(answer, one) == ("skipped", "gone")
    assert progress.progress(incident, answer, by=ines).beside == 0, "away, nobody owes it an answer"
    if what == "spam":
        handling.mark_spam(one, spam=False, by=ines)
    else:
        merging.unmerge(one, by=ines)
    work.run_due()
    assert tickets.cards([one])[one].turn == "crowd"
    assert progress.progress(incident, answer, by=ines).beside == 1, "it stands in the crowd and nobody told it"
    second = a_written_answer(incident, ines)
    start(second, ines)
    assert [len(told(one)), progress.progress(incident, answer, by=ines).beside] == [1, 0]
    sound()


def test_two_requests_of_one_person_merged_between_waves_are_answered_once(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    twice = [crowd[0], crowd[7], crowd[19]]
    pairs = {}
    for one in twice:
        email = people.letters_go_to(tickets.cards([one])[one].requester_id)
        other = a_ticket(email=email, body="Et le remboursement ?").ticket_id
        work.run_due()
        session.rollback()
        if session.query(IncidentTicket).filter_by(ticket_id=other).count() == 0:
            belong(incident, [other])
        pairs[one] = other
    start(answer, ines)
    for one, other in pairs.items():  # some told already, some not; into the later one, so that the first is away
        if tickets.cards([other])[other].merged_into_id is None:
            merging.merge(one, other, by=ines)
    to_the_end(answer, ines)
    assert [len(told(one)) + len(told(other)) for one, other in pairs.items()] == [1, 1, 1]
    assert len({row.person_id for row in session.query(CrowdRecipient).filter_by(answer_id=answer)}) == 20
    sound()


@pytest.mark.parametrize(
    "placeholder", ["{prénom}", "{ name }", "Bonjour {nom du client}", "{{prénom}}", "{{name}", "{name}}"]
)
def test_what_looks_like_a_variable_and_is_none_is_refused_when_written(ines: Actor, placeholder: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked(Words(fr=f"Bonjour {placeholder},\n\nC’est annulé.", en="Cancelled."))
    assert caught.value.fields.keys() == {"text_fr"}
    assert checked(Words(fr="Un ensemble {1, 2} et {}.", en="Cancelled.")).fr.endswith("{}.")


def nameless(ticket_id: int) -> None:
    person = session.query(Person).filter_by(id=tickets.cards([ticket_id])[ticket_id].requester_id).one()
    person.name = ""
    session.commit()


def test_who_has_no_name_is_greeted_without_one_and_left_out_where_a_gap_would_stay(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 5)
    for one in (crowd[0], crowd[4]):
        nameless(one)
    greeted = a_written_answer(
        incident, ines, words=Words(fr="Cher {{name}},\n\nAnnulé.", en="Dear {{name}},\n\nCancelled.")
    )
    found, _samples = previewing.preview(incident, greeted, by=ines)
    assert (len(found.chosen), found.left_out) == (5, {})
    within = Words(fr="Les places au nom de {{name}} sont annulées.", en="Hello {{name}}, cancelled.")
    gap = a_written_answer(incident, ines, words=within)
    found, _samples = previewing.preview(incident, gap, by=ines)
    assert (len(found.chosen), found.left_out, dict(found.lacks)) == (4, {"unfilled": 1}, {"name": 1})
    start(greeted, ines)
    assert told(crowd[0]) == ["Bonjour,\n\nAnnulé."]
    assert told(crowd[4]) == ["Hello,\n\nCancelled."]
    assert told(crowd[1]) == ["Cher Personne 1,\n\nAnnulé."]


def test_a_text_that_names_what_some_lack_says_before_the_start_how_many_and_tells_them_nothing(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 12)
    session.query(Ticket).filter(Ticket.id.in_(crowd[:3])).update({"order_code": "VAL-1"})
    session.commit()
    words = Words(fr="{{show}} : votre commande {{order}}, lien {{link}}.", en="{{show}}: order {{order}}, {{link}}.")
    answer = a_written_answer(incident, ines, words=words)
    found, _samples = previewing.preview(incident, answer, by=ines)
    assert (len(found.chosen), found.left_out) == (0, {"unfilled": 12})
    assert dict(found.lacks) == {"order": 9, "show": 12}
    start(answer, ines)
    assert [told(one) for one in crowd] == [[]] * 12
    assert {row.turn for row in tickets.cards(crowd).values()} == {"crowd"}
    sound()


def test_a_fact_of_the_house_that_says_nothing_is_refused_and_one_emptied_later_leaves_nobody_a_gap(
    ines: Actor, actor: Act
) -> None:
    incident, facts = an_incident(ines), dict(venue.house().facts)
    a_crowd(incident, 6)
    venue.change_facts({**facts, "hotline": {"fr": "01 02 03 04 05", "en": ""}, "void": " "}, by=actor(ADELE))
    with pytest.raises(Invalid):
        checked(Words(fr="Appelez le {{void}}.", en="Cancelled."))
    words = Words(fr="Appelez le {{hotline}}.", en="Call {{hotline}}.")  # said in the house's own language in both
    answer = a_written_answer(incident, ines, words=words)
    venue.change_facts({**facts, "hotline": ""}, by=actor(ADELE))
    found, _samples = previewing.preview(incident, answer, by=ines)
    assert (found.left_out, dict(found.lacks)) == ({"unfilled": 6}, {"hotline": 6})
    start(answer, ines)
    assert session.query(Message).filter(Message.submission.like("crowd-%")).count() == 0


def test_an_address_that_dies_while_its_answer_waits_is_told_once_its_turn_has_not_come(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 20)
    dead = people.letters_go_to(tickets.cards(crowd)[crowd[3]].requester_id) or ""
    people.mark_undeliverable(dead, "5.1.1")
    answer = a_written_answer(incident, ines)
    found, _samples = previewing.preview(incident, answer, by=ines)
    assert (len(found.chosen), found.left_out) == (19, {"no_address": 1})
    start(answer, ines)
    later = of_wave(answer, 3)[0]
    people.mark_undeliverable(people.letters_go_to(tickets.cards([later])[later].requester_id) or "", "5.1.1")
    to_the_end(answer, ines)
    assert fate_of(answer, later) == fate_of(answer, crowd[3]) == ("skipped", "no_address")
    assert sum(len(told(one)) for one in crowd) == 18
    sound()


def test_after_a_correction_each_row_proves_which_text_its_person_has(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 40)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    left_by_mail()
    go_on(answer, ines)  # said, and still in the outbox when the words change
    other = Words(f"{WORDS.fr} (Texte 2)", f"{WORDS.en} (Text 2)")
    answering.correct(answer, other, seen_revision=1, by=ines)
    work.run_due()
    to_the_end(answer, ines)
    left_by_mail()
    rows = session.query(CrowdRecipient).filter_by(answer_id=answer).all()
    texts = {one.revision: one for one in queries.all_words(answer)}
    shares: dict[int, int] = {}
    for row in rows:
        message = session.get_one(Message, row.message_id)
        ticket = session.get_one(Ticket, row.ticket_id)
        text = texts[row.revision or 0]
        name = session.get_one(Person, row.person_id).name
        words = text.text_en if ticket.language == "en" else text.text_fr
        assert message.body == words.replace("{{name}}", name).replace("{{number}}", str(ticket.number))
        (letter,) = session.query(LetterOut).filter_by(message_id=row.message_id).all()
        assert (letter.state, row.said_at is not None) == ("shown", True)
        shares[row.revision or 0] = shares.get(row.revision or 0, 0) + 1
    assert (shares, len(crowd)) == ({1: 5, 2: 35}, 40)
    sound()


def test_the_same_person_in_two_incidents_is_answered_once_about_each(ines: Actor) -> None:
    first, second = an_incident(ines), an_incident(ines, word="aida")
    one, two = a_crowd(first, 6), a_crowd(second, 6)
    assert [row.requester_id for row in tickets.cards(one).values()] == [
        row.requester_id for row in tickets.cards(two).values()
    ]
    answers = [a_written_answer(first, ines), a_written_answer(second, ines)]
    for answer in answers:
        answering.start(answer, seen_version=1, by=ines)
    work.run_due()  # both at once
    for answer in answers:
        to_the_end(answer, ines)
    assert [len(told(key)) for key in (*one, *two)] == [1] * 12
    sound()
