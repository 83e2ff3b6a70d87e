"""What the page behind a private link says: whose turn it is and by when, how far along, what was said; no route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cancellations import joining
from app.cancellations.joining import Awaited
from app.catalogue import service as catalogue
from app.incidents.waiting import Waiting, waiting_of
from app.kernel import clock
from app.kernel.access import Actor
from app.knowledge import shelf
from app.portal.addresses import article_url
from app.portal.orders import Looked, look_up
from app.sla import promised
from app.sla.promised import PromiseCard
from app.sla.targets import FIRST
from app.tickets.states import REOPENS_WITHIN, State
from app.tickets.tracking import Tracked, tracked


@dataclass(frozen=True, slots=True)
class Owed:
    """What the spectator may count on: `turn` is ours, late, theirs, later or done, `due_at` our next moment."""

    turn: str
    due_at: datetime | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps; `state` is done, now or empty, `due_at` a moment still to come."""

    name: str
    state: str
    at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """Everything the page shows."""

    request: Tracked
    owed: Owed
    steps: tuple[Step, ...]
    looked: Looked
    reading: tuple[tuple[str, str], ...]
    #: How it waits with a declared incident, and where that incident's article is read.
    waits: Waiting | None = None
    advice: str = ""
    #: The credit whose choice answers it.
    awaited: Awaited | None = None

    @property
    def agent(self) -> str:
        """The first name of whoever looks after it."""
        return first_name(self.request.assignee)

    @property
    def may_write(self) -> bool:
        """Whether a word still belongs to this request."""
        return may_write(self.request.solved_at)


def followed(ticket_id: int, *, by: Actor, language: str) -> Followed:
    """The page of one request, for whoever holds its link."""
    request = tracked(by, ticket_id)
    owed = _owed(request, promised.promises(ticket_id))
    looked = look_up(request.order_code, request.email) if request.order_code else Looked("none")
    waits = waiting_of([ticket_id]).get(ticket_id) if owed.turn in {"ours", "late"} else None
    slug = waits.told.article if waits else None
    card = shelf.find_either(by, slug, language) if slug else None
    return Followed(
        request, owed, _steps(request, owed), looked, _reading(request, by, language), waits,
        article_url(card) if card else "", joining.awaited(ticket_id),
    )  # fmt: skip


def first_name(name: str) -> str:
    """What a colleague is called towards the public."""
    return name.split(" ")[0]


def may_write(solved_at: datetime | None) -> bool:
    """Whether a word still joins the request; later it opens another."""
    return solved_at is None or clock.now() - solved_at <= REOPENS_WITHIN


def _owed(request: Tracked, promises: Sequence[PromiseCard]) -> Owed:
    answered = request.first_answer_at is not None
    if request.state == State.SOLVED:
        return Owed("done", answered=answered)
    if request.state == State.WAITING:
        return Owed("theirs", answered=answered)
    if request.state == State.SNOOZED:
        return Owed("later", request.snoozed_until, answered)
    card = _next(promises, answered=answered)
    if card is None:
        return Owed("ours", answered=answered)
    late = card.due_at <= clock.now()  # of a promise that was missed, unless a person set a new moment
    return Owed("late" if late else "ours", card.due_at, answered)


def _next(promises: Sequence[PromiseCard], *, answered: bool) -> PromiseCard | None:
    owed = [card for card in promises if card.owed]
    first = next((card for card in owed if card.kind == FIRST), None)
    return first if first and not answered else next((card for card in owed if card.kind != FIRST), first)


def _steps(request: Tracked, owed: Owed) -> tuple[Step, ...]:
    answer_at, ended = request.first_answer_at, owed.turn == "done"
    taken = bool(request.assignee) or answer_at is not None or ended
    due_at = owed.due_at if owed.turn == "ours" else None
    if ended:
        return (
            Step("received", "done", request.opened_at), Step("taken", "done"), Step("answer", "done", answer_at),
            Step("ended", "done", request.solved_at),
        )  # fmt: skip
    if owed.turn == "theirs":
        return (
            Step("received", "done", request.opened_at), Step("taken", "done"), Step("yours", "now"), Step("ended", ""),
        )  # fmt: skip
    return (
        Step("received", "done", request.opened_at),
        Step("taken", "done" if taken else "now"),
        Step("answer", "done" if answer_at else "now" if taken else "", answer_at, None if answer_at else due_at),
        Step("ended", "now" if answer_at else "", None, due_at if answer_at else None),
    )


def _reading(request: Tracked, by: Actor, language: str) -> tuple[tuple[str, str], ...]:
    """What may help meanwhile: the article its type leads to, then others for the same type."""
    kind = catalogue.request_type(request.type)
    if kind is None or request.state == State.SOLVED:
        return ()
    first = shelf.find(by, kind.article, language) if kind.article else None
    cards = [first] if first else []
    cards += [card for card in shelf.answering(by, kind.code, language) if card not in cards]
    return tuple((card.title, article_url(card)) for card in cards[:3])
