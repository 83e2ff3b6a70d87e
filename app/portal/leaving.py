"""Where somebody says that they want no offers any more: one button, no account, and their letters of service stay."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.announcements import leaving
from app.portal.addresses import pages
from app.web.doors import public
from app.web.limits import limiter
from app.web.tongue import speak

leaving_pages = pages("portal_leaving")


@leaving_pages.get("/ne-plus-recevoir/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """The button; nothing has changed until it is pressed, for mail programs open links by themselves."""
    leaving.behind(token)
    return _page(token, done=False)


@leaving_pages.post("/ne-plus-recevoir/<token>")
@public
@limiter.limit("20 per minute")
def leave(token: str) -> ResponseReturnValue:
    """Keep it; the buttons of mail programs press this too."""
    leaving.leave(token)
    return _page(token, done=True)


def _page(token: str, *, done: bool) -> str:
    if request.args.get("lang") in {"fr", "en"}:
        speak(request.args["lang"])
    return render_template("portal/leaving.html", token=token, done=done, robots="noindex")
