"""A crowd in an incident, as matching would have left it, without waiting for matching."""

from __future__ import annotations

from collections.abc import Sequence

from app.incidents import declaring
from app.incidents.declaring import Telling
from app.incidents.drafting import Plan, write
from app.incidents.filling import Words
from app.incidents.models import CrowdAnswer, IncidentTicket
from app.incidents.recipients import Filters
from app.kernel import clock, work
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.kernel.transaction import transactional
from app.tickets import queries as tickets
from app.tickets import standing
from app.tickets.opening import open_tickets
from tests.makers import a_draft

WORDS = Words(
    fr="Bonjour {{name}},\n\nLa représentation est annulée : vous serez remboursé. Votre demande : {{number}}.",
    en="Dear {{name}},\n\nThe show is cancelled: you will be refunded. Your request: {{number}}.",
)
DOMAINS = ("gmail.example", "orange.example", "free.example", "laposte.example")


def an_incident(by: Actor, *, performance_id: int | None = None, word: str = "carmen") -> int:
    """A declared incident."""
    telling = Telling(
        cause="cancelled", title_fr="« Carmen » est annulé", title_en="Carmen is cancelled",
        text_fr="La représentation est annulée.", text_en="The show is cancelled.", performance_id=performance_id,
        words=(word,),
    )  # fmt: skip
    return declaring.declare(telling, by=by)


def a_crowd(incident_id: int, people: int, *, first: int = 0, stands: str = "crowd") -> list[int]:
    """Requests of so many people, one in five English, at four mail domains; returns their ids."""
    drafts = [
        a_draft(
            email=f"personne{number}@{DOMAINS[number % 4]}", name=f"Personne {number}", body=f"Et mes places ? {number}",
            language="en" if number % 5 == 4 else "fr",
        )
        for number in range(first, first + people)
    ]  # fmt: skip
    opened = [one.ticket_id for one in open_tickets(drafts, by=spectator(None, door="portal"))]
    work.run_due()
    belong(incident_id, opened, stands=stands)
    return opened


@transactional
def belong(incident_id: int, ticket_ids: Sequence[int], *, stands: str = "crowd", reason: str = "performance") -> None:
    """Let requests belong to an incident."""
    rows = list(tickets.cards(ticket_ids).values())
    if stands == "crowd":
        standing.join_crowd(rows)
    session.add_all(
        IncidentTicket(
            incident_id=incident_id, ticket_id=row.id, person_id=row.requester_id, joined_at=clock.now(), reason=reason,
            confidence=1.0, stands=stands, exceptions=["anger"] if stands == "exception" else [], rank=0, novelty=None,
            lifted=[], before=None,
        )
        for row in rows
    )  # fmt: skip


def a_plan(*, then: str = "solved", by_itself: bool = False, words: Words = WORDS, **filters: object) -> Plan:
    """An answer to everybody."""
    return Plan(words=words, then=then, by_itself=by_itself, filters=Filters(**filters))  # type: ignore[arg-type]


def a_written_answer(incident_id: int, by: Actor, **plan: object) -> int:
    """An answer that nobody is told yet."""
    return write(incident_id, a_plan(**plan), by=by)  # type: ignore[arg-type]


def row_of(answer_id: int) -> CrowdAnswer:
    """An answer as it stands now in the database."""
    session.rollback()
    return session.get_one(CrowdAnswer, answer_id, populate_existing=True)
