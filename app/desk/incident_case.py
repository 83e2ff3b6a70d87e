"""What the page of one request shows of its incidents, and the answer prepared by them; no address is here."""

from __future__ import annotations

from typing import Any

from app.desk.incident_frame import answer_text
from app.incidents import board, surfaces
from app.incidents.board import Spot
from app.incidents.surfaces import Told
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.tickets.cases import Case
from app.web.tongue import language

#: How a request stands that the text of an incident answers.
_BELONGS = ("crowd", "exception", "folded", "settled")


def gathered(case: Case, by: Actor) -> dict[str, Any]:
    """The incidents a request belongs to or was taken out of, and those it could be put into."""
    if not by.may(Permission.INCIDENT_READ):
        return {"spots": [], "others": []}
    spots = board.spots(case.id, by=by)
    inside = {spot.told.id for spot in spots if spot.stands != "out"}
    others = [] if inside or case.merged else [one for one in surfaces.declared() if one.id not in inside]
    return {"spots": spots, "others": others}


def told_of(case: Case, *, by: Actor) -> list[Told]:
    """The declared incidents whose text answers a request."""
    return [spot.told for spot in _belongs(case, by)]


def text_for(case: Case, incident_id: int, *, by: Actor) -> tuple[str, str]:
    """The answer prepared by an incident in the reader's language, and its name.

    Raises:
        NotFound: the request does not belong to it, or it is over.
    """
    found = next((one for one in told_of(case, by=by) if one.id == incident_id), None)
    if found is None:
        raise NotFound("incident")
    return answer_text(found, case.language), found.title(language())


def _belongs(case: Case, by: Actor) -> list[Spot]:
    if not by.may(Permission.INCIDENT_READ):
        return []
    spots = board.spots(case.id, by=by)
    return [spot for spot in spots if spot.told.state == "declared" and spot.stands in _BELONGS]
