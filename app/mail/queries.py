"""Questions about letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select
from sqlalchemy.orm import defer

from app.kernel.db import session
from app.kernel.queries import read, unsought, write, write_numbered
from app.mail.models import KnownLetter, LetterIn, LetterOut
from app.people.models import Address

_DELIVERIES = (
    select(
        LetterOut.message_id,
        LetterOut.id,
        LetterOut.state,
        LetterOut.answer,
        LetterOut.to_email,
        LetterOut.next_at,
        LetterOut.tries,
    )
    .where(LetterOut.message_id.in_(bindparam("messages", expanding=True)))
    .order_by(LetterOut.id)
)


def letters(ids: Iterable[int]) -> Sequence[LetterIn]:
    """Stored letters, oldest first."""
    return session.scalars(select(LetterIn).where(LetterIn.id.in_(list(ids))).order_by(LetterIn.id)).all()


def letter(letter_id: int) -> LetterIn | None:
    """One stored letter."""
    return session.get(LetterIn, letter_id)


def store(rows: Sequence[dict[str, object]]) -> list[int]:
    """Write raw letters; returns their ids in the order given."""
    return write_numbered(LetterIn, rows)


def filed_twins(content_keys: Iterable[str]) -> dict[str, LetterIn]:
    """Letters already filed with the same content, by content key."""
    wanted = [key for key in content_keys if key]
    rows = session.scalars(
        select(LetterIn)
        .options(defer(LetterIn.raw, raiseload=True))
        .where(LetterIn.content_key.in_(wanted), unsought(LetterIn.fate).in_(("ticket", "reply", "held")))
    )
    return {row.content_key or "": row for row in rows}


@dataclass(frozen=True, slots=True)
class Known:
    """Where a letter of a known Message-ID lies; `moved` when an agent put it there."""

    ticket_id: int
    moved: bool


def known_mids(hashes: Iterable[str]) -> dict[str, list[Known]]:
    """Where letters of these Message-IDs lie, by hash; a Message-ID that was used twice lies in two places."""
    wanted, found = list(hashes), dict[str, list[Known]]()
    if not wanted:
        return found
    rows = session.execute(
        select(KnownLetter.mid_hash, KnownLetter.ticket_id, KnownLetter.moved)
        .where(KnownLetter.mid_hash.in_(wanted))
        .order_by(KnownLetter.ticket_id)
    )
    for row in rows:
        found.setdefault(row.mid_hash, []).append(Known(row.ticket_id, row.moved))
    return found


def move_mid(mid_hash: str, before: int, after: int) -> None:
    """Remember that an agent put the letter of a Message-ID into another ticket."""
    there = KnownLetter.ticket_id.in_((before, after))
    session.execute(delete(KnownLetter).where(KnownLetter.mid_hash == mid_hash, there))
    session.add(KnownLetter(mid_hash=mid_hash, ticket_id=after, moved=True))


def forwarded_to(ticket_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Whom requests were forwarded to. Shape: pairs (ticket, address)."""
    rows = session.execute(
        select(LetterOut.ticket_id, LetterOut.to_email).where(
            LetterOut.ticket_id.in_(list(ticket_ids)), LetterOut.kind == "forward"
        )
    )
    return {(ticket_id, email) for ticket_id, email in rows if ticket_id is not None}


def out_ids(mids: Iterable[str]) -> dict[str, int]:
    """Ids of letters of ours by Message-ID."""
    rows = session.execute(select(LetterOut.mid, LetterOut.id).where(LetterOut.mid.in_(list(mids))))
    return {row.mid: row.id for row in rows}


def remember_mids(pairs: Iterable[tuple[str, int]]) -> None:
    """Remember in which tickets letters of these Message-IDs are stored."""
    wanted = dict.fromkeys(pairs)
    if not wanted:
        return
    there = {
        (mid, ticket)
        for mid, ticket in session.execute(
            select(KnownLetter.mid_hash, KnownLetter.ticket_id).where(
                KnownLetter.mid_hash.in_([mid for mid, _ in wanted])
            )
        )
    }
    fresh = [pair for pair in wanted if pair not in there]
    write(KnownLetter, [{"mid_hash": mid, "ticket_id": ticket, "moved": False} for mid, ticket in fresh])


def letters_since(emails: Iterable[str], kinds: Iterable[str], since: datetime) -> dict[str, list[datetime]]:
    """When letters of some kinds were written to each address since a moment."""
    found: dict[str, list[datetime]] = {email: [] for email in emails}
    rows = session.execute(
        select(LetterOut.to_email, LetterOut.created_at).where(
            LetterOut.to_email.in_(list(found)), LetterOut.kind.in_(list(kinds)), LetterOut.created_at >= since
        )
    )
    for email, moment in rows:
        found[email].append(moment)
    return found


