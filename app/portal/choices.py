"""The choice behind a private link: what is owed and what may become of it; check, confirm, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.cancellations import accounts, looking
from app.cancellations.choices import GIFT, OPTIONS
from app.cancellations.choosing import Wish
from app.cancellations.companions import companions_of, may_part
from app.cancellations.holder import holder_of
from app.cancellations.weighing import Offer, weigh
from app.kernel import faults
from app.kernel.access import spectator
from app.kernel.errors import Conflict, Invalid
from app.knowledge import shelf
from app.portal import choices_details as details
from app.portal import choices_money as money
from app.portal import choices_seen as seen
from app.portal import choices_words as words
from app.portal.addresses import article_url, pages
from app.portal.choices_frame import PRESSES, TRIES, Visit, back, decided, drawn, entered
from app.web import choice_form as forms
from app.web import option_words
from app.web.choice_form import Typed
from app.web.doors import public
from app.web.forms import new_submission
from app.web.tongue import language

choice_pages = pages("portal_choice")

#: What people ask before they choose: the first article of each of these types of request.
ASKED = ("credit_voucher", "refund_status", "refund_cancelled")
#: Who holds a link and nothing else.
READER = spectator(None, door="portal")
#: States of a credit whose page was not looked at yet.
_UNSEEN = {"issued", "invited"}


@choice_pages.get("/c/<token>")
@public
def page(token: str) -> ResponseReturnValue:
    """What is owed and what may become of it; once chosen, how far along that is."""
    visit = entered(token)
    if visit.page.state in _UNSEEN:
        looking.look(visit.page.credit_id)
    if visit.page.changeable and (visit.page.chosen is None or "changer" in request.args):
        return form(visit, forms.begun(visit.page, new_submission(), language()))
    return status(visit)


@choice_pages.post("/c/<token>")
@public
@PRESSES
def again(token: str) -> ResponseReturnValue:
    """The form with what was typed: the rest is to be put somewhere, or an amount changed."""
    visit, typed = entered(token), forms.read(request.form)
    if not visit.page.changeable:
        return status(visit, refused="choice_locked", typed=typed)
    code = request.form.get("reste", "")
    return form(visit, forms.with_rest(typed, visit.page, code, language()) if code in OPTIONS else typed)


@choice_pages.get("/c/<token>/<any(verification, coordonnees, code, confirmation):_step>")
@public
def step_alone(token: str, _step: str) -> ResponseReturnValue:
    """Somebody came to a later step by its address, without the form that leads there."""
    return redirect(entered(token).at("page"), 303)


@choice_pages.post("/c/<token>/verification")
@public
@PRESSES
def check(token: str) -> ResponseReturnValue:
    """Everything that will be decided, in words; before it the details, where the options chosen need some."""
    visit, typed = entered(token), forms.read(request.form)
    whole = request.form.get("tout", "")
    if any(option.code == whole for option in visit.page.options):
        typed = forms.wholly(typed, visit.page, whole, language())
    return _on(visit, typed)


@choice_pages.post("/c/<token>/coordonnees")
@public
@PRESSES
def change_details(token: str) -> ResponseReturnValue:
    """The details with what was typed, to change them."""
    visit, typed = entered(token), forms.read(request.form)
    if not visit.page.changeable:
        return status(visit, refused="choice_locked", typed=typed)
    lines, wrong = _weighed(visit, typed)
    return form(visit, typed, wrong) if wrong else details.ask(visit, typed, lines, {})


@choice_pages.post("/c/<token>/code")
@public
@TRIES
def prove(token: str) -> ResponseReturnValue:
    """Take the code that was sent, or send another one."""
    visit, typed = entered(token), forms.read(request.form)
    account = seen.account_of(typed, visit.page)
    if account is None:
        return _on(visit, typed)
    if "encore" in request.form:
        return details.send_code(visit, typed)
    try:
        accounts.prove(token, account.id, request.form.get("code", ""))
    except Invalid as problem:
        return details.ask_code(visit, typed, wrong=problem.fields["code"])
    return _on(entered(token), typed)


@choice_pages.post("/c/<token>/confirmation")
@public
@PRESSES
def confirm(token: str) -> ResponseReturnValue:
    """Decide; the same form sent twice decides once."""
    typed = forms.read(request.form)
    try:
        decided(token, partial(_wish, typed))
    except Invalid as problem:
        return _refused(entered(token), typed, problem.fields)
    except Conflict as problem:
        return _conflict(entered(token), typed, problem)
    faults.point("choice confirmed")
    return back(token, "choisi")


def _wish(typed: Typed, offer: Offer) -> Wish:
    lines, wrong = forms.division(typed, offer.codes)
    if wrong:
        raise Invalid(wrong)
    return forms.wish_of(typed, lines, "\n".join(words.consent(offer, lines)))


def form(
    visit: Visit, typed: Typed, wrong: Mapping[str, str] | None = None, between: str = "", code: int = 200
) -> ResponseReturnValue:
    """The page of the choice, with what is wrong if anything is."""
    lines, _wrong = forms.division(typed, forms.codes(visit.page))
    rest = visit.page.amount_cents - sum(lines.values())
    errors = option_words.sentences(wrong or {}, visit.page, rest)
    return drawn(
        "choose", visit, 422 if errors else code, typed=typed, rows=seen.rows(visit.page), lines=lines, rest=rest,
        errors=errors, has_errors=bool(errors), between=between, left_out=seen.left_out(visit.page),
        opened=bool(errors) or seen.opened_at_once(visit.page, typed), questions=questions(),
        done=request.args.get("fait", ""), known=companions_of(visit.page.credit_id) if visit.page.parted else [],
        may_part=len(visit.page.admissions) > 1 and may_part(visit.page),
    )  # fmt: skip


def questions() -> tuple[tuple[str, str], ...]:
    """What people ask before they choose, of the articles that everybody may read. Shape: (title, address)."""
    return _questions(language(), shelf.whole().revision, shelf.today())


@lru_cache(maxsize=8)
def _questions(lang: str, _revision: str, _day: date) -> tuple[tuple[str, str], ...]:
    firsts = (next(iter(shelf.answering(READER, asked, lang)), None) for asked in ASKED)
    return tuple(dict.fromkeys((card.title, article_url(card)) for card in firsts if card))


def status(visit: Visit, *, refused: str = "", typed: Typed | None = None) -> ResponseReturnValue:
    """What was chosen and how far along it is; `refused` says why what was just typed changes nothing."""
    wanted = forms.division(typed, forms.codes(visit.page))[0] if typed else {}
    return drawn(
        "status", visit, 409 if refused else 200, steps=seen.steps(visit.page), refused=refused,
        wanted=seen.lines(typed, wanted, visit.page) if typed else [],
        done="" if refused else request.args.get("fait", ""), money=money.money_of(visit.token, visit.page),
    )  # fmt: skip


def _on(visit: Visit, typed: Typed) -> ResponseReturnValue:
    """The next step there is: what is wrong, what lacks, or all of it to be checked."""
    if not visit.page.changeable:
        return status(visit, refused="choice_locked", typed=typed)
    lines, wrong = _weighed(visit, typed)
    if wrong:
        return form(visit, typed, wrong)
    visit, typed, asked = details.settle(visit, typed, lines)
    return _checked(visit, typed, lines) if asked is None else asked


def _weighed(visit: Visit, typed: Typed) -> tuple[dict[str, int], dict[str, str]]:
    lines, wrong = forms.division(typed, forms.codes(visit.page))
    return lines, wrong or weigh(visit.token, lines)


def _checked(visit: Visit, typed: Typed, lines: Mapping[str, int], *, stale: bool = False) -> ResponseReturnValue:
    chosen = seen.lines(typed, lines, visit.page)
    return drawn(
        "check", visit, 422 if stale else 200, typed=typed, lines=chosen, consent=words.consent(visit.page, lines),
        details=bool(details.needs(visit.page, lines)), donor=forms.donor_of(typed) if GIFT in lines else None,
        stale=stale, holder=holder_of(visit.page),
    )  # fmt: skip


def _refused(visit: Visit, typed: Typed, wrong: Mapping[str, str]) -> ResponseReturnValue:
    """Back to where what is wrong can be put right."""
    lines, _wrong = forms.division(typed, forms.codes(visit.page))
    if "form" in wrong:
        return _checked(visit, replace(typed, form=new_submission()), lines, stale=True)
    if wrong.keys() <= {"sum", *OPTIONS}:
        return form(visit, typed, wrong)
    return details.ask(visit, typed, lines, wrong)


def _conflict(visit: Visit, typed: Typed, problem: Conflict) -> ResponseReturnValue:
    """Somebody's word came between: it is told, and what was typed is kept."""
    if problem.code == "account_unproven":
        return details.send_code(visit, typed)
    if problem.code == "choice_changed":
        return form(visit, replace(typed, seen=str(visit.page.version)), between=problem.code, code=409)
    return status(visit, refused=problem.code, typed=typed)
