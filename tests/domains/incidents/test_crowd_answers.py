"""An answer to a crowd, wave by wave: everybody once, nobody forgotten, whatever happens meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import queries as checks
from app.incidents import answering, belonging, declaring, drafting, previewing, progress
from app.incidents.exceptions import rank
from app.incidents.filling import Words
from app.incidents.models import CrowdRecipient, IncidentTicket
from app.kernel import clock, work
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden
from app.mail import outgoing
from app.mail.models import LetterOut
from app.people import service as people
from app.tickets import conversation, departing, handling, merging, placing
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.models import Message, Ticket
from tests.bill import a_performance
from tests.cast import INES, KARIM, Character
from tests.crowds import WORDS, a_crowd, a_plan, a_written_answer, an_incident, belong, row_of
from tests.makers import a_ticket

Act = Callable[[Character], Actor]


@pytest.fixture
def ines(app: Flask, noon: datetime, actor: Act) -> Actor:
    return actor(INES)


def start(answer_id: int, by: Actor) -> None:
    answering.start(answer_id, seen_version=row_of(answer_id).version, by=by)
    work.run_due()


def go_on(answer_id: int, by: Actor) -> None:
    answering.go_on(answer_id, seen_version=row_of(answer_id).version, by=by)
    work.run_due()


def recipients(answer_id: int) -> Counter[tuple[int, str, str]]:
    session.rollback()
    rows = session.query(CrowdRecipient).filter_by(answer_id=answer_id).all()
    return Counter((row.wave, row.state, row.why) for row in rows)


def fate_of(answer_id: int, ticket_id: int) -> tuple[str, str]:
    session.rollback()
    row = session.query(CrowdRecipient).filter_by(answer_id=answer_id, ticket_id=ticket_id).one()
    return row.state, row.why


def told(ticket_id: int) -> list[str]:
    session.rollback()
    return [
        row.body for row in session.query(Message).filter_by(ticket_id=ticket_id, kind="agent").order_by(Message.id)
    ]


def of_wave(answer_id: int, wave: int, state: str = "waiting") -> list[int]:
    session.rollback()
    query = session.query(CrowdRecipient.ticket_id).filter_by(answer_id=answer_id, wave=wave, state=state)
    return [key for (key,) in query.order_by(CrowdRecipient.id)]


def sound() -> None:
    session.rollback()
    assert checks.recipients_wrong() == 0
    assert checks.tickets_with_wrong_turn() == 0
    assert checks.tickets_with_wrong_due() == 0


def test_a_crowd_is_told_in_three_waves_each_held_until_somebody_looks(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 60)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    assert row_of(answer).state == "held"
    assert recipients(answer) == {(1, "said", ""): 5, (2, "waiting", ""): 6, (3, "waiting", ""): 49}
    go_on(answer, ines)
    assert recipients(answer) == {(1, "said", ""): 5, (2, "said", ""): 6, (3, "waiting", ""): 49}
    go_on(answer, ines)
    assert (row_of(answer).state, row_of(answer).wave) == ("done", 3)
    assert [len(told(key)) for key in crowd] == [1] * 60
    assert session.query(LetterOut).filter(LetterOut.kind == "answer").count() == 60
    sound()


def test_each_reads_the_answer_in_their_language_with_their_own_name_and_number(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 5)
    start(a_written_answer(incident, ines), ines)
    rows = tickets.cards(crowd)
    assert told(crowd[0])[0].startswith("Bonjour Personne 0,\n\nLa représentation est annulée")
    assert told(crowd[4])[0].startswith("Dear Personne 4,")
    assert told(crowd[4])[0].endswith(f"{rows[crowd[4]].number}.")
    said = session.query(Message).filter_by(ticket_id=crowd[0], kind="agent").one()
    assert said.author_id == ines.person_id


@pytest.mark.parametrize(("then", "turn", "crowd"), [("solved", "done", False), ("waiting", "theirs", False), ("open", "crowd", True)])  # fmt: skip
def test_requests_are_left_as_chosen_and_what_they_write_next_is_read_by_itself(
    ines: Actor, then: str, turn: str, crowd: bool
) -> None:
    incident = an_incident(ines)
    (one, *_rest) = a_crowd(incident, 3)
    start(a_written_answer(incident, ines, then=then), ines)
    row = tickets.cards([one])[one]
    assert (row.turn, row.crowd, row.assignee_id) == (turn, crowd, None)
    conversation.write_again(
        one, Word(body="Merci, mais je préfère un échange."), by=spectator(row.requester_id, door="portal")
    )
    assert tickets.cards([one])[one].turn == "ours"
    sound()


def test_who_comes_after_it_began_is_told_of_until_they_are_answered_too(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 3)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    assert progress.progress(incident, answer, by=ines).beside == 0
    late = a_crowd(incident, 2, first=10)
    assert progress.progress(incident, answer, by=ines).beside == 2
    start(a_written_answer(incident, ines), ines)
    assert [len(told(one)) for one in late] == [1, 1]
    assert progress.progress(incident, answer, by=ines).beside == 0


def test_the_same_press_twice_starts_once(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 3)
    answer = a_written_answer(incident, ines)
    answering.start(answer, seen_version=1, by=ines)
    with pytest.raises(Conflict):
        answering.start(answer, seen_version=1, by=ines)
    work.run_due()
    assert sum(recipients(answer).values()) == 3


def test_two_answers_are_not_said_to_one_crowd_at_once(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 8)
    first, second = a_written_answer(incident, ines), a_written_answer(incident, ines)
    start(first, ines)
    with pytest.raises(Conflict) as caught:
        answering.start(second, seen_version=1, by=ines)
    assert caught.value.code == "answer_runs"


def test_an_agent_may_look_but_neither_write_nor_start(ines: Actor, actor: Act) -> None:
    incident, karim = an_incident(ines), actor(KARIM)
    answer = a_written_answer(incident, ines)
    assert progress.card(incident, answer, by=karim).state == "draft"
    for act in (
        lambda: drafting.write(incident, a_plan(), by=karim),
        lambda: answering.start(answer, seen_version=1, by=karim),
        lambda: answering.pause(answer, by=karim),
        lambda: answering.resume(answer, seen_version=1, by=karim),
        lambda: answering.correct(answer, WORDS, seen_revision=1, by=karim),
        lambda: answering.go_on(answer, seen_version=1, by=karim),
        lambda: answering.stop(answer, back=False, by=karim),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_pause_tells_nobody_more_until_it_is_resumed(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 30)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    answering.go_on(answer, seen_version=row_of(answer).version, by=ines)
    sent()
    answering.pause(answer, by=ines)
    work.run_due()
    assert recipients(answer)[2, "waiting", ""] == 3
    answering.resume(answer, seen_version=row_of(answer).version, by=ines)
    work.run_due()
    assert (recipients(answer)[2, "said", ""], row_of(answer).state) == (3, "held")


def test_a_correction_changes_what_is_told_from_then_on(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    early = of_wave(answer, 1, "said")
    words = Words(fr="Reportée au {{date}} ? Non : annulée.".replace("{{date}}", "14"), en="Cancelled, not moved.")
    sent()
    assert answering.correct(answer, words, seen_revision=row_of(answer).revision, by=ines)
    assert not answering.correct(answer, words, seen_revision=row_of(answer).revision, by=ines)
    go_on(answer, ines)
    late = of_wave(answer, 2, "said")
    assert all("remboursé" in told(key)[0] or "refunded" in told(key)[0] for key in early)
    assert all(told(key)[0] in {words.fr, words.en} for key in late)
    assert progress.progress(incident, answer, by=ines).outdated == 5
    assert [one.revision for one in progress.card(incident, answer, by=ines).words] == [1, 2]


def test_those_told_the_wrong_words_can_be_told_the_right_ones_while_the_answer_waits(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    early = of_wave(answer, 1, "said")
    words = Words(fr="Correction.", en="A correction.")
    sent()
    answering.correct(answer, words, seen_revision=row_of(answer).revision, by=ines)
    second = a_written_answer(incident, ines, words=words, then="same", corrects=answer)
    start(second, ines)
    assert row_of(second).state == "done"
    assert sorted(of_wave(second, 1, "said")) == sorted(early)
    assert [len(told(key)) for key in early] == [2] * 5
    assert {row.state for row in tickets.cards(early).values()} == {"solved"}
    sound()


def test_a_correction_is_told_once_and_again_only_when_the_words_are_others_again(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    early, words = of_wave(answer, 1, "said"), Words(fr="Correction.", en="A correction.")
    sent()
    answering.correct(answer, words, seen_revision=1, by=ines)
    for _press in range(2):
        start(a_written_answer(incident, ines, words=words, then="same", corrects=answer), ines)
    assert [len(told(key)) for key in early] == [2] * 5
    assert progress.progress(incident, answer, by=ines).outdated == 0
    clock.advance(timedelta(minutes=1))
    words = Words(fr="Encore autre chose.", en="Something else again.")
    sent()
    answering.correct(answer, words, seen_revision=2, by=ines)
    assert progress.progress(incident, answer, by=ines).outdated == 5
    start(a_written_answer(incident, ines, words=words, then="same", corrects=answer), ines)
    assert [len(told(key)) for key in early] == [3] * 5
    sound()


@pytest.mark.parametrize("again", [False, True])
def test_another_answer_for_the_rest_is_told_to_nobody_twice_unless_somebody_says_so(ines: Actor, again: bool) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines, then="open")
    start(answer, ines)
    early = of_wave(answer, 1, "said")
    sent()
    answering.stop(answer, back=False, by=ines)
    second = a_written_answer(incident, ines, then="open", again=again)
    found, _samples = previewing.preview(incident, second, by=ines)
    assert found.left_out == ({} if again else {"told_already": 5})
    for _wave in range(3):
        (start if row_of(second).state == "draft" else go_on)(second, ines)
    assert row_of(second).state == "done"
    assert [len(told(key)) for key in early] == [2 if again else 1] * 5
    assert sum(recipients(second).values()) == (20 if again else 15)
    sound()


@pytest.mark.parametrize("back", [False, True])
def test_a_stop_leaves_the_others_in_the_crowd_or_gives_them_back(ines: Actor, back: bool) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    sent()
    answering.stop(answer, back=back, by=ines)
    work.run_due()
    rows = tickets.cards(crowd).values()
    assert Counter(row.turn for row in rows) == {"done": 5, "ours" if back else "crowd": 15}
    assert recipients(answer) == {(1, "said", ""): 5, (2, "skipped", "stopped"): 2, (3, "skipped", "stopped"): 13}
    with pytest.raises(Conflict):
        answering.stop(answer, back=back, by=ines)
    sound()


@pytest.mark.parametrize("fixed", [False, True])
def test_a_stop_gives_back_everybody_untold_also_who_came_later_or_was_not_fixed(ines: Actor, fixed: bool) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    if fixed:
        start(answer, ines)
        crowd += a_crowd(incident, 4, first=20)
    else:
        answering.start(answer, seen_version=1, by=ines)
    sent()
    answering.stop(answer, back=True, by=ines)
    work.run_due()
    rows = tickets.cards(crowd).values()
    assert Counter(row.turn for row in rows) == ({"done": 5, "ours": 19} if fixed else {"ours": 20})
    sound()


def test_an_incident_that_ends_stops_its_answer_and_tells_the_numbers(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    sent()
    declaring.end(incident, "withdrawn", by=ines)
    work.run_due()
    assert recipients(answer)[3, "skipped", "ended"] == 13
    assert Counter(row.turn for row in tickets.cards(crowd).values()) == {"done": 5, "ours": 15}
    step = next(one for one in declaring.timeline(incident, by=ines) if one.what == "answer_stopped")
    assert (step.values["said"], step.values["skipped"], step.values["why"]) == (5, 15, "ended")
    with pytest.raises(Conflict):
        a_written_answer(incident, ines)


def meanwhile(what: str, ticket_id: int, ines: Actor, incident: int) -> None:
    row = tickets.cards([ticket_id])[ticket_id]
    if what == "answered":
        conversation.answer(ticket_id, Word(body="Je vous ai répondu."), by=ines)
    elif what == "solved":
        handling.solve(ticket_id, by=ines)
    elif what == "spam":
        handling.mark_spam(ticket_id, by=ines)
    elif what == "put_off":
        handling.snooze(ticket_id, clock.now() + timedelta(days=1), by=ines)
    elif what == "merged":
        other = a_ticket(email=people.letters_go_to(row.requester_id)).ticket_id
        work.run_due()
        belonging.take_out(incident, other, by=ines)  # it had been folded into the first
        merging.merge(ticket_id, other, by=ines)
    elif what == "moved":
        placing.move(ticket_id, people.department("maison").id, by=ines)
    elif what == "bounced":
        people.mark_undeliverable(people.letters_go_to(row.requester_id) or "", "5.1.1")
    else:
        membership = session.query(IncidentTicket).filter_by(ticket_id=ticket_id).one()
        membership.stands = what
        session.commit()


@pytest.mark.parametrize(
    ("what", "why", "turn"),
    [
        ("answered", "settled", "ours"), ("solved", "settled", "done"), ("spam", "gone", "away"),
        ("put_off", "put_off", "later"), ("merged", "out", "away"), ("bounced", "no_address", "ours"),
        ("moved", "elsewhere", "ours"),
        ("exception", "exception", "crowd"), ("out", "out", "crowd"),
    ],
)  # fmt: skip
def test_what_happens_to_somebody_meanwhile_leaves_them_to_people(ines: Actor, what: str, why: str, turn: str) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    one = of_wave(answer, 2)[0]
    meanwhile(what, one, ines, incident)
    go_on(answer, ines)
    assert fate_of(answer, one) == ("skipped", why)
    assert told(one) == (["Je vous ai répondu."] if what == "answered" else [])
    assert tickets.cards([one])[one].turn == turn
    sound()


def test_who_moved_to_another_department_is_an_exception_there(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    one = of_wave(answer, 2)[0]
    meanwhile("moved", one, ines, incident)
    go_on(answer, ines)
    session.rollback()
    membership = session.query(IncidentTicket).filter_by(ticket_id=one).one()
    assert (membership.stands, membership.exceptions) == ("exception", ["elsewhere"])
    assert membership.rank == rank(["elsewhere"], None)
    go_on(answer, ines)
    assert (row_of(answer).state, told(one)) == ("done", [])


def test_an_answer_that_is_about_to_leave_goes_before_the_crowds(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    one = of_wave(answer, 2)[0]
    departing.wait(20)
    try:
        departing.answer(one, Word(body="Je m’en occupe."), by=ines)
    finally:
        departing.wait(0)
    go_on(answer, ines)
    assert fate_of(answer, one) == ("skipped", "answered")
    clock.advance(timedelta(seconds=21))
    departing.depart_due()
    assert told(one) == ["Je m’en occupe."]


def test_what_an_agent_typed_while_the_wave_came_first_is_stopped(ines: Actor) -> None:
    incident = an_incident(ines)
    (one, *_rest) = a_crowd(incident, 3)
    seen = tickets.cards([one])[one].version
    start(a_written_answer(incident, ines), ines)
    with pytest.raises(Conflict) as caught:
        conversation.answer(one, Word(body="Je vous réponds."), seen_version=seen, by=ines)
    assert caught.value.code == "changed_meanwhile"


def test_another_ordinary_word_meanwhile_changes_nothing(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    one = of_wave(answer, 2)[0]
    asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
    conversation.write_again(one, Word(body="Toujours rien ?"), by=asker)
    go_on(answer, ines)
    assert fate_of(answer, one) == ("said", "")


def test_several_requests_of_one_person_are_answered_once_where_they_live_on(ines: Actor) -> None:
    incident = an_incident(ines)
    (first, *_rest) = a_crowd(incident, 5)
    again = a_ticket(email="personne0@gmail.example", body="Et alors ?").ticket_id
    work.run_due()
    belong(incident, [again])
    merging.merge(again, first, by=ines)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    assert (told(first) != [], told(again)) == (True, [])
    assert sum(recipients(answer).values()) == 5
    sound()


def test_a_request_folded_after_it_was_fixed_is_answered_in_the_one_that_lives(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    one = of_wave(answer, 2)[0]
    person = tickets.cards([one])[one].requester_id
    again = a_ticket(email=people.letters_go_to(person)).ticket_id
    work.run_due()
    belonging.unfold(incident, person, by=ines)  # into the first, where the house had folded it
    merging.merge(one, again, by=ines)
    go_on(answer, ines)
    assert (told(one), len(told(again))) == ([], 1)
    assert fate_of(answer, again) == ("said", "")
    sound()


def test_somebody_who_cannot_be_written_to_is_ranked_among_exceptions_as_their_reasons_weigh(ines: Actor) -> None:
    incident = an_incident(ines)
    one, other, *_rest = a_crowd(incident, 4)
    for key in (one, other):
        people.mark_undeliverable(people.letters_go_to(tickets.cards([key])[key].requester_id) or "", "5.1.1")
    membership = session.query(IncidentTicket).filter_by(ticket_id=other).one()
    membership.exceptions, membership.novelty = ["at_the_door"], 0.5
    session.commit()
    start(a_written_answer(incident, ines), ines)
    session.rollback()
    found = {key: session.query(IncidentTicket).filter_by(ticket_id=key).one() for key in (one, other)}
    assert found[one].exceptions == ["no_address"]
    assert found[other].exceptions == ["at_the_door", "no_address"]
    assert found[other].rank == rank(["at_the_door", "no_address"], 0.5)
    assert 0 < found[other].rank < found[one].rank


def test_somebody_without_an_address_is_listed_for_the_telephone(ines: Actor) -> None:
    incident = an_incident(ines)
    crowd = a_crowd(incident, 6)
    people.mark_undeliverable("personne1@orange.example", "5.1.1")
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    assert fate_of(answer, crowd[1]) == ("skipped", "no_address")
    assert tickets.cards(crowd)[crowd[1]].turn == "ours"
    assert [line.name for line in progress.listing(incident, answer, "skipped", by=ines)] == ["Personne 1"]
    assert session.query(IncidentTicket).filter_by(ticket_id=crowd[1]).one().exceptions == ["no_address"]
    sound()


def test_a_text_that_names_what_somebody_lacks_leaves_them_in_the_crowd(ines: Actor) -> None:
    incident = an_incident(ines)
    (one, *_rest) = a_crowd(incident, 3)
    words = Words(fr="Votre commande {{order}} est remboursée.", en="Your order {{order}} is refunded.")
    answer = a_written_answer(incident, ines, words=words)
    start(answer, ines)
    assert fate_of(answer, one) == ("skipped", "unfilled")
    assert (told(one), tickets.cards([one])[one].turn) == ([], "crowd")


def test_exceptions_are_answered_only_when_asked_for(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 3)
    grave = a_crowd(incident, 2, first=10, stands="exception")
    start(a_written_answer(incident, ines), ines)
    assert [told(key) for key in grave] == [[], []]
    start(a_written_answer(incident, ines, stands=("exception",)), ines)
    assert [len(told(key)) for key in grave] == [1, 1]


def test_the_show_and_its_date_are_the_incidents(ines: Actor, noon: datetime) -> None:
    show = a_performance("Carmen", "Carmen", noon + timedelta(days=4))
    incident = an_incident(ines, performance_id=show.id)
    (one, *_rest) = a_crowd(incident, 2)
    words = Words(fr="{{show}}, {{date}}. {{ link }} {{agent}}", en="{{show}}, {{date}}.")
    start(a_written_answer(incident, ines, words=words), ines)
    assert told(one)[0].startswith("Carmen, samedi 14\N{NO-BREAK SPACE}novembre 2026. http://localhost/d/")
    assert told(one)[0].endswith("Inès Carvalho")


def sent(failing: int = 0) -> None:
    """Every letter leaves; so many of the first come back."""
    outgoing.send_due(limit=500)
    rows = session.query(LetterOut).filter(LetterOut.kind == "answer").order_by(LetterOut.id).limit(failing).all()
    for row in rows:
        row.state = "bounced"
    session.commit()


def waited(answer_id: int, minutes: int) -> str:
    clock.advance(timedelta(minutes=minutes))
    answering.go_on_by_themselves()
    work.run_due()
    return row_of(answer_id).state + str(row_of(answer_id).wave)


def test_an_answer_goes_on_by_itself_when_its_wave_went_well(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines, by_itself=True)
    start(answer, ines)
    sent()
    assert waited(answer, 9) == "held1"
    assert waited(answer, 1) == "held2"
    sent()
    assert waited(answer, 10) == "done3"


@pytest.mark.parametrize("trouble", ["bounced", "angry", "unsent", "not chosen"])
def test_an_answer_stays_held_when_something_speaks_against_going_on(ines: Actor, trouble: str) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines, by_itself=trouble != "not chosen")
    start(answer, ines)
    if trouble != "unsent":
        sent(failing=1 if trouble == "bounced" else 0)
    if trouble == "angry":
        one = of_wave(answer, 1, "said")[0]
        asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
        conversation.write_again(one, Word(body="C’est un scandale, je suis furieux !"), by=asker)
    assert waited(answer, 20) == "held1"


def test_progress_counts_people_letters_and_replies(ines: Actor) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 20)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    sent(failing=1)
    one = of_wave(answer, 1, "said")[2]
    asker = spectator(tickets.cards([one])[one].requester_id, door="portal")
    conversation.write_again(one, Word(body="Merci."), by=asker)
    found = progress.progress(incident, answer, by=ines)
    first = found.waves[1]
    assert (first.said, first.sent, first.bounced, first.replied, first.unsent) == (5, 4, 1, 1, 0)
    assert (found.whole.people, found.whole.waiting) == (20, 15)
    assert sum(tally.people for _name, tally in found.domains) == 5
    assert found.finished_at == clock.now()
    assert [line.replied for line in progress.listing(incident, answer, "replied", by=ines)] == [True]


def test_nobody_of_a_large_crowd_is_forgotten_between_pages(ines: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.incidents.choosing.PAGE", 7)
    incident = an_incident(ines)
    crowd = a_crowd(incident, 40)
    belong(incident, several := [a_ticket(email="personne3@laposte.example").ticket_id for _ in range(9)])
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    while row_of(answer).state == "held":
        go_on(answer, ines)
    assert [len(told(key)) for key in crowd] == [1] * 40
    assert [told(key) for key in several] == [[]] * 9


def test_a_changed_answer_cannot_be_started_by_who_saw_the_old_one(ines: Actor) -> None:
    incident = an_incident(ines)
    answer = a_written_answer(incident, ines)
    drafting.write(incident, a_plan(then="waiting"), answer_id=answer, seen_version=1, by=ines)
    for act in (
        lambda: answering.start(answer, seen_version=1, by=ines),
        lambda: drafting.write(incident, a_plan(), answer_id=answer, seen_version=1, by=ines),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.code == "answer_changed"


def test_nobody_to_tell_ends_at_once(ines: Actor) -> None:
    incident = an_incident(ines)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    assert row_of(answer).state == "done"
    assert session.query(Ticket).count() == 0


@pytest.mark.parametrize("wrong", ["no message", "no reason", "another's message", "no row", "waits for nothing"])
def test_the_doctor_sees_a_row_that_does_not_add_up(ines: Actor, wrong: str) -> None:
    incident = an_incident(ines)
    a_crowd(incident, 6)
    answer = a_written_answer(incident, ines)
    start(answer, ines)
    sound()
    rows = session.query(CrowdRecipient).filter_by(answer_id=answer, state="said").order_by(CrowdRecipient.id).all()
    if wrong == "no message":
        rows[0].message_id = None
    elif wrong == "no reason":
        rows[0].state, rows[0].message_id, rows[1].state, rows[1].message_id = "skipped", None, "skipped", None
    elif wrong == "another's message":
        rows[0].message_id = rows[1].message_id
    elif wrong == "no row":
        session.delete(rows[0])
    else:
        row_of(answer).state = "done"
    session.commit()
    assert checks.recipients_wrong() > 0
