"""Questions about a campaign as a whole: how many answered what, who is to be reached otherwise, who is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, and_, func, or_, select

from app.boxoffice.models import Household
from app.cancellations.models import (
    CampaignPerformance,
    Choice,
    ChoiceLine,
    Credit,
    CreditLeftOut,
    CreditLetter,
    CreditTicket,
    LegalRegime,
    Payee,
)
from app.kernel.queries import read
from app.tickets.models import Ticket

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]
#: States of a credit whose choice holds.
_CHOSEN = ("answered", "locked", "settled")


def by_state(campaign_id: int) -> dict[str, tuple[int, int]]:
    """Credits by state. Shape: state to (how many, cents)."""
    query = select(Credit.state, func.count(), func.sum(Credit.amount_cents)).where(Credit.campaign_id == campaign_id)
    return {row[0]: (row[1], int(row[2])) for row in read(query.group_by(Credit.state))}


def states_of_all() -> dict[int, dict[str, tuple[int, int]]]:
    """Credits of every campaign by state. Shape: campaign to state to (how many, cents)."""
    columns = (Credit.campaign_id, Credit.state)
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for row in read(select(*columns, func.count(), func.sum(Credit.amount_cents)).group_by(*columns)):
        found.setdefault(row[0], {})[row[1]] = (row[2], int(row[3]))
    return found


def by_reach(campaign_id: int, states: Iterable[str]) -> dict[str, int]:
    """Credits in some states by how their households are reached."""
    query = select(Credit.reach, func.count()).where(Credit.campaign_id == campaign_id)
    return {row[0]: row[1] for row in read(query.where(Credit.state.in_(list(states))).group_by(Credit.reach))}


def by_option(campaign_id: int) -> Sequence[Columns]:
    """What was chosen and holds. Shape: rows (option, how many, cents), the most first."""
    total = func.sum(ChoiceLine.amount_cents)
    query = _holding(campaign_id, ChoiceLine.option, func.count(), total)
    return read(query.group_by(ChoiceLine.option).order_by(total.desc())).all()


def gifts(campaign_id: int, option: str) -> tuple[int, int]:
    """Who gave something. Shape: (how many, how many gave everything)."""
    rows = read(_holding(campaign_id, Credit.amount_cents, ChoiceLine.amount_cents).where(ChoiceLine.option == option))
    given = [row[0] == row[1] for row in rows]
    return len(given), sum(given)


def _holding(campaign_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns of any type
    """Lines of the choices that hold."""
    held = and_(Choice.credit_id == Credit.id, Choice.version == Credit.choice_version)
    return (
        select(*columns).select_from(Credit).join(Choice, held).join(ChoiceLine, ChoiceLine.choice_id == Choice.id)
        .where(Credit.campaign_id == campaign_id, Credit.state.in_(_CHOSEN))
    )  # fmt: skip


def answer_moments(campaign_id: int) -> Sequence[Columns]:
    """When each household was told of its credit and when it answered by a word of its own. Shape: rows of two."""
    first = and_(Choice.credit_id == Credit.id, Choice.version == 1, Choice.author != "default")
    query = select(Credit.issued_at, Choice.at).join(Choice, first).where(Credit.campaign_id == campaign_id)
    return read(query.order_by(Choice.at)).all()


def settled_moments(campaign_id: int) -> Sequence[Columns]:
    """When credits were answered and settled. Shape: rows of two."""
    query = select(Credit.answered_at, Credit.settled_at).where(Credit.campaign_id == campaign_id)
    return read(query.where(Credit.settled_at.is_not(None))).all()


def unproven(campaign_id: int) -> int:
    """Credits that gave an account which nobody proved, and chose nothing since."""
    query = (
        select(func.count(Credit.id.distinct()))
        .join(Payee, Payee.credit_id == Credit.id)
        .where(
            Credit.campaign_id == campaign_id, Credit.choice_version == 0, Credit.state != "void",
            Payee.kind == "account", Payee.proven_at.is_(None),
        )
    )  # fmt: skip
    return read(query).scalar_one() or 0


def bounced(campaign_id: int) -> int:
    """Credits whose letters came back, answered since or not."""
    query = select(func.count()).where(
        Credit.campaign_id == campaign_id, Credit.reach == "bounced", Credit.state != "void"
    )
    return read(query).scalar_one() or 0


def contacts(campaign_id: int) -> int:
    """How many requests came about credits of a campaign."""
    query = select(func.count()).select_from(CreditTicket).join(Credit, Credit.id == CreditTicket.credit_id)
    return read(query.where(Credit.campaign_id == campaign_id)).scalar_one() or 0


def untied(campaign_id: int, category: str, since: datetime) -> int:
    """Requests for a refund since a moment that no credit answers, and that are about no other performance."""
    tied = select(CreditTicket.ticket_id).where(CreditTicket.ticket_id == Ticket.id).exists()
    ours = select(CampaignPerformance.performance_id).where(CampaignPerformance.campaign_id == campaign_id)
    about = or_(Ticket.performance_id.is_(None), Ticket.performance_id.in_(ours))
    query = select(func.count()).select_from(Ticket)
    query = query.where(Ticket.category == category, Ticket.opened_at >= since, about, ~tied)
    return read(query.where(Ticket.spam.is_(False), Ticket.merged_into_id.is_(None))).scalar_one() or 0


def letters(campaign_id: int) -> dict[str, tuple[int, datetime]]:
    """Letters by occasion. Shape: occasion to (how many, the last)."""
    query = (
        select(CreditLetter.occasion, func.count(), func.max(CreditLetter.at))
        .join(Credit, Credit.id == CreditLetter.credit_id)
        .where(Credit.campaign_id == campaign_id)
        .group_by(CreditLetter.occasion)
    )
    return {row[0]: (row[1], row[2]) for row in read(query)}


def credits_listed(
    campaign_id: int, *, states: Iterable[str], reaches: Iterable[str], after: int, limit: int
) -> Sequence[Columns]:  # fmt: skip
    """Credits in some states, reached in some ways where any are named, by number."""
    query = _credits().where(Credit.campaign_id == campaign_id, Credit.state.in_(list(states)), Credit.id > after)
    if wanted := list(reaches):
        query = query.where(Credit.reach.in_(wanted))
    return read(query.order_by(Credit.id).limit(limit)).all()


def credit_numbered(number: str) -> Columns | None:
    """One credit by its number."""
    return read(_credits().where(Credit.number == number)).one_or_none()


def credits_of(household_ids: Iterable[int]) -> Sequence[Columns]:
    """Credits of some households, the newest first."""
    query = _credits().where(Credit.household_id.in_(list(household_ids)))
    return read(query.order_by(Credit.id.desc())).all()


def _credits() -> Select[*tuple[Any, ...]]:
    return select(
        Credit.id, Credit.number, Credit.campaign_id, Credit.household_id, Household.name, Household.code,
        Credit.amount_cents, Credit.state, Credit.reach, Credit.issued_at, Credit.answered_at, Credit.choice_version,
        Credit.person_id, Credit.language,
    ).join(Household, Household.id == Credit.household_id)  # fmt: skip


def left_out(campaign_id: int, why: str, *, after: int, limit: int) -> Sequence[Columns]:
    """Admissions of an opened campaign that are part of no credit. Shape: rows (admission_id, household_id, why)."""
    one = CreditLeftOut
    query = select(one.admission_id, one.household_id, one.why)
    query = query.where(one.campaign_id == campaign_id, one.why == why, one.admission_id > after)
    return read(query.order_by(one.admission_id).limit(limit)).all()


def left_out_counts(campaign_id: int) -> dict[str, int]:
    """Admissions of an opened campaign that are part of no credit, by reason."""
    one = CreditLeftOut
    query = select(one.why, func.count()).where(one.campaign_id == campaign_id).group_by(one.why)
    return {row[0]: row[1] for row in read(query)}


def households(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Households by number. Shape: number to (code, name)."""
    query = select(Household.id, Household.code, Household.name).where(Household.id.in_(list(ids)))
    return {row[0]: (row[1], row[2]) for row in read(query)}


def regimes() -> Sequence[Columns]:
    """Legal regimes that may be named. Shape: rows (code, title_fr, title_en, from_on, to_on)."""
    one = LegalRegime
    return read(select(one.code, one.title_fr, one.title_en, one.from_on, one.to_on).order_by(one.code)).all()
