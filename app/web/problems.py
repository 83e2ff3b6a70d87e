"""Turn refusals into pages, fragments or JSON, in the reader's language; nothing of the inside ever shows."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, SecurityError

from app.kernel import errors, room
from app.kernel.transaction import lacks_tables, unreachable
from app.web.forms import typed
from app.web.words import problem_words

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[errors.Problem], int], ...] = (
    (errors.NotFound, 404), (errors.Forbidden, 403), (errors.Gone, 410), (errors.Invalid, 422), (errors.Conflict, 409),
    (errors.Unavailable, 503),
)  # fmt: skip

_AT_ONCE = 65_536
#: What may pass by itself: too many tries, a fault, a database out of reach.
_PASSING = {429, 500, 503}


def status_of(problem: errors.Problem) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in _STATUS if isinstance(problem, kind)), 400)


def init(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(errors.Problem, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def page(status: int, words: str = "", reference: str = "") -> Response:
    """The page of a refusal, or its JSON or fragment twin."""
    if request.path.startswith("/api/") or request.path == "/health":
        return make_response(jsonify(error=words or _title(status), status=status, reference=reference or None), status)
    fragment = "web/problem_fragment.html" if request.headers.get("HX-Request") else "web/problem.html"
    html = render_template(
        fragment, status=status, title=_title(status), words=words or _advice(status), reference=reference,
        again=_again(status),
    )  # fmt: skip
    answer = make_response(html, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(problem: errors.Problem) -> Response:
    return page(status_of(problem), problem_words(problem))


def _http(problem: HTTPException) -> Response:
    if isinstance(problem, SecurityError):  # a host that is not ours: no page of ours, no address to build
        return make_response("400", 400)
    code = problem.code or 500
    if code in {301, 302, 303, 307, 308}:
        return make_response(problem.get_response())
    words = _("The files are too large together: 25 MB at most.") if isinstance(problem, RequestEntityTooLarge) else ""
    answer = page(code, words)
    if isinstance(problem, MethodNotAllowed) and problem.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(problem.valid_methods))
    retry = getattr(problem, "retry_after", None)
    if code == 429 and retry:
        answer.headers["Retry-After"] = str(retry)
    return answer


def _broken(problem: Exception) -> Response:
    if lacks_tables(problem):
        log.error("the tables of this version are not in the database, run flask db upgrade: %s", problem)
        return _plain_503()
    if unreachable(problem) or room.is_lacking(problem):
        log.error("the database does not answer, or the disk is full: %s", problem)
        return _plain_503()
    reference = secrets.token_hex(4).upper()
    # The rule, not the address: what stands in an address may open somebody's request.
    log.error("reference %s on %s %s", reference, request.method, request.url_rule or "-", exc_info=problem)
    return page(500, reference=reference)


def _heard() -> bool:
    """Whether what was sent can be read; what cannot is heard to its end, for a browser listens only then."""
    try:
        typed()
    except (OSError, HTTPException):  # it broke off at a file without room; its second half is no form at all
        while request.stream.read(_AT_ONCE):
            pass
        return False
    return True


def _plain_503() -> Response:
    # The usual page asks the database for the name of the house; this one asks nobody.
    template = current_app.jinja_env.get_template("web/unavailable.html")
    html = template.render(title=_title(503), words=_advice(503), again=_again(503))
    answer = make_response(html, 503)
    answer.headers["Retry-After"] = "60"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _again(status: int) -> dict[str, object] | None:
    """The form that sends what was typed once more, where trying again may help."""
    if status not in _PASSING or not _heard() or not (fields := typed()):
        return None
    url = request.full_path.rstrip("?")
    return {"url": url, "fields": fields, "files": any(file.filename for file in request.files.values())}


def _title(status: int) -> str:
    titles = {
        400: _("This request cannot be understood"),
        403: _("This page is not open to you"),
        404: _("This page does not exist"),
        405: _("This page does not work that way"),
        409: _("Somebody changed it meanwhile"),
        410: _("This link has expired"),
        413: _("That is too large"),
        422: _("Something needs your attention"),
        429: _("Too many tries in a short time"),
        503: _("We cannot do this right now"),
    }
    return titles.get(status, _("Something failed on our side"))


def _advice(status: int) -> str:
    advice = {
        403: _("If you think you should be able to open it, ask the person who manages rights."),
        404: _("Check the address, or search for what you were looking for."),
        410: _("Ask for a new one; it comes by e-mail."),
        429: _("Wait a minute, then try again. Nothing is lost."),
        503: _("What you typed is kept. Try again in a minute."),
    }
    return advice.get(status, _("Nothing was lost. Try again in a minute, or write to us."))
