"""Questions about one credit: the page of a link, what may be chosen, and what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, Update, and_, bindparam, case, exists, func, or_, select, update

from app.boxoffice.models import Household, PaymentDispute
from app.cancellations.models import (
    Campaign,
    CampaignOption,
    Choice,
    ChoiceLine,
    Counter,
    Credit,
    CreditBucket,
    CreditCompanion,
    CreditCorrection,
    CreditItem,
    CreditLeftOut,
    Payee,
)
from app.kernel.db import session
from app.kernel.queries import fixed, read, write, write_numbered

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_credits = cast(Table, Credit.__table__)
_corrections = cast(Table, CreditCorrection.__table__)
_payee_table = cast(Table, Payee.__table__)


def _credit_columns() -> Select[*tuple[Any, ...]]:
    parted = exists().where(CreditCompanion.credit_id == Credit.id, CreditCompanion.state == "made")
    return (
        select(
            Credit.id, Credit.number, Credit.campaign_id, Credit.household_id, Credit.person_id, Credit.language,
            Credit.reach, Credit.amount_cents, Credit.external_cents, Credit.state, Credit.link_nonce,
            Credit.link_generation, Credit.issued_at, Credit.opened_at, Credit.answered_at, Credit.locked_at,
            Credit.settled_at, Credit.choice_version, Household.kind.label("household_kind"),
            Household.name.label("household"), Campaign.state.label("campaign_state"),
            Campaign.kind.label("campaign_kind"), Campaign.title_fr, Campaign.title_en, Campaign.text_fr,
            Campaign.text_en, Campaign.currency, Campaign.min_split_cents, Campaign.gifts_of_titres,
            Campaign.deadline_at, Campaign.claim_until, Campaign.default_option, Campaign.receipts_mode,
            Campaign.version.label("campaign_version"), parted.label("parted"),
        )
        .join(Campaign, Campaign.id == Credit.campaign_id)
        .join(Household, Household.id == Credit.household_id)
    )  # fmt: skip


@cache
def _by_nonce() -> Select[*tuple[Any, ...]]:
    return _credit_columns().where(Credit.link_nonce == bindparam("nonce"))


@cache
def _held_by_nonce() -> Select[*tuple[Any, ...]]:
    return _by_nonce().with_for_update(of=_credits)


@cache
def _by_id() -> Select[*tuple[Any, ...]]:
    return _credit_columns().where(Credit.id == bindparam("id"))


@cache
def _held() -> Select[*tuple[Any, ...]]:
    return _by_id().with_for_update(of=_credits)


def credit_by_nonce(nonce: str) -> Columns | None:
    """One credit with its campaign, by the nonce of its link."""
    return read(_by_nonce(), {"nonce": nonce}).one_or_none()


def credit_held_by_nonce(nonce: str) -> Columns | None:
    """The same, held until the verb ends."""
    return read(_held_by_nonce(), {"nonce": nonce}).one_or_none()


def credit(credit_id: int) -> Columns | None:
    """One credit with its campaign."""
    return read(_by_id(), {"id": credit_id}).one_or_none()


def credit_held(credit_id: int) -> Columns | None:
    """One credit with its campaign, held until the verb ends."""
    return read(_held(), {"id": credit_id}).one_or_none()


def credit_numbered(number: str) -> int | None:
    """The credit of a number."""
    return read(select(Credit.id).where(Credit.number == number)).scalar_one_or_none()


def change_credit(credit_id: int, **values: object) -> None:
    """Change columns of one credit."""
    session.connection().execute(_change(tuple(values)), {"credit": credit_id, **values})


@cache
def _change(columns: tuple[str, ...]) -> Update:
    given: dict[str, Any] = {name: bindparam(name) for name in columns}
    return update(_credits).where(_credits.c.id == bindparam("credit")).values(given)


def note_looked_at(rows: Sequence[Mapping[str, Any]]) -> None:
    """Note of credits when their page was opened; whatever was done of them meanwhile stands.

    Shape of a row: `credit`, its id, and `moment`.
    """
    session.connection().execute(_looked_at(), rows)


@cache
def _looked_at() -> Update:
    unseen = _credits.c.state.in_(fixed(("issued", "invited")))
    some = and_(_credits.c.id == bindparam("credit"), or_(_credits.c.opened_at.is_(None), unseen))
    return (
        update(_credits)
        .where(some)
        .values(
            opened_at=func.coalesce(_credits.c.opened_at, bindparam("moment", type_=_credits.c.opened_at.type)),
            state=case((unseen, "opened"), else_=_credits.c.state),
        )
    )


def author_of(credit_id: int, version: int) -> str:
    """Who made one version of a choice."""
    query = select(Choice.author).where(Choice.credit_id == credit_id, Choice.version == version)
    return str(read(query).scalar_one())


def items(credit_id: int) -> Sequence[Columns]:
    """Admissions of a credit. Shape: rows (admission_id, amount_cents, external_cents)."""
    return read(_items(), {"credit": credit_id}).all()


@cache
def _items() -> Select[*tuple[Any, ...]]:
    columns = select(CreditItem.admission_id, CreditItem.amount_cents, CreditItem.external_cents)
    return columns.where(CreditItem.credit_id == bindparam("credit"), CreditItem.spared_at.is_(None))


def left_out(campaign_id: int, household_id: int) -> dict[int, str]:
    """Admissions that are no part of a household's credit, and why."""
    return {row[0]: row[1] for row in read(_left_out(), {"campaign": campaign_id, "household": household_id})}


