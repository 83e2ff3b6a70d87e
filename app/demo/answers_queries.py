"""What the campaign of the standing season is about, who is owed something, and what its answers add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select

from app.boxoffice.models import Admission, Household, Performance
from app.cancellations.models import Campaign, Choice, ChoiceLine, Credit, CreditBucket, CreditItem, CreditLetter
from app.kernel.db import session
from app.mail.models import LetterOut
from app.people.models import Account, Address


def performances(system: str) -> dict[int, str]:
    """Performances that a ticketing system sold seats of, and what became of each."""
    sold = select(Admission.performance_id).where(Admission.system == system)
    query = select(Performance.id, Performance.status).where(Performance.id.in_(sold)).order_by(Performance.id)
    return {row[0]: row[1] for row in session.execute(query)}


def campaign_titled(title: str) -> tuple[int, str, int] | None:
    """A campaign by its French title. Shape: (id, state, version)."""
    query = select(Campaign.id, Campaign.state, Campaign.version).where(Campaign.title_fr == title)
    found = session.execute(query.where(Campaign.state != "abandoned")).first()
    return (found[0], found[1], found[2]) if found else None


def colleague(email: str) -> int | None:
    """Who signs in with an address."""
    query = select(Account.person_id).join(Address, Address.person_id == Account.person_id)
    return session.scalar(query.where(Address.email == email))


def credits_of(campaign_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Living credits, by number.

    Shape: rows (id, number, serial, reach, link_nonce, link_generation, name, email), the last perhaps empty.
    """
    email = select(func.min(Address.email)).where(Address.person_id == Credit.person_id).scalar_subquery()
    query = (
        select(
            Credit.id, Credit.number, Credit.serial, Credit.reach, Credit.link_nonce, Credit.link_generation,
            Household.name, func.coalesce(email, "").label("email"),
        )
        .join(Household, Household.id == Credit.household_id)
        .where(Credit.campaign_id == campaign_id, Credit.state != "void")
        .order_by(Credit.id)
    )  # fmt: skip
    return session.execute(query).all()


def letter_with_code(credit_id: int) -> str:
    """The text of the last letter with a code that was written about a credit."""
    query = select(LetterOut.text).join(CreditLetter, CreditLetter.letter_id == LetterOut.id)
    query = query.where(CreditLetter.credit_id == credit_id, LetterOut.kind == "choice_code")
    return session.scalars(query.order_by(LetterOut.id.desc()).limit(1)).one()


def sums(campaign_id: int) -> dict[str, int]:
    """What the rows of a campaign add up to, each asked for by itself. Units: cents."""
    mine = (Credit.campaign_id == campaign_id, Credit.state != "void")
    items = select(func.sum(CreditItem.amount_cents)).join(Credit, Credit.id == CreditItem.credit_id)
    buckets = select(func.sum(CreditBucket.amount_cents)).join(Credit, Credit.id == CreditBucket.credit_id)
    answered = select(func.sum(Credit.amount_cents)).where(*mine, Credit.choice_version > 0)
    lines = _lines(campaign_id).with_only_columns(func.sum(ChoiceLine.amount_cents))
    asked = {
        "credits": select(func.sum(Credit.amount_cents)).where(*mine), "items": items.where(*mine),
        "buckets": buckets.where(*mine, CreditBucket.kind != "external"), "answered": answered, "lines": lines,
    }  # fmt: skip
    return {name: int(session.scalar(query) or 0) for name, query in asked.items()}


def by_option(campaign_id: int) -> dict[str, dict[str, int]]:
    """What is chosen now. Shape: option to {credits, cents}."""
    columns = (ChoiceLine.option, func.count(), func.sum(ChoiceLine.amount_cents))
    rows = session.execute(
        _lines(campaign_id).with_only_columns(*columns).group_by(ChoiceLine.option).order_by(ChoiceLine.option)
    )
    return {option: {"credits": int(count), "cents": int(cents)} for option, count, cents in rows}


def by_author(campaign_id: int) -> dict[str, int]:
    """How many versions came from whom."""
    query = (
        select(Choice.author, func.count()).join(Credit, Credit.id == Choice.credit_id)
        .where(Credit.campaign_id == campaign_id).group_by(Choice.author).order_by(Choice.author)
    )  # fmt: skip
    return {author: int(count) for author, count in session.execute(query)}


def counts(campaign_id: int) -> dict[str, int]:
    """How many credits there are, how many have an answer, how many changed their mind, how many give."""
    mine = select(func.count()).where(Credit.campaign_id == campaign_id, Credit.state != "void")
    giving = _lines(campaign_id).where(ChoiceLine.option == "donation").with_only_columns(func.count())
    asked = {
        "all": mine, "answered": mine.where(Credit.choice_version > 0),
        "changed": mine.where(Credit.choice_version > 1), "giving": giving,
    }  # fmt: skip
    return {name: int(session.scalar(query) or 0) for name, query in asked.items()}


def _lines(campaign_id: int) -> Any:  # noqa: ANN401 - what is asked for is said by those who ask
    """Lines of the choices that hold."""
    holds = and_(Choice.credit_id == Credit.id, Choice.version == Credit.choice_version)
    query = select(ChoiceLine.id).select_from(Credit).join(Choice, holds)
    return query.join(ChoiceLine, ChoiceLine.choice_id == Choice.id).where(
        Credit.campaign_id == campaign_id, Credit.state != "void"
    )
