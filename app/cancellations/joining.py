"""Requests from households that are owed something: one letter with how it stands, then they wait for the choice.

What must be read by a person (high or urgent) keeps its place in the queues, with the letter sent all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.boxoffice import holdings
from app.cancellations import joining_queries as queries
from app.cancellations import letters
from app.cancellations import queries as credits_of
from app.cancellations.joining_queries import Columns
from app.cancellations.news import asks_for_news
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.people import queries as people_rows
from app.people import service as people
from app.tickets import conversation, standing
from app.tickets import message_queries as messages
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.tickets.states import State

#: Requests about money of cancelled performances, whatever their type.
CATEGORY = "refund_cancelled"
#: Where requests are sorted of which a few words tell no more than that somebody waits for something.
NEWS = frozenset({"other", "ticket_not_received", "payment_problem"})
#: Nobody hears of their credit in this way twice within this time.
APART = timedelta(hours=24)
_CHANNELS, _CALM = {"web", "email"}, {"low", "normal"}
_STATES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "answered": "Votre choix est noté ; il sera exécuté après le {until}.",
        "locked": "Votre choix est en cours d’exécution ; la page suivante dit où il en est.",
        "silent": "Vous n’avez pas encore choisi ce que doit devenir cette somme. Votre demande se terminera "
        "d’elle-même quand vous l’aurez fait.",
    },
    "en": {
        "answered": "Your choice is noted; it will be carried out after {until}.",
        "locked": "Your choice is being carried out; the following page tells how it stands.",
        "silent": "You have not chosen yet what should become of it. Your request ends by itself once you have.",
    },
}


#: States of a credit that was chosen for.
_CHOSEN = frozenset({"answered", "locked"})
#: Most houses have no campaign: their pages of requests ask nothing about any.
_any_joined = Remembered(queries.any_joined, seconds=5.0)
_any_claimable = Remembered(lambda: queries.any_claimable(clock.now()), seconds=5.0)


@transactional
def join(ticket_ids: Iterable[int]) -> None:
    """Requests about refunds were sorted: those of households with a credit are told how it stands, and wait."""
    # Not read anew: what others have just made of these rows is not written yet.
    rows = {key: row for key, row in tickets.cards(ticket_ids).items() if _may_join(row)}
    there = queries.joined(rows)
    some = {key: row for key, row in rows.items() if key not in there}
    owed = _owed({row.requester_id for row in some.values()}) if some else {}
    for row in some.values():
        if found := _best(row, owed.get(row.requester_id, [])):
            _join(row, found)


@transactional
def join_news(ticket_ids: Iterable[int]) -> None:
    """Of requests sorted elsewhere, those that ask a household's only “any news?” are told how its money stands too."""
    if not ticket_ids or not _any_claimable():
        return
    rows = {key: row for key, row in tickets.cards(ticket_ids).items() if _may_join(row)}
    words = messages.first_words(rows) if rows else {}
    names = people.cards_of({row.requester_id for row in rows.values()}) if rows else {}
    some = {
        key
        for key, row in rows.items()
        if asks_for_news(row.subject, words.get(key, ""), name.name if (name := names.get(row.requester_id)) else "")
    }
    # Who waits for something else too may mean that: somebody reads it.
    busy = queries.asking_otherwise({rows[key].requester_id for key in some}, some) if some else set()
    join(key for key in some if rows[key].requester_id not in busy)


@transactional
def solve(credit_ids: Iterable[int]) -> None:
    """Households have chosen: requests that waited for that are ended; nobody is asked for an opinion."""
    due = queries.waiting_for(credit_ids)
    moment = clock.now()
    for row in tickets.cards_to_change(due).values():
        before = State(row.state)
        if before is State.WAITING and not row.away:
            conversation.leave(row, State.SOLVED, moment)
            conversation.tell_course(row, before, SYSTEM, quiet=True, together=True)
    queries.note_solved(due, moment)


