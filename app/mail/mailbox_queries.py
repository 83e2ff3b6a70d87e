"""Questions about mailboxes and the letters fetched from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from app.kernel.db import session
from app.mail.models import LetterIn, Mailbox
from app.people.models import Department


@dataclass(frozen=True, slots=True)
class Home:
    """Where letters of a mailbox belong, and their language when their words leave a doubt."""

    department: str | None
    language: str


#: Why a letter stays on its server, with only its header kept here.
LEFT_THERE = ("too_large", "unreadable")
#: Letters that came by another way.
NOWHERE = Home(None, "fr")


def homes() -> dict[int, Home]:
    """Where letters belong, by mailbox."""
    query = select(Mailbox.id, Department.code, Mailbox.language).join(
        Department, Department.id == Mailbox.department_id
    )
    return {row.id: Home(row.code, row.language) for row in session.execute(query)}


def department_of(mailbox_id: int | None) -> int | None:
    """Where the letters of a mailbox belong; None for those of no mailbox."""
    return session.scalar(select(Mailbox.department_id).where(Mailbox.id == mailbox_id)) if mailbox_id else None


def any_of(department_ids: Iterable[int]) -> bool:
    """Whether one of these departments has a mailbox, retired ones among them."""
    query = select(Mailbox.id).where(Mailbox.department_id.in_(list(department_ids)))
    return session.scalar(query.limit(1)) is not None


def mailboxes() -> Sequence[Mailbox]:
    """Every mailbox, by name; retired ones last."""
    return session.scalars(select(Mailbox).order_by(Mailbox.state == "retired", Mailbox.name, Mailbox.id)).all()


def on_duty() -> Sequence[Mailbox]:
    """The mailboxes that are switched on."""
    return session.scalars(select(Mailbox).where(Mailbox.state == "on").order_by(Mailbox.id)).all()


def mailbox(mailbox_id: int) -> Mailbox | None:
    """One mailbox."""
    return session.get(Mailbox, mailbox_id, populate_existing=True)


def held(mailbox_id: int) -> Mailbox | None:
    """One mailbox, that nobody else changes until this transaction ends."""
    return session.get(Mailbox, mailbox_id, populate_existing=True, with_for_update=True)


def letters_since(moment: datetime) -> dict[int, int]:
    """How many letters each mailbox brought since a moment."""
    query = (
        select(LetterIn.mailbox_id, func.count())
        .where(LetterIn.mailbox_id.is_not(None), LetterIn.received_at >= moment)
        .group_by(LetterIn.mailbox_id)
    )
    return {mailbox_id: count for mailbox_id, count in session.execute(query) if mailbox_id is not None}


def has_letters(mailbox_id: int) -> bool:
    """Whether a mailbox ever brought a letter."""
    return session.scalar(select(LetterIn.id).where(LetterIn.mailbox_id == mailbox_id).limit(1)) is not None


def alarms() -> int:
    """How many mailboxes have something that a person must see."""
    return session.scalar(select(func.count()).select_from(Mailbox).where(Mailbox.alarm != "")) or 0


def folder_taken(name: str, *, but: int | None) -> bool:
    """Whether another mailbox that is not retired has a folder of this name, in whatever case."""
    query = select(Mailbox.id).where(
        Mailbox.kind == "folder", Mailbox.state != "retired", func.lower(Mailbox.folder) == name.lower(),
        Mailbox.id != (but or 0),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def at_places(mailbox_id: int, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """What was taken in from places of a mailbox. Shape: (uidvalidity, uid) to hash."""
    query = select(LetterIn.uidvalidity, LetterIn.uid, LetterIn.sha256).where(
        LetterIn.mailbox_id == mailbox_id, LetterIn.uidvalidity.in_({one for one, _ in places}),
        LetterIn.uid.in_({one for _, one in places}),
    )  # fmt: skip
    return {(row.uidvalidity or 0, row.uid or 0): row.sha256 for row in session.execute(query)}


def lost_places(mailbox_id: int) -> None:
    """Forget where the letters of a mailbox lay: its server gave them new numbers."""
    session.execute(
        update(LetterIn)
        .where(LetterIn.mailbox_id == mailbox_id, LetterIn.uid.is_not(None))
        .values(uidvalidity=None, uid=None)
        .execution_options(synchronize_session=False)
    )


def without_place(mailbox_id: int, hashes: Iterable[str]) -> dict[str, list[int]]:
    """Letters of a mailbox whose place is not known any more. Shape: hash to ids, lowest first."""
    query = (
        select(LetterIn.sha256, LetterIn.id)
        .where(LetterIn.mailbox_id == mailbox_id, LetterIn.uid.is_(None), LetterIn.sha256.in_(list(hashes)))
        .order_by(LetterIn.id)
    )
    kept: dict[str, list[int]] = {}
    for digest, letter_id in session.execute(query):
        kept.setdefault(digest, []).append(letter_id)
    return kept


def give_places(uidvalidity: int, places: Mapping[int, int]) -> None:
    """Note where letters lie now. Shape of `places`: letter id to UID."""
    for letter_id, uid in places.items():
        session.execute(
            update(LetterIn)
            .where(LetterIn.id == letter_id)
            .values(uidvalidity=uidvalidity, uid=uid)
            .execution_options(synchronize_session=False)
        )


def unsettled(mailbox_id: int, uidvalidity: int, after: int, until: int) -> list[int]:
    """UIDs of letters taken in that their server has not been told of, lowest first."""
    query = select(LetterIn.uid).where(
        LetterIn.mailbox_id == mailbox_id, LetterIn.uidvalidity == uidvalidity, LetterIn.uid > after,
        LetterIn.uid <= until, LetterIn.reason.not_in(LEFT_THERE),
    )  # fmt: skip
    return [uid for uid in session.scalars(query.order_by(LetterIn.uid)) if uid is not None]
