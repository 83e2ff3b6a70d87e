"""Questions about the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from app.kernel.db import session
from app.venue.models import House, OpeningSlot, SpecialDay


def house_row() -> House | None:
    """The one row of the house, if it has been set up."""
    return session.scalar(select(House).order_by(House.id).limit(1))


def opening_slots() -> Sequence[OpeningSlot]:
    """The weekly slots, Monday morning first."""
    return session.scalars(select(OpeningSlot).order_by(OpeningSlot.weekday, OpeningSlot.start)).all()


def special_days() -> Sequence[SpecialDay]:
    """Dates that differ, oldest first."""
    return session.scalars(select(SpecialDay).order_by(SpecialDay.day)).all()


def clear_slots() -> None:
    """Remove the weekly slots, to be written anew."""
    session.execute(delete(OpeningSlot))


def clear_special_day(day: date) -> None:
    """Remove what is said of one date."""
    session.execute(delete(SpecialDay).where(SpecialDay.day == day))


def facts_of(row: House) -> dict[str, Any]:
    """The facts of the house as stored."""
    return dict(row.facts)
