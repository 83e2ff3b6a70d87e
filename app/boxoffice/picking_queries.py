"""Questions about the whole bill, past and to come, for those who choose performances from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, func, select

from app.boxoffice.models import Admission, Performance, Production
from app.kernel.queries import read

#: A row of columns, by the names given to them.
Columns: TypeAlias = Row[*tuple[Any, ...]]


def bill(performance_ids: Iterable[int] | None = None) -> Sequence[Columns]:
    """Every performance, or some, by date. Shape: rows with the names of a performance's card."""
    query = _bill()
    if performance_ids is not None:
        query = query.where(Performance.id.in_(list(performance_ids)))
    return read(query).all()


def coded(*, codes: Iterable[str] | None, since: datetime | None, limit: int | None) -> Sequence[Columns]:
    """Performances by reference, or those that begin from a moment on, by date.

    Shape: rows with the names of a performance's card, and `code`.
    """
    query = _bill().add_columns(Performance.code)
    if codes is not None:
        query = query.where(Performance.code.in_(list(codes)))
    if since is not None:
        query = query.where(func.coalesce(Performance.new_starts_at, Performance.starts_at) >= since)
    return read(query.limit(limit)).all()


def codes(performance_ids: Iterable[int]) -> dict[int, str]:
    """References of performances, by their number."""
    query = select(Performance.id, Performance.code).where(Performance.id.in_(list(performance_ids)))
    return {row[0]: row[1] for row in read(query)}


def _bill() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Performance.id.label("performance_id"), Production.title_fr, Production.title_en, Performance.starts_at,
            Performance.status, Performance.hall, Performance.new_starts_at, Performance.sold_out,
            Performance.notice_fr, Performance.notice_en,
        )
        .join(Production, Production.id == Performance.production_id)
        .order_by(Performance.starts_at, Performance.id)
    )  # fmt: skip


def tariffs(performance_ids: Iterable[int]) -> list[str]:
    """Tariffs at which seats of some performances were sold, alphabetically."""
    query = select(Admission.tariff).where(Admission.performance_id.in_(list(performance_ids)), Admission.tariff != "")
    return [row[0] for row in read(query.distinct().order_by(Admission.tariff))]
