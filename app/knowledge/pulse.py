"""What readers made of the whole shelf of late: openings by day, and how many it answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.kernel.access import Actor, Permission
from app.knowledge import queries, whole
from app.knowledge.shelf import RECENT
from app.knowledge.voting import Usefulness
from app.venue import service as venue


@dataclass(frozen=True, slots=True)
class Pulse:
    """The last weeks of the shelf. Shape of `days`: pairs (day, openings), oldest first, today last.

    Shape of `votes`: what readers said of late, by the id of an article.
    """

    days: tuple[tuple[date, int], ...]
    votes: dict[int, Usefulness]

    @property
    def readings(self) -> int:
        """Openings of all articles together."""
        return sum(count for _, count in self.days)

    @property
    def helpful(self) -> Usefulness:
        """Votes of all articles together."""
        every = self.votes.values()
        return Usefulness(sum(one.helpful for one in every), sum(one.votes for one in every))


def pulse(*, by: Actor) -> Pulse:
    """The last weeks, in two statements."""
    by.must(Permission.ARTICLE_EDIT)
    last = whole.today()
    first = last - RECENT + timedelta(days=1)
    counts = queries.readings_by_day(first)
    votes = queries.votes_since(datetime.combine(first, time(), venue.house().tz))
    days = tuple((day, counts.get(day, 0)) for day in (first + timedelta(days=n) for n in range(RECENT.days)))
    return Pulse(days, {article_id: Usefulness(*pair) for article_id, pair in votes.items()})
