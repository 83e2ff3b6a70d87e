"""Whom the answers to a crowd did not reach: each person with the reason and what can be done, and as a file."""

from __future__ import annotations

from flask import Blueprint, Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from app.desk import crowd_words
from app.desk.crowd_answers import INCIDENT
from app.desk.frame import show
from app.incidents import progress, reaching
from app.incidents.reaching import Missed
from app.insight.exports import csv_lines
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.kernel.keyset import ROWS
from app.people import service as people
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.tongue import language

crowd_reach = Blueprint("desk_crowd_reach", __name__, template_folder="templates", url_prefix="/regie/incidents")

_COLUMNS = ("request", "name", "email", "phone", "language", "why", "reason", "since", "server")


@crowd_reach.get(f"{INCIDENT}/non-joints")
@needs(Permission.INCIDENT_READ)
def page(incident_id: int) -> ResponseReturnValue:
    """How far the answers came, in sums that add up, and those not reached."""
    why, after = request.args.get("motif", ""), request.args.get("apres", "")
    if why not in {"", *reaching.MISSED}:
        raise NotFound("list")
    place = int(after) if after.isdecimal() and len(after) < 16 else 0
    found = reaching.reach(incident_id, why=why, after=place, limit=ROWS + 1, by=me())
    at = url_for("desk_crowd_reach.page", incident_id=incident_id)
    more = f"{at}?motif={why}&apres={found.rows[ROWS - 1].person_id}#liste" if len(found.rows) > ROWS else ""
    return show(
        "desk/incidents/unreached.html", found=found, rows=found.rows[:ROWS], why=why, at=at, more=more,
        incident_id=incident_id, title=progress.title_of(incident_id, language(), by=me()), words=crowd_words,
        missed=sum(found.missed.values()), first=f"{at}?motif={why}#liste" if place else "",
        may_answer=me().may(Permission.CROWD_ANSWER), may_export=me().may(Permission.REPORT_EXPORT),
    )  # fmt: skip


@crowd_reach.get(f"{INCIDENT}/non-joints.csv")
@needs(Permission.REPORT_EXPORT)
def export(incident_id: int) -> ResponseReturnValue:
    """Everybody not reached as a file for a spreadsheet; that it leaves the house is noted."""
    found = reaching.reach(incident_id, by=me())
    people.note_export(f"non-joints-{incident_id}", by=me())
    lines = [_COLUMNS, *(_line(one) for one in found.rows)]
    answer = Response(stream_with_context(csv_lines(lines)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="not-reached-{incident_id}.csv"'
    return no_store(answer)


def _line(one: Missed) -> tuple[str | int | None, ...]:
    since = one.since.isoformat() if one.since else None
    return (one.number, one.name, one.email, one.phone, one.language, one.why, crowd_words.missed(one.why), since,
            one.server or None)  # fmt: skip