@transactional
def reopen(credit_ids: Iterable[int]) -> None:
    """There is nothing to choose any more: requests that waited for that are somebody's to answer again."""
    due = queries.waiting_for(credit_ids)
    moment = clock.now()
    for row in tickets.cards_to_change(due).values():
        before = State(row.state)
        if before is State.WAITING and not row.away:
            conversation.leave(row, State.OPEN, moment)
            conversation.tell_course(row, before, SYSTEM, quiet=True, together=True)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The credit whose choice answers a request; `waits` while nobody has chosen. Cents."""

    number: str
    state: str
    cents: int
    currency: str
    deadline_at: datetime
    waits: bool


def awaited(ticket_id: int) -> Awaited | None:
    """The credit that a request is about; None where it is about none, or there is nothing to choose any more."""
    row = queries.credit_of(ticket_id) if _any_joined() else None
    if row is None or row.state == "void":
        return None
    waits = row.solved_at is None and row.state in {"issued", "invited", "opened", "unclaimed"}
    return Awaited(row.number, row.state, row.amount_cents, row.currency, row.deadline_at, waits)


def joined(ticket_ids: Iterable[int]) -> set[int]:
    """Those of some requests whose answer is their household's own choice; they need no other first letter."""
    return queries.joined(ticket_ids)


def forget_claims() -> None:
    """Look anew whether anything may be claimed; a campaign was opened."""
    _any_claimable.forget()


def may_claim(row: Ticket) -> bool:
    """Whether a request that no credit answers may be of somebody to whom one is owed under another address."""
    return row.category == CATEGORY and _any_claimable()


def awaiting_choice(ticket_ids: Iterable[int]) -> set[int]:
    """Those of some requests that wait for a choice in a campaign that still runs."""
    return queries.awaiting_choice(ticket_ids)


def _may_join(row: Ticket) -> bool:
    return row.channel in _CHANNELS and not row.away and row.state in {State.NEW, State.OPEN}


def _owed(person_ids: set[int]) -> dict[int, list[Columns]]:
    """What each of some people is owed, the latest first, by any address of theirs that the box office knows."""
    emails = people_rows.emails_of(person_ids)
    homes = holdings.households_by_email(email for some in emails.values() for email in some)
    mine = {key: {homes[email] for email in some if email in homes} for key, some in emails.items()}
    rows = queries.living_credits({home for some in mine.values() for home in some})
    return {key: [row for row in rows if row.household_id in some] for key, some in mine.items()}


def _best(row: Ticket, owed: list[Columns]) -> Columns | None:
    """The credit a request is about: of its performance where there is one, not yet chosen for, or else the latest."""
    about = queries.about(row.performance_id) if row.performance_id else set()
    some = [one for one in owed if one.campaign_id in about] or owed
    # Of several credits of one campaign, what is still to be chosen is what they ask about.
    return min(some, key=lambda one: one.state in {"answered", "locked"}, default=None)


def _join(row: Ticket, found: Columns) -> None:
    moment = clock.now()
    queries.write_joined(row.id, found.id, moment)
    _any_joined.forget()
    told = not queries.told_lately(found.id, moment - APART)
    if told:
        _tell(row, found)
    chosen = found.state in _CHOSEN
    if row.priority not in _CALM or (chosen and not told):
        # Who has chosen and writes again so soon asks for more than the letter told: somebody reads it.
        return
    standing.leave_crowd([row])
    before = State(row.state)
    # Where the choice is made there is nothing to wait for: the letter and its page are the answer.
    conversation.leave(row, State.SOLVED if chosen else State.WAITING, moment)
    conversation.tell_course(row, before, SYSTEM, quiet=True, together=True)
    if chosen:
        queries.note_solved([row.id], moment)


def _tell(row: Ticket, found: Columns) -> None:
    credit = credits_of.credit(found.id)
    if credit is None:
        return
    language = "fr" if row.language == "fr" else "en"
    how = found.state if found.state in _CHOSEN else "silent"
    state = _STATES[language][how].format(until=letters.date_words(credit.deadline_at, language))
    letters.write_about(row, credit, state)
