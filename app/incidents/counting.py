"""What each request counts under for noticing storms; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.incidents.detection import ALL, Key

#: Types of people to whom something happened.
TROUBLE: Final = frozenset(
    {"refund_cancelled", "interrupted_show", "postponed_cannot_attend", "event_status", "payment_failed",
     "double_charge", "scan_refused", "eticket_missing", "formal_claim"}
)  # fmt: skip
#: Domains that say nothing of who writes.
PROVIDERS: Final = frozenset((Path(__file__).parent / "words" / "providers.txt").read_text("utf-8").split())


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a request is counted; a newcomer did not write in the hours before."""

    person_id: int
    at: datetime
    type: str
    causes: Collection[str]
    performance_id: int | None
    production_id: int | None
    domain: str
    newcomer: bool

    @property
    def troubled(self) -> bool:
        """Whether something happened to its writer."""
        return self.type in TROUBLE or bool(self.causes)

    @property
    def minute(self) -> int:
        """Its minute. Units: minutes since 1970."""
        return int(self.at.timestamp()) // 60

    def things(self) -> Iterator[Key]:
        """All it counts under."""
        yield ALL
        if self.performance_id is not None:
            yield "performance", str(self.performance_id)
        if self.production_id is not None:
            yield "production", str(self.production_id)
        if self.troubled:
            yield from (("word", cause) for cause in self.causes)
            if self.type in TROUBLE:
                yield "type", self.type
            if self.domain and self.domain not in PROVIDERS:
                yield "domain", self.domain


def tally(requests: Iterable[Counted]) -> list[tuple[Key, int, int, int]]:
    """What a group adds. Shape: (key, minute, people, people in trouble), in one order for every worker."""
    people: dict[tuple[Key, int], set[int]] = defaultdict(set)
    troubled: dict[tuple[Key, int], set[int]] = defaultdict(set)
    met: set[tuple[Key, int]] = set()
    for one in requests:
        if not one.newcomer:
            continue
        for key in one.things():
            if (key, one.person_id) in met:
                continue
            met.add((key, one.person_id))
            people[key, one.minute].add(one.person_id)
            if one.troubled:
                troubled[key, one.minute].add(one.person_id)
    return sorted((key, minute, len(some), len(troubled[key, minute])) for (key, minute), some in people.items())
