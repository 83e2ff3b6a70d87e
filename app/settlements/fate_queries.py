"""Questions about what befell lines: what is still to be paid, what came back, and which credits are settled by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, and_, case, func, or_, select, update
from sqlalchemy.orm import aliased

from app.boxoffice.models import Household
from app.cancellations.choices import TRANSFER
from app.cancellations.models import Campaign, Credit, CreditCorrection, Payee
from app.kernel.db import session
from app.kernel.queries import read, slices, write
from app.settlements.files.reasons import REFUSED
from app.settlements.models import SettlementBatch, SettlementFate, SettlementLine, SettlementPlace

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_credits = cast(Table, Credit.__table__)
_campaigns = cast(Table, Campaign.__table__)
_payees = cast(Table, Payee.__table__)


def fates(line_ids: Iterable[int]) -> dict[int, set[str]]:
    """What befell some lines. Shape: line to states."""
    query = select(SettlementFate.line_id, SettlementFate.state)
    found: dict[int, set[str]] = {}
    for some in slices(line_ids):
        for line_id, state in read(query.where(SettlementFate.line_id.in_(some))):
            found.setdefault(line_id, set()).add(state)
    return found


def write_fates(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what befell lines."""
    write(SettlementFate, rows)


def lines_to_pay(batch_id: int) -> Sequence[Columns]:
    """Lines of a batch that nothing befell yet.

    Shape: rows (id, credit_id, number, household_id, option, amount_cents, reference, position), in order.
    """
    query = (
        _lines().join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .add_columns(SettlementPlace.position)
        .outerjoin(SettlementFate, SettlementFate.line_id == SettlementLine.id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), SettlementFate.id.is_(None)
        )
        .order_by(SettlementPlace.position)
    )  # fmt: skip
    return read(query).all()


def referenced(references: Iterable[str]) -> Sequence[Columns]:
    """Lines by what they are called outside, with the batch they stand in and where."""
    query = (
        _lines().add_columns(
            SettlementPlace.position, SettlementPlace.batch_id, SettlementBatch.number.label("batch"),
            SettlementBatch.state,
        )
        .join(SettlementPlace, and_(SettlementPlace.line_id == SettlementLine.id, SettlementPlace.live.is_(True)))
        .join(SettlementBatch, SettlementBatch.id == SettlementPlace.batch_id)
    )  # fmt: skip
    return [row for some in slices(references) for row in read(query.where(SettlementLine.reference.in_(some)))]


def _lines() -> Select[*tuple[Any, ...]]:
    one = SettlementLine
    return select(
        one.id, one.credit_id, Credit.number, Credit.household_id, one.option, one.amount_cents, one.reference
    ).join(Credit, Credit.id == one.credit_id)


def lines(line_ids: Iterable[int]) -> Sequence[Columns]:
    """Some lines, the oldest first. Shape: rows (id, credit_id, payee_id, amount_cents)."""
    one = SettlementLine
    query = select(one.id, one.credit_id, one.payee_id, one.amount_cents).where(one.id.in_(list(line_ids)))
    return read(query.order_by(one.id)).all()


def to_correct(credit_id: int) -> Sequence[SettlementLine]:
    """Lines of a credit that came back or were refused and that no other one follows, the oldest first."""
    other = aliased(SettlementLine)
    query = (
        select(SettlementLine)
        .join(SettlementFate, and_(
            SettlementFate.line_id == SettlementLine.id, SettlementFate.state.in_(("rejected", "cancelled"))
        ))
        .outerjoin(other, other.supersedes_id == SettlementLine.id)
        .where(SettlementLine.credit_id == credit_id, other.id.is_(None)).order_by(SettlementLine.id)
    )  # fmt: skip
    return session.scalars(query).all()


def settle_credits(credit_ids: Iterable[int], moment: datetime) -> int:
    """Note credits as settled of which everything was carried out; returns how many."""
    return sum(_settle(some, moment) for some in slices(credit_ids))


def _settle(ids: Sequence[int], moment: datetime) -> int:
    done = (
        select(SettlementLine.credit_id)
        .join(SettlementFate, and_(SettlementFate.line_id == SettlementLine.id, SettlementFate.state == "done"))
        .where(SettlementLine.credit_id.in_(ids), ~_came_back()).group_by(SettlementLine.credit_id)
        .having(func.sum(SettlementLine.amount_cents) == select(Credit.amount_cents).where(
            Credit.id == SettlementLine.credit_id
        ).scalar_subquery())
    )  # fmt: skip
    change = update(_credits).where(_credits.c.id.in_(done), _credits.c.state == "locked")
    found = session.connection().execute(change.values(state="settled", settled_at=moment))
    return int(found.rowcount)


