"""Public pages kept as they were rendered, so that a page everybody reads is made once; personal pages never are."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import Response, current_app, make_response, request

from app.catalogue import service as catalogue
from app.kernel import clock
from app.knowledge import shelf
from app.portal import bill
from app.portal.frame import signed_in
from app.sla import counting
from app.venue import service as venue
from app.web.pages import theme
from app.web.tongue import language

#: Pages kept by each process.
PAGES = 300

_Pages = OrderedDict[Hashable, bytes]
_lock = Lock()


def this_minute() -> Hashable:
    """What changes with anything a public page tells: the minute, articles, facts, hours, kinds of request, delays."""
    return (
        int(clock.now().timestamp() // 60), shelf.whole().revision, venue.calendar.revision(),
        catalogue.types.revision(), counting.classes.revision(), bill.revision(),
    )  # fmt: skip


def kept(version: Hashable, make: Callable[[], str]) -> Response:
    """The page of this address, made anew when `version` has changed; a browser that has it is told so.

    Whoever is signed in gets a page of their own.
    """
    if signed_in():
        return make_response(make())
    body = kept_body(version, make)
    response = make_response(body)
    # Weak, because the same page travels compressed or not.
    response.set_etag(hashlib.sha256(body).hexdigest()[:20], weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Cookie")
    response.make_conditional(request)
    return response


def kept_body(version: Hashable, make: Callable[[], str]) -> bytes:
    """The bytes of the page of this address."""
    pages: _Pages = current_app.extensions.setdefault("portal_pages", OrderedDict())
    key = (request.full_path, language(), theme(), version)
    with _lock:
        if key in pages:
            pages.move_to_end(key)
            return pages[key]
    body = make().encode()
    with _lock:
        pages[key] = body
        while len(pages) > PAGES:
            pages.popitem(last=False)
    return body
