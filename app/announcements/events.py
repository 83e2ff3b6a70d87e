"""Facts about announcements; ids and plain values only."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementGoes(Event):
    """Holders are being told of a change, and there are more of them."""

    announcement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementEnded(Event):
    """A change was told to all its holders, or a colleague decided that it is not, or no further."""

    announcement_id: int
    how: str
