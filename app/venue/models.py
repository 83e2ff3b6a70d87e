"""The rows that make one installation this house and no other."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Key, Line


class House(Base):
    """The house; one row.

    `facts` are variables of articles and letters: name to a text or to {"fr": …, "en": …}.
    """

    __tablename__ = "house"

    id: Mapped[Key]
    name: Mapped[Line]
    zone: Mapped[str] = mapped_column(String(60))
    language: Mapped[Code]
    currency: Mapped[str] = mapped_column(String(3))
    order_prefix: Mapped[str] = mapped_column(String(12))
    facts: Mapped[dict[str, Any]]
    #: Whether a second person must agree before an article goes online.
    articles_need_two: Mapped[bool] = mapped_column(default=False)
    #: Raised by every change, so that processes know when what they remember is stale.
    revision: Mapped[int] = mapped_column(default=1)


class OpeningSlot(Base):
    """The house answers between two times of one weekday (Monday is 0); several a day, in minutes after midnight."""

    __tablename__ = "opening_slot"

    id: Mapped[Key]
    weekday: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]


class SpecialDay(Base):
    """A date whose opening differs: closed when `slots` is empty, else pairs of minutes after midnight."""

    __tablename__ = "special_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    slots: Mapped[list[dict[str, Any]]]
    reason_fr: Mapped[Line] = mapped_column(default="")
    reason_en: Mapped[Line] = mapped_column(default="")
