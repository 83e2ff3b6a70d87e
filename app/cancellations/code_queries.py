"""Questions about codes sent to prove accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table, func, select, update

from app.cancellations.models import CreditCode, Payee
from app.kernel.db import session
from app.kernel.queries import read, write_numbered

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_codes, _payees = cast(Table, CreditCode.__table__), cast(Table, Payee.__table__)


def last(credit_id: int, payee_id: int) -> Columns | None:
    """The last code sent for an account, held until the verb ends."""
    one = CreditCode
    query = select(one.id, one.code_hash, one.sent_at, one.tries, one.used_at)
    query = query.where(one.credit_id == credit_id, one.payee_id == payee_id).order_by(one.id.desc()).limit(1)
    return read(query.with_for_update()).one_or_none()


def sent_since(credit_id: int, moment: datetime) -> int:
    """How many codes were sent for a credit since a moment."""
    query = select(func.count()).select_from(CreditCode)
    return read(query.where(CreditCode.credit_id == credit_id, CreditCode.sent_at > moment)).scalar_one() or 0


def write_code(credit_id: int, payee_id: int, code_hash: str, moment: datetime) -> int:
    """Keep a code as a hash; returns its id."""
    row = {"credit_id": credit_id, "payee_id": payee_id, "code_hash": code_hash, "sent_at": moment, "tries": 0}
    return write_numbered(CreditCode, [{**row, "used_at": None}])[0]


def count_try(code_id: int) -> None:
    """Count a wrong try."""
    more = update(_codes).where(_codes.c.id == code_id).values(tries=_codes.c.tries + 1)
    session.connection().execute(more)


def note_used(code_id: int, moment: datetime) -> None:
    """Note that a code was used: it holds no longer."""
    session.connection().execute(update(_codes).where(_codes.c.id == code_id).values(used_at=moment))


def doubt_accounts(credit_id: int) -> None:
    """Note that accounts given for a credit are proven no longer."""
    query = update(_payees).where(_payees.c.credit_id == credit_id, _payees.c.kind == "account")
    session.connection().execute(query.values(proven_at=None))


def wrong_tries(credit_id: int) -> int:
    """How often codes of a credit were mistyped, all told."""
    query = select(func.coalesce(func.sum(CreditCode.tries), 0))
    return int(read(query.where(CreditCode.credit_id == credit_id)).scalar_one() or 0)


def note_proven(payee_id: int, moment: datetime) -> None:
    """Note that an account was proven, if it was not yet."""
    query = update(_payees).where(_payees.c.id == payee_id, _payees.c.proven_at.is_(None)).values(proven_at=moment)
    session.connection().execute(query)
