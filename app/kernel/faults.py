"""Named points at which the fault suite ends a process outright; nothing happens there unless one is named at start."""

from __future__ import annotations

import os

#: What a process leaves as its exit code that ended at a point, as if it had been killed.
KILLED = 137


class _Armed:
    """The point that was named, and how often it may still be passed."""

    point = ""
    left = 0


def arm(named: str) -> None:
    """Name the point at which this process ends, such as `letter stored:3` for the third time; empty names none."""
    point, _, times = named.partition(":")
    _Armed.point, _Armed.left = point, int(times or 1)


def point(name: str) -> None:
    """Pass a point; whoever named it dies here, without a word to anybody."""
    if name != _Armed.point:
        return
    _Armed.left -= 1
    if not _Armed.left:
        os._exit(KILLED)
