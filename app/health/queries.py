"""Questions whose answers should be boring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, and_, case, cast, func, literal, or_, select, text
from sqlalchemy.exc import DatabaseError as DatabaseError
from sqlalchemy.orm import aliased

from app.boxoffice.models import Household, Order, Payment
from app.incidents.models import CrowdAnswer, CrowdRecipient
from app.kernel.db import session
from app.kernel.journal import JournalEntry
from app.mail.events import LetterStored
from app.mail.models import LetterIn, LetterOut
from app.sla.models import Promise
from app.tickets.files import path_of
from app.tickets.models import Attachment, Leaving, Message, Ticket


def answers() -> None:
    """Ask the database anything."""
    session.execute(text("SELECT 1"))


def letters_stored() -> int:
    """Letters ever taken in, as the journal tells those that are gone."""
    there = LetterIn.id == JournalEntry.data["letter_id"].as_integer()
    gone = select(func.count()).select_from(JournalEntry).outerjoin(LetterIn, there)
    lost = session.scalar(gone.where(JournalEntry.name == LetterStored.__name__, LetterIn.id.is_(None)))
    return (session.scalar(select(func.count()).select_from(LetterIn)) or 0) + (lost or 0)


def letters_accounted() -> int:
    """Letters that met a fate; a filed or held one only where its message is there."""
    its_message = and_(Message.id == LetterIn.message_id, Message.letter_id == LetterIn.id)
    plain = LetterIn.fate.in_(("duplicate", "automatic", "bounce", "unparsed", "slow"))
    spoken = and_(LetterIn.fate.in_(("ticket", "reply", "held")), Message.id.is_not(None))
    query = select(func.count()).select_from(LetterIn).outerjoin(Message, its_message)
    return session.scalar(query.where(or_(plain, spoken))) or 0


def letters_waiting() -> int:
    """Letters nobody has read yet."""
    return session.scalar(select(func.count()).select_from(LetterIn).where(LetterIn.fate == "waiting")) or 0


def letters_came_since(moment: datetime) -> bool:
    """Whether letters were handed over or fetched since a moment; what an operator read from a folder apart."""
    query = select(LetterIn.id).where(LetterIn.received_at >= moment, LetterIn.door != "folder")
    return session.scalar(query.limit(1)) is not None


def letters_filed_twice() -> int:
    """Letters that stand behind more than one message."""
    twice = (
        select(Message.letter_id).where(Message.letter_id.is_not(None)).group_by(Message.letter_id)
        .having(func.count() > 1).subquery()
    )  # fmt: skip
    return session.scalar(select(func.count()).select_from(twice)) or 0


def places_taken_in_twice() -> int:
    """Places in mailboxes, and contents of one mailbox, that stand behind more than one message.

    Requests made by hand are left out of the contents: of letters that stay on their server nothing may be here.
    """
    filed = LetterIn.mailbox_id.is_not(None) & LetterIn.message_id.is_not(None)
    more = func.count(LetterIn.message_id.distinct()) > 1
    places = select(LetterIn.uid).where(filed, LetterIn.uid.is_not(None))
    places = places.group_by(LetterIn.mailbox_id, LetterIn.uidvalidity, LetterIn.uid).having(more)
    contents = select(LetterIn.sha256).where(filed, LetterIn.reason != "by_hand")
    contents = contents.group_by(LetterIn.mailbox_id, LetterIn.sha256).having(more)
    asked = [select(func.count()).select_from(one.subquery()) for one in (places, contents)]
    return sum(session.scalar(query) or 0 for query in asked)


def same_letters_filed() -> int:
    """Letters, byte for byte the same, that were filed more than once; requests made by hand apart."""
    filed = LetterIn.fate.in_(("ticket", "reply", "held"))
    twice = (
        select(LetterIn.sha256).where(filed, LetterIn.reason != "by_hand").group_by(LetterIn.sha256)
        .having(func.count() > 1).subquery()
    )  # fmt: skip
    return session.scalar(select(func.count()).select_from(twice)) or 0


def letters_stuck(since: datetime) -> int:
    """Letters out whose row contradicts itself, or that a sender has held since before a moment."""
    wrong = and_(LetterOut.state == "sent", or_(LetterOut.sent_at.is_(None), LetterOut.answer == ""))
    held = and_(LetterOut.state == "sending", LetterOut.next_at < since)
    return session.scalar(select(func.count()).select_from(LetterOut).where(or_(wrong, held))) or 0


def answers_stuck(since: datetime) -> int:
    """Answers that were to be said before a moment and were not."""
    query = select(func.count()).select_from(Leaving).where(Leaving.leaves_at < since)
    return session.scalar(query) or 0


def tickets_acknowledged_twice() -> int:
    """Tickets with more than one acknowledgement."""
    twice = (
        select(LetterOut.ticket_id).where(LetterOut.kind == "received").group_by(LetterOut.ticket_id)
        .having(func.count() > 1).subquery()
    )  # fmt: skip
    return session.scalar(select(func.count()).select_from(twice)) or 0


def tickets_with_wrong_turn() -> int:
    """Tickets whose turn is not the one of their state."""
    right = case(
        (or_(Ticket.spam.is_(True), Ticket.merged_into_id.is_not(None)), "away"),
        (Ticket.state.in_(("new", "open")) & Ticket.crowd.is_(True), "crowd"),
        (Ticket.state.in_(("new", "open")), "ours"), (Ticket.state == "waiting", "theirs"),
        (Ticket.state == "snoozed", "later"), else_="done",
    )  # fmt: skip
    return session.scalar(select(func.count()).select_from(Ticket).where(Ticket.turn != right)) or 0


def tickets_with_wrong_due() -> int:
    """Tickets whose due moment is not the earliest they owe."""
    owed = (
        select(Promise.ticket_id, func.min(Promise.due_at).label("due"))
        .where(Promise.state.in_(("running", "broken")))
        .group_by(Promise.ticket_id)
        .subquery()
    )
    differs = or_(
        and_(Ticket.due_at.is_(None), owed.c.due.is_not(None)), and_(Ticket.due_at.is_not(None), owed.c.due.is_(None)),
        Ticket.due_at != owed.c.due,
    )  # fmt: skip
    query = select(func.count()).select_from(Ticket).outerjoin(owed, owed.c.ticket_id == Ticket.id).where(differs)
    return session.scalar(query) or 0


def recipients_wrong() -> int:
    """People of answers to a crowd whose row does not add up, and messages of such answers without a row.

    Each waits, was said to with the message that carries their key, or was left out with a reason; nobody waits for an
    answer that is over.
    """
    answer, person = (cast(column, String) for column in (CrowdRecipient.answer_id, CrowdRecipient.person_id))
    key = literal("crowd-") + answer + literal("-") + person
    its_message = and_(Message.id == CrowdRecipient.message_id, Message.ticket_id == CrowdRecipient.ticket_id)
    said = and_(CrowdRecipient.state == "said", Message.submission == key, CrowdRecipient.revision.is_not(None))
    skipped = and_(CrowdRecipient.state == "skipped", CrowdRecipient.why != "", CrowdRecipient.message_id.is_(None))
    waits = and_(
        CrowdRecipient.state == "waiting", CrowdRecipient.message_id.is_(None),
        CrowdAnswer.state.in_(("running", "held", "paused")),
    )  # fmt: skip
    right = case((or_(said, skipped, waits), 1), else_=0)
    people = (
        select(func.count()).select_from(CrowdRecipient)
        .join(CrowdAnswer, CrowdAnswer.id == CrowdRecipient.answer_id)
        .outerjoin(Message, its_message).where(right == 0)
    )  # fmt: skip
    ours = Message.submission.like("crowd-%")
    stray = select(func.count()).select_from(Message).outerjoin(CrowdRecipient, CrowdRecipient.message_id == Message.id)
    alone = session.scalar(stray.where(ours, CrowdRecipient.id.is_(None))) or 0
    return (session.scalar(people) or 0) + alone


def attachments_missing() -> list[str]:
    """Hashes of attachments whose bytes are not there."""
    return [digest for digest in session.scalars(select(Attachment.sha256).distinct()) if not path_of(digest).exists()]


def orders_paid_otherwise() -> int:
    """Orders whose payments do not make up their price; an order of which no payment is known is not counted."""
    paid = (
        select(Payment.order_id).join(Order, Order.id == Payment.order_id).group_by(Payment.order_id, Order.total_cents)
    )
    wrong = paid.having(func.sum(Payment.amount_cents) != Order.total_cents)
    return session.scalar(select(func.count()).select_from(wrong.subquery())) or 0


def households_astray() -> int:
    """Records that point at a merged one, or whose mother has a mother."""
    above = aliased(Household)
    merged = (above.id == Household.merged_into_id) & above.merged_into_id.is_not(None)
    raised = (above.id == Household.mother_id) & above.mother_id.is_not(None)
    query = select(func.count(Household.id.distinct())).join(above, or_(merged, raised))
    return session.scalar(query) or 0
