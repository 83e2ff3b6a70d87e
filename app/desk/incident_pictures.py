"""Pictures of incidents, made of plain figures: what was noticed against the usual, how a crowd grew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.incidents.board import Curve
from app.incidents.report import Report
from app.venue import service as venue
from app.venue.moments import hour, short_moment
from app.web.presentation import number
from app.web.tongue import language


def noticed(curve: Curve, sentence: str) -> dict[str, Any]:
    """The line chart of messages against what would be usual."""
    return {
        "sentence": sentence or _("More people wrote about it than usual."),
        "labels": [_hour(start) for start in curve.starts],
        "series": [
            {"label": _("People with trouble"), "values": list(curve.counts)},
            {"label": _("Usual"), "values": [round(one, 1) for one in curve.expected], "series": 3},
        ],
    }


def grown(report: Report) -> dict[str, Any]:
    """The line chart of how many requests came, step by step."""
    now, zone = report.ended_at, venue.house().tz
    most = max(report.counts, default=0)
    if not most:
        sentence = _("No request belonged to it.")
    else:
        busiest = report.starts[report.counts.index(most)]
        sentence = _(
            "Most came from %(moment)s on: %(count)s in %(minutes)s minutes.", count=number(most, language()),
            moment=short_moment(busiest, now, language(), zone), minutes=report.step_minutes,
        )  # fmt: skip
    return {
        "sentence": sentence, "labels": [_hour(start) for start in report.starts],
        "long_labels": [short_moment(start, now, language(), zone) for start in report.starts],
        "series": [
            {"label": _("Requests"), "values": list(report.counts)},
            {"label": _("People, first time"), "values": list(report.people_counts), "series": 3},
        ],
    }  # fmt: skip


def _hour(start: datetime) -> str:
    return hour(start, language(), venue.house().tz)
