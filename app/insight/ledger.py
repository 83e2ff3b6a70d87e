"""What the journal makes of one ticket, and the sums that follow from it; pure, on plain values.

A ticket's story is folded from its events in order. The sums of all stories are moved by the difference between a
story before and after, so they do not depend on how the journal was cut into pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.insight.histogram import bucket_of
from app.kernel.events import Event
from app.satisfaction.events import OpinionAsked, OpinionGiven
from app.sla.events import PromiseBroken, PromiseKept
from app.sla.targets import FIRST, SOLUTION
from app.tickets.events import AnswerMissed, AnswersUnsaid, TicketAnswered, TicketReopened, TicketSolved
from app.tickets.states import Turn

#: Category of what nobody has sorted yet, and the word under which all categories, or channels, count together.
UNSORTED, ALL = "-", ""
#: Whose turn it is when it is ours and nobody has taken it.
FREE = "free"
#: Turns of what is still open.
OPEN = (FREE, Turn.OURS.value, Turn.THEIRS.value, Turn.LATER.value)
#: Marks that deserve a second look.
LOW_MARK = 2
MEASURES = (
    "received", "answered", "first_kept", "first_late", "solved", "one_answer", "solution_kept", "solution_late",
    "reopened", "asked", "opinions", "marks_sum", "low_marks",
)  # fmt: skip
_SLOT_HOURS = 2
SLOTS_A_DAY = 24 // _SLOT_HOURS


@dataclass(frozen=True, slots=True)
class Home:
    """Where a ticket stands now, as its own row says."""

    ticket_id: int
    department_id: int
    category: str | None
    channel: str
    turn: str
    assignee_id: int | None
    merged_into_id: int | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket as the figures know it; the fields are the columns of `TicketFact`."""

    ticket_id: int
    department_id: int
    category: str
    channel: str
    turn: str
    received_on: date
    slot: int
    answers: int = 0
    answered_on: date | None = None
    first_on: date | None = None
    first_late: bool = False
    first_minutes: int | None = None
    solved_on: date | None = None
    solution_on: date | None = None
    solution_late: bool = False
    solution_minutes: int | None = None
    reopened_on: date | None = None
    asked_on: date | None = None
    mark: int | None = None
    marked_on: date | None = None


def begun(home: Home, zone: ZoneInfo) -> Story:
    """The story of a ticket of which nothing was counted yet."""
    local = home.opened_at.astimezone(zone)
    slot = local.weekday() * SLOTS_A_DAY + local.hour // _SLOT_HOURS
    return placed(Story(home.ticket_id, 0, UNSORTED, home.channel, FREE, local.date(), slot), home)


def placed(story: Story, home: Home) -> Story:
    """The story, counted where its ticket is now."""
    category = home.category or UNSORTED
    return replace(story, department_id=home.department_id, category=category, channel=home.channel, turn=_turn(home))


def _turn(home: Home) -> str:
    if home.merged_into_id is not None:
        return Turn.AWAY.value
    return FREE if home.turn == Turn.OURS and home.assignee_id is None else home.turn


Step = Callable[[Story, date, Mapping[str, Any]], Story]


def _answered(story: Story, day: date, _data: Mapping[str, Any]) -> Story:
    return replace(story, answers=story.answers + 1, answered_on=story.answered_on or day)


def _unsaid(story: Story, _day: date, data: Mapping[str, Any]) -> Story:
    story = replace(story, answers=max(0, story.answers - 1))
    if not story.answers:  # what was late stays late, whatever is answered now
        first_on = story.first_on if story.first_late else None
        story = replace(story, answered_on=None, first_on=first_on, first_minutes=None)
    if not data["solved"]:
        return story
    solution_on = story.solution_on if story.solution_late else None
    return replace(story, solved_on=None, solution_on=solution_on, solution_minutes=None)


def _solved(story: Story, day: date, _data: Mapping[str, Any]) -> Story:
    return replace(story, solved_on=day)


def _missed(story: Story, _day: date, data: Mapping[str, Any]) -> Story:
    """Nobody received the answer: whatever lived again since was not reopened after it."""
    since = date.fromisoformat(data["since"][:10])
    return replace(story, reopened_on=None) if story.reopened_on and story.reopened_on >= since else story


def _reopened(story: Story, day: date, data: Mapping[str, Any]) -> Story:
    on = story.reopened_on if data.get("unreached") else day
    return replace(story, reopened_on=on, solved_on=None, solution_on=None, solution_late=False, solution_minutes=None)


