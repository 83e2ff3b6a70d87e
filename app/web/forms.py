"""What a form must bring: proof that it is ours."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask import session as flask_session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from app.kernel import clock, keys
from app.kernel.errors import Forbidden, Invalid
from app.web.session import KEY, current_colleague

csrf = CSRFProtect()
#: A form of a public page is taken for this long.
LIFE_SECONDS = 12 * 3600
_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
#: Fields whose text stands on no page.
_SECRET = {"password", "old", "new", "again", "secret"}


def init(app: Flask) -> None:
    """Join Flask-WTF; which check applies is decided per request."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = 12 * 3600
    app.config["WTF_CSRF_HEADERS"] = ["X-CSRFToken"]
    csrf.init_app(app)


def check_origin_and_token() -> None:
    """Before any request that changes something: it comes from our own pages, and with a session, from that session.

    Raises:
        Forbidden: it does not.
    """
    if request.method in _SAFE or request.path.startswith("/api/"):
        return
    if not _own_origin():
        raise Forbidden("foreign_origin")
    # A session that ended has no power to misuse; what was typed under it must come as far as the sign-in.
    if KEY in flask_session and current_colleague() is not None:
        csrf.protect()


def _own_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site not in {None, "same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    # A page that sends no referrer, as personal ones do, hides its origin too; the browser still says it was ours.
    if origin is None or (origin == "null" and site == "same-origin"):
        return True
    own = urlsplit(current_app.config["PUBLIC_URL"])
    try:
        given = urlsplit(origin)
    except ValueError:  # no address at all
        return False
    return (given.netloc == own.netloc and given.scheme == own.scheme) or given.netloc == request.host


def typed() -> list[tuple[str, str]]:
    """What a form of ours just brought, to be offered again where it could not be taken. Shape: pairs (name, text).

    Files cannot be given back; a form with a password is filled in anew; words from another site are offered to nobody.
    """
    if request.method in _SAFE or not _own_origin() or _SECRET & request.form.keys():
        return []
    return list(request.form.items(multi=True))


def csrf_field() -> Markup:
    """The hidden field of a form on a page of the desk; a page has some twenty of them, all the same."""
    drawn: Markup | None = g.get("csrf_field")
    if drawn is None:
        field = Markup('<input type="hidden" name="csrf_token" value="{}">')
        drawn = g.csrf_field = field.format(generate_csrf())
    return drawn


def new_submission() -> str:
    """A key for one filled-in form: it proves we made the form and makes a second press harmless."""
    name = secrets.token_hex(8)
    stamp = int(clock.now().timestamp())
    return f"{name}.{stamp:x}.{keys.short_proof('form', f'{name}.{stamp:x}')}"


def submission_key(given: str | None) -> str:
    """The key of a form that came back.

    Raises:
        Invalid: field `form`, when it is not ours or has been open too long.
    """
    name, _, rest = (given or "").partition(".")
    stamp, _, proof = rest.partition(".")
    if not proof or not keys.same(proof, keys.short_proof("form", f"{name}.{stamp}")):
        raise Invalid({"form": "stale_form"})
    if clock.now().timestamp() - int(stamp, 16) > LIFE_SECONDS:
        raise Invalid({"form": "stale_form"})
    return name
