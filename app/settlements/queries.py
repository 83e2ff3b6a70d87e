"""Questions asked when money is locked: what was chosen, for which seats, paid with what, to whom; in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.boxoffice.models import Admission, Contact, Household, Payment, PaymentDispute, Performance, Production
from app.cancellations.choices import MONEY
from app.cancellations.models import Campaign, Choice, ChoiceLine, Credit, CreditBucket, CreditItem, Payee
from app.kernel.db import session
from app.kernel.queries import read, slices, write, write_numbered
from app.settlements.models import (
    LedgerEntry,
    SettlementChange,
    SettlementFate,
    SettlementLine,
    SettlementPart,
    SettlementPlace,
    SettlementReview,
)

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

#: The choice of a credit that holds.
_HOLDS = and_(Choice.credit_id == Credit.id, Choice.version == Credit.choice_version)


def unlined(campaign_id: int, state: str = "locked") -> Sequence[Columns]:
    """Lines of choices for which no line of money was written yet, by credit: those locked, or those that wait."""
    written = select(SettlementLine.id).where(SettlementLine.choice_line_id == ChoiceLine.id).exists()
    query = (
        select(
            Credit.id.label("credit_id"), Credit.number, Credit.choice_version, Credit.household_id, Credit.person_id,
            Credit.amount_cents.label("credit_cents"), ChoiceLine.id.label("choice_line_id"), ChoiceLine.option,
            ChoiceLine.amount_cents, ChoiceLine.payee_id, ChoiceLine.donor_id, ChoiceLine.season,
            ChoiceLine.counter_id,
        )
        .join(Choice, _HOLDS).join(ChoiceLine, ChoiceLine.choice_id == Choice.id)
        .where(Credit.campaign_id == campaign_id, Credit.state == state, ~written)
        .order_by(Credit.id, ChoiceLine.id)
    )  # fmt: skip
    return read(query).all()


def answered(campaign_id: int) -> dict[int, int]:
    """Credits that were chosen about and wait to be locked. Shape: credit to cents."""
    query = select(Credit.id, Credit.amount_cents).where(Credit.campaign_id == campaign_id, Credit.state == "answered")
    return {row[0]: int(row[1]) for row in read(query)}


def unentered(campaign_id: int) -> Sequence[Columns]:
    """Living credits that were not entered yet, by number."""
    entered = select(LedgerEntry.id).where(LedgerEntry.credit_id == Credit.id, LedgerEntry.kind == "issue").exists()
    query = select(Credit.id, Credit.number, Credit.household_id, Credit.issued_at)
    query = query.where(Credit.campaign_id == campaign_id, Credit.state != "void", ~entered)
    return read(query.order_by(Credit.id)).all()


def seats(campaign_id: int) -> Sequence[Columns]:
    """Seats of living credits. Shape: rows (credit_id, performance_id, vat_bp, amount_cents), in this order."""
    query = (
        select(CreditItem.credit_id, Admission.performance_id, CreditItem.vat_bp, CreditItem.amount_cents)
        .join(Credit, Credit.id == CreditItem.credit_id).join(Admission, Admission.id == CreditItem.admission_id)
        .where(Credit.campaign_id == campaign_id, CreditItem.live.is_(True))
        .order_by(CreditItem.credit_id, Admission.performance_id, CreditItem.vat_bp)
    )  # fmt: skip
    return read(query).all()


def performances(campaign_id: int) -> Sequence[Columns]:
    """Performances of which living credits have seats. Shape: rows (id, title_fr, starts_at)."""
    some = (
        select(Admission.performance_id).join(CreditItem, CreditItem.admission_id == Admission.id)
        .join(Credit, Credit.id == CreditItem.credit_id).where(Credit.campaign_id == campaign_id)
    )  # fmt: skip
    query = select(Performance.id, Production.title_fr, Performance.starts_at)
    return read(
        query.join(Production, Production.id == Performance.production_id).where(Performance.id.in_(some))
    ).all()


def cards(campaign_id: int, state: str = "locked") -> Sequence[Columns]:
    """What credits of a state hold of payments by card, by credit, the greatest first.

    Shape: rows (credit_id, payment_id, amount_cents, refundable_until, left_cents, disputed).
    """
    left = Payment.amount_cents - Payment.refunded_cents
    query = (
        select(
            CreditBucket.credit_id, CreditBucket.payment_id, CreditBucket.amount_cents, CreditBucket.refundable_until,
            left.label("left_cents"), PaymentDispute.id.is_not(None).label("disputed"),
        )
        .join(Credit, Credit.id == CreditBucket.credit_id).join(Payment, Payment.id == CreditBucket.payment_id)
        .outerjoin(PaymentDispute, and_(PaymentDispute.payment_id == Payment.id, PaymentDispute.ended_at.is_(None)))
        .where(Credit.campaign_id == campaign_id, Credit.state == state, CreditBucket.kind == "card")
        .order_by(CreditBucket.credit_id, CreditBucket.amount_cents.desc(), CreditBucket.id)
    )  # fmt: skip
    return read(query).all()


def payees_of(campaign_id: int, state: str = "locked") -> Sequence[Columns]:
    """Accounts and addresses of credits of a state, the oldest first.

    Shape: rows (id, credit_id, kind, name, account_print, at).
    """
    columns = (Payee.id, Payee.credit_id, Payee.kind, Payee.name, Payee.account_print, Payee.at)
    query = select(*columns).join(Credit, Credit.id == Payee.credit_id)
    query = query.where(Credit.campaign_id == campaign_id, Credit.state == state, Payee.kind != "identity")
    return read(query.order_by(Payee.credit_id, Payee.id)).all()


def households_by_account(least: int) -> dict[str, int]:
    """Accounts that were given for at least so many households. Shape: print to how many."""
    many = func.count(Credit.household_id.distinct())
    query = (
        select(Payee.account_print, many).join(Credit, Credit.id == Payee.credit_id)
        .where(Payee.account_print != "").group_by(Payee.account_print).having(many >= least)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in read(query)}


def names(campaign_id: int, state: str = "locked") -> dict[int, tuple[str, ...]]:
    """What the households of credits of a state are called: by their own name, and those of their people."""
    return _called(Credit.campaign_id == campaign_id, Credit.state == state)


def names_of(credit_id: int) -> tuple[str, ...]:
    """The same of one credit."""
    return next(iter(_called(Credit.id == credit_id).values()), ())


def _called(*conditions: ColumnElement[bool]) -> dict[int, tuple[str, ...]]:
    record = aliased(Household)
    theirs: ColumnElement[bool] = or_(record.id == Credit.household_id, record.merged_into_id == Credit.household_id)
    query = (
        select(Credit.household_id, record.name, Contact.given, Contact.family, Contact.company)
        .join(record, theirs).outerjoin(Contact, Contact.household_id == record.id).where(*conditions)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for household_id, name, given, family, company in read(query):
        found.setdefault(household_id, []).extend((name, f"{given or ''} {family or ''}", company or ""))
    return {key: tuple(filter(str.strip, some)) for key, some in found.items()}


def account(account_id: int) -> Columns:
    """One account. Shape: row (name, account_print, iban_masked)."""
    return read(select(Payee.name, Payee.account_print, Payee.iban_masked).where(Payee.id == account_id)).one()


def account_prints(payee_ids: Iterable[int]) -> dict[int, str]:
    """What tells some accounts apart, by their ids; addresses and identities have none."""
    query = select(Payee.id, Payee.account_print).where(Payee.id.in_(list(payee_ids)), Payee.account_print != "")
    return {row[0]: str(row[1]) for row in read(query)}


def write_lines(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write lines of money; returns their ids by reference."""
    ids = write_numbered(SettlementLine, lines, by=("reference",))
    return {line["reference"]: number for line, number in zip(lines, ids, strict=True)}


