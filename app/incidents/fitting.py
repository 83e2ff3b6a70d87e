"""Which live incidents a request belongs to, why, and how surely; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.incidents.naming import Named
from app.incidents.reading import Reading

#: Below this nothing joins.
FLOOR: Final = 0.65
#: From here on a text names a production for certain.
CERTAIN: Final = 0.7
#: How sure the performance is that somebody booked, where they name its work with a day of no seats of theirs.
OWN_DAY: Final = 0.85
#: Types that ask about what became of a performance, and those that may.
ABOUT_IT: Final = frozenset(
    {"refund_cancelled", "refund_status", "interrupted_show", "postponed_cannot_attend", "event_status",
     "credit_change"}
)  # fmt: skip
PERHAPS: Final = frozenset(
    {"refund_personal", "exchange_date", "complaint_experience", "formal_claim", "practical_info", "booking_help",
     "parking_transport", "eticket_missing", "credit_voucher", "credit_donation", ""}
)  # fmt: skip
#: Types of somebody who writes again about what was not answered.
AGAIN: Final = ABOUT_IT | {"complaint_experience", "formal_claim", "refund_personal"}


@dataclass(frozen=True, slots=True)
class Concern:
    """What of a live incident tells who belongs to it; words are folded."""

    id: int
    cause: str
    performance_id: int | None
    production_id: int | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What of a request tells where it belongs. Performances are ids."""

    reading: Reading
    type: str
    #: Of the form, or of the writer's own order.
    performance_id: int | None
    by_order: bool
    #: Those of every order whose code it says, its writer's or not.
    said: Collection[int]
    named: Sequence[Named]
    #: Those that its writer's addresses booked, near enough to write about.
    booked: Collection[int]
    #: Incidents in which its writer stands already.
    before: Collection[int]


@dataclass(frozen=True, slots=True)
class Fit:
    """An incident that a request belongs to: performance, order, words, address or again, and how surely."""

    incident_id: int
    reason: str
    confidence: float


def fits(request: Request, concerns: Sequence[Concern]) -> list[Fit]:
    """The incidents a request belongs to, the surest first."""
    found = [fit for one in concerns if (fit := _fit(request, one)) is not None and fit.confidence >= FLOOR]
    if not found:
        found = [Fit(one.id, "again", 0.7) for one in concerns if _again(request, one)]
    return sorted(found, key=lambda fit: -fit.confidence)


def _fit(request: Request, one: Concern) -> Fit | None:
    if one.performance_id is None:
        return _by_words(request, one)
    return max(_of_performance(request, one, one.performance_id), key=lambda fit: fit.confidence, default=None)


def _of_performance(request: Request, one: Concern, show: int) -> Iterator[Fit]:
    elsewhere = _names_another(request, one)
    if request.performance_id == show:
        # A subscription is for many evenings: what its holder names is what it is about.
        sure = (0.55 if elsewhere else 0.97) if request.by_order else 1.0
        yield Fit(one.id, "order" if request.by_order else "performance", sure)
    elif show in request.said:
        yield Fit(one.id, "order", 0.55 if elsewhere else 0.95)
    sure = _named(request, one, show)
    if sure:
        yield Fit(one.id, "words", sure)
    elif show in request.booked and not elsewhere and not _own_show_elsewhere(request, show):
        yield Fit(one.id, "address", _by_address(request, one))


def _names_another(request: Request, one: Concern) -> bool:
    """Whether it names another production for certain, or another day of this one, and this one not."""
    if any(_is_it(named, one) or _day_of_own(request, named, one) for named in request.named):
        return False
    return any(named.confidence >= CERTAIN or named.dated for named in request.named)


def _is_it(named: Named, one: Concern) -> bool:
    if named.performance_id is not None:
        return named.performance_id == one.performance_id
    return named.production_id == one.production_id


def _day_of_own(request: Request, named: Named, one: Concern) -> bool:
    """Whether a work is named with another day than this one, though its writer has seats for this one alone.

    Days are often of something else: when they wrote, heard of it or are to be called back.
    """
    if named.performance_id is None or named.production_id != one.production_id:
        return False
    own = {*request.booked, *request.said, request.performance_id}
    return one.performance_id in own and named.performance_id not in own


def _own_show_elsewhere(request: Request, show: int) -> bool:
    return request.performance_id is not None and request.performance_id != show


def _named(request: Request, one: Concern, show: int) -> float:
    """How surely a text names a performance; of a work of many dates, those who ask what became of it mean this one."""
    for named in request.named:
        if named.performance_id == show:
            return named.confidence if named.dated or _about(request, one) else min(named.confidence, 0.6)
        if _day_of_own(request, named, one):
            return OWN_DAY
        if named.performance_id is None and named.production_id == one.production_id:
            if show in request.booked:
                return 0.9
            if _own_show_elsewhere(request, show):
                return 0.0
            return 0.72 if _about(request, one) else 0.5
    return 0.0


def _about(request: Request, one: Concern) -> bool:
    return request.type in ABOUT_IT or one.cause in request.reading.causes()


def _by_address(request: Request, one: Concern) -> float:
    if request.type not in ABOUT_IT | PERHAPS:
        return 0.0
    said, only = one.cause in request.reading.causes(), len(set(request.booked)) == 1
    if request.type in ABOUT_IT:
        return 0.85 if only else 0.75 if said else 0.55
    return 0.7 if said and only else 0.5


def _again(request: Request, one: Concern) -> bool:
    """Whether somebody of the crowd writes again and names nothing else."""
    if one.id not in request.before or request.type not in AGAIN or request.reading.asks():
        return False
    if one.performance_id is None:
        return True
    return not _names_another(request, one) and not _own_show_elsewhere(request, one.performance_id)


def _by_words(request: Request, one: Concern) -> Fit | None:
    text = f" {' '.join(request.reading.words)} "
    met = sum(f" {word} " in text for word in one.words)
    if not met:
        return None
    said = one.cause in request.reading.causes()
    return Fit(one.id, "words", 0.9 if met > 1 and said else 0.8 if said else 0.7 if met > 1 else 0.5)