@cache
def _left_out() -> Select[*tuple[Any, ...]]:
    query = select(CreditLeftOut.admission_id, CreditLeftOut.why)
    of_household = CreditLeftOut.household_id == bindparam("household")
    return query.where(CreditLeftOut.campaign_id == bindparam("campaign"), of_household)


def options(campaign_id: int) -> Sequence[Columns]:
    """What may be chosen in a campaign, in the order in which it is offered."""
    return read(_options(), {"campaign": campaign_id}).all()


@cache
def _options() -> Select[*tuple[Any, ...]]:
    one = CampaignOption
    return (
        select(
            one.code, one.label_fr, one.label_en, one.help_fr, one.help_en, one.min_cents, one.max_cents,
            one.only_kinds, one.only_tenders, one.validity_months, one.season,
        )
        .where(one.campaign_id == bindparam("campaign"))
        .order_by(one.position, one.code)
    )  # fmt: skip


def buckets(credit_id: int) -> Sequence[Columns]:
    """What a credit was paid with.

    Shape: rows (kind, amount_cents, tender, payment_id, refundable_until, disputed).
    """
    return read(_buckets(), {"credit": credit_id}).all()


@cache
def _buckets() -> Select[*tuple[Any, ...]]:
    one = CreditBucket
    living = and_(PaymentDispute.payment_id == one.payment_id, PaymentDispute.ended_at.is_(None))
    return (
        select(
            one.kind, one.amount_cents, one.tender, one.payment_id, one.refundable_until,
            PaymentDispute.id.is_not(None).label("disputed"),
        )
        .outerjoin(PaymentDispute, living).where(one.credit_id == bindparam("credit"))
    )  # fmt: skip


def choices(credit_id: int) -> Sequence[Columns]:
    """Every version of a choice, the newest first; one row for each of its lines."""
    return read(_choices(), {"credit": credit_id}).all()


@cache
def _choices() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Choice.version, Choice.author, Choice.channel, Choice.agent_id, Choice.at, ChoiceLine.option,
            ChoiceLine.amount_cents, ChoiceLine.season, ChoiceLine.payee_id, ChoiceLine.donor_id, Payee.name,
            Payee.iban_masked, Payee.details, Counter.id.label("counter_id"), Counter.name.label("counter"),
            Counter.place.label("counter_place"),
        )
        .join(ChoiceLine, ChoiceLine.choice_id == Choice.id)
        .outerjoin(Payee, Payee.id == ChoiceLine.payee_id)
        .outerjoin(Counter, Counter.id == ChoiceLine.counter_id)
        .where(Choice.credit_id == bindparam("credit"))
        .order_by(Choice.version.desc(), ChoiceLine.id)
    )  # fmt: skip


