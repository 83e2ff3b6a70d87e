"""One verb on several requests: each changes by itself, and the page says which did not and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.catalogue import service as catalogue
from app.catalogue.service import CannedCard
from app.desk import prepared, snoozing, wording
from app.desk.frame import show, tell
from app.desk.signature import signer
from app.desk.trail import Trail, trail_of
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.tickets import cases, departing, handling, merging, placing
from app.tickets.cases import Case
from app.tickets.conversation import Word
from app.tickets.states import State
from app.web.doors import me, needs
from app.web.forms import new_submission, submission_key
from app.web.tongue import language

bulk = Blueprint("desk_bulk", __name__, template_folder="templates")

#: No more at once than two pages of a list.
MOST = 100
SAMPLES = 3
Verb = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one spectator would read, and the variables that could not be filled."""

    number: int
    subject: str
    requester: str
    body: str
    language: str
    missing: tuple[str, ...]


@bulk.post("/regie/file/lot")
@needs(Permission.TICKET_READ)
def act() -> ResponseReturnValue:
    """Do what the button says with the requests chosen."""
    trail, numbers, wanted = trail_of(request.args), _numbers(), _wanted()
    if not numbers:
        tell(_("Choose at least one request first."))
        return redirect(trail.url(), 303)
    if wanted == "canned":
        return _preview(trail, numbers)
    found = cases.ids_of(numbers, by=me())
    if wanted == "merge" and found:
        # The oldest stays; its ids run with time, its numbers do not.
        target = min(found.values())
        rest = {number: key for number, key in found.items() if key != target}
        return _done(trail, numbers, rest, wanted, lambda key: merging.merge(key, target, by=me()))
    return _done(trail, numbers, found, wanted, _verb(wanted))


@bulk.post("/regie/file/lot/envoi")
@needs(Permission.TICKET_ANSWER)
def send() -> ResponseReturnValue:
    """Send a canned answer to all of them, after its samples were seen."""
    trail, card = trail_of(request.args), catalogue.canned_answer(_whole(request.form.get("canned")))
    key, name = submission_key(request.form.get("submission")), signer()
    found = cases.ids_of(_numbers(), by=me())
    by_id = {ticket_id: number for number, ticket_id in found.items()}

    def answer(ticket_id: int) -> None:
        case = cases.case_for(me(), by_id[ticket_id])
        body = _body(card, case, name)
        if prepared.unfilled(body):
            raise Invalid({"body": "unfilled"})
        word = Word(body=body, submission=f"{key}-{ticket_id}")
        departing.answer(ticket_id, word, then=State(card.then) if card.then else None, canned_id=card.id, by=me())

    return _done(trail, _numbers(), found, "canned", answer)


def _wanted() -> str:
    # Palettes fill a hidden field and send the form without pressing one of its buttons.
    given = request.form
    named = (("canned", "canned"), ("assignee", "assign"), ("tag", "tag"))
    return given.get("do") or next((verb for field, verb in named if given.get(field, "").strip()), "")


def _numbers() -> list[int]:
    given = " ".join(request.form.getlist("numbers")).split()
    return list(dict.fromkeys(int(text) for text in given if text.isdecimal() and len(text) < 9))[:MOST]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0


def _verb(wanted: str) -> Verb:
    by, form = me(), request.form
    colleague = _whole(form.get("assignee") or form.get("colleague")) or None
    later = snoozing.tomorrow()
    verbs: dict[str, Verb] = {
        "take": lambda key: placing.assign(key, by.person_id, by=by),
        "assign": lambda key: placing.assign(key, colleague, by=by),
        "tag": lambda key: handling.tag(key, add=[form.get("tag", "")], by=by),
        "snooze": lambda key: handling.snooze(key, later, by=by),
        "solve": lambda key: handling.solve(key, by=by),
        "spam": lambda key: handling.mark_spam(key, by=by),
        "reopen": lambda key: handling.reopen(key, by=by),
        "unspam": lambda key: handling.mark_spam(key, spam=False, by=by),
        "unmerge": lambda key: merging.unmerge(key, by=by),
        "take_back": lambda key: departing.take_back_last(key, by=by),
    }
    if wanted not in verbs:
        raise Invalid({"do": "unknown_choice"})
    return verbs[wanted]


_BACK = {"solve": "reopen", "spam": "unspam", "merge": "unmerge", "canned": "take_back"}


def _done(
    trail: Trail, numbers: Sequence[int], found: Mapping[int, int], wanted: str, verb: Verb
) -> ResponseReturnValue:
    by_id = {ticket_id: number for number, ticket_id in found.items()}
    changed, refused = handling.in_bulk(by_id, verb)
    left = {by_id[ticket_id]: code for ticket_id, code in refused.items()}
    if wanted != "merge":
        left |= {number: "ticket" for number in numbers if number not in found}
    sentence, reasons = wording.outcome(len(changed), left)
    wait = departing.seconds() if wanted == "canned" else 0
    back = _BACK.get(wanted) if wait or wanted != "canned" else None
    tell(
        sentence,
        more=reasons,
        undo=url_for("desk_bulk.act", **trail.query()) if back and changed else "",
        fields={"do": back or "", "numbers": " ".join(str(by_id[key]) for key in changed)},
        seconds=wait,
    )
    return redirect(trail.url(), 303)


def _preview(trail: Trail, numbers: Sequence[int]) -> ResponseReturnValue:
    card = catalogue.canned_answer(_whole(request.form.get("canned") or request.form.get("prepared")))
    found = cases.ids_of(numbers, by=me())
    name = signer()
    samples = [_sample(card, cases.case_for(me(), number), name) for number in list(found)[:SAMPLES]]
    return show(
        "desk/bulk_preview.html", trail=trail, card_id=card.id, title=card.title(language()), samples=samples,
        numbers=list(found), then=wording.state_name(card.then) if card.then else "", submission=new_submission(),
    )  # fmt: skip


def _sample(card: CannedCard, case: Case, name: str) -> Sample:
    body = _body(card, case, name)
    return Sample(case.number, case.subject, case.requester.name, body, case.language, tuple(prepared.unfilled(body)))


def _body(card: CannedCard, case: Case, name: str) -> str:
    return card.filled(case.language, prepared.values(case, prepared.order_of(case), name))
