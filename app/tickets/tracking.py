"""A request as its requester follows it, by a form just sent or a private link; no note and no held word among it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.boxoffice.service import PerformanceCard, performance_card
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.kernel.transaction import transactional
from app.people import queries as people_rows
from app.people import service as people
from app.people.names import normalised
from app.tickets import access, links, queries
from app.tickets.cases import FileCard
from app.tickets.conversation import Word, write_again
from app.tickets.models import Message, Ticket
from app.tickets.opening import Draft, open_ticket
from app.tickets.states import may_reopen


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a form that was sent became."""

    ticket_id: int
    number: int
    language: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing said, as the requester reads it; `kind` is spectator, agent or system."""

    id: int
    kind: str
    author: str
    mine: bool
    at: datetime
    body: str
    files: tuple[FileCard, ...]


@dataclass(frozen=True, slots=True)
class Tracked:
    """A request with its exchanges; `email` is where its letters go."""

    id: int
    number: int
    subject: str
    state: str
    type: str | None
    order_code: str | None
    email: str
    assignee: str
    performance: PerformanceCard | None
    opened_at: datetime
    solved_at: datetime | None
    snoozed_until: datetime | None
    exchanges: tuple[Exchange, ...]

    @property
    def first_answer_at(self) -> datetime | None:
        """When a colleague first answered."""
        return next((said.at for said in self.exchanges if said.kind == "agent"), None)


def receipt(submission: str) -> Receipt:
    """What the form of this key became.

    Raises:
        NotFound: nothing was sent with it.
    """
    row = queries.by_submission(submission) if submission else None
    if row is None:
        raise NotFound("receipt")
    return Receipt(row.id, row.number, row.language)


def open_on_order(email: str, order_code: str) -> int | None:
    """The request that somebody already has open on an order; whoever asks must have shown that both are theirs."""
    address = normalised(email)
    known = people_rows.addresses([address]).get(address) if address else None
    row = queries.open_on_order(known.person_id, order_code) if known else None
    return row.id if row else None


def tracked(by: Actor, ticket_id: int) -> Tracked:
    """A request for its requester.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row, messages = access.own_thread(by, ticket_id)
    return Tracked(
        row.id, row.number, row.subject, row.state, row.type, row.order_code,
        people.letters_go_to(row.requester_id) or "",
        row.assignee.name if row.assignee else "", performance_card(row.performance) if row.performance else None,
        row.opened_at, row.solved_at, row.snoozed_until, tuple(_exchange(said, row) for said in messages),
    )  # fmt: skip


def file_of(by: Actor, ticket_id: int, file_id: int) -> FileCard:
    """A file of a message its requester may read.

    Raises:
        NotFound: there is none in this request.
    """
    found = (file for said in tracked(by, ticket_id).exchanges for file in said.files if file.id == file_id)
    file = next(found, None)
    if file is None:
        raise NotFound("file")
    return file


@transactional
def say_more(ticket_id: int, word: Word, *, by: Actor) -> int | None:
    """A word of the requester joins the request; when that ended too long ago, it opens another one linked to it.

    Returns:
        The number of the other request, if one was opened.
    """
    ticket = access.card_for(by, ticket_id)
    if ticket.solved_at is None or may_reopen(ticket.solved_at, clock.now()):
        write_again(ticket_id, word, by=by)
        return None
    draft = Draft(
        email=people.letters_go_to(ticket.requester_id) or "", body=word.body, subject=ticket.subject, type=ticket.type,
        language=ticket.language, order_code=ticket.order_code, performance_id=ticket.performance_id, files=word.files,
        submission=word.submission, follows=ticket.id,
    )  # fmt: skip
    return open_ticket(draft, by=by).number


def merged_into(token: str) -> str | None:
    """The token of the request that the one behind a link was folded into, if it was."""
    ticket = links.proven(token)
    into = queries.card(ticket.merged_into_id) if ticket and ticket.merged_into_id else None
    return links.token_of(into) if into else None


def _exchange(said: Message, ticket: Ticket) -> Exchange:
    files = tuple(FileCard(f.id, f.name, f.type, f.size, f.sha256) for f in said.attachments)
    mine = said.kind == "spectator" and said.author_id in {None, ticket.requester_id}
    return Exchange(said.id, said.kind, said.author.name if said.author else "", mine, said.at, said.body, files)