def choice_by_form(credit_id: int, form: str) -> Columns | None:
    """What a form chose already. Shape: row (version, said)."""
    return read(_by_form(), {"credit": credit_id, "form": form}).one_or_none()


@cache
def _by_form() -> Select[*tuple[Any, ...]]:
    query = select(Choice.version, Choice.said)
    return query.where(Choice.credit_id == bindparam("credit"), Choice.form == bindparam("form"))


def line_of(credit_id: int, version: int, option: str) -> int:
    """How much one version of a choice put on an option. Units: cents."""
    query = select(ChoiceLine.amount_cents).join(Choice, Choice.id == ChoiceLine.choice_id)
    query = query.where(Choice.credit_id == credit_id, Choice.version == version, ChoiceLine.option == option)
    return read(query).scalar_one_or_none() or 0


def write_choice(choice: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    """Add one version with its lines."""
    (choice_id,) = write_numbered(Choice, [choice])
    write(ChoiceLine, [{"choice_id": choice_id, **line} for line in lines])


def payees(credit_id: int) -> Sequence[Columns]:
    """Accounts, addresses and identities given for a credit, the oldest first."""
    return read(_payees(), {"credit": credit_id}).all()


@cache
def _payees() -> Select[*tuple[Any, ...]]:
    kept = (Payee.iban_sealed != "").label("kept")
    columns = select(
        Payee.id, Payee.kind, Payee.print, Payee.name, Payee.iban_masked, Payee.details, Payee.proven_at, kept
    )
    return columns.where(Payee.credit_id == bindparam("credit")).order_by(Payee.id)


def seal_again(payee_id: int, sealed: str) -> None:
    """Keep the number of an account again that had been forgotten."""
    change = update(_payee_table).where(_payee_table.c.id == payee_id, _payee_table.c.iban_sealed == "")
    session.connection().execute(change.values(iban_sealed=sealed))


def households_paid_to(account_print: str) -> int:
    """For how many households one account was given."""
    query = select(func.count(Credit.household_id.distinct())).join(Payee, Payee.credit_id == Credit.id)
    return read(query.where(Payee.account_print == account_print)).scalar_one() or 0


def shared_accounts(households: int) -> Sequence[Columns]:
    """Accounts given for at least so many households. Shape: rows (masked, number, credit_id, name), by account."""
    many = (
        select(Payee.account_print).join(Credit, Credit.id == Payee.credit_id).where(Payee.account_print != "")
        .group_by(Payee.account_print).having(func.count(Credit.household_id.distinct()) >= households)
    )  # fmt: skip
    query = select(Payee.account_print, Payee.iban_masked, Credit.number, Credit.id.label("credit_id"), Payee.name)
    query = query.join(Credit, Credit.id == Payee.credit_id).where(Payee.account_print.in_(many))
    return read(query.order_by(Payee.account_print, Credit.id, Payee.id)).all()


def correction(credit_id: int) -> str:
    """Why another account is asked for; empty when none is."""
    one = CreditCorrection
    query = select(one.reason).where(one.credit_id == credit_id, one.done_at.is_(None))
    return read(query).scalar_one_or_none() or ""


def write_correction(credit_id: int, reason: str, at: datetime) -> None:
    """Note that another account is asked for."""
    write(CreditCorrection, [{"credit_id": credit_id, "reason": reason, "asked_at": at, "done_at": None}])


def end_correction(credit_id: int, at: datetime) -> None:
    """Note that another account was given."""
    change = update(_corrections).where(_corrections.c.credit_id == credit_id, _corrections.c.done_at.is_(None))
    session.connection().execute(change.values(done_at=at))
