"""How many letters a minute may go to one domain; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_ENTRY = re.compile(r"(\*|[a-z0-9.\-]+)=([0-9]{1,6})/min")
#: At once goes what would otherwise go in this time, so that a batch is not cut into single letters.
AT_ONCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Paces:
    """Letters a minute by domain; None where nothing limits them."""

    named: Mapping[str, int]
    others: int | None = None

    def of(self, domain: str) -> int | None:
        """Letters a minute to one domain."""
        return self.named.get(domain, self.others)


def paces_from(text: str) -> Paces:
    """Read `gmail.com=20/min, *=300/min`; empty limits nothing.

    Raises:
        ValueError: naming the entry that cannot be read.
    """
    found: dict[str, int] = {}
    for entry in (part.strip().lower() for part in text.split(",")):
        if not entry:
            continue
        read = _ENTRY.fullmatch(entry)
        if read is None or int(read[2]) == 0:
            raise ValueError(f"entries such as gmail.com=20/min or *=300/min, not {entry!r}")
        found[read[1]] = int(read[2])
    return Paces({domain: rate for domain, rate in found.items() if domain != "*"}, found.get("*"))


def allowed(rate: int | None, free_at: datetime | None, now: datetime, wanted: int) -> tuple[int, datetime]:
    """How many of the letters wanted may go now, and from when on the domain is free again once they have gone.

    Each letter takes up its share of a minute; what was not used before is not saved up.
    """
    if rate is None:
        return (0, free_at) if free_at and free_at - now > AT_ONCE else (wanted, now)
    step = timedelta(minutes=1) / rate
    start = max(free_at or now, now)
    room = max(AT_ONCE, step) - (start - now)
    count = max(0, min(wanted, room // step))
    return count, start + step * count
