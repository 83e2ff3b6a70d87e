"""Questions about answers to a crowd: their words, who may get one, whose turn it is.

How an answer fares is asked in `progress_queries`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, bindparam, exists, func, select, update
from sqlalchemy.orm import aliased

from app.incidents.models import CrowdAnswer, CrowdRecipient, CrowdText, Incident, IncidentTicket
from app.kernel.db import session
from app.kernel.queries import read, write
from app.mail.models import LetterOut
from app.people.models import Address, Person
from app.tickets.models import Message, Ticket

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

#: States in which an answer has begun and is not over.
LIVE = ("running", "held", "paused")
#: How long after its message a letter may still be unwritten.
UNWRITTEN = timedelta(days=1)
_recipients = cast(Table, CrowdRecipient.__table__)
_members = cast(Table, IncidentTicket.__table__)
_FIRST_ADDRESS = (
    select(func.min(Address.id)).where(Address.person_id == IncidentTicket.person_id).correlate(IncidentTicket)
).scalar_subquery()
_beside = aliased(IncidentTicket)
#: Whichever of their requests in the incident a colleague answered: one person is answered, not one request.
_BY_HAND = (
    exists()
    .where(
        _beside.incident_id == IncidentTicket.incident_id, _beside.person_id == IncidentTicket.person_id,
        Message.ticket_id == _beside.ticket_id, Message.kind.in_(("agent", "leaving")),
        Message.at >= _beside.joined_at,
        ~exists().where(CrowdRecipient.message_id == Message.id),
    )
    .correlate(IncidentTicket)
)  # fmt: skip
_TOLD = (
    exists()
    .where(
        CrowdRecipient.person_id == IncidentTicket.person_id, CrowdRecipient.state == "said",
        CrowdRecipient.answer_id == CrowdAnswer.id, CrowdAnswer.incident_id == IncidentTicket.incident_id,
    )
    .correlate(IncidentTicket)
)  # fmt: skip
_MEMBERS = (
    select(
        IncidentTicket.ticket_id, IncidentTicket.person_id, IncidentTicket.stands, IncidentTicket.reason, Ticket.number,
        Ticket.state, Ticket.spam, Ticket.merged_into_id, Ticket.language, Ticket.channel, Ticket.opened_at,
        Ticket.order_code, Ticket.department_id, Ticket.performance_id, Person.name, Address.email,
        Address.undeliverable, _BY_HAND.label("by_hand"), _TOLD.label("told_already"),
    )
    .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
    .join(Person, Person.id == IncidentTicket.person_id)
    .outerjoin(Address, Address.id == _FIRST_ADDRESS)
    .where(IncidentTicket.incident_id == bindparam("incident"))
    .order_by(IncidentTicket.person_id, IncidentTicket.id)
)  # fmt: skip
_PEOPLE = _MEMBERS.add_columns(Person.phone, Address.undeliverable_at)
_SAID = (
    update(_recipients)
    .where(_recipients.c.id == bindparam("row"))
    .values(
        state="said", ticket_id=bindparam("ticket"), revision=bindparam("words"), message_id=bindparam("message"),
        said_at=bindparam("moment"), before=bindparam("stood"),
    )
)  # fmt: skip
_SKIPPED = update(_recipients).where(_recipients.c.id == bindparam("row"))
_SKIPPED = _SKIPPED.values(state="skipped", why=bindparam("reason"))
_DRAWN = update(_recipients).where(_recipients.c.id == bindparam("row")).values(wave=bindparam("number"))


def answer(answer_id: int) -> CrowdAnswer | None:
    """One answer, to look at."""
    return session.get(CrowdAnswer, answer_id)


def answer_to_change(answer_id: int) -> CrowdAnswer | None:
    """One answer as it stands now, held until the verb ends."""
    return session.get(CrowdAnswer, answer_id, with_for_update=True, populate_existing=True)


def answers_of(incident_id: int) -> Sequence[CrowdAnswer]:
    """Answers to one incident, the oldest first."""
    query = select(CrowdAnswer).where(CrowdAnswer.incident_id == incident_id).order_by(CrowdAnswer.id)
    return session.scalars(query).all()


def live_of(incident_id: int) -> Sequence[CrowdAnswer]:
    """Answers to one incident that have begun and are not over, held until the verb ends."""
    query = select(CrowdAnswer).where(CrowdAnswer.incident_id == incident_id, CrowdAnswer.state.in_(LIVE))
    query = query.order_by(CrowdAnswer.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def held_by_themselves(before: datetime) -> Sequence[int]:
    """Answers held since before a moment that may go on without anybody."""
    query = select(CrowdAnswer.id).where(CrowdAnswer.state == "held", CrowdAnswer.by_itself.is_(True))
    return session.scalars(query.where(CrowdAnswer.wave_at <= before).order_by(CrowdAnswer.id)).all()


def words(answer_id: int, revision: int) -> CrowdText:
    """The words of one revision."""
    query = select(CrowdText).where(CrowdText.answer_id == answer_id, CrowdText.revision == revision)
    return session.scalars(query).one()


def all_words(answer_id: int) -> Sequence[CrowdText]:
    """Every revision of the words, the oldest first."""
    query = select(CrowdText).where(CrowdText.answer_id == answer_id)
    return session.scalars(query.order_by(CrowdText.revision)).all()


def members(incident_id: int, *, after: int = 0, limit: int | None = None) -> Sequence[Columns]:
    """Requests of an incident with what choosing needs, by person and age; of people after one."""
    query = _MEMBERS.where(IncidentTicket.person_id > after)
    return read(query.limit(limit) if limit else query, {"incident": incident_id}).all()


def members_at(incident_id: int, ticket_ids: Iterable[int]) -> Sequence[Columns]:
    """The same of certain requests."""
    query = _MEMBERS.where(IncidentTicket.ticket_id.in_(bindparam("tickets", expanding=True)))
    return read(query, {"incident": incident_id, "tickets": list(ticket_ids)}).all()


def people_of(incident_id: int) -> Sequence[Columns]:
    """Everybody of an incident by person, with what is needed to reach them otherwise."""
    return read(_PEOPLE, {"incident": incident_id}).all()


def told_of(incident_id: int) -> Sequence[Columns]:
    """Everybody fixed for any answer to an incident, the oldest first, with the letter that carried it.

    Shape: rows (person_id, state, why, said_at, letter, server).
    """
    query = (
        select(
            CrowdRecipient.person_id, CrowdRecipient.state, CrowdRecipient.why, CrowdRecipient.said_at,
            LetterOut.state.label("letter"), LetterOut.answer.label("server"),
        )
        .join(CrowdAnswer, CrowdAnswer.id == CrowdRecipient.answer_id)
        .outerjoin(LetterOut, LetterOut.message_id == CrowdRecipient.message_id)
        .where(CrowdAnswer.incident_id == incident_id)
        .order_by(CrowdRecipient.id)
    )  # fmt: skip
    return read(query).all()


def corrections(row: CrowdAnswer) -> list[int]:
    """Answers that correct one and began since it has the words it has now."""
    since = words(row.id, row.revision).at
    found = (one for one in answers_of(row.incident_id) if one.filters.get("corrects") == row.id)
    return [one.id for one in found if one.started_at is not None and one.started_at >= since]


def told_before(row: CrowdAnswer) -> dict[int, int]:
    """Who was told words older than those of now, and no correction since.

    Shape: person to the request it was said in.
    """
    since = select(CrowdRecipient.person_id).where(
        CrowdRecipient.answer_id.in_(corrections(row)), CrowdRecipient.state == "said"
    )
    query = select(CrowdRecipient.person_id, CrowdRecipient.ticket_id).where(
        CrowdRecipient.answer_id == row.id, CrowdRecipient.state == "said", CrowdRecipient.revision < row.revision,
        CrowdRecipient.person_id.not_in(since),
    )  # fmt: skip
    return {one.person_id: one.ticket_id for one in read(query)}


def told_wrong(incident_id: int) -> dict[int, int]:
    """Who was told an answer to what did not happen after all, and whom nothing has set right since.

    Whom its e-mail did not reach is left out. Shape: person to the request it was said in last.
    """
    answers = answers_of(incident_id)
    right = [row.id for row in answers if row.filters.get("retracts")]
    told_right = select(CrowdRecipient.person_id).where(
        CrowdRecipient.answer_id.in_(right), CrowdRecipient.state == "said"
    )
    missed = exists().where(
        LetterOut.message_id == CrowdRecipient.message_id, LetterOut.state.in_(("failed", "bounced"))
    )  # fmt: skip
    query = select(CrowdRecipient.person_id, CrowdRecipient.ticket_id).where(
        CrowdRecipient.answer_id.in_([row.id for row in answers if row.id not in right]),
        CrowdRecipient.state == "said", ~missed, CrowdRecipient.person_id.not_in(told_right),
    )  # fmt: skip
    return {one.person_id: one.ticket_id for one in read(query.order_by(CrowdRecipient.id))}


def write_recipients(rows: Sequence[Mapping[str, Any]]) -> None:
    """Fix people as recipients."""
    write(CrowdRecipient, rows)


def last_person(answer_id: int) -> int:
    """The last person fixed as a recipient; 0 when there is none."""
    return read(select(func.max(CrowdRecipient.person_id)).where(CrowdRecipient.answer_id == answer_id)).scalar() or 0


def drawable(answer_id: int) -> Sequence[Columns]:
    """Recipients that wait, with what drawing needs. Shape: rows (id, language, email)."""
    first = select(func.min(Address.id)).where(Address.person_id == CrowdRecipient.person_id).correlate(CrowdRecipient)
    query = (
        select(CrowdRecipient.id, Ticket.language, Address.email)
        .join(Ticket, Ticket.id == CrowdRecipient.ticket_id)
        .outerjoin(Address, Address.id == first.scalar_subquery())
        .where(CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "waiting")
    )
    return read(query.order_by(CrowdRecipient.id)).all()


def put_in_waves(waves: Mapping[int, int]) -> None:
    """Write in which wave recipients are."""
    _each(_DRAWN, [{"row": key, "number": wave} for key, wave in waves.items()])


def waiting(answer_id: int, wave: int, limit: int) -> Sequence[Columns]:
    """Recipients of a wave whose turn comes next. Shape: rows (id, person_id, ticket_id)."""
    query = select(CrowdRecipient.id, CrowdRecipient.person_id, CrowdRecipient.ticket_id).where(
        CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "waiting", CrowdRecipient.wave == wave
    )
    return read(query.order_by(CrowdRecipient.id).limit(limit)).all()


def _not_left(answer_id: int, moment: datetime) -> Any:  # noqa: ANN401 - a query of columns
    gone = exists().where(LetterOut.message_id == CrowdRecipient.message_id, LetterOut.state != "waiting")
    waits = exists().where(LetterOut.message_id == CrowdRecipient.message_id, LetterOut.state == "waiting")
    # A letter is written moments after its message. Long after, one that is not there was written and is gone again.
    fresh = CrowdRecipient.said_at >= moment - UNWRITTEN
    return (
        select(CrowdRecipient.id, CrowdRecipient.ticket_id, CrowdRecipient.message_id, CrowdRecipient.before)
        .where(CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "said", ~gone, waits | fresh)
        .order_by(CrowdRecipient.id)
    )


def not_left(answer_id: int, moment: datetime) -> Sequence[Columns]:
    """Recipients said to whose letter waits, or is not written yet. Shape: rows (id, ticket_id, message_id, before)."""
    return read(_not_left(answer_id, moment)).all()


def any_not_left(answer_id: int, moment: datetime) -> bool:
    """Whether there is one of these."""
    return read(_not_left(answer_id, moment).limit(1)).first() is not None


def any_unsent(answer_id: int, moment: datetime) -> bool:
    """Whether an e-mail of an answer waits, is not written yet, or is in a sender's hands."""
    sending = exists().where(
        LetterOut.message_id == CrowdRecipient.message_id, LetterOut.state.in_(("waiting", "sending"))
    )  # fmt: skip
    query = select(CrowdRecipient.id).where(
        CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "said", sending
    )
    return any_not_left(answer_id, moment) or read(query.limit(1)).first() is not None


