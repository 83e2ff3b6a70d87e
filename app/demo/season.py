"""The season of the demo house around a moment: productions, performances, evenings at the box office; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.pages import page

#: Doors open so long before curtain; the box office answers until so long after it.
DOORS, STAYS = timedelta(minutes=45), 30
EVENING = time(20)
#: From this hour on, "tonight" is tomorrow's evening, so that there is still time before it.
TOO_LATE = time(19)
HALL = "Grande salle"
#: Dates nobody plays on, and by how many days a performance then moves. Shape: (month, day).
_DARK = {(12, 24): -1, (12, 25): 1, (1, 1): 1, (5, 1): 1}


@dataclass(frozen=True, slots=True)
class Show:
    """One performance of the season."""

    code: str
    production: str
    fr: str
    en: str
    genre: str
    offset: int
    starts_at: datetime
    status: str
    new_starts_at: datetime | None
    sold_out: bool
    notice_fr: str
    notice_en: str

    def title(self, lang: str) -> str:
        """The work's title in one of the two languages."""
        return self.fr if lang == "fr" else self.en


def tonight(now: datetime, zone: ZoneInfo) -> date:
    """The date of the performance that everything else is counted from."""
    local = now.astimezone(zone)
    return local.date() if local.time() < TOO_LATE else local.date() + timedelta(days=1)


def shows(now: datetime, zone: ZoneInfo) -> list[Show]:
    """All performances, in the order of time."""
    first = tonight(now, zone)
    found = [
        _show(row, offset, minutes, first, now, zone)
        for row in page("season")["productions"]
        for offset, minutes in row["dates"]
    ]
    return sorted(found, key=lambda show: show.starts_at)


def _show(row: dict[str, Any], offset: int, minutes: int, first: date, now: datetime, zone: ZoneInfo) -> Show:
    day = _played(first + timedelta(days=offset)) if offset else first
    starts_at = _moment(day, minutes, zone)
    status, notice = _fate(row, offset, over=starts_at < now)
    moved = row.get("moved", {}).get(offset)
    words = page("season")["notices"].get(notice, {"fr": "", "en": ""})
    return Show(
        code=f"{row['code']}-{day:%y%m%d}-{minutes // 60:02}", production=row["code"], fr=row["fr"], en=row["en"],
        genre=row["genre"], offset=offset, starts_at=starts_at, status=status,
        new_starts_at=_moment(day, moved, zone) if moved else None, sold_out=offset in row.get("sold_out", ()),
        notice_fr=words["fr"], notice_en=words["en"],
    )  # fmt: skip


def _played(day: date) -> date:
    return day + timedelta(days=_DARK.get((day.month, day.day), 0))


def _fate(row: dict[str, Any], offset: int, *, over: bool) -> tuple[str, str]:
    if offset in row.get("cancelled", ()):
        return "cancelled", "cancelled_past" if over else "cancelled"
    if offset in row.get("interrupted", ()):
        return "interrupted", "interrupted"
    if offset in row.get("moved", {}):
        return "postponed", "moved"
    return ("done" if over else "scheduled"), ""


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def named(moment: datetime) -> str:
    """The season a date belongs to, such as 2026-2027; it turns in August."""
    first = moment.year if moment.month >= 8 else moment.year - 1
    return f"{first}-{first + 1}"


def price(genre: str, category: str) -> int:
    """The full price of a seat. Units: cents."""
    return int(page("season")["prices"][genre][category])


def categories(genre: str) -> list[str]:
    """Price categories of a genre, dearest first."""
    return list(page("season")["prices"][genre])


def evening_slots(
    listed: list[Show], week: list[list[tuple[int, int]]], zone: ZoneInfo
) -> dict[date, list[dict[str, int]]]:
    """How opening differs on days of performance: the counter answers until the curtain is up.

    Shape: date to slots {start, end}. Units: minutes after local midnight.
    """
    days: dict[date, list[int]] = {}
    for show in listed:
        if show.status == "cancelled":
            continue
        at = (show.new_starts_at or show.starts_at).astimezone(zone)
        days.setdefault(at.date(), []).append(at.hour * 60 + at.minute)
    return {day: _joined([*week[day.weekday()], *[(t - 120, t + STAYS) for t in times]]) for day, times in days.items()}


def _joined(slots: list[tuple[int, int]]) -> list[dict[str, int]]:
    """Overlapping slots become one."""
    kept: list[list[int]] = []
    for start, end in sorted(slots):
        if kept and start <= kept[-1][1]:
            kept[-1][1] = max(kept[-1][1], end)
        else:
            kept.append([start, end])
    return [{"start": start, "end": end} for start, end in kept]
