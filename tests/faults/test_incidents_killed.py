"""Workers and colleagues' processes killed at every statement of an incident, from its proposal to its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.health import queries as checks
from app.incidents import answering, belonging, declaring, matching
from app.incidents.declaring import Telling
from app.incidents.filling import Words
from app.incidents.models import (
    Arrival,
    CrowdAnswer,
    CrowdRecipient,
    CrowdText,
    Incident,
    IncidentCurve,
    IncidentStep,
    IncidentTicket,
)
from app.kernel import jobs, work
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail import sending
from app.mail.models import LetterOut
from app.sla.models import Promise
from app.tickets.models import Message, Ticket
from app.tickets.opening import open_tickets
from tests.bill import a_performance
from tests.cast import INES, KARIM, Character
from tests.crowds import WORDS, a_crowd, a_written_answer, an_incident
from tests.domains.incidents.test_declaring import telling
from tests.faults.dying import struck
from tests.faults.house import House
from tests.faults.scale import EVERY
from tests.makers import a_draft

#: People who write, those among them who write again, and those whom a person must read.
PEOPLE, TWICE, APART = 14, 4, 2
SAID = "Bonjour, Carmen est annulé, je demande le remboursement de mes places."
MUST_BE_READ = "Bonjour, Carmen est annulé. Je viens en fauteuil roulant, que faire ?"
#: Everything that happens to an incident.
PHASES = (
    "sorted and proposed", "declared", "gathered", "folded", "unfolded", "folded by hand", "started",
    "fixed and first wave", "paused", "corrected", "resumed", "held again", "let go on to wave 2", "wave 2",
    "let go on to wave 3", "wave 3", "joined late", "ended", "released and taught",
    "correction started", "correction said",
)  # fmt: skip
#: Both databases are struck.
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
OTHERS = Words(f"{WORDS.fr} (Corrigé.)", f"{WORDS.en} (Corrected.)")


class Story:
    """One evening that is cancelled, lived through by processes that die."""

    def __init__(self, show: int, told: Telling, ines: Actor, karim: Actor) -> None:
        self.show, self.told, self.ines, self.karim = show, told, ines, karim
        self.deaths: Counter[str] = Counter()
        self.struck = 0

    def strike(self, phase: str, act: Callable[[], object]) -> None:
        """Do one thing, killed at every statement of it."""
        first = 1 + self.struck % EVERY  # so that every statement has its turn in one phase or another
        self.struck += 1
        self.deaths[phase] += struck(act, self.sound, first=first)

    def work(self, phase: str) -> None:
        """Do all that waits for a worker, each group killed at every statement of it."""
        while _due():
            self.strike(phase, work.run_next)

    def sound(self) -> None:
        """What holds at every moment, whoever has died."""
        session.rollback()
        assert checks.tickets_with_wrong_turn() == checks.recipients_wrong() == 0
        assert checks.tickets_with_wrong_due() == checks.tickets_acknowledged_twice() == 0
        assert session.query(Incident).filter(Incident.state.in_(("proposed", "declared"))).count() <= 1
        rows = session.query(IncidentTicket, Ticket).join(Ticket, Ticket.id == IncidentTicket.ticket_id).all()
        assert len({row.ticket_id for row, _card in rows}) == len(rows)
        living = Counter(row.person_id for row, _card in rows if row.stands in {"crowd", "exception"} and not row.apart)
        assert set(living.values()) <= {1}, "one person stands in one row"
        for row, card in rows:
            assert (row.stands == "folded") == (card.merged_into_id is not None) == (row.before is not None)


def _due() -> bool:
    session.rollback()
    found = jobs.any_due()
    session.rollback()
    return found


def one(model: type[Incident]) -> Incident:
    session.rollback()
    return session.query(model).one()


def answer() -> CrowdAnswer:
    """The newest answer to the crowd."""
    session.rollback()
    return session.query(CrowdAnswer).order_by(CrowdAnswer.id.desc()).first()  # type: ignore[return-value]


def facts(name: str) -> Counter[int]:
    """How often each thing was said to have happened."""
    session.rollback()
    rows = session.query(JournalEntry.data).filter(JournalEntry.name == name)
    return Counter(data["ticket_id"] for (data,) in rows)


def steps() -> Counter[str]:
    session.rollback()
    return Counter(what for (what,) in session.query(IncidentStep.what))


def written(bodies: list[tuple[int, str]]) -> list[int]:
    drafts = [a_draft(email=f"p{n}@exemple.fr", name=f"Personne {n}", body=body) for n, body in bodies]
    return [made.ticket_id for made in open_tickets(drafts, by=spectator(None, door="portal"))]


@pytest.fixture
def story(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Story:
    show = a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    return Story(show.id, telling(show), actor(INES), actor(KARIM))


def people_write(story: Story) -> list[int]:
    """Letters of a crowd, some of the same people, some for a person to read; sorted, and noticed."""
    bodies = [(n, MUST_BE_READ if n < APART else SAID) for n in range(PEOPLE)]
    opened = written(bodies)
    story.work("sorted and proposed")
    return opened


@pytest.mark.parametrize("app", BOTH, indirect=True)
def test_killed_at_every_statement_of_an_incident_nobody_is_lost_or_told_twice(story: Story, app: Flask) -> None:
    before = people_write(story)
    proposal = one(Incident)
    assert (proposal.state, proposal.performance_id, steps()) == ("proposed", story.show, {"proposed": 1})
    counted = session.query(Arrival.count).filter_by(kind="all").all()
    assert sum(count for (count,) in counted) == PEOPLE, "who was counted by a worker that died is counted once"

    proposal_id = proposal.id
    story.strike("declared", lambda: declared_once(story, proposal_id))
    assert (one(Incident).state, steps()["declared"], declared_once(story, proposal_id)) == ("declared", 1, proposal_id)

    story.work("gathered")
    crowd = stands()
    assert (crowd["crowd"], crowd["exception"]) == (PEOPLE - APART, APART)
    assert facts("TicketJoinedIncident") == dict.fromkeys(before, 1)

    again = written([(n, SAID) for n in range(APART, APART + TWICE)])
    story.work("folded")
    assert (stands()["folded"], stands()["crowd"]) == (TWICE, PEOPLE - APART)
    assert facts("TicketJoinedIncident") == dict.fromkeys([*before, *again], 1)
    assert acknowledged() == dict.fromkeys(range(PEOPLE), 1)
    story.strike("unfolded", lambda: belonging.unfold(proposal_id, folded_person(), by=story.karim))
    assert (stands()["folded"], stands()["crowd"]) == (TWICE - 1, PEOPLE - APART + 1)
    story.strike("folded by hand", lambda: belonging.fold(proposal_id, apart_person(), by=story.karim))
    assert (stands()["folded"], stands()["crowd"]) == (TWICE, PEOPLE - APART)

    told_in_waves(story, proposal_id)

    late = written([(n, SAID) for n in range(PEOPLE, PEOPLE + 3)])
    story.work("joined late")
    assert [turn for (turn,) in session.query(Ticket.turn).filter(Ticket.id.in_(late))] == ["crowd"] * 3
    while sending.send_due():
        session.rollback()
    story.strike("ended", lambda: end(story, proposal_id))
    assert (one(Incident).state, steps()["withdrawn"]) == ("withdrawn", 1)
    story.work("released and taught")
    assert facts("TicketLeftIncident") == dict.fromkeys(late, 1)
    assert session.query(Ticket).filter_by(turn="crowd").count() == 0
    assert [turn for (turn,) in session.query(Ticket.turn).filter(Ticket.id.in_(late))] == ["ours"] * 3
    curve = session.query(IncidentCurve).one()
    assert sum(curve.people) == PEOPLE + 3
    assert matching.release_left() == 0
    taken_back(story)
    assert set(story.deaths) == set(PHASES)
    assert min(story.deaths.values()) > 0, story.deaths
    House(app).well()
    assert House(app).doctor() == []


def declared_once(story: Story, incident_id: int) -> int:
    return declaring.declare(story.told, incident_id=incident_id, form="one press", by=story.ines)


def end(story: Story, incident_id: int) -> None:
    """Pressed again by whoever saw it fail: a conflict says that it is down already."""
    session.rollback()
    if one(Incident).state == "declared":
        declaring.end(incident_id, "withdrawn", by=story.ines)


def taken_back(story: Story) -> None:
    """It plays after all: one correction was prepared, whoever died meanwhile, and is told once to each."""
    session.rollback()
    first, follow_up = [row.id for row in session.query(CrowdAnswer).order_by(CrowdAnswer.id)]
    assert steps()["retraction_written"] == 1
    story.strike(
        "correction started", lambda: once("draft", lambda: answering.start(follow_up, seen_version=1, by=story.ines))
    )
    for wave in (2, 3, 4):
        story.work("correction said")
        if wave < 4:
            next_wave(story, follow_up, wave)
    session.rollback()
    told = {
        key: sorted(
            person for (person,) in session.query(CrowdRecipient.person_id).filter_by(answer_id=key, state="said")
        )
        for key in (first, follow_up)
    }
    assert told[first] == told[follow_up]
    said = session.query(Message.submission).filter(Message.submission.like("crowd-%"))
    assert sorted(key for (key,) in said) == sorted(f"crowd-{key}-{one}" for key, some in told.items() for one in some)


def told_in_waves(story: Story, incident_id: int) -> None:
    """The crowd is answered; the answer is paused, corrected and resumed while its second wave waits."""
    answer_id = a_written_answer(incident_id, story.ines)
    story.strike("started", lambda: once("draft", lambda: answering.start(answer_id, seen_version=1, by=story.ines)))
    story.work("fixed and first wave")
    assert (answer().state, answer().wave) == ("held", 1)
    story.strike("paused", lambda: once("held", lambda: answering.pause(answer_id, by=story.ines)))
    story.strike(
        "corrected", lambda: answering.correct(answer_id, OTHERS, seen_revision=answer().revision, by=story.ines)
    )
    assert (answer().revision, session.query(CrowdText).count()) == (2, 2)
    story.strike(
        "resumed",
        lambda: once("paused", lambda: answering.resume(answer_id, seen_version=answer().version, by=story.ines)),
    )
    story.work("held again")
    for wave in (2, 3):
        story.strike(f"let go on to wave {wave}", lambda: next_wave(story, answer_id, wave))  # noqa: B023 - done at once
        story.work(f"wave {wave}")
    assert answer().state == "done"
    rows = session.query(CrowdRecipient).all()
    assert Counter(row.state for row in rows) == {"said": PEOPLE - APART}
    assert {row.wave: row.revision for row in rows} == {1: 2, 2: 2, 3: 2}, "nothing had left when it was corrected"
    assert len({row.person_id for row in rows}) == PEOPLE - APART
    letters = session.query(LetterOut.message_id).filter(LetterOut.kind == "answer")
    assert sorted(key for (key,) in letters) == sorted(row.message_id for row in rows if row.message_id)
    said = session.query(Message.submission).filter(Message.submission.like("crowd-%"))
    assert sorted(key for (key,) in said) == sorted(f"crowd-{answer_id}-{row.person_id}" for row in rows)
    for what in ("answer_started", "answer_paused", "answer_corrected", "answer_resumed", "answer_done"):
        assert steps()[what] == 1, what


def once(state: str, verb: Callable[[], object]) -> None:
    """Pressed again by whoever saw it fail, unless the page shows that it was done."""
    if answer().state == state:
        verb()


def next_wave(story: Story, answer_id: int, wave: int) -> None:
    if answer().wave < wave:
        answering.go_on(answer_id, seen_version=answer().version, by=story.ines)


def stands() -> Counter[str]:
    session.rollback()
    return Counter(how for (how,) in session.query(IncidentTicket.stands))


def acknowledged() -> Counter[int]:
    """Letters that say that a request came in, by person."""
    session.rollback()
    found = session.query(LetterOut.to_email).filter(LetterOut.kind.in_(("received", "incident")))
    return Counter(int(email[1:].partition("@")[0]) for (email,) in found)


def folded_person() -> int:
    session.rollback()
    return session.query(IncidentTicket.person_id).filter_by(stands="folded").order_by(IncidentTicket.id).first()[0]  # type: ignore[index]


def apart_person() -> int:
    session.rollback()
    found = session.query(IncidentTicket.person_id).filter_by(apart=True, stands="crowd")
    return found.order_by(IncidentTicket.id).first()[0]  # type: ignore[index]


@pytest.mark.parametrize("app", BOTH, indirect=True)
def test_killed_while_letters_are_kept_back_each_is_kept_back_or_leaves_and_none_does_both(
    story: Story, app: Flask
) -> None:
    """Paused, resumed, corrected and stopped with every letter still waiting: at each death all of it is done or none."""
    incident_id, crowd = an_incident(story.ines), PEOPLE // 2
    requests = a_crowd(incident_id, crowd)
    while sending.send_due():
        work.run_due()
    answer_id = a_written_answer(incident_id, story.ines)
    answering.start(answer_id, seen_version=1, by=story.ines)
    work.run_due()
    assert waiting_letters(requests) == told(answer_id) == 5

    def all_or_nothing() -> None:
        story.sound()
        assert waiting_letters(requests) == told(answer_id) in {0, 5}
        assert solved(requests) == first_settled(requests) == told(answer_id)

    def strike(phase: str, verb: Callable[[], object]) -> None:
        story.deaths[phase] += struck(verb, all_or_nothing)

    strike("paused", lambda: once("held", lambda: answering.pause(answer_id, by=story.ines)))
    assert (answer().state, told(answer_id)) == ("paused", 0)
    strike("resumed", lambda: once("paused", lambda: answering.resume(answer_id, seen_version=seen(), by=story.ines)))
    work.run_due()
    assert (answer().state, told(answer_id)) == ("held", 5)
    strike("corrected", lambda: answering.correct(answer_id, OTHERS, seen_revision=answer().revision, by=story.ines))
    assert (answer().revision, told(answer_id)) == (2, 0)
    work.run_due()
    assert (answer().state, told(answer_id)) == ("held", 5)
    strike("stopped", lambda: once("held", lambda: stopped(story, answer_id)))
    assert (answer().state, told(answer_id)) == ("stopped", 0)
    work.run_due()
    assert {row.turn for row in session.query(Ticket).filter(Ticket.id.in_(requests))} == {"ours"}
    assert steps()["answer_stopped"] == steps()["answer_paused"] == steps()["answer_resumed"] == 1
    assert min(story.deaths.values()) > 0, story.deaths
    House(app).well()


def stopped(story: Story, answer_id: int) -> None:
    answering.stop(answer_id, back=True, by=story.ines)


def seen() -> int:
    return answer().version


def waiting_letters(requests: list[int]) -> int:
    session.rollback()
    return session.query(LetterOut).filter(LetterOut.ticket_id.in_(requests), LetterOut.state == "waiting").count()


def told(answer_id: int) -> int:
    session.rollback()
    return session.query(CrowdRecipient).filter_by(answer_id=answer_id, state="said").count()


def solved(requests: list[int]) -> int:
    session.rollback()
    return session.query(Ticket).filter(Ticket.id.in_(requests), Ticket.state == "solved").count()


def first_settled(requests: list[int]) -> int:
    session.rollback()
    return session.query(Promise).filter(
        Promise.ticket_id.in_(requests), Promise.kind == "first", Promise.settled_at.is_not(None)
    ).count()  # fmt: skip
