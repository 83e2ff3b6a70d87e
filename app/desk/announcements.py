"""Telling the holders of a changed performance: what is proposed, said at the desk, decided on one page, followed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.announcements import board, telling
from app.announcements.board import AnnouncementCard
from app.announcements.telling import Wanted
from app.announcements.ways import BY_HAND
from app.desk import announcement_words as words
from app.desk.article_page import names_of
from app.desk.frame import fragment, show, tell
from app.desk.incident_frame import ANNOUNCEMENTS
from app.incidents import surfaces
from app.insight.exports import csv_lines
from app.kernel.access import Permission, spectator
from app.kernel.errors import Conflict, Invalid, NotFound
from app.knowledge import shelf
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.tongue import language
from app.web.words import words_of

announcements = Blueprint("desk_announcements", __name__, template_folder="templates", url_prefix=ANNOUNCEMENTS)

_ONE = "/<int(max=9007199254740991):announcement_id>"
#: Fields of the form, with how much of each is kept.
_FIELDS = {"title_fr": 200, "title_en": 200, "text_fr": 3_000, "text_en": 3_000, "article": 40, "purpose": 20}


@announcements.get("")
@needs(Permission.INCIDENT_READ)
def listed() -> ResponseReturnValue:
    """What waits or is being told, then what is over."""
    by = me()
    return show(
        "desk/announcements/list.html", live=board.listed(by=by), past=board.listed(over=True, by=by), words=words
    )


@announcements.get(_ONE)
@needs(Permission.INCIDENT_READ)
def one(announcement_id: int) -> ResponseReturnValue:
    """One announcement: decided about on one page, or followed while it is told."""
    return _page(board.one(announcement_id, by=me()))


@announcements.get(f"{_ONE}/etat")
@needs(Permission.INCIDENT_READ)
def state(announcement_id: int) -> ResponseReturnValue:
    """The part of the page that changes by itself while holders are told."""
    card = board.one(announcement_id, by=me())
    return fragment("desk/announcements/_progress.html", card=card, words=words, **_counted(card))


@announcements.post(_ONE)
@needs(Permission.INCIDENT_DECLARE)
def press(announcement_id: int) -> ResponseReturnValue:
    """Tell everybody, decide that nobody is told, or write to nobody more."""
    card, what = board.one(announcement_id, by=me()), request.form.get("do", "go")
    typed = {name: request.form.get(name, "").replace("\r\n", "\n")[:most] for name, most in _FIELDS.items()}
    typed["banner"] = request.form.get("banner", "")
    try:
        _do(what, card, typed)
    except Invalid as problem:
        return _page(card, typed, problem.fields, 422)
    except Conflict as problem:
        return _page(board.one(announcement_id, by=me()), typed, problem=problem.code, status=409)
    tell({
        "go": _("Everybody is told from now on. You may leave this page: the letters go on by themselves."),
        "dismiss": _("Nobody is told. It stays in the list."),
        "stop": _("Nobody more is written to."),
    }[what])  # fmt: skip
    return redirect(url_for("desk_announcements.one", announcement_id=announcement_id), 303)


def _do(what: str, card: AnnouncementCard, typed: Mapping[str, str]) -> None:
    seen = request.form.get("version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    if what == "dismiss":
        telling.dismiss(card.id, seen_version=version, by=me())
    elif what == "stop":
        telling.stop(card.id, by=me())
    elif what == "go":
        told = telling.shaped(typed, card.performance, card.cause)
        wanted = Wanted(telling=told, purpose=typed["purpose"], banner=bool(typed["banner"]))
        telling.go(card.id, wanted, seen_version=version, by=me())
    else:
        raise NotFound("verb")


@announcements.get(f"{_ONE}/liste/<way>")
@needs(Permission.PERSON_READ)
def people(announcement_id: int, way: str) -> ResponseReturnValue:
    """Whom a person must tell by one way."""
    card, after = board.one(announcement_id, by=me()), request.args.get("apres", "")
    rows = board.to_tell(card.id, _way(way), after=int(after) if after.isdecimal() and len(after) < 16 else 0, by=me())
    more = ""
    if len(rows) > board.ROWS:
        rows = rows[: board.ROWS]
        last = rows[-1].household_id
        more = url_for("desk_announcements.people", announcement_id=card.id, way=way, apres=last)
    return show("desk/announcements/people.html", card=card, rows=rows, way=way, more=more, words=words)


@announcements.get(f"{_ONE}/liste/<way>.csv")
@needs(Permission.REPORT_EXPORT)
def people_file(announcement_id: int, way: str) -> ResponseReturnValue:
    """The same as a file, for a mailing or for whoever sends text messages; with the words in each one's language."""
    card = board.one(announcement_id, by=me())
    columns = ("name", "household", "phone", "address", "language", "text")
    rows = (
        (one.name, one.code, one.phone, ", ".join(one.address), one.language, card.title(one.language))
        for one in board.everybody(card.id, _way(way), by=me())
    )  # fmt: skip
    answer = Response("".join(csv_lines(chain([columns], rows))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{way}-{card.id}.csv"'
    return no_store(answer)


def _way(code: str) -> tuple[str, ...]:
    if code not in BY_HAND:
        raise NotFound("list")
    return (code,)


def _page(
    card: AnnouncementCard, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None,
    status: int = 200, *, problem: str = "",
) -> ResponseReturnValue:  # fmt: skip
    waits = card.state == "proposed"
    return show(
        "desk/announcements/one.html", status=status, card=card, words=words, articles=_articles() if waits else [],
        typed=typed or _typed_of(card), errors={name: words_of(code) for name, code in (wrong or {}).items()},
        problem=words_of(problem) if problem else "", live=_live(card), **_counted(card),
        expected=board.expected(card, by=me()) if waits else {}, names=names_of({card.started_by}),
    )  # fmt: skip


def _counted(card: AnnouncementCard) -> dict[str, Any]:
    told = {} if card.state == "proposed" else dict(board.told(card.id, by=me()))
    return {"told": told, "looked_at": sum(told.values()), "by_hand": [one for one in BY_HAND if told.get(one)]}


def _live(card: AnnouncementCard) -> surfaces.Told | None:
    """The incident that tells the public of this performance now."""
    return next((one for one in surfaces.declared() if one.performance_id == card.performance.id), None)


def _typed_of(card: AnnouncementCard) -> dict[str, str]:
    return {
        "title_fr": card.title_fr, "title_en": card.title_en, "text_fr": card.text_fr, "text_en": card.text_en,
        "article": card.article or "", "purpose": card.purpose, "banner": "1",
    }  # fmt: skip


def _articles() -> list[tuple[str, str]]:
    cards = shelf.articles(spectator(None, door="portal"), language())
    return sorted(((card.slug, card.title) for card in cards), key=lambda pair: pair[1])
