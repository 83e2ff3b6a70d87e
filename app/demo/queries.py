"""Statements that write many rows at once; the demo stands above all domains and may write any table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, func, select, update

from app.boxoffice.models import Order, Performance, Production
from app.catalogue.models import CannedAnswer
from app.kernel import clock
from app.kernel.db import Base, session
from app.kernel.queries import write
from app.knowledge.models import Article
from app.people.models import Account, Address, Department
from app.tickets.models import Ticket
from app.venue.models import SpecialDay


def write_special_days(rows: Sequence[dict[str, Any]]) -> None:
    """Write dates whose opening differs; none of them may be there already."""
    write(SpecialDay, rows)


def forget_days(days: Iterable[date]) -> None:
    """Remove what is said of some dates."""
    session.execute(delete(SpecialDay).where(SpecialDay.day.in_(list(days))))


def reserve(model: type[Base], count: int) -> list[int]:
    """Ids nobody else will give, in rising order; inside a writing transaction only."""
    table = _table(model)
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        drawn = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return sorted(session.scalars(drawn)) if count else []
    last = session.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def anything_there() -> bool:
    """Whether the house has ever been used: somebody can sign in, wrote, or bought."""
    used = (select(model.id).limit(1) for model in (Account, Ticket, Order))
    return any(session.scalar(query) is not None for query in used)


def other_systems(known: Collection[str]) -> bool:
    """Whether orders of further ticketing systems are here."""
    return session.scalar(select(Order.id).where(Order.system.not_in(known)).limit(1)) is not None


def account_there(email: str) -> bool:
    """Whether somebody signs in with this address."""
    query = select(Account.id).join(Address, Address.person_id == Account.person_id).where(Address.email == email)
    return session.scalar(query.limit(1)) is not None


def articles_online() -> dict[int, tuple[str, str, bool, int]]:
    """Articles people can read. Shape: id → (slug, language, whether everybody may read it, version)."""
    rows = session.scalars(select(Article).where(Article.withdrawn_at.is_(None)).order_by(Article.id))
    return {row.id: (row.slug, row.lang, row.audience == "public", row.version) for row in rows}


def ticket_count() -> int:
    """How many tickets there are."""
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def bulk_count(mark: str) -> int:
    """How many tickets came with a submission that begins so."""
    query = select(func.count()).select_from(Ticket).where(Ticket.submission >= mark, Ticket.submission < mark + "~")
    return session.scalar(query) or 0


def titles() -> list[tuple[int, str, str]]:
    """Performances with the titles of their works. Shape: (id, title in French, title in English)."""
    query = select(Performance.id, Production.title_fr, Production.title_en).join(Performance.production)
    return list(session.execute(query.order_by(Performance.id)).all())


def department_ids() -> dict[str, int]:
    """Departments by code."""
    return dict(session.execute(select(Department.code, Department.id)).all())


def person_ids(domain: str) -> dict[str, int]:
    """People by the local part of their addresses in one domain."""
    rows = session.execute(select(Address.email, Address.person_id).where(Address.email.endswith("@" + domain)))
    return {email.partition("@")[0]: person_id for email, person_id in rows}


def mark_addresses(confirmed_at: Mapping[str, Any], undeliverable: Mapping[str, str]) -> None:
    """Note which mailboxes have been read, and which refuse."""
    for email, moment in confirmed_at.items():
        session.execute(update(Address).where(Address.email == email).values(confirmed_at=moment))
    for email, status in undeliverable.items():
        session.execute(
            update(Address).where(Address.email == email).values(undeliverable=status, undeliverable_at=clock.now())
        )


def count_canned_uses(uses: Mapping[str, int]) -> None:
    """Write how often prepared answers were used, by their English title."""
    for title, count in uses.items():
        session.execute(update(CannedAnswer).where(CannedAnswer.title_en == title).values(uses=count))


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)