def acknowledged(ticket_ids: Iterable[int]) -> set[int]:
    """Tickets that already have their acknowledgement."""
    return with_letter(("received", "incident"), ticket_ids)


def with_letter(kinds: Iterable[str], ticket_ids: Iterable[int]) -> set[int]:
    """Tickets of which a letter of one of some kinds was written."""
    query = select(LetterOut.ticket_id).where(
        LetterOut.ticket_id.in_(list(ticket_ids)), LetterOut.kind.in_(list(kinds))
    )
    return {ticket_id for ticket_id in session.scalars(query) if ticket_id is not None}


def silent(ticket_ids: Iterable[int]) -> set[int]:
    """Tickets that a letter opened which no machine may answer."""
    opened = LetterIn.ticket_id.in_(list(ticket_ids)), unsought(LetterIn.fate) == "ticket"
    query = select(LetterIn.ticket_id).where(*opened, LetterIn.silent.is_(True))
    return {ticket_id for ticket_id in session.scalars(query) if ticket_id is not None}


def confirmed(emails: Iterable[str]) -> set[str]:
    """Addresses whose owner has proved to read them."""
    query = select(Address.email).where(Address.email.in_(list(emails)), Address.confirmed_at.is_not(None))
    return set(session.scalars(query))


def by_mids(mids: Iterable[str]) -> dict[str, LetterOut]:
    """Letters of ours by Message-ID."""
    wanted = list(mids)
    if not wanted:
        return {}
    return {row.mid: row for row in session.scalars(select(LetterOut).where(LetterOut.mid.in_(wanted)))}


def written(letter_id: int) -> LetterOut | None:
    """One letter of ours."""
    return session.get(LetterOut, letter_id)


def last_out(limit: int = 50, before: int | None = None, states: Sequence[str] = ()) -> Sequence[LetterOut]:
    """Letters of ours, newest first, all or those in certain states."""
    query = select(LetterOut).order_by(LetterOut.id.desc()).limit(limit)
    query = query.where(LetterOut.state.in_(states)) if states else query
    return session.scalars(query.where(LetterOut.id < before) if before else query).all()


def of_messages(message_ids: Iterable[int]) -> dict[int, LetterOut]:
    """The letter that carried each message."""
    rows = session.scalars(select(LetterOut).where(LetterOut.message_id.in_(list(message_ids))).order_by(LetterOut.id))
    return {row.message_id: row for row in rows if row.message_id is not None}


def deliveries(message_ids: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """How letters that carried messages fare. Shape: rows (message id, letter id, state, answer, to, next, tries)."""
    return read(_DELIVERIES, {"messages": list(message_ids)}).all()


def last_mids(ticket_ids: Iterable[int]) -> dict[int, str]:
    """The Message-ID to answer to in each ticket: that of our last letter."""
    rows = session.execute(
        select(LetterOut.ticket_id, LetterOut.mid)
        .where(LetterOut.ticket_id.in_(list(ticket_ids)), LetterOut.kind != "forward")
        .order_by(LetterOut.id)
    )
    return {ticket_id: mid for ticket_id, mid in rows if ticket_id is not None}


def fates() -> dict[str, int]:
    """How many letters met each fate."""
    rows = session.execute(select(LetterIn.fate, func.count()).group_by(LetterIn.fate))
    return {row[0]: row[1] for row in rows}


def states_out() -> dict[str, int]:
    """How many letters of ours are in each state."""
    rows = session.execute(select(LetterOut.state, func.count()).group_by(LetterOut.state))
    return {row[0]: row[1] for row in rows}


def with_fate(fate: str, limit: int = 50) -> Sequence[LetterIn]:
    """Letters of one fate, newest first, without their raw bytes."""
    query = select(LetterIn).options(defer(LetterIn.raw, raiseload=True)).where(LetterIn.fate == fate)
    return session.scalars(query.order_by(LetterIn.id.desc()).limit(limit)).all()


def reasons(fate: str, limit: int) -> list[tuple[str, int]]:
    """Why the newest letters of one fate met it, the most frequent first. Shape: pairs (code, count)."""
    newest = select(LetterIn.reason).where(LetterIn.fate == fate).order_by(LetterIn.id.desc()).limit(limit).subquery()
    count = func.count()
    query = select(newest.c.reason, count).group_by(newest.c.reason).order_by(count.desc(), newest.c.reason)
    return [(reason, number) for reason, number in session.execute(query)]


def ids_after(letter_id: int, limit: int) -> list[int]:
    """Ids of stored letters after one, oldest first."""
    return list(session.scalars(select(LetterIn.id).where(LetterIn.id > letter_id).order_by(LetterIn.id).limit(limit)))
