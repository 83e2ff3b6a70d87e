"""The slow lane: further letters of whoever wrote very much wait behind everybody else's, in sight; none is refused.

A forwarded pile waits some minutes; a flood is one line at the desk, to be filed at once or put aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.jobs import GROUP
from app.kernel.transaction import publish, transactional
from app.mail import lane_queries, sight
from app.mail.events import SlowLettersLetThrough, SlowLettersPutAside
from app.mail.fates import meet, raw_of
from app.mail.glimpse import glimpse
from app.mail.lanes import HOUR, Meter, Shares, lanes_of, turn
from app.mail.opened import Opened, try_later

#: An operator who hands over a folder of letters floods nobody.
_TRUSTED_DOORS = {"folder"}
#: Between two groups of a lane that is filed at once, so that letters of others get in between.
_APART = timedelta(seconds=5)
#: Subjects shown of each lane.
_SHOWN = 3


class _Bounds:
    """What the operator set."""

    shares = Shares()


def allow(*, address: int, domain: int) -> None:
    """Set how many letters an hour of one address, and of one domain, are filed at once; 0 sets no bound."""
    _Bounds.shares = Shares(address, domain)


def in_turn(letters: Sequence[Opened]) -> list[Opened]:
    """Those that are filed now; the others go into the slow lane. Inside a verb only."""
    counted = [letter for letter in letters if _is_counted(letter)]
    meters = _meters([letter.author for letter in counted], counted)
    for letter in counted:
        lane = _noted(letter, meters)
        if lane:
            letter.row.lane = lane
            meet(letter.row, "slow", reason="many")
    return [letter for letter in letters if letter.row.fate != "slow"]


def _is_counted(letter: Opened) -> bool:
    row = letter.row
    return row.fate == "waiting" and row.lane is None and row.door not in _TRUSTED_DOORS


def _meters(senders: Sequence[str], letters: Sequence[Opened]) -> dict[str, Meter]:
    """A meter for each lane that may be full; nearly always there is none."""
    wanted = Counter(lane for sender in senders for lane in lanes_of(sender) if _Bounds.shares.of(lane))
    if not wanted:
        return {}
    since = min(letter.row.received_at for letter in letters) - HOUR
    before = lane_queries.counts(wanted.keys(), since)
    full = [lane for lane, count in wanted.items() if count + before.get(lane, 0) > _Bounds.shares.of(lane)]
    return {
        lane: Meter(_Bounds.shares.of(lane), lane_queries.moments(lane, since, _Bounds.shares.of(lane)))
        for lane in full
    }  # fmt: skip


def _noted(letter: Opened, meters: dict[str, Meter]) -> str:
    """Count a letter; returns the lane it must take, or nothing."""
    row, sender = letter.row, letter.author
    row.sender, row.domain = sender, sender.rpartition("@")[2][:255]
    mine = [lane for lane in lanes_of(sender) if lane in meters]
    lane = next((lane for lane in mine if meters[lane].full(row.received_at)), "")
    for name in mine if lane != sender else (sender,):
        meters[name].count(row.received_at)
    return lane


@transactional
def let_some_through() -> int:
    """Let a few letters of each lane through, unless many others wait. Returns how many."""
    if lane_queries.waiting(GROUP) >= GROUP:
        return 0
    passed = 0
    for lane in lane_queries.names():
        share = _Bounds.shares.of(lane)
        ids = lane_queries.let_through(lane, limit=turn(share) if share else GROUP)
        try_later(ids, timedelta())
        passed += len(ids)
    return passed


@dataclass(frozen=True, slots=True)
class Line:
    """A lane as it is shown: whose letters, how many, since when, and what the last ones say they are about."""

    name: str
    count: int
    first_at: datetime
    last_at: datetime
    subjects: tuple[str, ...]


def lines(*, by: Actor, aside: bool = False) -> list[Line]:
    """The lanes with letters in them, or with letters put aside, the fullest first."""
    sight.must_file(by)
    mine = sight.of(by)
    rows = lane_queries.lanes(mine, aside=aside)
    subjects: dict[str, list[str]] = {row.name: [] for row in rows}
    for letter in lane_queries.newest(subjects, mine, aside=aside, each=_SHOWN) if rows else ():
        subjects[letter.lane or ""].append(glimpse(raw_of(letter)).subject)
    return [Line(row.name, row.count, row.first_at, row.last_at, tuple(subjects[row.name])) for row in rows]


@transactional
def file_now(lane: str, *, by: Actor) -> int:
    """File every letter of a lane, in groups with room between them for everybody else's. Returns how many."""
    sight.must_file(by)
    ids = lane_queries.let_through(lane, sight=sight.of(by))
    for place, start in enumerate(range(0, len(ids), GROUP)):
        try_later(ids[start : start + GROUP], _APART * place)
    if ids:
        publish(SlowLettersLetThrough(letter_id=ids[0], count=len(ids)), by=by)
    return len(ids)


@transactional
def put_aside(lane: str, *, aside: bool = True, by: Actor) -> int:
    """Decide that nothing comes of the letters of a lane, or take that back. Returns how many."""
    sight.must_file(by)
    ids = lane_queries.put_aside(lane, sight=sight.of(by), at=clock.now() if aside else None)
    if ids:
        publish(SlowLettersPutAside(letter_id=ids[0], count=len(ids), aside=aside), by=by)
    session.expire_all()  # rows were changed beside the session
    return len(ids)
