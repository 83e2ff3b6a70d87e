"""What may be asked of the house, as rows that the desk edits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line, Ref


class Category(Base):
    """What must be done first with a request; triage chooses one of these."""

    __tablename__ = "category"

    slug: Mapped[Code] = mapped_column(primary_key=True)
    name_fr: Mapped[Line]
    name_en: Mapped[Line]
    #: Two sentences that tell triage and people what belongs here.
    description_fr: Mapped[str]
    description_en: Mapped[str]
    department_id: Mapped[Ref] = mapped_column(ForeignKey("department.id"))
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class RequestType(Base):
    """A finer kind of request: its reason card on the form, its own fields, its promise, the article it leads to."""

    __tablename__ = "request_type"

    code: Mapped[Code] = mapped_column(primary_key=True)
    category_slug: Mapped[str] = mapped_column(String(40), ForeignKey("category.slug"), index=True)
    #: The card of the form under which it is found.
    reason: Mapped[Code]
    name_fr: Mapped[Line]
    name_en: Mapped[Line]
    sla_class: Mapped[Code]
    article_slug: Mapped[str | None] = mapped_column(String(80))
    #: Fields of its own: {name, kind, required, label_fr, label_en, options}.
    fields: Mapped[list[dict[str, Any]]]
    #: Whether only colleagues may ask it.
    internal: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class CannedAnswer(Base):
    """A prepared answer in both languages, with variables and what becomes of the ticket after it."""

    __tablename__ = "canned_answer"

    id: Mapped[Key]
    title_fr: Mapped[Line]
    title_en: Mapped[Line]
    body_fr: Mapped[str]
    body_en: Mapped[str]
    #: Categories it is offered for first.
    categories: Mapped[list[str]]
    then_state: Mapped[Code | None]
    uses: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[Ref | None]
    active: Mapped[bool] = mapped_column(default=True)
