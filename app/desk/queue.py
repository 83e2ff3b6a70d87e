"""The queue: one view of the requests that wait, what is new in it, and taking the next one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.desk import incident_words, mail_rooms, wording
from app.desk.frame import QUEUE, fragment, show, tell
from app.desk.trail import Trail, trail_of
from app.incidents import board
from app.kernel import clock, keyset
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.people import colleagues
from app.people import service as people
from app.tickets import lists, taking, views
from app.tickets.filters import VIEWS, Filter, read
from app.venue import service as venue
from app.venue.moments import hour
from app.web.doors import me, needs
from app.web.tongue import language

queue = Blueprint("desk_queue", __name__, template_folder="templates")

_TO_DO, _FOLLOWED = VIEWS[:4], VIEWS[4:8]
_SIGNS = {
    "todo": "flag", "mine": "user", "free": "inbox", "late": "alert", "waiting": "pause", "later": "clock",
    "done": "check", "spam": "no",
}  # fmt: skip
#: So many saved views carry a count; more would make every page pay for all of them.
_COUNTED = 8


@queue.get("/regie/file")
@needs(Permission.TICKET_READ)
def first() -> ResponseReturnValue:
    """What waits for us."""
    return redirect(QUEUE, 302)


@queue.get("/regie/file/<view>")
@needs(Permission.TICKET_READ)
def listed(view: str) -> ResponseReturnValue:
    """One of the views every agent has, narrowed by the words of the address."""
    if view not in VIEWS:
        raise NotFound("view")
    return list_page(Trail(read(request.args, view)))


@queue.get("/regie/file/v/<int(max=9007199254740991):view_id>")
@needs(Permission.TICKET_READ)
def saved(view_id: int) -> ResponseReturnValue:
    """A saved view."""
    known = views.views_for(me())
    found = next((filters for key, _name, filters, _shared in known if key == view_id), None)
    if found is None:
        raise NotFound("view")
    return list_page(Trail(found, view_id), known)


@queue.get("/regie/file/nouvelles")
@needs(Permission.TICKET_READ)
def fresh() -> ResponseReturnValue:
    """How many requests of a list are new since it was shown; nothing when none is."""
    trail, since = trail_of(request.args), request.args.get("depuis", "")
    if not since.isdecimal() or len(since) > 11:
        raise NotFound("moment")
    count = lists.fresh(trail.filters, datetime.fromtimestamp(int(since), UTC), by=me())
    return fragment("desk/_fresh.html", count=count, words=wording.capped(count), url=trail.url())


@queue.post("/regie/file/suivante")
@needs(Permission.TICKET_ASSIGN)
def take_next() -> ResponseReturnValue:
    """Take the next request and go to it."""
    trail = trail_of(request.args)
    number = taking.take_next(trail.filters, by=me())
    if number is None:
        tell(_("Nothing is left to take here."))
        return redirect(trail.url(), 303)
    return redirect(url_for("desk_ticket.one", number=number, **trail.query()), 303)


Saved = list[tuple[int, str, Filter, bool]]


def list_page(trail: Trail, known: Saved | None = None, *, status: int = 200, **more: Any) -> ResponseReturnValue:  # noqa: ANN401
    """One page of a list with everything beside it."""
    by, now = me(), clock.now()
    known = views.views_for(by) if known is None else known
    page = lists.page(trail.filters, by=by, place=keyset.read(request.args.get("place")))
    counts = _counts(trail, known)
    suffix = "?" + urlencode(trail.query())
    return show(
        "desk/queue.html",
        title=_name_of(trail, known),
        trail=trail,
        count=counts["here"],
        rows=page.rows,
        marks={
            key: incident_words.exception(codes[0])
            for key, codes in board.marks(r.id for r in page.rows).items()
            if codes
        },
        previous_url=trail.url(place=page.previous) if page.previous else "",
        next_url=trail.url(place=page.next) if page.next else "",
        groups=_groups(trail, known, counts),
        suffix=suffix,
        categories={slug: card.name(language()) for slug, card in catalogue.categories().items()},
        people=[(card.id, card.name) for card in colleagues.answering_in(by.departments)],
        fresh_url=url_for("desk_queue.fresh", depuis=int(now.timestamp()), **trail.query()),
        refreshed=hour(now, language(), venue.house().tz),
        status=status,
        **_choices(),
        **more,
    )


def _choices() -> dict[str, Any]:
    by = me()
    own = [card for card in people.departments() if card.id in by.departments]
    return {
        "priorities": wording.priorities(),
        "languages": wording.languages(),
        "departments": [(card.id, card.name(language())) for card in own],
        "canned": [(card.id, card.title(language())) for card in catalogue.canned()],
        "may_share": by.may(Permission.VIEW_SHARE),
        "me_id": by.person_id,
    }


def _name_of(trail: Trail, known: Saved) -> str:
    named = {key: name for key, name, _filters, _shared in known}
    return named.get(trail.saved or 0) or wording.view_name(trail.filters.view)


def _counts(trail: Trail, known: Saved) -> dict[str, str]:
    named: dict[str, Filter] = {name: Filter(view=name) for name in (*_TO_DO, *_FOLLOWED) if name != "spam"}
    named |= {f"v{key}": filters for key, _name, filters, _shared in known[:_COUNTED]}
    named["here"] = trail.filters
    found = lists.counts(named, by=me())
    return {name: wording.capped(count) for name, count in found.items()}


def _groups(trail: Trail, known: Saved, counts: Mapping[str, str]) -> list[tuple[str, list[dict[str, Any]]]]:
    here = None if trail.saved else trail.filters.view
    shared = [row for row in known if row[3]]
    own = [row for row in known if not row[3]]
    groups = [
        (_("Our turn"), [_line(name, counts, here) for name in _TO_DO]),
        (_("Following"), [_line(name, counts, here) for name in _FOLLOWED]),
        (_("E-mails that wait"), mail_rooms.lines()),
        (_("Views of the team"), [_saved_line(row, counts, trail.saved) for row in shared]),
        (_("My views"), [_saved_line(row, counts, trail.saved) for row in own]),
    ]
    return [(title, lines) for title, lines in groups if lines]


def _line(view: str, counts: Mapping[str, str], here: str | None) -> dict[str, Any]:
    count = counts.get(view)
    return {
        "url": f"/regie/file/{view}", "label": wording.view_name(view), "icon": _SIGNS[view], "count": count,
        "bad": view == "late" and count != "0", "current": view == here,
    }  # fmt: skip


def _saved_line(row: tuple[int, str, Filter, bool], counts: Mapping[str, str], here: int | None) -> dict[str, Any]:
    key, name, _filters, shared = row
    return {
        "url": f"/regie/file/v/{key}", "label": name, "icon": "users" if shared else "filter",
        "count": counts.get(f"v{key}"), "bad": False, "current": key == here,
    }  # fmt: skip
