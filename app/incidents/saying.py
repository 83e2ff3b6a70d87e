"""The work of an answer to a crowd: fix who gets it, draw the waves, say it group by group, each person once.

Whatever happens, a recipient waits, was said to with a message, or was left out with a reason: the row changes in the
transaction that writes the message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.incidents import answer_queries as queries
from app.incidents import choosing, recipients, steps
from app.incidents import queries as incidents
from app.incidents.answer_queries import Columns
from app.incidents.events import CrowdAnswerGoes, CrowdAnswerStopped
from app.incidents.exceptions import in_order, rank
from app.incidents.filling import Filler, Words
from app.incidents.models import CrowdAnswer
from app.incidents.recipients import Member, filters_from
from app.incidents.waves import Drawable, drawn
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.transaction import publish, transactional
from app.people import queries as people_rows
from app.people import service as people
from app.tickets import chorus, conversation, standing
from app.tickets.chorus import Saying
from app.tickets.models import Ticket
from app.tickets.states import State

#: People told in one transaction.
GROUP = 100
#: Requests that go back to the queues in one transaction.
BACK = 200
#: Somebody dealt with these meanwhile; they no longer stand in the crowd.
_DEALT_WITH = frozenset({"answered", "solved", "put_off"})
#: No answer to the crowd can meet these: a person must.
_UNMET = frozenset({"no_address", "elsewhere"})


@transactional
def go(answer_id: int, run: int) -> None:
    """Do the next piece of an answer: fix people, or say it to a group; work of an earlier run does nothing."""
    row = queries.answer_to_change(answer_id)
    if row is None or row.state != "running" or row.run != run:
        return
    if row.wave == 0:
        _fix(row)
    elif due := queries.waiting(row.id, row.wave, GROUP):
        _say(row, due)
    else:
        _end_wave(row)
        return
    publish(CrowdAnswerGoes(answer_id=row.id, run=row.run))


def filler_of(row: CrowdAnswer, author_id: int | None) -> Filler:
    """What fills the words an answer has now, in the name of a colleague."""
    words, incident = queries.words(row.id, row.revision), incidents.incident(row.incident_id)
    author = people.cards_of([author_id or 0]).get(author_id or 0)
    performance_id = incident.performance_id if incident else None
    return Filler(Words(words.text_fr, words.text_en), author.name if author else "", performance_id)


def _fix(row: CrowdAnswer) -> None:
    """Fix the next people as recipients, all of the last wave; once everybody is there, draw the first two."""
    _roles, departments = people_rows.standing(row.started_by or 0)
    filters = filters_from(row.filters)
    found, last = choosing.page(
        row.incident_id, filters, departments, filler_of(row, row.started_by), after=row.fixed_up_to
    )
    queries.write_recipients(
        [_recipient(row, one, "waiting", "") for one in found.chosen]
        + [_recipient(row, one, "skipped", why) for one, why in found.listed]
    )
    _leave_to_people(row.incident_id, {one.ticket_id: why for one, why in found.listed})
    if last is not None:
        row.fixed_up_to = last
        return
    waits = [Drawable(one.id, one.language, (one.email or "").rpartition("@")[2]) for one in queries.drawable(row.id)]
    queries.put_in_waves(drawn(waits, row.id))
    row.wave, row.wave_at, row.version = 1, clock.now(), row.version + 1


def _recipient(row: CrowdAnswer, one: Member, state: str, why: str) -> dict[str, Any]:
    return {
        "answer_id": row.id, "person_id": one.person_id, "ticket_id": one.ticket_id,
        "wave": 3 if state == "waiting" else 0, "state": state, "why": why, "revision": None, "message_id": None,
        "said_at": None, "before": None,
    }  # fmt: skip


def _say(row: CrowdAnswer, due: Sequence[Columns]) -> None:
    filters, held = filters_from(row.filters), _held(due)
    members = choosing.certain(row.incident_id, filters, [ticket.id for ticket in held.values()])
    filler, departments = filler_of(row, row.started_by), people_rows.standing(row.started_by or 0)[1]
    skipped, chosen = dict[int, str](), dict[int, tuple[Columns, Member, Ticket]]()
    for one in due:
        ticket = held[one.id]
        if ticket.merged_into_id is not None and ticket.id != one.ticket_id:
            continue  # folded again at this very moment: its turn comes with the next group
        member = members.get(ticket.id)
        if member is None or member.person_id != one.person_id:
            skipped[one.id] = "gone"
        elif why := recipients.still(member, filters, departments) or filler.lacking(member):
            skipped[one.id] = why
        else:
            chosen[one.id] = (one, member, ticket)
    _tell(row, filler, list(chosen.values()))
    queries.note_skipped(skipped)
    _leave_to_people(row.incident_id, {held[key].id: why for key, why in skipped.items()})


def _held(due: Sequence[Columns]) -> dict[int, Ticket]:
    """The living request of each recipient, held: what was folded into another is answered there."""
    rows = queries.lock_tickets(one.ticket_id for one in due)
    living = {one.id: conversation.living(rows[one.ticket_id]).id for one in due}
    rows |= queries.lock_tickets(key for key in living.values() if key not in rows)
    return {one.id: rows[living[one.id]] for one in due}


def _tell(row: CrowdAnswer, filler: Filler, chosen: Sequence[tuple[Columns, Member, Ticket]]) -> None:
    if not chosen:
        return
    by = Actor(roles=frozenset(map(Role, row.roles)), person_id=row.started_by, door="desk")
    sayings = [
        Saying(ticket, filler.body(member, ticket), key_of(row.id, one.person_id)) for one, member, ticket in chosen
    ]
    stood = [ticket.state for _one, _member, ticket in chosen]
    ids = chorus.say(sayings, then=None if row.then == "same" else State(row.then), by=by)
    moment = clock.now()
    queries.note_said([
        {"row": one.id, "ticket": ticket.id, "words": row.revision, "message": message_id, "moment": moment,
         "stood": state}
        for (one, _member, ticket), message_id, state in zip(chosen, ids, stood, strict=True)
    ])  # fmt: skip
    if row.then in {"waiting", "solved"}:
        # Whatever they write from now on is read by itself.
        standing.leave_crowd(ticket for _one, _member, ticket in chosen)
        queries.stand(row.incident_id, [ticket.id for _one, _member, ticket in chosen], "settled")


def key_of(answer_id: int, person_id: int) -> str:
    """The key under which an answer is said to somebody; messages are unique by it."""
    return f"crowd-{answer_id}-{person_id}"


def _leave_to_people(incident_id: int, reasons: Mapping[int, str]) -> None:
    """Let people see to requests that were left out: no crowd answers them any more."""
    dealt = [key for key, why in reasons.items() if why in _DEALT_WITH]
    unmet = {key: why for key, why in reasons.items() if why in _UNMET}
    standing.leave_crowd(queries.lock_tickets([*dealt, *unmet]).values())
    if dealt:
        queries.stand(incident_id, dealt, "settled")
    for membership in queries.memberships_of(incident_id, unmet) if unmet else ():
        codes = in_order([unmet[membership.ticket_id], *membership.exceptions])
        membership.stands, membership.exceptions = "exception", codes
        membership.rank = rank(membership.exceptions, membership.novelty)


def _end_wave(row: CrowdAnswer) -> None:
    """Nobody of this wave waits: hold until somebody has looked, or end when it was the last."""
    row.state = "held" if queries.any_waiting(row.id) else "done"
    row.wave_at, row.version = clock.now(), row.version + 1
    row.ended_at = row.wave_at if row.state == "done" else None
    steps.note(row, f"answer_{row.state}", None)
    if row.state == "held" and not row.by_itself:
        steps.tell_held(row, "look")


@transactional
def send_back(stops: Sequence[tuple[int, int]]) -> None:
    """Let everybody of the crowd of stopped answers who was told nothing stand in the queues again.

    Shape of `stops`: (answer, the membership after which to begin).
    """
    for answer_id, after_id in stops:
        row = queries.answer(answer_id)
        left = queries.untold(row.incident_id, after_id=after_id, limit=BACK) if row is not None else []
        if row is None or not left:
            continue
        held = [ticket for ticket in queries.lock_tickets(one.ticket_id for one in left).values() if ticket.crowd]
        standing.leave_crowd(held)
        queries.stand(row.incident_id, [ticket.id for ticket in held], "out")
        if len(left) == BACK:
            publish(CrowdAnswerStopped(answer_id=answer_id, after_id=left[-1].id))
