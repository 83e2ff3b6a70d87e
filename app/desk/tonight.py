"""Ce soir: for each performance of the day what was sold, who has come in, and which requests are about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.boxoffice import evening
from app.boxoffice import service as boxoffice
from app.boxoffice.evening import House
from app.catalogue import service as catalogue
from app.desk import evening_words
from app.desk.frame import TONIGHT, fragment, show
from app.desk.trail import Trail
from app.incidents import pressing
from app.incidents.pressing import Pressing
from app.kernel.access import Actor, Permission
from app.tickets import lists
from app.tickets.filters import Filter
from app.tickets.lists import Row
from app.web.doors import me, needs
from app.web.tongue import language

tonight = Blueprint("desk_tonight", __name__, template_folder="templates", url_prefix=TONIGHT)


@dataclass(frozen=True, slots=True)
class Line:
    """A performance with the requests about it; no count where somebody may not read requests."""

    house: House
    open: int | None
    url: str
    urgent: tuple[Row, ...]
    trail: dict[str, Any]
    #: Urgent ones that name no order, with why they stand here.
    also: tuple[Pressing, ...] = ()


@tonight.get("")
@needs(Permission.ORDER_READ)
def page() -> ResponseReturnValue:
    """The day at a glance."""
    return show("desk/tonight/page.html", **_shown(me()))


@tonight.get("/etat")
@needs(Permission.ORDER_READ)
def state() -> ResponseReturnValue:
    """The part of the page that changes by itself."""
    return fragment("desk/tonight/_houses.html", **_shown(me()))


def _shown(by: Actor) -> dict[str, Any]:
    houses = evening.today(by=by)
    found = pressing.of_evening(houses, by=by) if by.may(Permission.TICKET_READ) else {}
    return {
        "lines": _lines(houses, found, by), "loose": found.get(None, []), "words": evening_words,
        "day": evening.day(),
        "next": None if houses else next(iter(boxoffice.this_week(days=90, limit=1)), None),
        "categories": {slug: card.name(language()) for slug, card in catalogue.categories().items()},
    }  # fmt: skip


def _lines(houses: list[House], found: Mapping[int | None, list[Pressing]], by: Actor) -> list[Line]:
    if not by.may(Permission.TICKET_READ):
        return [Line(house, None, "", (), {}) for house in houses]
    filters = {str(house.performance.id): Filter("open", performance=house.performance.id) for house in houses}
    counts = lists.counts(filters, by=by) if filters else {}
    return [
        _line(house, filters[str(house.performance.id)], counts, tuple(found.get(house.performance.id, ())), by)
        for house in houses
    ]


def _line(house: House, filters: Filter, counts: dict[str, int], also: tuple[Pressing, ...], by: Actor) -> Line:
    trail = Trail(Filter("open", performance=house.performance.id, priority="urgent"))
    urgent = lists.page(trail.filters, by=by).rows
    return Line(house, counts[str(house.performance.id)], Trail(filters).url(), urgent, trail.query(), also)
