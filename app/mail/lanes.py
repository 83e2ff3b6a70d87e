"""When a sender's letters must let those of everybody else pass first; pure. No letter is refused for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

#: The time in which letters are counted.
HOUR = timedelta(hours=1)
#: Each turn lets so much of an hour's share through while nobody else waits.
TURNS = 6
#: Domains in which strangers have addresses: what one of them does says nothing of the others.
PUBLIC = frozenset((Path(__file__).parent / "public_providers.txt").read_text("ascii").split())


@dataclass(frozen=True, slots=True)
class Shares:
    """Letters an hour after which the further ones of an address, or of a domain, wait; 0 sets no bound."""

    address: int = 0
    domain: int = 0

    def of(self, lane: str) -> int:
        """The share of one lane."""
        return self.domain if lane.startswith("@") else self.address


class Meter:
    """Counts the letters of one sender over the hour before each."""

    def __init__(self, share: int, before: Iterable[datetime] = ()) -> None:
        self._last = deque(sorted(before), maxlen=share)

    def full(self, moment: datetime) -> bool:
        """Whether a whole share came in the hour before a moment."""
        return len(self._last) == self._last.maxlen and moment - self._last[0] < HOUR

    def count(self, moment: datetime) -> None:
        """Note a letter that came."""
        self._last.append(moment)


def lanes_of(sender: str) -> tuple[str, ...]:
    """The lanes that letters of an address may have to take: its own, and that of its domain unless that is public."""
    domain = sender.rpartition("@")[2]
    return (sender,) if domain in PUBLIC else (sender, f"@{domain}")


def turn(share: int) -> int:
    """How many letters of a lane are let through in one turn."""
    return max(1, share // TURNS)