def reopen_credits(credit_ids: Iterable[int]) -> None:
    """Note credits as not settled any more: something of them came back."""
    change = update(_credits).where(_credits.c.state == "settled").values(state="locked", settled_at=None)
    for some in slices(credit_ids):
        session.connection().execute(change.where(_credits.c.id.in_(some)))


def reopen_campaigns(credit_ids: Iterable[int]) -> None:
    """Note campaigns as not settled any more of which something came back."""
    for some in slices(credit_ids):
        theirs = select(Credit.campaign_id).where(Credit.id.in_(some))
        change = update(_campaigns).where(_campaigns.c.id.in_(theirs), _campaigns.c.state == "settled")
        session.connection().execute(change.values(state="processing"))


def _came_back() -> Any:  # noqa: ANN401 - a condition
    fate = aliased(SettlementFate)
    return select(fate.id).where(fate.line_id == SettlementLine.id, fate.state == "rejected").exists()


def unfinished(campaign_id: int) -> bool:
    """Whether anything that was chosen in a campaign is still to be paid."""
    query = select(Credit.id).where(Credit.campaign_id == campaign_id, Credit.state.in_(("answered", "locked")))
    return read(query.limit(1)).first() is not None


def rejects(campaign_id: int) -> tuple[int, int, int]:
    """Lines of a campaign that a file or its carrying out took to a bank, and of these what came back.

    Shape: (lines sent, lines that came back, cents that came back).
    """
    out = and_(SettlementPlace.line_id == SettlementLine.id, SettlementPlace.live.is_(True))
    sent = SettlementBatch.state.in_(("exported", "paid"))
    back = and_(SettlementFate.state == "rejected", SettlementFate.code != REFUSED)
    query = (
        select(func.count(), func.count(SettlementFate.id),
               func.sum(case((SettlementFate.id.is_not(None), SettlementLine.amount_cents), else_=0)))
        .select_from(SettlementLine).join(Credit, Credit.id == SettlementLine.credit_id)
        .outerjoin(SettlementPlace, out).outerjoin(SettlementBatch, SettlementBatch.id == SettlementPlace.batch_id)
        .outerjoin(SettlementFate, and_(SettlementFate.line_id == SettlementLine.id, back))
        .where(Credit.campaign_id == campaign_id, SettlementLine.option == TRANSFER,
               or_(sent, SettlementFate.id.is_not(None)))
    )  # fmt: skip
    row = read(query).one()
    return int(row[0]), int(row[1]), int(row[2] or 0)


def returned_by(file_id: int, *, after: int, limit: int) -> Sequence[Columns]:
    """The next lines that a file said came back. Shape: rows (line_id, credit_id, code)."""
    query = (
        select(SettlementFate.line_id, SettlementLine.credit_id, SettlementFate.code)
        .join(SettlementLine, SettlementLine.id == SettlementFate.line_id)
        .where(SettlementFate.file_id == file_id, SettlementFate.line_id > after)
    )  # fmt: skip
    return read(query.order_by(SettlementFate.line_id).limit(limit)).all()


def settled_by(batch_id: int, *, after: int, limit: int) -> list[int]:
    """The next credits of which everything was carried out, some of it in a batch."""
    query = (
        select(Credit.id).join(SettlementLine, SettlementLine.credit_id == Credit.id)
        .join(SettlementPlace, SettlementPlace.line_id == SettlementLine.id)
        .where(
            SettlementPlace.batch_id == batch_id, SettlementPlace.live.is_(True), Credit.state == "settled",
            Credit.id > after,
        )
        .distinct().order_by(Credit.id).limit(limit)
    )  # fmt: skip
    return [row[0] for row in read(query)]


def returns(campaign_id: int, *, after: int, limit: int) -> Sequence[Columns]:
    """Credits of which another account is asked for, the oldest first.

    Shape: rows (id, credit_id, number, household, reason, asked_at, reach).
    """
    one = CreditCorrection
    query = (
        select(
            one.id, Credit.id.label("credit_id"), Credit.number, Household.name.label("household"), one.reason,
            one.asked_at, Credit.reach,
        )
        .join(Credit, Credit.id == one.credit_id).join(Household, Household.id == Credit.household_id)
        .where(Credit.campaign_id == campaign_id, one.done_at.is_(None), one.id > after)
    )  # fmt: skip
    return read(query.order_by(one.id).limit(limit)).all()


