"""Ask for an opinion and take it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.kernel import clock, keys
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.mail import outgoing
from app.mail.outgoing import Letter, address
from app.people import service as people
from app.satisfaction import queries
from app.satisfaction.events import OpinionAsked, OpinionGiven
from app.satisfaction.models import Opinion
from app.tickets import queries as tickets

PURPOSE = "opinion"
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """What the page behind an opinion link shows."""

    number: int
    language: str
    mark: int | None
    words: str
    given: bool


@transactional
def ask(ticket_ids: Iterable[int]) -> None:
    """Write to the requesters of ended tickets; once a ticket, and never to colleagues."""
    internal = {card.id for card in people.departments() if card.internal}
    rows = tickets.cards(ticket_ids)
    there = queries.asked_on(rows)
    fresh = [
        row for key, row in rows.items()
        if key not in there and row.state == "solved" and row.department_id not in internal and not row.spam
    ]  # fmt: skip
    opinions = [
        Opinion(ticket_id=row.id, nonce=keys.nonce(), asked_at=clock.now(), mark=None, words="") for row in fresh
    ]
    session.add_all(opinions)
    outgoing.write([
        Letter(
            kind="solved", to_person=row.requester_id, language=row.language, ticket_id=row.id,
            values={"opinion": address(f"/avis/{keys.link_token(PURPOSE, opinion.nonce, 1)}")},
        )
        for row, opinion in zip(fresh, opinions, strict=True)
    ])  # fmt: skip
    for row in fresh:
        publish(OpinionAsked(ticket_id=row.id))


def question(token: str) -> Question:
    """What an opinion link asks.

    Raises:
        NotFound: no such link.
    """
    row = _proven(token)
    ticket = tickets.card(row.ticket_id)
    if ticket is None:
        raise NotFound("link")
    return Question(ticket.number, ticket.language, row.mark, row.words, row.given_at is not None)


@transactional
def give(token: str, mark: int, words: str) -> None:
    """Take an opinion; giving it again replaces it.

    Raises:
        NotFound: no such link.
        Invalid: the mark is not one of the five, or the words are too long.
    """
    row = _proven(token)
    if not 1 <= mark <= 5:
        raise Invalid({"mark": "choose_one"})
    if len(words) > LONGEST:
        raise Invalid({"words": "too_long"})
    before, row.mark, row.words, row.given_at = row.mark, mark, words.strip(), clock.now()
    publish(OpinionGiven(ticket_id=row.ticket_id, mark=mark, before=before))


def opinion_on(ticket_id: int) -> tuple[int, str] | None:
    """The mark and words given on one ticket, if any."""
    row = queries.of_ticket(ticket_id)
    return (row.mark, row.words) if row is not None and row.mark is not None else None


def _proven(token: str) -> Opinion:
    row = queries.by_nonce(keys.nonce_of(token) or "")
    if row is None or not keys.proves(token, PURPOSE, row.nonce, 1):
        raise NotFound("link")
    return row
