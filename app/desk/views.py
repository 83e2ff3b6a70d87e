"""Saved views: keep the filter in hand under a name, or let one go."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.frame import QUEUE, tell
from app.desk.queue import list_page
from app.desk.trail import trail_of
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.tickets import views as saved
from app.web.doors import me, needs
from app.web.words import field_words

views = Blueprint("desk_views", __name__)


@views.post("/regie/vues")
@needs(Permission.VIEW_SAVE)
def save() -> ResponseReturnValue:
    """Keep the filter named by the address, for oneself or for a department."""
    trail, given = trail_of(request.args), request.form.get("share", "")
    department = int(given) if given.isdecimal() and len(given) < 16 else None
    try:
        view_id = saved.save_view(request.form.get("name", ""), trail.filters, department_id=department, by=me())
    except Invalid as problem:
        return list_page(trail, view_errors=field_words(problem), status=422)
    tell(_("The view is saved."))
    return redirect(url_for("desk_queue.saved", view_id=view_id), 303)


@views.post("/regie/vues/<int(max=9007199254740991):view_id>/retrait")
@needs(Permission.VIEW_SAVE)
def delete(view_id: int) -> ResponseReturnValue:
    """Let a view go; the requests in it stay."""
    saved.delete_view(view_id, by=me())
    tell(_("The view is gone. Its requests are not."))
    return redirect(QUEUE, 303)
