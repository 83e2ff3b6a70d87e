"""A linked ticketing system says that something changed there: heard as a hint, never believed, asked about soon."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.boxoffice import pulling
from app.kernel.errors import NotFound
from app.web.doors import public
from app.web.limits import limiter

hints = Blueprint("api_hints", __name__, url_prefix="/api/v1/billetterie")

#: Hints of one sender that are heard; a season that is changed as a whole sends hundreds, and one is enough.
HEARD = "120/minute"


@hints.post("/<system>/<secret>")
@public
@limiter.limit(HEARD)
def hear(system: str, secret: str) -> ResponseReturnValue:
    """Ask it soon what changed; what the call itself says is not read, for nobody signed it."""
    if not pulling.is_hook(system, secret):
        raise NotFound("hook")
    pulling.hint()
    return "", 204
