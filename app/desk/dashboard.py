"""The dashboard of those who lead: figures with their goals, the requests behind each, and both as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue import service as catalogue
from app.desk import board_charts, board_forecast, board_tiles, figures, wording
from app.desk.frame import show
from app.desk.scoping import DATES, Asked, asked
from app.desk.trail import Trail
from app.insight import behind, chart_exports, exports, outlook
from app.insight import dashboard as insight
from app.insight.access import today
from app.insight.cards import Alarm, Board, Scope
from app.insight.definitions import DEFINITIONS
from app.insight.exports import Line
from app.insight.ledger import UNSORTED
from app.insight.periods import OFFERED
from app.kernel import clock, keyset
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.people import service as people
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.presentation import hour
from app.web.session import no_store
from app.web.tongue import language

dashboard = Blueprint("desk_dashboard", __name__, template_folder="templates", url_prefix="/regie/pilotage")

#: Figures older than this are said to be: the worker that counts them stands still.
STALE = timedelta(minutes=10)

_EXPORTS: Mapping[str, Callable[[Actor, Scope], Iterator[Line]]] = {
    "jours": exports.days, "demandes": exports.tickets, "motifs": chart_exports.categories,
    "arrivees": chart_exports.arrivals, "anciennete": chart_exports.ages, "visites": chart_exports.visits,
    "prevision": outlook.lines,
}  # fmt: skip


@dashboard.get("")
@needs(Permission.DASHBOARD_READ)
def board() -> ResponseReturnValue:
    """Everything at a glance."""
    wish = asked(request.args, me())
    found = insight.board(me(), wish.scope)
    days = _days(found, wish)
    return show(
        "desk/board/board.html",
        status=422 if wish.errors else 200,
        wish=wish,
        choices=_choices(),
        empty=board_tiles.is_empty(found),
        refreshed=_refreshed(found),
        alarm=found.alarm,
        alarm_title=_alarm_title(found.alarm),
        alarm_url=_behind_url(_alarming(found.alarm), wish),
        tiles=[{**tile, "url": _behind_url(tile["behind"], wish)} for tile in board_tiles.tiles(found)],
        days=days,
        categories=_categories(found, wish),
        heat=board_charts.heat(found),
        ages=board_charts.ages(found),
        others=[{**line, "url": _behind_url(line["figure"], wish)} for line in board_tiles.lists(found)],
        definitions=[*figures.definitions(), board_forecast.definition()],
        exports=_exports(wish, foretold=days["band"] is not None),
        words=wording,
    )


@dashboard.get("/liste/<figure>")
@needs(Permission.DASHBOARD_READ)
def listed(figure: str) -> ResponseReturnValue:
    """What one figure counted: a list of the desk where one holds the same, else a page of rows."""
    wish = asked(request.args, me())
    if figure == "alone":
        return show("desk/board/visits.html", wish=wish, title=figures.list_name(figure),
                    days=insight.visit_days(me(), wish.scope), **_around(wish, "visites"))  # fmt: skip
    filters = behind.filter_behind(figure, wish.scope)
    if filters is not None:
        return redirect(Trail(filters).url(), 302)
    page = behind.tickets_behind(figure, me(), wish.scope, keyset.read(request.args.get("place")))
    return show(
        "desk/board/behind.html",
        wish=wish,
        title=figures.list_name(figure),
        rows=page.rows,
        previous_url=_place_url(figure, wish, page.previous),
        next_url=_place_url(figure, wish, page.following),
        categories={slug: card.name(language()) for slug, card in catalogue.categories().items()},
        words=wording,
        **_around(wish, "demandes"),
    )


@dashboard.get("/export/<what>.csv")
@needs(Permission.REPORT_EXPORT)
def export(what: str) -> ResponseReturnValue:
    """Figures, or the requests of the period, as a file for a spreadsheet; sent as it is read."""
    if what not in _EXPORTS:
        raise NotFound("export")
    scope = asked(request.args, me()).scope
    lines = exports.csv_lines(_EXPORTS[what](me(), scope))
    people.note_export(what, by=me())
    name = f"{what}-{scope.period.first.isoformat()}-{scope.period.last.isoformat()}.csv"
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return no_store(answer)


def _choices() -> dict[str, Any]:
    own = [card for card in people.departments() if card.id in me().departments]
    days = [(str(count), ngettext("Last %(num)s day", "Last %(num)s days", count)) for count in OFFERED]
    kinds = [(slug, card.name(language())) for slug, card in catalogue.categories().items()]
    return {
        "periods": [*days, (DATES, _("From … to …"))],
        "departments": [(card.id, card.name(language())) for card in own] if len(own) > 1 else [],
        "categories": [*kinds, (UNSORTED, board_charts.category_name(None))],
    }


def _days(found: Board, wish: Asked) -> dict[str, Any]:
    this_day = today()
    ahead = outlook.outlook(me(), wish.scope)
    return board_forecast.continued(board_charts.days(found, this_day), ahead, wish.scope, this_day)


def _refreshed(found: Board) -> tuple[str, bool]:
    if found.as_of is None:
        return _("Nothing has been counted yet"), False
    sentence = _("Figures of %(time)s", time=hour(found.as_of, language(), venue.house().tz))
    return sentence, clock.now() - found.as_of > STALE


def _alarming(alarm: Alarm) -> str:
    # The queue begins with what is due first: the late ones, then those that nearly are.
    return "ours" if alarm.near else "late_now"


def _alarm_title(alarm: Alarm) -> str:
    late = ngettext("%(count)s request is late", "%(count)s requests are late", alarm.late,
                    count=wording.capped(alarm.late))  # fmt: skip
    near = ngettext("%(count)s will be within two hours", "%(count)s will be within two hours", alarm.near,
                    count=wording.capped(alarm.near))  # fmt: skip
    if alarm.late and alarm.near:
        return _("%(late)s and %(near)s", late=late, near=near)
    if alarm.late:
        return late
    return ngettext(
        "%(count)s request will be late within two hours",
        "%(count)s requests will be late within two hours",
        alarm.near,
        count=wording.capped(alarm.near),
    )


def _categories(found: Board, wish: Asked) -> dict[str, Any]:
    drawn = board_charts.categories(found)
    # One address written out serves all rows: writing each would cost more than drawing them.
    url = _behind_url("first_late", wish)
    narrowed = url if "motif" in wish.words or not url else f"{url}&motif="
    rows = [{**row, "url": narrowed + (row["slug"] if narrowed != url else "")} for row in drawn["rows"]]
    return {**drawn, "rows": rows, "goal": DEFINITIONS["attainment"].target, "goal_words": figures.goal("attainment")}


def _behind_url(figure: str, wish: Asked) -> str:
    # Requests are read by those who may; figures of the present have no list where nothing was sorted.
    may_read = me().may(Permission.TICKET_READ) or figure == "alone"
    listable = figures.has_list(figure) or behind.filter_behind(figure, wish.scope) is not None
    if not (may_read and listable):
        return ""
    return url_for("desk_dashboard.listed", figure=figure, **wish.words)


def _place_url(figure: str, wish: Asked, place: keyset.Place | None) -> str:
    if place is None:
        return ""
    return url_for("desk_dashboard.listed", figure=figure, **wish.narrowed(place=place.word()))


def _around(wish: Asked, what: str) -> dict[str, Any]:
    return {
        "back_url": url_for("desk_dashboard.board", **wish.words),
        "export_url": _export_url(what, wish) if me().may(Permission.REPORT_EXPORT) else "",
    }


def _exports(wish: Asked, *, foretold: bool) -> list[tuple[str, str]]:
    if not me().may(Permission.REPORT_EXPORT):
        return []
    names = {
        "jours": _("Figures by day and reason"), "demandes": _("Requests of the period"),
        "motifs": _("First answers by reason"), "arrivees": _("Arrivals by weekday and hour"),
        "anciennete": _("Open requests by age"), "visites": _("Visits of the help pages"),
    }  # fmt: skip
    if foretold:
        names["prevision"] = _("Forecast of the coming days")
    return [(label, _export_url(what, wish)) for what, label in names.items()]


def _export_url(what: str, wish: Asked) -> str:
    return url_for("desk_dashboard.export", what=what, **wish.words)
