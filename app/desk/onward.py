"""Where one goes after something was done with a request: back to its page, or on to the next of the list."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.desk.trail import trail_of
from app.tickets import cases, lists
from app.tickets.cases import Spot
from app.web.doors import me


def whole(field: str) -> int | None:
    """A whole number that a form brought."""
    given = request.form.get(field, "")
    return int(given) if given.isdecimal() and len(given) < 16 else None


def id_of(number: int) -> int:
    """The id behind a public number."""
    return cases.spot_of(me(), number).id


def back(number: int) -> ResponseReturnValue:
    """To the page of the request, with the list one came from."""
    return redirect(url_for("desk_ticket.one", number=number, **trail_of(request.args).query()), 303)


def onward(spot: Spot) -> ResponseReturnValue:
    """To the next request of the list, or back to this one when the button says so."""
    trail = trail_of(request.args)
    if request.form.get("go") == "stay":
        return back(spot.number)
    place = spot.place(by_activity=trail.filters.by_activity)
    other = lists.next_number(trail.filters, place, by=me())
    return redirect(trail.url(), 303) if other is None else back(other)
