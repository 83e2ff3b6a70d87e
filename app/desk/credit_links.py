"""A link that went to the wrong person, taken back at the desk: what follows is read first, for it is for good."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import revoking
from app.desk.credits import entered
from app.desk.frame import CREDITS, show, tell
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Forbidden
from app.web.doors import me, needs
from app.web.words import words_of

credit_links = Blueprint("desk_credit_links", __name__, template_folder="templates", url_prefix=CREDITS)

#: Whose hands the link is in: somebody it was passed on to, or whoever reads the household's own address.
_WHOSE = ("passed", "stranger")


@credit_links.get("/<number>/lien")
@needs(Permission.CHOICE_FOR_OTHERS)
def check(number: str) -> ResponseReturnValue:
    """What follows if the link is taken back; nothing changes yet."""
    return _page(number, {})


@credit_links.post("/<number>/lien")
@needs(Permission.CHOICE_FOR_OTHERS)
def revoke(number: str) -> ResponseReturnValue:
    """Make every link sent so far lead nowhere."""
    row, _credit = entered(number)
    whose = request.form.get("whose", "")
    wrong = {} if whose in _WHOSE else {"whose": words_of("choose_one")}
    if not request.form.get("sure"):
        wrong["sure"] = _("Tick this first: it cannot be undone.")
    if wrong:
        return _page(number, wrong, status=422)
    try:
        revoking.revoke(row.id, stranger=whose == "stranger", by=me())
    except Conflict as problem:
        return _page(number, {}, problem=words_of(problem.code), status=409)
    except Forbidden:
        return _page(number, {}, problem=_("This is your own household: ask a colleague."), status=403)
    tell(
        _("The old link leads nowhere. A new one is on its way to the household by e-mail.")
        if whose == "passed" and row.reach == "email"
        else _("The old link leads nowhere. Call the household or print its coupon: no e-mail is sent.")
    )  # fmt: skip
    return redirect(url_for("desk_credits.one", number=row.number), 303)


def _page(number: str, errors: Mapping[str, str], *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    row, page = entered(number)
    return show(
        "desk/credits/link.html", status=status, row=row, page=page, errors=errors, problem=problem,
        whose=request.form.get("whose", ""), sure="sure" in request.form,
    )  # fmt: skip
