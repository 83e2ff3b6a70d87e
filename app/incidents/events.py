"""Facts about incidents; ids and plain values only."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentProposed(Event):
    """More people wrote about one thing than usual; somebody should say what it is."""

    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(Event):
    """A colleague said that it is one, and what everybody may be told."""

    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReworded(Event):
    """What everybody is told was changed."""

    incident_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(Event):
    """It is over, withdrawn or dismissed: nothing is told any more, and nobody stands in its crowd."""

    incident_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketJoinedIncident(Event):
    """A request belongs to an incident; `stands` tells whether its crowd answers for it."""

    ticket_id: int
    incident_id: int
    reason: str
    stands: str
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLeftIncident(Event):
    """A request was taken out of an incident, or its incident ended before the request was answered."""

    ticket_id: int
    incident_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdShrank(Event):
    """Some of an ended incident's crowd went back to the queues, and more are to follow."""

    incident_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdGrew(Event):
    """What came in before an incident was declared was looked at up to a request, and there is more of it."""

    incident_id: int
    after_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdAnswerGoes(Event):
    """An answer to a crowd is being said, and there is more of it to say; `run` is the run it belongs to."""

    answer_id: int
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdAnswerHeld(Event):
    """A wave of an answer was told and the next waits for somebody; `why` is look, or what speaks against going on."""

    answer_id: int
    incident_id: int
    wave: int
    started_by: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdAnswerStopped(Event):
    """An answer to a crowd was ended early, and who was not told goes back to the queues, from a membership on."""

    answer_id: int
    after_id: int = 0
