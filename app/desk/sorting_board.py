"""How well sorting does, for those who lead: figures from corrections, confusions, the models, and the way back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import sorting_words
from app.desk.frame import show, tell
from app.kernel import clock
from app.kernel.access import Permission
from app.kernel.errors import Conflict
from app.people import service as people
from app.triage import board as triage
from app.triage import succession
from app.triage.succession import ModelCard
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.words import problem_words

sorting_board = Blueprint("desk_sorting", __name__, template_folder="templates", url_prefix="/regie/pilotage/tri")


@sorting_board.get("")
@needs(Permission.TRIAGE_MANAGE)
def board() -> ResponseReturnValue:
    """Everything at a glance."""
    return _page()


@sorting_board.post("/modele")
@needs(Permission.TRIAGE_MANAGE)
def use() -> ResponseReturnValue:
    """Put a model of the list in use."""
    try:
        succession.use(request.form.get("version", ""), by=me())
    except Conflict as problem:
        return _page(wrong=problem_words(problem), status=409)
    return _done(_("The model is in use. Every worker takes it up within half a minute."))


@sorting_board.post("/retour")
@needs(Permission.TRIAGE_MANAGE)
def roll_back() -> ResponseReturnValue:
    """Go back to the model used before."""
    try:
        succession.roll_back(by=me())
    except Conflict as problem:
        return _page(wrong=problem_words(problem), status=409)
    return _done(_("The model used before is in use again. New ones wait until you put one in use."))


def _done(words: str) -> ResponseReturnValue:
    tell(words)
    return redirect(url_for("desk_sorting.board"), 303)


def _page(*, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    found, models = triage.scoreboard(by=me()), succession.history(by=me())
    today = clock.now().astimezone(venue.house().tz).date()
    return show(
        "desk/board/sorting.html",
        status=status,
        wrong=wrong,
        tiles=sorting_words.tiles(found),
        weeks=sorting_words.weeks(found),
        drift=sorting_words.drift(found),
        categories=sorting_words.lines(found.categories),
        languages=sorting_words.lines(found.languages),
        confusions=sorting_words.confusions(found.confusions),
        calibration=sorting_words.calibration(found),
        habits=sorting_words.habits(succession.habits(by=me())),
        learned=sorting_words.learned(models, today),
        models=_models(models),
        can_go_back=any(one.used_at and one.can_be_used for one in models),
        reads=me().may(Permission.TICKET_READ),
    )


def _models(models: list[ModelCard]) -> list[dict[str, Any]]:
    names = people.cards_of({one.used_by for one in models if one.used_by is not None})
    return [
        {
            "card": one, "verdict": sorting_words.verdict(one), "compared": sorting_words.compared(one),
            "by": names[one.used_by].name if one.used_by in names else "",
        }
        for one in models
    ]  # fmt: skip
