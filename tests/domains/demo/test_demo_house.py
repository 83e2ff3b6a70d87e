"""The demo house keeps the rules every house keeps, and is worth looking at."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.boxoffice import service as boxoffice
from app.boxoffice.models import Admission, Contact, Order, Payment, Performance
from app.insight.models import VisitDay
from app.kernel import keys
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.events import Event, revived
from app.kernel.jobs import Job
from app.kernel.journal import JournalEntry
from app.mail.models import LetterOut
from app.people import entry
from app.people import service as people
from app.people.models import Department
from app.satisfaction.models import Opinion
from app.search import gaps, steps
from app.sla.models import Promise, PromiseStep
from app.tickets import cases
from app.tickets.models import Message, Serial, Ticket, TicketLink
from app.tickets.numbers import number_of
from app.tickets.states import State, turn_of
from app.triage.models import Sorting

NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
House = dict[str, Any]


def tickets() -> list[Ticket]:
    return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def test_everybody_of_the_cast_may_sign_in(demo_house: House) -> None:
    colleagues = [person for person in demo_house["people"] if "spectator" not in person["roles"]]
    assert len(colleagues) == 9
    assert all(entry.sign_in(person["email"], demo_house["password"]) for person in colleagues)


def test_a_turn_follows_from_the_state(demo_house: House) -> None:
    wrong = [t for t in tickets() if t.turn != turn_of(State(t.state), away=t.spam or t.merged_into_id is not None)]
    assert wrong == []


def test_what_is_due_is_the_nearest_promise_owed(demo_house: House) -> None:
    owed = dict(
        session.execute(
            select(Promise.ticket_id, func.min(Promise.due_at))
            .where(Promise.state.in_(("running", "broken")))
            .group_by(Promise.ticket_id)
        ).all()
    )
    assert {t.id: t.due_at for t in tickets() if t.due_at} == owed


def test_every_request_has_two_promises_and_each_its_explanation(demo_house: House) -> None:
    kinds = Counter(session.scalars(select(Promise.kind)))
    assert kinds == {"first": demo_house["tickets"], "solution": demo_house["tickets"]}
    started = session.scalar(select(func.count()).select_from(PromiseStep).where(PromiseStep.what == "started"))
    assert started == 2 * demo_house["tickets"]


def test_ended_requests_owe_nothing_and_running_promises_have_time(demo_house: House) -> None:
    ended = [t.id for t in tickets() if t.state == "solved"]
    states = session.scalars(select(Promise.state).where(Promise.ticket_id.in_(ended)))
    assert set(states) <= {"kept", "late"}
    running = session.scalars(select(Promise.due_at).where(Promise.state == "running"))
    assert all(due_at >= NOW for due_at in running)


def test_people_who_came_to_the_help_pages_mostly_found_their_answer_alone(demo_house: House) -> None:
    days = session.scalars(select(VisitDay).order_by(VisitDay.day)).all()
    assert len(days) > 90
    assert days[-1].day == NOW.date()
    assert all(0 <= row.alone <= row.visitors for row in days)
    assert all(row.satisfied <= row.read <= row.visitors and row.searched <= row.visitors for row in days)
    share = sum(row.alone for row in days) / sum(row.visitors for row in days)
    assert 0.8 < share < 1


def test_numbers_are_the_permutation_of_serials(demo_house: House) -> None:
    key = keys.derived("ticket-number")
    serial = session.get_one(Serial, "ticket")
    assert serial.last == demo_house["tickets"]
    assert [t.number for t in tickets()] == [number_of(place + 1, key) for place in range(serial.last)]


def test_the_next_request_finds_free_ids(demo_house: House) -> None:
    department = session.scalars(select(Department.id)).first()
    last = max(t.id for t in tickets())
    row = Department(code="essai", name_fr="Essai", name_en="Trial", internal=True, position=9)
    session.add(row)
    session.flush()
    assert row.id > (department or 0)
    session.rollback()
    assert last == demo_house["tickets"]


def test_messages_follow_one_another_and_belong_to_known_people(demo_house: House) -> None:
    before: dict[int, datetime] = {}
    for message in session.scalars(select(Message).order_by(Message.id)):
        assert before.get(message.ticket_id, message.at) <= message.at <= NOW
        assert message.author_id is not None
        before[message.ticket_id] = message.at
    assert len(before) == demo_house["tickets"]


def test_no_text_keeps_a_blank(demo_house: House) -> None:
    bodies = [*session.scalars(select(Message.body)), *session.scalars(select(Ticket.subject))]
    assert [body for body in bodies if "{" in body or "}" in body] == []


def test_the_same_words_are_seldom_said_twice(demo_house: House) -> None:
    first = [t.excerpt for t in tickets() if t.state == "new" and t.turn == "ours"]
    assert len(set(first)) >= len(first) - 1


def test_requests_come_in_both_languages_and_all_states(demo_house: House) -> None:
    languages = Counter(t.language for t in tickets())
    assert languages["fr"] > languages["en"] > 60
    assert {t.state for t in tickets()} == {state.value for state in State}
    assert 380 <= demo_house["tickets"] <= 440
    assert 20 <= sum(t.turn == "ours" for t in tickets()) <= 40


def test_every_department_has_something_to_do(demo_house: House) -> None:
    waiting = Counter(t.department_id for t in tickets() if t.turn == "ours")
    assert set(waiting) == {card.id for card in people.departments()}


def test_what_is_due_runs_from_late_to_comfortable(demo_house: House) -> None:
    left = sorted(t.due_at - NOW for t in tickets() if t.turn == "ours" and t.due_at)
    assert left[0] < timedelta(0)
    assert sum(one < timedelta(0) for one in left) >= 3
    assert sum(timedelta(0) <= one < timedelta(hours=2) for one in left) >= 5
    assert left[-1] > timedelta(hours=20)


def test_most_first_answers_were_in_time(demo_house: House) -> None:
    states = Counter(session.scalars(select(Promise.state).where(Promise.kind == "first")))
    assert 0.75 < states["kept"] / (states["kept"] + states["late"] + states["broken"]) < 0.95


def test_every_request_was_sorted_and_some_were_corrected(demo_house: House) -> None:
    outcomes = Counter(session.scalars(select(Sorting.outcome)))
    assert outcomes.total() == demo_house["tickets"]
    assert outcomes["corrected"] >= 5
    assert outcomes["confirmed"] > outcomes["corrected"]


def test_words_that_decided_stand_where_the_sorting_says(demo_house: House) -> None:
    row = session.scalars(select(Sorting).order_by(Sorting.id)).first()
    assert row is not None
    body = session.scalars(select(Message.body).where(Message.ticket_id == row.ticket_id).order_by(Message.id)).first()
    words = {word.lower() for reason in row.reasons if reason["code"] == "words" for word in reason["values"]["words"]}
    assert {(body or "")[span["start"] : span["end"]].lower() for span in row.spans} == words


def test_no_mark_of_the_sorting_ends_inside_a_word(demo_house: House) -> None:
    first = select(func.min(Message.id)).group_by(Message.ticket_id)
    bodies = dict(session.execute(select(Message.ticket_id, Message.body).where(Message.id.in_(first))).all())
    cut = [
        bodies[row.ticket_id][span["start"] :][:20]
        for row in session.scalars(select(Sorting))
        for span in row.spans
        if bodies[row.ticket_id][span["end"] - 1 : span["end"] + 1].isalpha()
        and span["end"] < len(bodies[row.ticket_id])
    ]
    assert cut == []


def test_the_journal_tells_facts_that_exist_in_the_order_of_time(demo_house: House) -> None:
    entries = list(session.scalars(select(JournalEntry).order_by(JournalEntry.id)))
    assert [e.at for e in entries] == sorted(e.at for e in entries)
    assert {entry.name for entry in entries} <= set(Event.kinds)
    assert all(revived(e.name, e.data).values() == e.data for e in entries[::25])


def test_nothing_waits_to_be_sent_or_done(demo_house: House) -> None:
    assert set(session.scalars(select(LetterOut.state))) == {"sent", "bounced"}
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_letters_carry_the_number_and_a_link_that_proves_itself(demo_house: House) -> None:
    letter = session.scalars(select(LetterOut).where(LetterOut.kind == "answer").order_by(LetterOut.id)).first()
    assert letter is not None
    ticket = session.get_one(Ticket, letter.ticket_id or 0)
    assert letter.subject.endswith(f"[#{ticket.number}]")
    assert keys.link_token("ticket", ticket.link_nonce, 1) in letter.text


def test_opinions_have_marks_and_some_words(demo_house: House) -> None:
    marks = Counter(session.scalars(select(Opinion.mark)))
    assert set(marks) - {None} <= {1, 2, 3, 4, 5}
    assert 60 < marks.total() - marks[None] < 200
    assert session.scalar(select(func.count()).select_from(Opinion).where(Opinion.words != "")) > 15


def test_there_is_a_held_word_a_merge_a_doubt_and_a_sequel(demo_house: House) -> None:
    assert session.scalar(select(func.count()).select_from(Message).where(Message.held)) == 2
    assert set(session.scalars(select(TicketLink.kind))) == {"merged", "perhaps_same", "follows"}
    assert sum(t.spam for t in tickets()) == 3


def test_lea_finds_her_order_for_the_cancelled_evening(demo_house: House) -> None:
    lea = next(person for person in demo_house["people"] if "spectator" in person["roles"])
    order = boxoffice.look_up(lea["order"], lea["email"])
    assert order is not None
    assert [seat.label for seat in order.seats] == ["Corbeille B 14", "Corbeille B 16"]
    assert order.total_cents == 12_000
    assert order.performance is not None
    assert order.performance.status == "cancelled"


def test_money_adds_up_and_seats_are_sold_once(demo_house: House) -> None:
    paid = dict(session.execute(select(Order.id, Order.total_cents)).all())
    sums = select(Admission.order_id, func.sum(Admission.face_cents + Admission.fee_cents)).group_by(Admission.order_id)
    assert {key: int(total) for key, total in session.execute(sums)} == paid
    sold = Counter(session.execute(select(Admission.performance_id, Admission.category, Admission.seat)).all())
    assert max(sold.values()) == 1


def test_each_order_says_how_it_was_paid_and_whom_to_reach(demo_house: House) -> None:
    owed = dict(session.execute(select(Order.id, Order.total_cents)).all())
    sums = select(Payment.order_id, func.sum(Payment.amount_cents - Payment.refunded_cents)).group_by(Payment.order_id)
    assert dict(session.execute(sums).all()) == owed
    reached = select(Order.id, Order.email, Contact.email).join(Contact, Contact.id == Order.contact_id)
    rows = session.execute(reached).all()
    assert len(rows) == len(owed)
    assert all(given == known for _, given, known in rows)


def test_order_codes_can_be_read_out(demo_house: House) -> None:
    codes = list(session.scalars(select(Order.code)))
    assert len(codes) == 2_500
    assert all(code.startswith("VAL-") and not set(code[4:]) & set("0O1IL") for code in codes)


def test_the_season_has_tonight_a_change_and_a_full_house(demo_house: House) -> None:
    shows = list(session.scalars(select(Performance)))
    assert any(timedelta(0) < show.starts_at - NOW < timedelta(hours=24) for show in shows)
    assert {"cancelled", "postponed", "interrupted"} <= {show.status for show in shows}
    assert any(show.sold_out for show in shows)
    assert boxoffice.changes()[0].status == "cancelled"


def test_the_desk_opens_any_of_them(demo_house: House) -> None:
    for ticket in tickets()[::60]:
        assert cases.case_for(SYSTEM, ticket.number).said


def test_editors_find_something_to_write_about(demo_house: House) -> None:
    assert len(gaps.listed(by=SYSTEM)) >= 5
    before = steps.before_requests(by=SYSTEM)
    assert len(before.searched) >= 3