def write_parts(parts: Sequence[Mapping[str, Any]], reviews: Sequence[Mapping[str, Any]]) -> None:
    """Write which seats lines are for, and which of them wait for somebody to look."""
    write(SettlementPart, parts)
    write(SettlementReview, reviews)


def parts(line_ids: Iterable[int]) -> Sequence[Columns]:
    """Which seats some lines are for. Shape: rows (line_id, performance_id, vat_bp, amount_cents, vat_cents)."""
    one = SettlementPart
    query = select(one.line_id, one.performance_id, one.vat_bp, one.amount_cents, one.vat_cents)
    query = query.order_by(one.line_id, one.performance_id)
    return [row for some in slices(line_ids) for row in read(query.where(one.line_id.in_(some)))]


def line(line_id: int) -> SettlementLine | None:
    """One line."""
    return session.get(SettlementLine, line_id)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A line of money that nothing befell yet, and the dispute of what paid for it."""

    line: SettlementLine
    campaign_id: int
    dispute_id: int
    noted_at: datetime


def unpaid_of(payment_ids: Iterable[int]) -> list[Doubtful]:
    """Lines of money that nothing befell yet, of credits that hold a disputed payment: to its card, or another way."""
    one, why = SettlementLine, PaymentDispute
    query = (
        select(one, Credit.campaign_id, why.id, why.noted_at)
        .join(Credit, Credit.id == one.credit_id)
        .join(CreditBucket, and_(CreditBucket.credit_id == one.credit_id, CreditBucket.kind == "card"))
        .join(why, and_(why.payment_id == CreditBucket.payment_id, why.ended_at.is_(None)))
        .outerjoin(SettlementFate, SettlementFate.line_id == one.id)
        .where(
            SettlementFate.id.is_(None), one.option.in_(MONEY),
            or_(one.payment_id.is_(None), one.payment_id == why.payment_id),
        )
    )  # fmt: skip
    found: dict[int, Doubtful] = {}
    for some in slices(sorted(set(payment_ids))):
        for line, campaign_id, dispute_id, noted_at in session.execute(query.where(why.payment_id.in_(some))):
            if line.id not in found or found[line.id].noted_at < noted_at:
                found[line.id] = Doubtful(line, campaign_id, dispute_id, noted_at)
    return [found[key] for key in sorted(found)]


def undecided() -> Sequence[Columns]:
    """Lines that wait for a look, of all campaigns.

    Shape: rows (campaign_id, title_fr, title_en, signs, amount_cents).
    """
    query = (
        select(
            Credit.campaign_id, Campaign.title_fr, Campaign.title_en, SettlementReview.signs,
            SettlementLine.amount_cents,
        )
        .join(SettlementLine, SettlementLine.id == SettlementReview.line_id)
        .join(Credit, Credit.id == SettlementLine.credit_id).join(Campaign, Campaign.id == Credit.campaign_id)
        .where(SettlementReview.decision == "")
        .order_by(SettlementReview.line_id)
    )  # fmt: skip
    return read(query).all()


def review_to_decide(line_id: int) -> SettlementReview | None:
    """What somebody is to look at, held until the verb ends."""
    return session.get(SettlementReview, line_id, with_for_update=True, populate_existing=True)


def reviews(campaign_id: int | None = None, *, limit: int = 200) -> Sequence[Columns]:
    """Lines that wait for somebody to look at them, the oldest first; of one campaign, or of all."""
    query = (
        select(
            SettlementReview.line_id, SettlementReview.signs, SettlementReview.at, SettlementLine.option,
            SettlementLine.amount_cents, SettlementLine.reference, Credit.id.label("credit_id"), Credit.number,
            Credit.campaign_id, Credit.person_id, Credit.household_id, Household.name.label("household"),
            Payee.name.label("payee"), Payee.iban_masked,
        )
        .join(SettlementLine, SettlementLine.id == SettlementReview.line_id)
        .join(Credit, Credit.id == SettlementLine.credit_id)
        .join(Household, Household.id == Credit.household_id)
        .outerjoin(Payee, Payee.id == SettlementLine.payee_id)
        .where(SettlementReview.decision == "")
        .order_by(SettlementReview.line_id).limit(limit)
    )  # fmt: skip
    return read(query if campaign_id is None else query.where(Credit.campaign_id == campaign_id)).all()


def looked_at(campaign_id: int) -> list[str]:
    """References of lines that somebody looks at, or did, and of those that follow another one."""
    query = (
        select(SettlementLine.reference).join(Credit, Credit.id == SettlementLine.credit_id)
        .outerjoin(SettlementReview, SettlementReview.line_id == SettlementLine.id)
        .where(
            Credit.campaign_id == campaign_id,
            or_(SettlementReview.line_id.is_not(None), SettlementLine.supersedes_id.is_not(None)),
        )
    )  # fmt: skip
    return [row[0] for row in read(query)]


def disputed(campaign_id: int) -> set[int]:
    """Payments of credits of a campaign that a bank was ever asked to take back."""
    query = (
        select(CreditBucket.payment_id).join(Credit, Credit.id == CreditBucket.credit_id)
        .join(PaymentDispute, PaymentDispute.payment_id == CreditBucket.payment_id)
        .where(Credit.campaign_id == campaign_id)
    )  # fmt: skip
    return {row[0] for row in read(query)}


def free(campaign_id: int) -> Sequence[Columns]:
    """Lines that stand in no batch and may be paid: nothing befell them, and nobody must look at them first."""
    return read(_free(campaign_id).order_by(SettlementLine.id)).all()


def free_count(campaign_id: int) -> int:
    """How many these are."""
    ids = _free(campaign_id).with_only_columns(SettlementLine.id).subquery()
    return int(read(select(func.count()).select_from(ids)).scalar_one())


def _free(campaign_id: int) -> Select[*tuple[Any, ...]]:
    placed = and_(SettlementPlace.line_id == SettlementLine.id, SettlementPlace.live.is_(True))
    return (
        _lines()
        .join(Credit, Credit.id == SettlementLine.credit_id)
        .outerjoin(SettlementPlace, placed)
        .outerjoin(SettlementFate, SettlementFate.line_id == SettlementLine.id)
        .outerjoin(SettlementReview, SettlementReview.line_id == SettlementLine.id)
        .outerjoin(SettlementChange, and_(
            SettlementChange.line_id == SettlementLine.id, SettlementChange.decision == ""
        ))
        .where(
            Credit.campaign_id == campaign_id, SettlementPlace.line_id.is_(None), SettlementFate.id.is_(None),
            SettlementChange.id.is_(None),
            or_(SettlementReview.line_id.is_(None), SettlementReview.decision == "released"),
        )
    )  # fmt: skip


def _lines() -> Select[*tuple[Any, ...]]:
    one = SettlementLine
    columns = (one.id, one.credit_id, one.option, one.amount_cents, one.reference, one.payment_id, one.payee_id)
    return select(*columns, Payee.print).outerjoin(Payee, Payee.id == one.payee_id)
