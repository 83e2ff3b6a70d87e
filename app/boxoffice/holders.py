"""Which customer records belong to which mother record: at most two storeys, no circle; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Families:
    """Who is whose mother record. `circles` were left without one; `raised` hang on the topmost instead."""

    mothers: Mapping[str, str]
    circles: tuple[str, ...]
    raised: tuple[str, ...]


def families(said: Mapping[str, str]) -> Families:
    """The topmost mother of each record, from what the records say. Shape of `said`: record to its mother."""
    tops: dict[str, str] = {}
    circles, raised = [], []
    for record in said:
        top = _top(record, said)
        if top is None:
            circles.append(record)
        elif top != record:
            tops[record] = top
            raised += [record] if said[record] != top else []
    return Families(tops, tuple(circles), tuple(raised))


def _top(record: str, said: Mapping[str, str]) -> str | None:
    """The record above which there is none; None where the way up is a circle. Being one's own mother is being none."""
    met = {record}
    while (above := said.get(record, record)) != record:
        if above in met:
            return None
        met.add(above)
        record = above
    return record
