"""Coming in and going out: a password, or a link by letter that one button confirms; then everybody where they work."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import interrupted
from app.desk.frame import landing
from app.kernel import clock
from app.kernel.errors import Invalid
from app.people import entry
from app.people.guard import network_of
from app.people.names import normalised
from app.venue import service as venue
from app.web.carried import reads_long_texts
from app.web.doors import colleagues, me, public
from app.web.forms import typed
from app.web.limits import limiter
from app.web.session import close_session, current_colleague, no_store, open_session
from app.web.words import field_words

sign_in_page = Blueprint("desk", __name__, template_folder="templates")

reads_long_texts(sign_in_page)

#: A box office stands behind one address of the network, so this is generous; accounts have a count of their own.
TRIES, LINKS = "40/minute", "10/minute"
_INSIDE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@sign_in_page.get("/regie")
@sign_in_page.get("/regie/")
@colleagues
def home() -> ResponseReturnValue:
    """Where the colleague works."""
    return redirect(landing(me()), 303)


@sign_in_page.get("/regie/connexion")
@public
def sign_in() -> ResponseReturnValue:
    """The form; somebody already signed in goes on."""
    there = safe(request.args.get("next"))
    if current_colleague() is not None:
        return redirect(there or landing(me()), 303)
    return _form(there)


@sign_in_page.post("/regie/connexion/suite")
@public
@limiter.limit(TRIES)
def sign_in_and_go_on() -> ResponseReturnValue:
    """The form for somebody whose session ended while they were writing: what they typed comes along."""
    there = safe(request.args.get("next"))
    if not there or not typed():
        return redirect("/regie/connexion", 303)
    files = any(file.filename for file in request.files.values())
    return _form(there, kept=interrupted.kept(typed(), files=files), status=401)


@sign_in_page.post("/regie/connexion")
@public
@limiter.limit(TRIES)
def signing_in() -> ResponseReturnValue:
    """Open a session, or say in place what is not right; the address typed stays."""
    email, there = request.form.get("email", "").strip(), safe(request.form.get("next"))
    kept = request.form.get("kept", "")
    try:
        _say_what_is_missing(email)
        token = entry.sign_in(email, request.form.get("password", ""), **_whence())
    except Invalid as problem:
        return _form(there, email=email, errors=field_words(problem), status=422, kept=kept)
    given = interrupted.given_back(kept)
    if not given.fields or not there:
        return _entered(token, there)
    open_session(token)
    return _page("desk/go_on.html", url=there, given=given)


@sign_in_page.post("/regie/connexion/lien")
@public
@limiter.limit(LINKS)
def asking_link() -> ResponseReturnValue:
    """Send a sign-in link; whether the address is a colleague's is not told."""
    email = request.form.get("email", "").strip()
    try:
        _say_what_is_missing(email)
    except Invalid as problem:
        return _form("", email=email, errors=field_words(problem), status=422)
    entry.ask_sign_in_link(email)
    return _page("desk/link_sent.html", email=email, minutes=int(entry.LINK_LIFE.total_seconds() // 60))


@sign_in_page.get("/regie/connexion/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """One button: opening a letter's link must not sign in whoever only previews it."""
    return _page("desk/link.html", token=token)


@sign_in_page.post("/regie/connexion/<token>")
@public
@limiter.limit(TRIES)
def signing_in_by_link(token: str) -> ResponseReturnValue:
    """Open a session by a link, once."""
    return _entered(entry.sign_in_by_link(token, **_whence()), "")


@sign_in_page.post("/regie/deconnexion")
@colleagues
def sign_out() -> ResponseReturnValue:
    """End the session."""
    close_session()
    return redirect("/regie/connexion", 303)


def safe(address: str | None) -> str:
    """An address inside this site to go on to, or nothing."""
    return address if address and len(address) < 2000 and _INSIDE.fullmatch(address) else ""


def _say_what_is_missing(email: str) -> None:
    if not normalised(email):
        raise Invalid({"email": "email" if email else "email_missing"})


def _entered(token: str, there: str) -> ResponseReturnValue:
    open_session(token)
    return redirect(there or landing(me()), 303)


def _form(
    there: str, *, email: str = "", errors: dict[str, str] | None = None, status: int = 200, kept: str = ""
) -> ResponseReturnValue:
    return _page(
        "desk/sign_in.html", status=status, there=there, email=email, errors=errors or {}, greeting=_greeting(),
        kept=kept,
    )  # fmt: skip


def _page(template: str, *, status: int = 200, **values: object) -> Response:
    return no_store(make_response(render_template(template, robots="noindex", **values), status))


def _greeting() -> str:
    hour = clock.now().astimezone(venue.house().tz).hour
    if 5 <= hour < 12:
        return _("Good morning, everyone")
    return _("Good afternoon, everyone") if 12 <= hour < 18 else _("Good evening, everyone")


def _whence() -> dict[str, str]:
    network = network_of(request.remote_addr or "")
    return {"browser": request.headers.get("User-Agent", ""), "network": network}
