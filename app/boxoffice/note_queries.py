"""Questions about what colleagues wrote down of households: notes, calls, wishes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select

from app.boxoffice.models import Household, HouseholdNote, HouseholdWish
from app.kernel.db import session
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]

_UNIT = func.coalesce(Household.merged_into_id, Household.id)


def notes(household_ids: Iterable[int], limit: int) -> Sequence[Columns]:
    """Notes and calls of some records, the newest first."""
    columns = (HouseholdNote.kind, HouseholdNote.at, HouseholdNote.by_id, HouseholdNote.whom, HouseholdNote.text)
    query = select(*columns).where(HouseholdNote.household_id.in_(list(household_ids)))
    return read(query.order_by(HouseholdNote.at.desc(), HouseholdNote.id.desc()).limit(limit)).all()


def written_by(form: str) -> bool:
    """Whether a form has brought its note already."""
    return read(select(HouseholdNote.id).where(HouseholdNote.form == form)).first() is not None


def wishes(unit_ids: Iterable[int]) -> dict[int, Columns]:
    """What some households wish now, by the record that stands for each; of several records the latest word."""
    columns = (
        HouseholdWish.language, HouseholdWish.preferred_channel, HouseholdWish.do_not_contact,
        HouseholdWish.optin_email, HouseholdWish.optin_sms, HouseholdWish.at, HouseholdWish.by_id,
    )  # fmt: skip
    query = (
        select(_UNIT.label("unit_id"), *columns)
        .join(HouseholdWish, HouseholdWish.household_id == Household.id)
        .where(_UNIT.in_(list(unit_ids)), HouseholdWish.replaced_at.is_(None))
        .order_by(HouseholdWish.at, HouseholdWish.id)
    )
    return {row.unit_id: row for row in read(query)}


def living_wish(household_id: int) -> HouseholdWish | None:
    """The wish written on one record, held until the verb ends."""
    query = select(HouseholdWish).where(HouseholdWish.household_id == household_id, HouseholdWish.replaced_at.is_(None))
    return session.scalar(query.with_for_update())


def unit_of(household_id: int) -> int | None:
    """The record that stands for a household; None where there is none."""
    found = read(select(_UNIT).where(Household.id == household_id)).first()
    return found[0] if found else None
