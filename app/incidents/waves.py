"""How a crowd is told in waves: how large each is, who is drawn for it, when the next may begin, when it ends; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random

#: Waves of an answer; the last takes everybody who is left.
LAST = 3
#: What the first waves take of a crowd, and no fewer than so many people at first.
SHARES = (0.01, 0.10)
FIRST_AT_LEAST = 5
#: How long a wave is looked at before the next may begin by itself, and the share of returned letters that forbids it.
PATIENCE = timedelta(minutes=10)
BOUNCES = 0.05
#: The time from which the pace of letters is read.
LATELY = timedelta(minutes=10)


def sizes(people: int) -> tuple[int, int, int]:
    """How many people each wave holds."""
    first = min(people, max(FIRST_AT_LEAST, ceil(people * SHARES[0])))
    second = min(people - first, ceil(people * SHARES[1]))
    return first, second, people - first - second


@dataclass(frozen=True, slots=True)
class Drawable:
    """Somebody who waits for the answer, as far as drawing needs to know them."""

    id: int
    language: str
    domain: str


def drawn(people: Sequence[Drawable], seed: int) -> dict[int, int]:
    """The first two waves, by id of those in them; everybody else is of the last.

    Each wave holds languages and mail domains in the proportions of the whole, and the first one somebody of each
    language, so that what is wrong with one of them shows early. The same seed draws the same people.
    """
    first, second, _rest = sizes(len(people))
    order = _mixed(people, Random(seed))  # noqa: S311 - nothing is kept secret by it
    return {one.id: 1 if place < first else 2 for place, one in enumerate(order[: first + second])}


def _mixed(people: Sequence[Drawable], chance: Random) -> list[Drawable]:
    kinds: dict[tuple[str, str], list[Drawable]] = {}
    for one in sorted(people, key=lambda person: person.id):
        kinds.setdefault((one.language, one.domain), []).append(one)
    placed: list[tuple[float, int, Drawable]] = []
    for some in kinds.values():
        chance.shuffle(some)
        # Each kind is spread over the whole evenly, from a beginning of its own.
        placed += [((rank + chance.random()) / len(some), one.id, one) for rank, one in enumerate(some)]
    order = [one for _place, _id, one in sorted(placed, key=lambda entry: entry[:2])]
    heads = list({one.language: one for one in reversed(order)}.values())
    leading = {one.id for one in heads}
    return heads + [one for one in order if one.id not in leading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known of the people told so far."""

    said: int
    settled: int
    bounced: int
    angry: int


def obstacle(outcome: Outcome, since: datetime, now: datetime) -> str:
    """Why the next wave may not begin by itself: early, unsent, bounces or angry; empty when it may."""
    if now - since < PATIENCE:
        return "early"
    if outcome.angry:
        return "angry"
    if outcome.bounced and outcome.bounced >= BOUNCES * outcome.said:
        return "bounces"
    # Letters that have not left cannot have come back.
    return "unsent" if outcome.settled < outcome.said else ""


@dataclass(frozen=True, slots=True)
class Line:
    """Letters to one domain: those that wait, and those that left lately."""

    waiting: int
    lately: int


def forecast(lines: Mapping[str, Line], unsaid: int, now: datetime) -> datetime | None:
    """When the last letter will have left at the pace of late, the slowest domain counted; None while nothing tells.

    Args:
        lines: letters by domain.
        unsaid: people of this wave whose letter is not written yet; they are spread over domains as the others are.
        now: the present moment.
    """
    waiting, lately = sum(line.waiting for line in lines.values()), sum(line.lately for line in lines.values())
    if not waiting + unsaid:
        return now
    spans = []
    for line in lines.values():
        ahead = line.waiting + unsaid * (line.waiting + line.lately) / max(1, waiting + lately)
        if line.waiting and not line.lately:
            return None
        spans.append(LATELY * (ahead / line.lately) if line.lately else timedelta())
    return now + max(spans) if spans and lately else None
