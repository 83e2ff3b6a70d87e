"""Seats that become a companion's own: named behind the private link of whoever paid, with a code, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.cancellations import companions
from app.cancellations.companions import Named
from app.kernel.errors import Conflict, Invalid
from app.portal.addresses import pages
from app.portal.choices_frame import PRESSES, TRIES, Visit, back, drawn, entered
from app.web.doors import public
from app.web.forms import new_submission
from app.web.words import words_of

choice_companions = pages("portal_choice_companions")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says, as it was typed."""

    form: str
    seats: tuple[str, ...]
    name: str
    email: str


@choice_companions.get("/c/<token>/accompagnant")
@public
def form(token: str) -> ResponseReturnValue:
    """Which seats are whose, and where to reach them."""
    visit = entered(token)
    return _form(visit, Typed(new_submission(), (), "", ""), {}, refused=companions.refusal(visit.page.credit_id))


@choice_companions.post("/c/<token>/accompagnant")
@public
@PRESSES
def ask(token: str) -> ResponseReturnValue:
    """Send a code to the household's own mailbox; nothing changes before it comes back."""
    visit, typed = entered(token), _read()
    try:
        asked = companions.ask(token, _named(typed))
    except Invalid as problem:
        return _form(visit, typed, problem.fields)
    except Conflict as problem:
        return _form(visit, typed, {}, refused=problem.code)
    return _code(visit, asked.id, typed) if asked.waits else back(token, "confie")


@choice_companions.get("/c/<token>/accompagnant/<any(code, reprise):_step>")
@public
def step_alone(token: str, _step: str) -> ResponseReturnValue:
    """Somebody came to a later step by its address."""
    return redirect(entered(token).at("portal_choice_companions.form"), 303)


@choice_companions.post("/c/<token>/accompagnant/code")
@public
@TRIES
def prove(token: str) -> ResponseReturnValue:
    """Take the code that was sent; with the right one the seats are the companion's own."""
    visit, number, typed = entered(token), _number(), _read()
    try:
        companions.prove(token, number, request.form.get("code", "").replace("\x00", ""))
    except Invalid as problem:
        wrong = problem.fields.get("code", "")
        # What was named may have changed since: seats that left the credit meanwhile.
        return _code(visit, number, typed, wrong=wrong) if wrong else _form(visit, typed, problem.fields)
    except Conflict as problem:
        return _form(visit, typed, {}, refused=problem.code)
    return back(token, "confie")


@choice_companions.post("/c/<token>/accompagnant/reprise")
@public
@PRESSES
def undo(token: str) -> ResponseReturnValue:
    """Take a companion's seats back, while nobody has chosen."""
    visit = entered(token)
    try:
        companions.undo(token, _number())
    except Conflict as problem:
        return _form(visit, _read(), {}, refused=problem.code)
    return back(token, "repris")


def _read() -> Typed:
    word = request.form.get
    seats = tuple(one for one in request.form.getlist("seats") if one.isascii() and one.isdecimal() and len(one) < 15)
    return Typed(
        word("form", "").replace("\x00", "")[:36] or new_submission(), seats,
        word("name", "").replace("\x00", "")[:300], word("email", "").replace("\x00", "")[:400],
    )  # fmt: skip


def _named(typed: Typed) -> Named:
    return Named(seats=frozenset(map(int, typed.seats)), name=typed.name, email=typed.email, form=typed.form)


def _number() -> int:
    said = request.form.get("number", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 15 else 0


def _form(visit: Visit, typed: Typed, wrong: Mapping[str, str], *, refused: str = "") -> Response:
    errors = {name: words_of(wrong[name]) for name in ("seats", "name", "email") if name in wrong}
    status = 422 if errors else 409 if refused and request.method == "POST" else 200
    return drawn(
        "companion", visit, status, typed=typed, errors=errors, has_errors=bool(errors), refused=refused,
        known=companions.companions_of(visit.page.credit_id),
    )  # fmt: skip


def _code(visit: Visit, number: int, typed: Typed, *, wrong: str = "") -> Response:
    errors = {"code": words_of(wrong)} if wrong else {}
    return drawn(
        "companion_code", visit, 422 if errors else 200, number=number, typed=typed, errors=errors,
        has_errors=bool(errors),
    )  # fmt: skip
