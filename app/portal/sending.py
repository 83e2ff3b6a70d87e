"""Making a request, second step: check what was typed, send it once, and hear what happens next."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.mail import telling
from app.portal import filled
from app.portal.addresses import both, pages
from app.portal.asking import PRESSES, order_card, shown
from app.portal.filled import Filled
from app.portal.orders import look_up
from app.portal.visitor import asked
from app.sla import promised
from app.tickets import tracking
from app.tickets.opening import Draft, open_ticket
from app.web.doors import actor, public
from app.web.forms import new_submission, submission_key
from app.web.limits import limiter
from app.web.tongue import language

send_pages = pages("portal_sending", large_forms=True)


@both(send_pages, "/demandes/verification", "/requests/check", methods=["POST"])
@public
@PRESSES
def check() -> ResponseReturnValue:
    """Everything that will be sent, each part with a way back to it."""
    typed = filled.read(request.form, request.files)
    try:
        submission_key(typed.form)
        draft, looked = filled.draft_of(typed, language())
    except Invalid as problem:
        return _refused(typed, problem)
    there = tracking.open_on_order(draft.email, looked.code) if looked.state == "found" else None
    return render_template(
        "portal/check.html", filled=typed, kind=typed.kind, given=_given(typed, draft), already_open=there is not None,
        promised_at=promised.preview(typed.type), robots="noindex", **order_card(looked),
    )  # fmt: skip


@both(send_pages, "/demandes/verification", "/requests/check")
@public
def check_nothing() -> ResponseReturnValue:
    """Somebody came to the second step without the first."""
    return redirect(url_for("portal_request.form"), 303)


@both(send_pages, "/demandes/envoi", "/requests/send", methods=["POST"])
@public
@limiter.limit("10 per minute")
def send() -> ResponseReturnValue:
    """Send the request; pressing twice sends it once."""
    typed = filled.read(request.form, request.files)
    try:
        filled.check_form(typed)
        draft, _looked = filled.draft_of(typed, language())
    except Invalid as problem:
        return _refused(typed, problem)
    open_ticket(draft, by=actor())
    asked()
    return redirect(url_for("portal_sending.sent", f=draft.submission), 303)


@both(send_pages, "/demandes/envoyee", "/requests/sent")
@public
def sent() -> ResponseReturnValue:
    """The number, the promise and what happens next; the private link comes by letter only."""
    receipt = tracking.receipt(request.args.get("f", "")[:40])
    first = next(iter(promised.promises(receipt.ticket_id)), None)
    return render_template(
        "portal/sent.html", number=receipt.number, promised_at=first.due_at if first else None, robots="noindex"
    )


@both(send_pages, "/demandes/deja-ouverte", "/requests/already-open", methods=["POST"])
@public
@limiter.limit("10 per minute")
def add_instead() -> ResponseReturnValue:
    """Send the link of the request somebody already has open on this order, so that they can add to it."""
    typed = filled.read(request.form)
    looked = look_up(typed.order, typed.email)
    there = tracking.open_on_order(typed.email, looked.code) if looked.state == "found" else None
    if there is not None:
        telling.new_link(there)
    return render_template("portal/letter_sent.html", robots="noindex")


def _refused(typed: Filled, problem: Invalid) -> ResponseReturnValue:
    """The form again; a key too old gives way to a new one, so that the next press goes through."""
    stale = problem.fields.get("form") == "stale_form"
    return shown(replace(typed, form=new_submission()) if stale else typed, problem)


def _given(typed: Filled, draft: Draft) -> list[tuple[str, object, str]]:
    """The answers to the type's own fields. Shape: (label, answer, kind of field)."""
    fields, lang = (typed.kind.fields if typed.kind else ()), language()
    return [
        (field.label(lang), _worded(field.options, draft.answers[field.name], lang), field.kind)
        for field in fields
        if field.name in draft.answers
    ]


def _worded(options: tuple[tuple[str, str, str], ...], answer: object, lang: str) -> object:
    return next((fr if lang == "fr" else en for value, fr, en in options if value == answer), answer)
