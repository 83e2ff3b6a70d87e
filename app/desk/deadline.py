"""A new deadline for a request that is late, set by whoever deals with it and told to the spectator once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.assistant import lateness
from app.desk import clock_words
from app.desk.clock_words import NoTime
from app.desk.frame import tell
from app.desk.onward import back, id_of
from app.desk.ticket import case_page
from app.kernel import clock
from app.kernel.access import Permission
from app.kernel.errors import Conflict, Invalid
from app.tickets import cases
from app.venue import service as venue
from app.venue.moments import moment
from app.web.doors import me, needs
from app.web.forms import submission_key
from app.web.tongue import language
from app.web.words import field_words, words_of

deadline = Blueprint("desk_deadline", __name__, url_prefix="/regie/demandes/<int(max=9999999):number>")

_FIELDS = ("new_date", "new_time", "new_words")


@deadline.post("/echeance")
@needs(Permission.TICKET_ANSWER)
def promise_anew(number: int) -> ResponseReturnValue:
    """Set the moment, and tell the spectator unless they were told of a delay before."""
    typed = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        told = _promised(number, typed)
    except Invalid as problem:
        names = {"moment": "new_date", "words": "new_words"}
        wrong = {names.get(name, name): words for name, words in field_words(problem).items()}
        return case_page(cases.case_for(me(), number), status=422, errors=wrong, deadline=typed)
    except Conflict as problem:
        wrong = {"new_date": words_of(problem.code)}
        return case_page(cases.case_for(me(), number), status=409, errors=wrong, deadline=typed)
    tell(_("The new deadline is set, and the spectator is told.") if told else _("The new deadline is set."))
    return back(number)


def _promised(number: int, typed: dict[str, str]) -> bool:
    at, words = _moment(typed), typed["new_words"]
    said = _("New deadline: %(moment)s.", moment=moment(at, clock.now(), language(), venue.house().tz))
    return lateness.promise_anew(
        id_of(number), at, words=words, trace="\n\n".join(filter(None, (said, words))),
        submission=submission_key(request.form.get("submission")), by=me(),
    )  # fmt: skip


def _moment(typed: dict[str, str]) -> datetime:
    wrong: dict[str, str] = {}
    day, minutes = date.min, 0
    try:
        day = date.fromisoformat(typed["new_date"])
    except ValueError:
        wrong["new_date"] = "date"
    try:
        minutes = clock_words.minutes(typed["new_time"])
    except NoTime:
        wrong["new_time"] = "time"
    if wrong or day.year > clock.now().year + 2:
        raise Invalid(wrong or {"new_date": "too_far"})
    if day.year < clock.now().year - 1:  # the first days of the calendar have no moment in UTC
        raise Invalid({"new_date": "past"})
    local = datetime.combine(day, time(minutes // 60 % 24, minutes % 60), tzinfo=venue.house().tz)
    return (local + timedelta(days=minutes // (24 * 60))).astimezone(UTC)
