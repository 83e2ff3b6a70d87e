"""Whether a newly learned model takes the place of the one in use; figures in, a word out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["published", "erased", "worse_held", "worse_recent", "waits"]
TAKES_OVER: Final = frozenset({"published", "erased"})

NOISE: Final = 0.005
"""What the share of right ones may lose by the luck of another split; more is a loss."""

RELABELLED: Final = 0.02
"""What it may lose where the house sorts some of the messages its own way since: those are not counted any more."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A new model beside the one in use: what each knew of messages it had not learned.

    `held_*` are shares right among the labelled messages of the project, each left out of learning once; `recent_*`
    count those right among the `recent` requests that colleagues sorted since the one in use was learned.
    """

    version: str
    labelled: int
    house: int
    held_before: float | None
    held_after: float
    recent: int
    recent_before: int
    recent_after: int
    #: The two follow other habits of the house: what is counted of the labelled messages is not the same.
    other_habits: bool = False


def verdict(contest: Contest, *, rolled_back: bool, erased: bool = False) -> Verdict:
    """`published`; or why not: it knows less of the messages held out, or of recent requests, or a person went back.

    Who went back to an earlier model decides when learning goes on; until then new models wait. Where the one in use
    learned from a letter that was `erased` since, the new one takes its place whatever it knows: that is a right.
    """
    if erased:
        return "erased"
    may_lose = RELABELLED if contest.other_habits else NOISE
    if contest.held_before is not None and contest.held_after < contest.held_before - may_lose:
        return "worse_held"
    if contest.recent_after < contest.recent_before:
        return "worse_recent"
    return "waits" if rolled_back else "published"
