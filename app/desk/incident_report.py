"""The report of an incident that ended: on a page that prints well, and as a file."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, redirect, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import incident_pictures, incident_words, wording
from app.desk.frame import show, tell
from app.desk.incident_frame import INCIDENTS
from app.incidents import report
from app.incidents.report import Report
from app.insight import dashboard as insight
from app.insight import exports
from app.kernel.access import Permission
from app.kernel.errors import Conflict
from app.people import service as people
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.tongue import language
from app.web.words import words_of

incident_report = Blueprint(
    "desk_incident_report", __name__, template_folder="templates",
    url_prefix=f"{INCIDENTS}/<int(max=9007199254740991):incident_id>",
)  # fmt: skip

#: Reasons shown by name.
TYPES = 12


@incident_report.get("/bilan")
@needs(Permission.INCIDENT_READ)
def page(incident_id: int) -> ResponseReturnValue:
    """How many, how fast, what the page answered, what people waited for, what the text left open."""
    try:
        found = report.report(incident_id, by=me())
    except Conflict as problem:
        tell(words_of(problem.code))
        return redirect(url_for("desk_incidents.one", incident_id=incident_id), 303)
    return show(
        "desk/incidents/report.html", found=found, words=incident_words, picture=incident_pictures.grown(found),
        types=_types(found),
        channels=[(wording.channel_name(code), count) for code, count in found.channels], visits=_visits(found),
    )  # fmt: skip


@incident_report.get("/bilan.csv")
@needs(Permission.REPORT_EXPORT)
def export(incident_id: int) -> ResponseReturnValue:
    """The same as a file for a spreadsheet; that it leaves the house is noted."""
    lines = exports.csv_lines(report.lines(report.report(incident_id, by=me())))
    people.note_export(f"bilan-{incident_id}", by=me())
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="incident-{incident_id}.csv"'
    return no_store(answer)


def _types(found: Report) -> list[tuple[str, int]]:
    """What most waited for, and all the rest in one line; the file has every line."""
    shown = [(_kind(code), count) for code, count in found.types[:TYPES]]
    rest = sum(count for _code, count in found.types[TYPES:])
    return [*shown, (_("Other reasons"), rest)] if rest else shown


def _kind(code: str) -> str:
    card = catalogue.request_type(code)
    return card.name(language()) if card else wording.category_name(code) or _("Not sorted yet")


def _visits(found: Report) -> Counter[str]:
    """Visitors of the help pages on the days it lasted, as far as they are counted and this colleague may know."""
    told = found.entry.told
    if told.declared_at is None or not me().may(Permission.DASHBOARD_READ):
        return Counter()
    zone = venue.house().tz
    return insight.visits_between(
        told.declared_at.astimezone(zone).date(), found.ended_at.astimezone(zone).date(), by=me()
    )  # fmt: skip
