"""What scripts send by themselves from a request's page: drafts while somebody types, and that somebody is there."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import fragment
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.tickets import cases, conversation
from app.venue import service as venue
from app.venue.moments import hour
from app.web.doors import me, needs
from app.web.tongue import language

drafts = Blueprint(
    "desk_drafts", __name__, template_folder="templates", url_prefix="/regie/demandes/<int(max=9999999):number>"
)


@drafts.post("/brouillon/<any(reply, note):kind>")
@needs(Permission.TICKET_NOTE)
def keep(number: int, kind: str) -> ResponseReturnValue:
    """Keep what has been typed; the sentence that comes back is shown beside it."""
    spot = cases.spot_of(me(), number)
    saved_at = conversation.keep_draft(spot.id, kind, request.form.get(kind, ""), by=me())
    return _("Draft saved at %(time)s", time=hour(saved_at, language(), venue.house().tz))


@drafts.post("/presence")
@needs(Permission.TICKET_READ)
def present(number: int) -> ResponseReturnValue:
    """Say that one is here; learn who else is, and whether something was said since the page was shown."""
    case_id, seen = cases.spot_of(me(), number).id, request.args.get("seen", "")
    if not seen.isdecimal() or len(seen) > 15:
        raise Invalid({"seen": "number"})
    conversation.be_present(case_id, typing=request.args.get("typing") == "1", by=me())
    beside = cases.beside(case_id, by=me())
    fresh = cases.said_since(case_id, int(seen), by=me())
    return fragment("desk/_presence.html", present=beside.present, fresh=fresh, number=number,
                    here=trail_of(request.args).query())  # fmt: skip
