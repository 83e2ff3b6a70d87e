"""What the ticketing system was told of a line of money: what it said, each time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Code, Ref


class OfficeMark(Base):
    """The ticketing system took a line, or refused it with a code of ours; told again, the attempt is another one."""

    __tablename__ = "office_mark"

    line_id: Mapped[Ref] = mapped_column(ForeignKey("settlement_line.id"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Empty where it was taken.
    refused: Mapped[Code] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
