"""What one request leaves in the tables while it is told: messages, promises, letters and the journal, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.demo.clocks import Clocks, Pledge
from app.demo.courses import Course
from app.demo.rows import Post, Row, Rows, journal_row, message_row, promise_row, step_rows, ticket_row
from app.demo.timetable import Timetable
from app.kernel.events import Event
from app.sla.events import PromiseBroken, PromiseKept
from app.sla.targets import Target
from app.tickets.numbers import number_of

SYSTEM = ("system", None, "house")
#: Who did it, in the journal's words. Shape: (role, person, door).
Who = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """What the telling of courses needs to know of the house, and the ids set aside for its rows."""

    now: datetime
    timetable: Timetable
    targets: Mapping[str, Target]
    #: Department ids by category; the words the journal keeps for colleagues by person id.
    departments: Mapping[str, int]
    roles: Mapping[int, str]
    number_key: bytes
    serials: Iterator[int]
    tickets: Iterator[int]
    messages: Iterator[int]
    promises: Iterator[int]


class Ledger:
    """The rows of one request, its ticket's first."""

    def __init__(self, house: Telling, rows: Rows, course: Course) -> None:
        self.house, self.rows, self.course = house, rows, course
        number = number_of(next(house.serials), house.number_key)
        self.ticket = ticket_row(next(house.tickets), number, course)
        rows.tickets.append(self.ticket)

    def message(self, kind: str, author: int | None, channel: str, at: datetime, body: str) -> Row:
        """Something was said."""
        row = message_row(next(self.house.messages), self.ticket["id"], (kind, author, channel), at, body)
        self.rows.messages.append(row)
        return row

    def post(self, kind: str, at: datetime, **more: Any) -> None:  # noqa: ANN401 - handed through to Post
        """A letter left."""
        self.rows.posts.append(Post(kind, at, self.ticket, self.course, **more))

    def note(self, who: tuple[str, int | None, str], at: datetime, event: Event) -> None:
        """A fact for the journal."""
        self.rows.journal.append(journal_row(self.ticket["id"], who, at, event))

    def settled(self, at: datetime, settled: list[Pledge]) -> None:
        """Promises were kept, in time or late."""
        for pledge in settled:
            self.note(SYSTEM, at, PromiseKept(
                ticket_id=self.ticket["id"], kind=pledge.kind, late=pledge.state == "late", minutes=pledge.taken or 0
            ))  # fmt: skip

    def keep_promises(self, clocks: Clocks) -> None:
        """Promises as they stand now, with their explanation."""
        for pledge in clocks.pledges:
            row = promise_row(next(self.house.promises), self.ticket["id"], pledge, self.house.now)
            self.rows.promises.append(row)
            self.rows.steps += step_rows(row["id"], pledge)
            for at in [step[0] for step in pledge.steps if step[1] == "broken"]:
                self.note(SYSTEM, at, PromiseBroken(ticket_id=self.ticket["id"], kind=pledge.kind))

    def keep_draft(self) -> None:
        """What the assignee has typed and not sent."""
        self.rows.drafts.append({
            "ticket_id": self.ticket["id"], "person_id": self.ticket["assignee_id"], "kind": "reply",
            "body": self.course.draft, "saved_at": self.house.now - timedelta(minutes=7),
        })  # fmt: skip
