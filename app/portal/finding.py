"""Finding a request again: the link travels by letter, and whether there is one is told to nobody."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import Invalid
from app.mail import telling
from app.people.names import normalised
from app.portal import answering
from app.portal.addresses import both, pages
from app.portal.frame import twins
from app.web.doors import public
from app.web.limits import limiter
from app.web.words import field_words

finding_pages = pages("portal_find")


@both(finding_pages, "/retrouver", "/find")
@public
def find() -> ResponseReturnValue:
    """Ask for the links of one's requests."""
    return _page("portal/find.html")


@both(finding_pages, "/mes-demandes", "/my-requests")
@public
def mine() -> ResponseReturnValue:
    """How requests are followed here, and the way to one's own."""
    return _page("portal/mine.html")


@both(finding_pages, "/retrouver", "/find", methods=["POST"])
@public
@limiter.limit("5 per minute")
def send_links() -> ResponseReturnValue:
    """Send the links; the same page for known and unknown addresses."""
    try:
        address = _address(request.form.get("email", ""))
    except Invalid as problem:
        return _page("portal/find.html", field_words(problem)), 422
    telling.find_again(address)
    return render_template("portal/letter_sent.html", robots="noindex")


def _address(given: str) -> str:
    """The address as stored.

    Raises:
        Invalid: field `email`, when it cannot be one.
    """
    address = normalised(given)
    if not address:
        raise Invalid({"email": "email" if given.strip() else "email_missing"})
    return address


def _page(template: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        template, errors=errors or {}, has_errors=bool(errors), typed=request.form.get("email", "")[:300],
        opening=answering.opening(), alternates=twins(),
    )  # fmt: skip
