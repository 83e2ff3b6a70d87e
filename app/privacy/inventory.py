"""Every column that holds personal data, read from the models' own marks; the source of archive and erasure."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import JSON, LargeBinary, String, Text
from sqlalchemy.types import TypeEngine

from app.kernel.db import Base

#: Free-text columns that were looked at and hold nothing about a person.
IMPERSONAL = frozenset(
    {
        "house",
        "opening_slot",
        "special_day",
        "department",
        "category",
        "request_type",
        "canned_answer",
        "production",
        "performance",
        "sla_class",
        "article",
        "article_version",
        "article_draft",
        "article_address",
        "slot",
        "job",
        "run",
        "journal",
        "serial",
        "ticket_link",
        "day_minutes",
        "forecast",
        "incident_curve",
        "known_letter",
    }
)


@dataclass(frozen=True, slots=True)
class Holding:
    """One column that holds personal data."""

    table: str
    column: str


def holdings() -> list[Holding]:
    """Everything personal, by table and column."""
    return sorted(
        (Holding(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns
         if column.info.get("personal")),
        key=lambda found: (found.table, found.column),
    )  # fmt: skip


def unmarked() -> list[Holding]:
    """Columns that could hold words about a person and say nothing; there should be none."""
    return [
        Holding(table.name, column.name)
        for table in Base.metadata.tables.values()
        if table.name not in IMPERSONAL
        for column in table.columns
        if _could_hold_words(column.type) and "personal" not in column.info
    ]


def _could_hold_words(kind: TypeEngine[object]) -> bool:
    if isinstance(kind, LargeBinary | JSON | Text):
        return True
    return isinstance(kind, String) and (kind.length is None or kind.length > 100)