def _broken(story: Story, day: date, data: Mapping[str, Any]) -> Story:
    if data["kind"] == FIRST:
        return replace(story, first_on=day, first_late=True)
    return replace(story, solution_on=day, solution_late=True)


def _kept(story: Story, day: date, data: Mapping[str, Any]) -> Story:
    if data["kind"] == SOLUTION:
        late = story.solution_late or bool(data["late"])
        return replace(
            story, solution_on=story.solution_on or day, solution_late=late, solution_minutes=data["minutes"]
        )
    if not story.answers:
        return story  # ended without a word: nothing was answered, in time or not
    late = story.first_late or bool(data["late"])
    return replace(story, first_on=story.first_on or day, first_late=late, first_minutes=data["minutes"])


def _asked(story: Story, day: date, _data: Mapping[str, Any]) -> Story:
    return replace(story, asked_on=day)


def _marked(story: Story, day: date, data: Mapping[str, Any]) -> Story:
    return replace(story, mark=data["mark"], marked_on=day)


_STEPS: Mapping[type[Event], Step] = {
    TicketAnswered: _answered,
    AnswersUnsaid: _unsaid,
    AnswerMissed: _missed,
    TicketSolved: _solved,
    TicketReopened: _reopened,
    PromiseBroken: _broken,
    PromiseKept: _kept,
    OpinionAsked: _asked,
    OpinionGiven: _marked,
}
#: What each kind of journal entry does to a story; kinds that are missing only say that the ticket's row has changed.
STEPS: Mapping[str, Step] = {kind.__name__: step for kind, step in _STEPS.items()}


def measures(story: Story) -> Iterator[tuple[date, str, int]]:
    """What a story adds to the days. Shape: (day, measure, amount)."""
    mark = story.mark or 0
    dated: tuple[tuple[date | None, str, int], ...] = (
        (story.received_on, "received", 1),
        (story.answered_on, "answered", 1),
        (story.first_on, "first_late" if story.first_late else "first_kept", 1),
        (story.solved_on, "solved", 1),
        (story.solved_on, "one_answer", int(story.answers == 1)),
        (story.solution_on, "solution_late" if story.solution_late else "solution_kept", 1),
        (story.reopened_on, "reopened", 1),
        (story.asked_on, "asked", 1),
        (story.marked_on, "opinions", 1),
        (story.marked_on, "marks_sum", mark),
        (story.marked_on, "low_marks", int(mark <= LOW_MARK)),
    )
    return ((day, name, amount) for day, name, amount in dated if day is not None and amount)


@dataclass(slots=True)
class Sums:
    """By how much the sums move.

    Shape of the keys: `days` (department, channel, day, category, measure); `minutes` (kind, department, category,
    day, class of minutes); `hours` (department, category, day, slot); `backlog` (department, category, day, turn).
    """

    days: Counter[tuple[int, str, date, str, str]] = field(default_factory=Counter)
    minutes: Counter[tuple[str, int, str, date, int]] = field(default_factory=Counter)
    hours: Counter[tuple[int, str, date, int]] = field(default_factory=Counter)
    backlog: Counter[tuple[int, str, date, str]] = field(default_factory=Counter)

    def move(self, before: Story | None, after: Story | None) -> None:
        """Take away what a story counted for and add what it counts for now."""
        if before == after:
            return
        if before is not None:
            self._add(before, -1)
        if after is not None:
            self._add(after, 1)

    def _add(self, story: Story, sign: int) -> None:
        if story.turn == Turn.AWAY:
            return  # spam, or counted with the ticket it was merged into
        self._add_days(story, sign)
        self._add_minutes(story, sign)
        for category in (ALL, story.category):
            self.hours[story.department_id, category, story.received_on, story.slot] += sign
            if story.turn in OPEN:
                self.backlog[story.department_id, category, story.received_on, story.turn] += sign

    def _add_days(self, story: Story, sign: int) -> None:
        for day, name, amount in measures(story):
            for channel, category in ((ALL, ALL), (ALL, story.category), (story.channel, ALL)):
                self.days[story.department_id, channel, day, category, name] += sign * amount

    def _add_minutes(self, story: Story, sign: int) -> None:
        taken = ((FIRST, story.answered_on, story.first_minutes), (SOLUTION, story.solved_on, story.solution_minutes))
        for kind, day, minutes in taken:
            if day is not None and minutes is not None:
                for category in (ALL, story.category):
                    self.minutes[kind, story.department_id, category, day, bucket_of(minutes)] += sign
