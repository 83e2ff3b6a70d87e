"""One's own settings: language, theme, keys, signature, password, and the browsers one is signed in with."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import wording
from app.desk.frame import show, tell
from app.kernel.errors import Forbidden, Invalid
from app.people import colleagues as known
from app.people import entry
from app.people import service as people
from app.people.entry import SignedIn
from app.web.doors import colleagues, me
from app.web.session import close_session, current_colleague
from app.web.words import field_words

mine = Blueprint("desk_me", __name__, template_folder="templates", url_prefix="/regie/moi")

SIGNATURE = 120
_YEAR = 365 * 24 * 3600


@mine.get("")
@colleagues
def settings() -> ResponseReturnValue:
    """The settings of whoever is signed in."""
    return _page()


@mine.post("")
@colleagues
def save() -> ResponseReturnValue:
    """Keep language, theme, keys and signature."""
    form = request.form
    language, theme = form.get("language", "fr"), form.get("theme", "")
    try:
        values = _preferences(form)
    except Invalid as problem:
        return _page(errors=field_words(problem), typed=form.to_dict(), status=422)
    people.set_preferences(values, language=language if language in {"fr", "en"} else "fr", by=me())
    tell(_("Your settings are saved."))
    return _with_theme(make_response(redirect("/regie/moi", 303)), theme)


@mine.post("/mot-de-passe")
@colleagues
def password() -> ResponseReturnValue:
    """Change the password; every browser must sign in again."""
    form = request.form
    try:
        if form.get("new") != form.get("again"):
            raise Invalid({"again": "not_the_same"})
        entry.change_password(form.get("old", ""), form.get("new", ""), by=me())
    except Invalid as problem:
        return _page(errors=field_words(problem), status=422)
    close_session()
    return redirect("/regie/connexion", 303)


@mine.post("/sessions/<int(max=9007199254740991):session_id>/fin")
@colleagues
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one browser out from afar."""
    entry.end_session(session_id, by=me())
    tell(_("That browser is signed out."))
    return redirect("/regie/moi", 303)


def _preferences(form: Mapping[str, str]) -> dict[str, object]:
    signature = " ".join(form.get("signature", "").replace("\x00", "").split())
    if len(signature) > SIGNATURE:
        raise Invalid({"signature": "too_long"})
    return {"signature": signature, "shortcuts": form.get("shortcuts") == "1", "theme": form.get("theme", "")}


def _page(
    *, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    colleague = _signed_in()
    return show(
        "desk/me.html", status=status, errors=errors or {}, typed=typed or {}, who=colleague,
        signature=(typed or {}).get("signature", colleague.preferences.get("signature", "")),
        sessions=known.sessions_of(me()), languages=wording.languages(), email=known.email_of(me()),
    )  # fmt: skip


def _signed_in() -> SignedIn:
    colleague = current_colleague()
    if colleague is None:
        raise Forbidden("not_signed_in")
    return colleague


def _with_theme(answer: Response, theme: str) -> Response:
    # The theme lives in a cookie, so that a page is painted right before anybody is looked up.
    if theme in {"light", "dark"}:
        answer.set_cookie("theme", theme, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
    else:
        answer.delete_cookie("theme", samesite="Lax", secure=request.is_secure)
    return answer