def _standing() -> Select[*tuple[Any, ...]]:
    done, back = aliased(SettlementFate), aliased(SettlementFate)
    placed = and_(SettlementPlace.line_id == SettlementLine.id, SettlementPlace.live.is_(True))
    return (
        select(
            SettlementLine.id, SettlementLine.credit_id, Credit.number, Household.name.label("household"),
            SettlementLine.reference, SettlementLine.option, SettlementLine.amount_cents, SettlementLine.attempt,
            Payee.name.label("payee"), Payee.iban_masked, SettlementBatch.number.label("batch"),
            SettlementBatch.state.label("batch_state"), SettlementBatch.exported_at, SettlementPlace.position,
            done.state.label("end"),
            done.day.label("done_on"), back.code.label("reason"), back.day.label("returned_on"),
            SettlementLine.made_at.label("since"), done.at.label("done_at"), back.at.label("returned_at"),
        )
        .join(Credit, Credit.id == SettlementLine.credit_id).join(Household, Household.id == Credit.household_id)
        .outerjoin(Payee, Payee.id == SettlementLine.payee_id).outerjoin(SettlementPlace, placed)
        .outerjoin(SettlementBatch, SettlementBatch.id == SettlementPlace.batch_id)
        .outerjoin(done, and_(done.line_id == SettlementLine.id, done.state != "rejected"))
        .outerjoin(back, and_(back.line_id == SettlementLine.id, back.state == "rejected"))
    )  # fmt: skip


def standing(credit_id: int) -> Sequence[Columns]:
    """Every line of a credit, the oldest first, with where it stands."""
    return read(_standing().where(SettlementLine.credit_id == credit_id).order_by(SettlementLine.id)).all()


def standing_of_credits(credit_ids: Iterable[int]) -> Sequence[Columns]:
    """Every line of some credits, the oldest first, with where each stands."""
    query = _standing().order_by(SettlementLine.id)
    return [row for some in slices(credit_ids) for row in read(query.where(SettlementLine.credit_id.in_(some)))]


def standing_of(line_ids: Iterable[int]) -> Sequence[Columns]:
    """Some lines, the oldest first, with where each stands."""
    query = _standing().order_by(SettlementLine.id)
    return [row for some in slices(line_ids) for row in read(query.where(SettlementLine.id.in_(some)))]


def standing_in(batch_id: int, *, after: int, limit: int) -> Sequence[Columns]:
    """The next lines of a batch, in order, with where each stands."""
    query = _standing().where(SettlementPlace.batch_id == batch_id, SettlementPlace.position > after)
    return read(query.order_by(SettlementPlace.position).limit(limit)).all()


def _forgettable(settled_before: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    asked = select(CreditCorrection.id).where(
        CreditCorrection.credit_id == Credit.id, CreditCorrection.done_at.is_(None)
    ).exists()  # fmt: skip
    over = or_(
        and_(Credit.state == "settled", Credit.settled_at < settled_before),
        and_(Credit.state == "void", Payee.at < settled_before),
        and_(Credit.state.not_in(("settled", "void", "locked")), Campaign.claim_until < now),
    )
    query = select(Payee.id).join(Credit, Credit.id == Payee.credit_id)
    query = query.join(Campaign, Campaign.id == Credit.campaign_id)
    return query.where(Payee.iban_sealed != "", over, ~asked)


def forgettable(settled_before: datetime, now: datetime, *, limit: int) -> list[int]:
    """The next accounts whose numbers are of no use any more."""
    return [row[0] for row in read(_forgettable(settled_before, now).order_by(Payee.id).limit(limit))]


def count_forgettable(settled_before: datetime, now: datetime) -> int:
    """How many there are."""
    some = _forgettable(settled_before, now).subquery()
    return int(read(select(func.count()).select_from(some)).scalar_one())


def forget_numbers(payee_ids: Iterable[int]) -> None:
    """Forget the numbers of some accounts; what may be shown of them stays, and what tells them apart."""
    session.connection().execute(
        update(_payees).where(_payees.c.id.in_(list(payee_ids))).values(iban_sealed="")
    )  # fmt: skip
