"""Forwarding a request: to whom, with which note, which of its messages, and which of their files."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import show, tell
from app.desk.onward import back
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.mail import forwarding as letters
from app.tickets import cases
from app.tickets.cases import Case
from app.web.doors import me, needs
from app.web.forms import new_submission, submission_key
from app.web.words import field_words

forwarding = Blueprint(
    "desk_forwarding", __name__, template_folder="templates", url_prefix="/regie/demandes/<int(max=9999999):number>"
)


@forwarding.get("/transfert")
@needs(Permission.TICKET_ANSWER)
def form(number: int) -> ResponseReturnValue:
    """The form; the newest message of the spectator is chosen."""
    case = cases.case_for(me(), number)
    newest = [word for word in case.said if word.kind == "spectator" and not word.held][-1:]
    files = [file.id for word in newest for file in word.files]
    return _page(case, {"email": "", "note": ""}, [word.id for word in newest], files)


@forwarding.post("/transfert")
@needs(Permission.TICKET_ANSWER)
def send(number: int) -> ResponseReturnValue:
    """Send it."""
    case = cases.case_for(me(), number)
    typed = {name: request.form.get(name, "") for name in ("email", "note")}
    chosen, files = _ids("messages"), _ids("files")
    trace = _("Forwarded to %(email)s.", email=typed["email"].strip()[:254])
    told = "\n\n".join(part for part in (trace, typed["note"].strip()) if part)
    try:
        letters.forward(
            case.id, **typed, message_ids=chosen, file_ids=files, trace=told,
            submission=submission_key(request.form.get("submission")), by=me(),
        )  # fmt: skip
    except Invalid as problem:
        return _page(case, typed, chosen, files, field_words(problem), 422)
    tell(_("The e-mail leaves in a moment. What comes back is held for you."))
    return back(number)


def _ids(field: str) -> list[int]:
    return [int(text) for text in request.form.getlist(field) if text.isdecimal() and len(text) < 16]


def _page(
    case: Case, typed: dict[str, str], chosen: list[int], files: list[int], errors: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    public = [word for word in case.said if word.kind in {"spectator", "agent"} and not word.held]
    return show(
        "desk/mail/forward.html", status=status, case=case, said=public, chosen=chosen, files=files, typed=typed,
        errors=errors or {}, submission=new_submission(), here=trail_of(request.args).query(),
    )  # fmt: skip
