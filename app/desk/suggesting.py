"""An article suggested from a solved request, in one press: what was asked and answered, without whom it is about."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import tell
from app.desk.onward import back
from app.kernel.access import Permission
from app.knowledge import beginning
from app.tickets import cases
from app.tickets.cases import Case
from app.venue import service as venue
from app.web.doors import me, needs

suggesting = Blueprint("desk_suggesting", __name__, url_prefix="/regie/demandes/<int(max=9999999):number>")


@suggesting.post("/article")
@needs(Permission.TICKET_ANSWER)
def suggest(number: int) -> ResponseReturnValue:
    """Make a draft of the request for those who write articles; who may write them finds it on their list."""
    case = cases.case_for(me(), number)
    if case.first_answered:
        beginning.suggest(
            case.subject, case.language, (_said(case, "spectator"), _said(case, "agent")), names=_names(case),
            types=(case.type,) if case.type else (), by=me(),
        )  # fmt: skip
        tell(_("The article is suggested to the editors, without names, addresses and numbers."))
    else:
        tell(_("Answer the request first: an article needs its answer."))
    return back(number)


def _said(case: Case, kind: str) -> str:
    words = [one for one in case.said if one.kind == kind and not one.held]
    # Of the questions the first says what it is about; of the answers the last one settled it.
    return (words[0] if kind == "spectator" else words[-1]).body if words else ""


def _names(case: Case) -> set[str]:
    people = {case.requester.name, case.assignee, *(one.author for one in case.said)}
    return {name for name in people if name and name != venue.house().name}
