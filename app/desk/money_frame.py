"""What surrounds the pages of a campaign's money: its tabs, what was typed and refused, the password asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cancellations import closing, planning
from app.desk import campaign_words, money_said
from app.desk.frame import show
from app.kernel.errors import Conflict, Forbidden, Invalid, Problem
from app.people import entry
from app.people.guard import network_of
from app.web.doors import me
from app.web.words import field_words

#: The money of one campaign.
ONE = "/<int(max=9007199254740991):campaign_id>/argent"
#: Passwords asked again before a step are tried this often.
TRIES = "20/minute"
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class Refused:
    """What a form of a page held when it was refused, and why; nothing where none was."""

    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)


def refused(problem: Problem) -> Refused:
    """What a page shows of a refusal: the sentence beside its field, or above the page.

    Raises:
        Problem: the same, where it is none that a page says.
    """
    if isinstance(problem, Invalid):
        return Refused(field_words(problem) | money_said.fields(problem), status=422, typed=typed())
    if isinstance(problem, Conflict | Forbidden):
        status = 409 if isinstance(problem, Conflict) else 403
        return Refused(problem=money_said.problem(problem), status=status, typed=typed())
    raise problem


def typed() -> dict[str, str]:
    """What a form brought, but for passwords and proofs."""
    kept = {name: text.replace("\x00", "")[:_LONGEST] for name, text in request.form.items()}
    return {name: text for name, text in kept.items() if name not in {"password", "csrf_token"}}


def prove() -> None:
    """See that who presses is who signed in.

    Raises:
        Invalid: field `password`.
    """
    entry.prove(
        request.form.get("password", "")[: _LONGEST + 2], by=me(), network=network_of(request.remote_addr or "")
    )


def number_of(name: str) -> int:
    """A number that a form brought, or nothing's."""
    given = request.form.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0


def page(
    template: str, campaign_id: int, here: str, given: Refused | None = None,
    **values: Any,  # noqa: ANN401 - whatever a template names
) -> ResponseReturnValue:  # fmt: skip
    """A page of the money of a campaign; one whose money is not due yet has none, and leads to the campaign."""
    card, given = planning.card(campaign_id, by=me()), given or Refused()
    if card.state not in closing.LOCKABLE:
        return redirect(url_for("desk_campaigns.one", campaign_id=campaign_id), 303)
    return show(
        template, status=given.status, card=card, tabs=_tabs(campaign_id), here=here, errors=given.errors,
        problem=given.problem, typed=given.typed, has_errors=bool(given.errors), words=campaign_words,
        said=money_said, **values,
    )  # fmt: skip


def _tabs(campaign_id: int) -> list[tuple[str, str, str]]:
    places = (
        ("money", _("To lock"), "desk_money.page"), ("review", _("To look at"), "desk_money_review.page"),
        ("batches", _("Batches"), "desk_money_batches.page"), ("bank", _("Back from the bank"), "desk_money_bank.page"),
        ("agreeing", _("Reconciliation"), "desk_money_agreeing.page"), ("trail", _("Trail"), "desk_money_trail.page"),
    )  # fmt: skip
    return [(code, name, url_for(endpoint, campaign_id=campaign_id)) for code, name, endpoint in places]
