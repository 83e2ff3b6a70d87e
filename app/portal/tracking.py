"""Following a request by its private link: read, write, join files, end, take up again; the link opens all of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.kernel.access import Actor, spectator
from app.kernel.errors import Gone, Invalid, NotFound
from app.mail import telling
from app.portal.addresses import OTHER, pages
from app.portal.asking import order_card
from app.portal.filled import LONGEST
from app.portal.following import followed, may_write
from app.tickets import handling, links, tracking
from app.tickets.conversation import Word
from app.web.carried import Carried, joined
from app.web.doors import public
from app.web.downloads import download, only_download
from app.web.forms import new_submission, submission_key
from app.web.limits import limiter
from app.web.tongue import language, speak
from app.web.words import field_words

tracking_pages = pages("portal_tracking", large_forms=True)

#: What the page may be told to say after something was done.
DONE = {"sent", "ended", "open"}
TRIES = limiter.shared_limit("20 per minute", scope="tracking")
LETTERS = limiter.limit("5 per minute")


@tracking_pages.get("/d/<token>")
@public
def page(token: str) -> ResponseReturnValue:
    """Whose turn it is, by when, and everything said; opening the mailed link keeps it alive."""
    visit = _entered(token)
    if visit.merged:
        return redirect(url_for("portal_tracking.page", token=tracking.merged_into(token)), 302)
    if visit.unnoted:
        links.used(token)
    return _shown(token, visit, new_submission())


@tracking_pages.post("/d/<token>/messages")
@public
@TRIES
def write(token: str) -> ResponseReturnValue:
    """Add a word and files; when the request ended long ago, they open another one."""
    visit = _entered(token)
    files = joined()
    try:
        word = _word(files)
    except Invalid as problem:
        return _shown(token, visit, new_submission(), files, problem)
    number = tracking.say_more(visit.ticket_id, word, by=visit.by)
    if number is not None:
        return redirect(url_for("portal_sending.sent", f=word.submission, lang=language()), 303)
    return _back(token, "sent")


@tracking_pages.post("/d/<token>/fin")
@public
@TRIES
def end(token: str) -> ResponseReturnValue:
    """The spectator needs no answer any more."""
    visit = _entered(token)
    if visit.merged:  # the page leads on to the request it was folded into, where ending means what it says
        return _back(token, "")
    handling.close_as_requester(visit.ticket_id, by=visit.by)
    return _back(token, "ended")


@tracking_pages.post("/d/<token>/reprise")
@public
@TRIES
def take_up_again(token: str) -> ResponseReturnValue:
    """Take an ended request up again, while it is not too long ago."""
    visit = _entered(token)
    if visit.merged:
        return _back(token, "")
    if may_write(tracking.tracked(visit.by, visit.ticket_id).solved_at):
        handling.reopen(visit.ticket_id, by=visit.by)
    return _back(token, "open")


@tracking_pages.post("/d/<token>/lien")
@public
@LETTERS
def send_link(token: str) -> ResponseReturnValue:
    """Send the link by letter, to the requester only; also when it has expired."""
    ticket = links.proven(token)
    if ticket is None:
        raise NotFound("link")
    speak(ticket.language)
    telling.new_link(ticket.id)
    return render_template("portal/letter_sent.html", robots="noindex")


@tracking_pages.get("/d/<token>/fichiers/<int:file_id>")
@only_download
@public
def file(token: str, file_id: int) -> ResponseReturnValue:
    """One file of the request, as a download."""
    visit = _entered(token)
    return download(tracking.file_of(visit.by, visit.ticket_id, file_id))


@tracking_pages.errorhandler(Gone)
def expired(_problem: Gone) -> ResponseReturnValue:
    """The link was right once: a button sends a new one."""
    token = str((request.view_args or {}).get("token", ""))
    ticket = links.proven(token)
    if ticket is not None:
        speak(ticket.language)
    return render_template("portal/expired.html", token=token, robots="noindex"), 410


@dataclass(frozen=True, slots=True)
class _Visit:
    """Who came by a private link: its request, and the requester as an actor limited to it."""

    ticket_id: int
    by: Actor
    merged: bool
    unnoted: bool


def _entered(token: str) -> _Visit:
    ticket = links.opened(token)
    asked = request.args.get("lang", "")
    speak(asked if asked in OTHER else ticket.language)
    by = spectator(ticket.requester_id, door="portal", ticket_id=ticket.id)
    return _Visit(ticket.id, by, ticket.merged_into_id is not None, links.unnoted(ticket))


def _word(files: Carried) -> Word:
    """The word a form brought.

    Raises:
        Invalid: it is empty or too long, a file was refused, or the form is not ours.
    """
    body = request.form.get("body", "").replace("\r\n", "\n").replace("\x00", "")
    given = files.all()
    if len(body) > LONGEST:
        raise Invalid({"body": "too_long"})
    return Word(body=body, files=given, submission=submission_key(request.form.get("form")))


def _shown(
    token: str, visit: _Visit, form: str, files: Carried | None = None, problem: Invalid | None = None
) -> ResponseReturnValue:
    errors = field_words(problem) if problem else {}
    lang, done = language(), request.args.get("fait", "")
    seen = followed(visit.ticket_id, by=visit.by, language=lang)
    answer = render_template(
        "portal/follow.html", token=token, followed=seen, form=form, kept=files.words() if files else [], errors=errors,
        has_errors=bool(errors), typed=request.form.get("body", ""), done=done if done in DONE else "", longest=LONGEST,
        robots="noindex", other_language_url=url_for("portal_tracking.page", token=token, lang=OTHER[lang]),
        **(order_card(seen.looked) | ({"notices": (), "told_of_order": ()} if seen.waits else {})),
    )  # fmt: skip
    return make_response(answer, 422 if errors else 200)


def _back(token: str, done: str) -> Response:
    asked = request.args.get("lang")
    lang = asked if asked in OTHER else None
    return redirect(url_for("portal_tracking.page", token=token, fait=done or None, lang=lang), 303)
