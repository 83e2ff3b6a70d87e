"""Making a request, first step: one screen that changes with the reason; every part also comes as a fragment."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.catalogue.defaults import reasons_for
from app.kernel.errors import Invalid
from app.knowledge import shelf
from app.portal import answering, bill, filled
from app.portal.addresses import article_url, both, pages
from app.portal.announced import fitting as told_fitting
from app.portal.filled import LONGEST, Filled
from app.portal.frame import signed_in
from app.portal.kept import kept_body, this_minute
from app.portal.orders import Looked, evenings, look_up
from app.portal.searching import Answer, answers_of, with_pinned
from app.search import service as search
from app.sla import promised
from app.web.doors import actor, public
from app.web.forms import new_submission
from app.web.limits import limiter
from app.web.tongue import language
from app.web.words import field_words

request_pages = pages("portal_request", large_forms=True)

#: Articles offered under the message, and what must be written before they are looked for.
OFFERED, FEWEST_CHARACTERS = 3, 12
#: What stands for the key of a form in a page kept for everybody.
_KEY = "@form@"
#: Icons that fragments bring along.
_LATER = ("alert", "book", "check", "clock", "info", "users", "x")
#: Pages of the form that one origin may ask for; looking for orders and sending are counted apart.
PRESSES = limiter.shared_limit("20 per minute", scope="request form")


@both(request_pages, "/demandes/nouvelle", "/requests/new")
@public
def form() -> ResponseReturnValue:
    """The empty form, or what its address fills in; a change of reason or type asks for that part only."""
    # Names and addresses have no place in an address; an order is looked for by forms only, where tries are counted.
    typed = replace(filled.read(request.args), email="", name="")
    if request.headers.get("HX-Request"):
        return _part("portal/_own.html" if "motif" not in request.args else "portal/_kind.html", typed)
    if signed_in() or typed.order or typed.body:
        return shown(replace(typed, form=new_submission()))
    # Everybody's empty form is the same page but for its key.
    page = kept_body(this_minute(), lambda: _page(replace(typed, form=_KEY), {}))
    return _answered(page.replace(_KEY.encode(), new_submission().encode()))


@both(request_pages, "/demandes/nouvelle", "/requests/new", methods=["POST"])
@public
@PRESSES
def again() -> ResponseReturnValue:
    """The form with what was typed: another reason was chosen, an order looked for, or an answer is to be changed."""
    typed = filled.read(request.form, request.files)
    return shown(typed if typed.form else replace(typed, form=new_submission()))


@both(request_pages, "/demandes/commande", "/requests/order", methods=["POST"])
@public
@limiter.limit("10 per minute")
def order() -> ResponseReturnValue:
    """The card of the order, for who knows its code and its address."""
    return _part("portal/_order.html", filled.read(request.form))


@both(request_pages, "/demandes/reponses", "/requests/answers", methods=["POST"])
@public
@limiter.limit("60 per minute")
def fitting() -> ResponseReturnValue:
    """Articles that fit the message so far."""
    return _part("portal/_fitting.html", filled.read(request.form))


def shown(typed: Filled, problem: Invalid | None = None) -> ResponseReturnValue:
    """The page of the form, with what is wrong if anything is."""
    errors = sentences(typed, problem) if problem else {}
    return _answered(_page(typed, errors), 422 if errors else 200)


def _page(typed: Filled, errors: dict[str, str]) -> str:
    return render_template(
        "portal/request.html", errors=errors, has_errors=bool(errors), robots="noindex", reasons=_reasons(),
        opening=answering.opening(), longest=LONGEST, notices=bill.notices(actor(), language()), more_icons=_LATER,
        **_parts(typed),
    )  # fmt: skip


def _answered(page: str | bytes, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("HX-Request")
    return response


def sentences(typed: Filled, problem: Invalid) -> dict[str, str]:
    """What is wrong, field by field; where a field's own words are needed to tell which, they come first."""
    words = field_words(problem)
    fields = typed.kind.fields if typed.kind else ()
    labels = {f"own-{field.name}": field.label(language()) for field in fields}
    return {name: f"{labels[name]} – {text}" if name in labels else text for name, text in words.items()}


def order_card(looked: Looked) -> dict[str, object]:
    """What the card of an order needs, with the way out where a performance was cancelled."""
    seen = evenings(looked.order, language()) if looked.order else []
    off = next((one for one in seen if one.show.off), None)
    advice = bill.advice_url(actor(), off.status, language()) if off else ""
    shows = {seat.performance.id for seat in looked.order.seats} if looked.order else set()
    told = told_fitting(actor(), language(), reason="", performances=shows) if shows else []
    return {"looked": looked, "evenings": seen, "advice": advice, "told_of_order": told}


def _part(template: str, typed: Filled) -> ResponseReturnValue:
    answer = make_response(render_template(template, errors={}, **_parts(typed)))
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("HX-Request")
    return answer


def _parts(typed: Filled) -> dict[str, object]:
    """What the parts of the form show for what was typed so far."""
    kind, lang = typed.kind, language()
    settles = shelf.find(actor(), kind.article, lang) if kind and kind.article else None
    return {
        "filled": typed, "kind": kind, "kinds": [(card.code, card.name(lang)) for card in typed.kinds],
        "promised_at": promised.preview(kind.code if kind else None),
        "settles": (settles.title, article_url(settles)) if settles else None,
        "found_words": True, "answers": _fitting(typed), "told_first": told_fitting(actor(), lang, reason=typed.reason),
        **order_card(look_up(typed.order, typed.email)),
    }  # fmt: skip


def _fitting(typed: Filled) -> list[Answer]:
    words = typed.body.strip()
    if len(words) < FEWEST_CHARACTERS:
        return []
    found = search.search(words[:LONGEST], lang=language(), by=actor(), limit=OFFERED, typing=True)
    answers = [answer for answer in answers_of(found.hits) if not answer.other_language]
    return with_pinned(words[:LONGEST], answers)[:OFFERED]


def _reasons() -> list[dict[str, str]]:
    lang = language()
    return [{"value": c.code, "label": c.name(lang), "hint": c.hint(lang)} for c in reasons_for(internal=False)]
