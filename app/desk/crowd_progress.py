"""Watching an answer to a crowd while it is said: waves, letters, people left out; pause, correct, go on, stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import crowd_words
from app.desk.crowd_answers import INCIDENT
from app.desk.frame import fragment, show, tell
from app.incidents import answering, filling, progress, waves
from app.incidents.filling import Words
from app.incidents.progress import AnswerCard
from app.insight.exports import csv_lines
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.keyset import ROWS
from app.people import service as people
from app.web.doors import me, needs
from app.web.session import no_store
from app.web.tongue import language
from app.web.words import field_words, words_of

crowd_progress = Blueprint("desk_crowd_progress", __name__, template_folder="templates", url_prefix="/regie/incidents")

_ANSWER = f"{INCIDENT}/reponses/<int(max=999999999):answer_id>"
#: People read at once for the file.
AT_ONCE = 500
_COLUMNS = ("request", "name", "email", "phone", "language", "wave", "state", "why", "revision", "said_at", "letter",
            "replied")  # fmt: skip


@crowd_progress.get(_ANSWER)
@needs(Permission.INCIDENT_READ)
def one(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """How far an answer is, and the people of one list."""
    return _page(progress.card(incident_id, answer_id, by=me()))


@crowd_progress.get(f"{_ANSWER}/etat")
@needs(Permission.INCIDENT_READ)
def state(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """The part of the page that changes by itself."""
    card = progress.card(incident_id, answer_id, by=me())
    return fragment("desk/incidents/_answer_progress.html", **_counted(card))


@crowd_progress.get(f"{_ANSWER}/personnes.csv")
@needs(Permission.REPORT_EXPORT)
def export(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """Everybody of an answer as a file for a spreadsheet; noted, and sent as it is read."""
    card, by = progress.card(incident_id, answer_id, by=me()), me()
    people.note_export(f"personnes-{answer_id}", by=by)
    lines = csv_lines(chain([_COLUMNS], map(_line, _everybody(card, by))))
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="answer-{answer_id}.csv"'
    return no_store(answer)


def _everybody(card: AnswerCard, by: Actor) -> Iterator[Any]:
    after = 0
    while rows := progress.listing(card.incident_id, card.id, "", after_id=after, limit=AT_ONCE, by=by):
        yield from rows
        after = rows[-1].id


def _line(row: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a row of columns
    said_at = row.said_at.isoformat() if row.said_at else None
    return (row.number, row.name, row.email, row.phone, row.language, row.wave, row.state, row.why or None,
            row.revision, said_at, row.letter, int(bool(row.replied)))  # fmt: skip


@crowd_progress.post(f"{_ANSWER}/pause")
@needs(Permission.CROWD_ANSWER)
def pause(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """Tell nobody more for now."""
    seen = _whole(request.form.get("act"))
    return _done(incident_id, answer_id, lambda: answering.pause(answer_id, seen=seen, by=me()),
                 _("The answer is paused."))  # fmt: skip


@crowd_progress.post(f"{_ANSWER}/reprise")
@needs(Permission.CROWD_ANSWER)
def resume(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """Go on where it was paused."""
    seen = _whole(request.form.get("version"))
    return _done(incident_id, answer_id, lambda: answering.resume(answer_id, seen_version=seen, by=me()),
                 _("The answer goes on."))  # fmt: skip


@crowd_progress.post(f"{_ANSWER}/suite")
@needs(Permission.CROWD_ANSWER)
def go_on(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """Tell the next wave."""
    seen = _whole(request.form.get("version"))
    return _done(incident_id, answer_id, lambda: answering.go_on(answer_id, seen_version=seen, by=me()),
                 _("The next wave is on its way."))  # fmt: skip


@crowd_progress.post(f"{_ANSWER}/arret")
@needs(Permission.CROWD_ANSWER)
def stop(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """Tell nobody more at all."""
    back, seen = request.form.get("back") == "1", _whole(request.form.get("act"))
    return _done(incident_id, answer_id, lambda: answering.stop(answer_id, back=back, seen=seen, by=me()),
                 _("The answer is stopped."))  # fmt: skip


@crowd_progress.post(f"{_ANSWER}/correction")
@needs(Permission.CROWD_ANSWER)
def correct(incident_id: int, answer_id: int) -> ResponseReturnValue:
    """Give it other words from now on."""
    card = progress.card(incident_id, answer_id, by=me())
    typed = {name: request.form.get(name, "").replace("\r\n", "\n") for name in ("text_fr", "text_en")}
    try:
        changed = answering.correct(
            card.id, Words(typed["text_fr"], typed["text_en"]), seen_revision=_whole(request.form.get("revision")),
            by=me(),
        )  # fmt: skip
    except Invalid as problem:
        return _page(card, typed, field_words(problem), 422)
    except Conflict as problem:
        return _page(card, typed, {"text_fr": words_of(problem.code)}, 409)
    tell(
        _("The words are changed for everybody who has not been told.")
        if changed
        else _("These are the words already.")
    )
    return redirect(_at(card), 303)


def _done(incident_id: int, answer_id: int, verb: Callable[[], None], sentence: str) -> ResponseReturnValue:
    card = progress.card(incident_id, answer_id, by=me())
    try:
        verb()
    except Conflict as problem:
        return _page(progress.card(incident_id, answer_id, by=me()), problem=words_of(problem.code), status=409)
    tell(sentence)
    return redirect(_at(card), 303)


def _at(card: AnswerCard) -> str:
    return url_for("desk_crowd_progress.one", incident_id=card.incident_id, answer_id=card.id)


def _page(
    card: AnswerCard, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None,
    status: int = 200, *, problem: str = "",
) -> ResponseReturnValue:  # fmt: skip
    kind, after = request.args.get("liste", ""), _whole(request.args.get("apres"))
    if kind not in {"", *crowd_words.KINDS}:
        raise NotFound("list")
    counted = _counted(card)
    kind = kind or ("skipped" if counted["whys"] else "said")
    rows = progress.listing(card.incident_id, card.id, kind, after_id=after, limit=ROWS + 1, by=me())
    more = f"{_at(card)}?liste={kind}&apres={rows[ROWS - 1].id}#personnes" if len(rows) > ROWS else ""
    words = card.words[-1]
    return show(
        "desk/incidents/answer_progress.html", status=status, errors=errors or {}, problem=problem, kind=kind,
        title=progress.title_of(card.incident_id, language(), by=me()), rows=rows[:ROWS], more=more, at=_at(card),
        kinds=[(code, crowd_words.kind(code)) for code in crowd_words.KINDS], variables=filling.variables(),
        typed=typed or {"text_fr": words.text_fr, "text_en": words.text_en},
        may_export=me().may(Permission.REPORT_EXPORT), **counted,
    )  # fmt: skip


def _counted(card: AnswerCard) -> dict[str, Any]:
    found = progress.progress(card.incident_id, card.id, by=me())
    return {
        "card": card, "found": found, "words": crowd_words, "may_answer": me().may(Permission.CROWD_ANSWER),
        "last": waves.LAST, "whys": found.whole.why.most_common(),
    }  # fmt: skip


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0
