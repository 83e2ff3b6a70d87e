"""Links of a choice that were lost: one that has expired, and one that never came to whoever it was for."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.cancellations import claiming, lost_links
from app.kernel.errors import Gone, Invalid, NotFound
from app.people.names import normalised
from app.portal import answering
from app.portal.addresses import OTHER, both, pages
from app.portal.frame import twins
from app.web.doors import actor, public
from app.web.limits import limiter
from app.web.tongue import language, speak
from app.web.words import field_words

choice_links = pages("portal_choice_links")

LETTERS = limiter.shared_limit("5 per minute", scope="choice letters")
#: Fields of a claim, and how much of each is kept.
_FIELDS = {"order": 40, "last4": 12, "email": 300}


@choice_links.post("/c/<token>/lien")
@public
@LETTERS
def send_link(token: str) -> ResponseReturnValue:
    """Send a new link by letter, to its household only; also when the old one has expired."""
    lost_links.send_again(token)
    return _sent()


@both(choice_links, "/spectacle-annule", "/cancelled-show")
@public
def claim_form() -> ResponseReturnValue:
    """The way to a choice for whom no letter reached."""
    return _claim({})


@both(choice_links, "/spectacle-annule", "/cancelled-show", methods=["POST"])
@public
@LETTERS
def claim() -> ResponseReturnValue:
    """Send the link if what was given fits an order; the same page whether it does or not."""
    typed = {name: _typed(name) for name in _FIELDS}
    try:
        _check(typed)
    except Invalid as problem:
        return _claim(field_words(problem)), 422
    claiming.claim(typed["order"], typed["last4"], typed["email"], language=language(), by=actor())
    return _sent()


def watch(blueprint: Blueprint) -> None:
    """Let a private link of a blueprint that was right once lead to a page that says so."""
    blueprint.register_error_handler(Gone, _gone)
    blueprint.register_error_handler(NotFound, _unknown)


def _gone(problem: Gone) -> ResponseReturnValue:
    return _lost(str(problem.values.get("fate", "over"))), 410


def _unknown(_problem: NotFound) -> ResponseReturnValue:
    return _lost("unknown"), 404


def _lost(fate: str) -> str:
    """What to do with a link that leads nowhere, by what became of it."""
    token = str((request.view_args or {}).get("token", ""))
    speak(_spoken_to(token))
    return render_template(
        "portal/choice/gone.html", token=token, robots="noindex", fate=fate, opening=answering.opening(), notices=(),
        other_language_url=url_for("portal_choice.page", token=token, lang=OTHER[language()]),
    )  # fmt: skip


def _spoken_to(token: str) -> str:
    """The language asked for, else that of whoever the link was sent to, else the browser's."""
    asked = request.args.get("lang", "")
    if asked in OTHER:
        return asked
    return lost_links.language_of(token) or request.accept_languages.best_match(tuple(OTHER), language())


def _check(typed: dict[str, str]) -> None:
    wrong = {name: "required" for name in ("order", "last4") if not typed[name]}
    if typed["last4"] and len(typed["last4"]) != 4:
        wrong["last4"] = "four_signs"
    if not normalised(typed["email"]):
        wrong["email"] = "email" if typed["email"] else "email_missing"
    if wrong:
        raise Invalid(wrong)


def _typed(name: str) -> str:
    # Blanks belong to the order codes of some systems, and to nothing else that is asked here.
    blank = " " if name == "order" else ""
    return blank.join(request.form.get(name, "").replace("\x00", "").split())[: _FIELDS[name]]


def _sent() -> str:
    return render_template("portal/choice/link_sent.html", robots="noindex")


def _claim(errors: dict[str, str]) -> str:
    return render_template(
        "portal/choice/claim.html", errors=errors, has_errors=bool(errors), alternates=twins(),
        typed={name: request.form.get(name, "")[:most] for name, most in _FIELDS.items()},
        opening=answering.opening(),
    )  # fmt: skip
