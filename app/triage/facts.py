"""What a message says, read with curated patterns alone: days, codes, sums, needs, troubles, temper.

Pure: a prepared message, its moment and perhaps that of the performance in; facts out. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.triage import entities, moments, nearness
from app.triage.lexicon import DAY, TOPIC, words
from app.triage.moments import Moment
from app.triage.nearness import Signs
from app.triage.phrases import Hit
from app.triage.text import Prepared

VOID: Final = "_not"
TONIGHT: Final = "tonight"
MANY: Final = "group_booking.many"
GROUP_FROM: Final = 10
"""Seats from which a number speaks of a group; the topic has no phrase of its own."""

EVENING: Final = 17
MATINEE: Final = 13
SATURDAY: Final = 5
"""From these hours on, on weekdays and at the weekend, a house is opening, playing or closing."""

MANY_SHOUTS: Final = 4
"""Words in capitals from which a text is shouted; three are an acronym, a code and a title."""

_IN_TROUBLE: Final = ("tickets_missing", "entry_refused", "tickets_lost", "late", "lift_broken", "phone_dead")
_IMPATIENT: Final = ("annoyed", "repeat", "legal", "safety", "fraud")
_THAT_ONE: Final = re.compile(r"-l[aà]\b| là\b| la *(?:[,.;:!?\n]|$)", re.IGNORECASE)
"""What makes of "ce soir" another evening, told of or to come; "ce soir la Traviata" stays tonight's."""

_SHOUT: Final = re.compile(r"\b[A-ZÀ-Þ]{4,}\b")
_CRIES: Final = re.compile(r"[!?]{2,}")
_UNIT_DAYS: Final = {"s": 7, "w": 7, "m": 31, "j": 1, "d": 1}
_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read in one message; signs and topics map a code to where its words stand in the folded text.

    `dated` says that the day of the performance is known from an order, not from words.
    """

    event_within_24h: bool
    days_until: int | None
    deadline_days: int | None
    names_tomorrow: bool
    elsewhen: bool
    show_hours: bool
    waiting_days: int | None
    moments: tuple[Moment, ...]
    orders: tuple[str, ...]
    amounts: tuple[entities.Amount, ...]
    seats: int | None
    ibans: tuple[str, ...]
    signs: Signs
    topics: Mapping[str, tuple[Hit, ...]]
    wants_refund: bool
    declines_refund: bool
    legal_threat: bool
    anger: int
    asks: bool
    length: int
    hints: frozenset[str]
    dated: bool

    def has(self, *codes: str) -> bool:
        """Whether any of these signs was seen."""
        return not self.signs.keys().isdisjoint(codes)


def read(message: Prepared, written: datetime, performance_at: datetime | None = None) -> Facts:
    """Read a message. `written` is in the zone of the venue, so that "tonight" means its night."""
    folded, plain = message.folded, message.plain
    hits = [hit for hit in words().find(folded) if not (hit.code == TONIGHT and _THAT_ONE.match(plain, hit.end))]
    found, topics = _by_code(hits)
    signs = _standing(found)
    named = moments.find(folded, hits, written)
    seats = entities.seats(_WORD.findall(folded, hit.start, hit.end)[0] for hit in signs.get("seats", ()))
    if seats is not None and seats >= GROUP_FROM:
        topics[MANY] = signs["seats"]
    near = nearness.judge(folded, named, signs, written, performance_at)
    return Facts(
        event_within_24h=near.within_24h,
        days_until=near.days_until,
        deadline_days=near.deadline_days,
        names_tomorrow=near.names_tomorrow,
        elsewhen=near.elsewhen,
        show_hours=written.hour >= (MATINEE if written.weekday() >= SATURDAY else EVENING),
        waiting_days=_waiting_days(folded, signs.get("waiting", ())),
        moments=named.days,
        orders=entities.orders(plain, folded),
        amounts=entities.amounts(folded),
        seats=seats,
        ibans=entities.ibans(plain),
        signs=signs,
        topics=topics,
        wants_refund="refund" in signs,
        declines_refund="refund_not" in found,
        legal_threat="legal" in signs,
        anger=_anger(plain, signs, near=near.within_24h),
        asks="?" in plain,
        length=len(folded.split()),
        hints=near.hints,
        dated=performance_at is not None,
    )


def _by_code(hits: Sequence[Hit]) -> tuple[dict[str, tuple[Hit, ...]], dict[str, tuple[Hit, ...]]]:
    """The hits of signs, voids among them, and those of topics."""
    signs: dict[str, list[Hit]] = {}
    topics: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.code.startswith(TOPIC):
            topics.setdefault(hit.code[len(TOPIC) :], []).append(hit)
        elif not hit.code.startswith(DAY):
            signs.setdefault(hit.code, []).append(hit)
    return {code: tuple(places) for code, places in signs.items()}, {code: tuple(at) for code, at in topics.items()}


def _standing(found: Signs) -> dict[str, tuple[Hit, ...]]:
    """The signs that no word of theirs makes void: "no refund needed" is not a wish for one."""
    kept = {}
    for code, places in found.items():
        voids = found.get(code + VOID, ())
        standing = tuple(hit for hit in places if not any(hit.start < no.end and no.start < hit.end for no in voids))
        if standing and not code.endswith(VOID):
            kept[code] = standing
    return kept


def _waiting_days(folded: str, waits: Sequence[Hit]) -> int | None:
    """The longest time named in days, weeks or months."""
    days = []
    for hit in waits:
        number, *_, unit = _WORD.findall(folded, hit.start, hit.end)
        days.append((entities.COUNTS.get(number) or int(number[:4])) * _UNIT_DAYS[unit[0]])
    return max(days, default=None)


def _anger(plain: str, signs: Signs, *, near: bool) -> int:
    fury = len({hit.start for hit in signs.get("furious", ())})
    shouts = len(_SHOUT.findall(plain)) >= MANY_SHOUTS
    cries = len(_CRIES.findall(plain))
    if fury >= 2 or (fury and (shouts or cries or "legal" in signs)) or (shouts and cries >= 2):
        return 2
    distress = near and any(code in signs for code in _IN_TROUBLE)
    return int(bool(fury or shouts or cries or distress or any(code in signs for code in _IMPATIENT)))