def told_in_full(incident_id: int) -> Sequence[CrowdAnswer]:
    """Answers to one incident that tell nobody more, held until the verb ends."""
    query = select(CrowdAnswer).where(
        CrowdAnswer.incident_id == incident_id, CrowdAnswer.state.in_(("done", "stopped"))
    )
    query = query.order_by(CrowdAnswer.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def wait_again(answer_id: int, ids: Iterable[int], wave: int) -> None:
    """Let recipients wait for what had been said to them, in the wave being said at the latest."""
    here = _recipients.c.id.in_(list(ids)) & (_recipients.c.answer_id == answer_id)
    values = {"state": "waiting", "wave": wave, "revision": None, "message_id": None, "said_at": None, "before": None}
    session.connection().execute(update(_recipients).where(here).values(**values))


def any_waiting(answer_id: int) -> bool:
    """Whether anybody of an answer still waits for it."""
    query = select(CrowdRecipient.id).where(CrowdRecipient.answer_id == answer_id, CrowdRecipient.state == "waiting")
    return read(query.limit(1)).first() is not None


def lock_tickets(ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """Requests as they stand now, held until the verb ends, always taken in the same order."""
    query = select(Ticket).where(Ticket.id.in_(sorted(set(ticket_ids)))).order_by(Ticket.id).with_for_update()
    return {row.id: row for row in session.scalars(query.execution_options(populate_existing=True))}


def note_said(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what was said to recipients. Shape: mappings (row, ticket, words, message, moment, stood)."""
    _each(_SAID, rows)


def note_skipped(reasons: Mapping[int, str]) -> None:
    """Note why recipients were left out."""
    _each(_SKIPPED, [{"row": key, "reason": why} for key, why in reasons.items()])


def skip_waiting(answer_id: int, why: str) -> None:
    """Leave out everybody who waits."""
    waits = (_recipients.c.answer_id == answer_id) & (_recipients.c.state == "waiting")
    session.connection().execute(update(_recipients).where(waits).values(state="skipped", why=why))


def stand(incident_id: int, ticket_ids: Iterable[int], stands: str) -> None:
    """Let requests of an incident stand otherwise; those taken out of it stay out."""
    here = _members.c.ticket_id.in_(list(ticket_ids)) & (_members.c.incident_id == incident_id)
    session.connection().execute(update(_members).where(here, _members.c.stands != "out").values(stands=stands))


def memberships_of(incident_id: int, ticket_ids: Iterable[int]) -> Sequence[IncidentTicket]:
    """Memberships of certain requests, to be changed."""
    query = select(IncidentTicket).where(IncidentTicket.incident_id == incident_id)
    return session.scalars(query.where(IncidentTicket.ticket_id.in_(list(ticket_ids)))).all()


def _each(statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401 - any update
    if rows:
        session.connection().execute(statement, rows)


def untold(incident_id: int, *, after_id: int, limit: int) -> Sequence[Columns]:
    """Requests of the crowd of an incident to whose writer no answer was said. Shape: (id, ticket_id)."""
    query = select(IncidentTicket.id, IncidentTicket.ticket_id).where(
        IncidentTicket.incident_id == incident_id, IncidentTicket.stands == "crowd", ~_TOLD,
        IncidentTicket.id > after_id,
    )  # fmt: skip
    return read(query.order_by(IncidentTicket.id).limit(limit)).all()


def unreached(letter_ids: Iterable[int]) -> Sequence[Columns]:
    """Recipients whose letter is among some of ours that failed or came back.

    Shape: rows (incident_id, ticket_id, said_at, answered_since); the last is whether we said something to them
    afterwards.
    """
    since = exists().where(
        Message.ticket_id == CrowdRecipient.ticket_id, Message.id > CrowdRecipient.message_id,
        Message.kind.in_(("agent", "leaving")),
    )  # fmt: skip
    query = (
        select(CrowdAnswer.incident_id, CrowdRecipient.ticket_id, CrowdRecipient.said_at, since.label("answered_since"))
        .join(CrowdAnswer, CrowdAnswer.id == CrowdRecipient.answer_id)
        .join(LetterOut, LetterOut.message_id == CrowdRecipient.message_id)
        .where(LetterOut.id.in_(list(letter_ids)), LetterOut.state.in_(("failed", "bounced")))
    )
    return read(query.order_by(CrowdRecipient.ticket_id)).all()


def held_now() -> Sequence[Columns]:
    """Answers whose next wave waits for somebody. Shape: rows (id, incident_id, wave, title_fr, title_en).

    Of what did not happen after all, what takes it back waits from when it was written, with wave 0.
    """
    query = select(
        CrowdAnswer.id, CrowdAnswer.incident_id, CrowdAnswer.wave, Incident.title_fr, Incident.title_en
    )  # fmt: skip
    query = query.join(Incident, Incident.id == CrowdAnswer.incident_id)
    waits = (CrowdAnswer.state == "held") & Incident.state.in_(("declared", "withdrawn"))
    written = (
        (CrowdAnswer.state == "draft") & (Incident.state == "withdrawn")
        & CrowdAnswer.filters["retracts"].as_boolean()
    )  # fmt: skip
    return read(query.where(waits | written).order_by(CrowdAnswer.id)).all()


def beside(incident_id: int, answer_id: int) -> int:
    """How many people of the crowd were told nothing and are no part of an answer: come later, or not chosen.

    So are those whose request was away when their turn came, as spam or merged elsewhere, and is there again.
    """
    part = exists().where(
        CrowdRecipient.answer_id == answer_id, CrowdRecipient.person_id == IncidentTicket.person_id,
        CrowdRecipient.why != "gone",
    )  # fmt: skip
    query = (
        select(func.count(IncidentTicket.person_id.distinct()))
        .join(Ticket, Ticket.id == IncidentTicket.ticket_id)
        .where(
            IncidentTicket.incident_id == incident_id, IncidentTicket.stands == "crowd", ~_TOLD, ~part,
            Ticket.spam.is_(False), Ticket.merged_into_id.is_(None),
        )
    )  # fmt: skip
    return read(query).scalar() or 0
