"""What a household prints: the receipt of its choice, its vouchers, and the coupon that answers by post."""

from __future__ import annotations

from flask import current_app, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.portal import choices_seen as seen
from app.portal import choices_words as words
from app.portal.addresses import pages
from app.portal.choices_frame import drawn, entered
from app.settlements import gifts, vouchers
from app.settlements.gifts import Form
from app.web.doors import public

choice_papers = pages("portal_choice_papers")


@choice_papers.get("/c/<token>/recapitulatif")
@public
def receipt(token: str) -> ResponseReturnValue:
    """What was chosen, by which ways, and what was agreed to."""
    visit = entered(token)
    if visit.page.chosen is None:
        return redirect(visit.at("page"), 303)
    parts = {line.option: line.cents for line in visit.page.chosen.lines}
    return drawn("receipt", visit, consent=words.consent(visit.page, parts))


@choice_papers.get("/c/<token>/bon")
@public
def voucher(token: str) -> ResponseReturnValue:
    """The vouchers of a credit: their codes, what each still holds, what was used of it; to show or to print."""
    visit = entered(token)
    found = [(one, _square(one.code)) for one in vouchers.of_link(token)]
    return drawn("voucher", visit, vouchers=found) if found else redirect(visit.at("page"), 303)


@choice_papers.get("/c/<token>/recu/<number>.<any(pdf, html):form>")
@public
def gift_receipt(token: str, number: str, form: Form) -> ResponseReturnValue:
    """The receipt of a gift, as the bytes it was given as."""
    entered(token)
    answer = make_response(gifts.read_of_link(token, number, form))
    answer.content_type = "application/pdf" if form == "pdf" else "text/html; charset=utf-8"
    answer.headers["Content-Disposition"] = f'inline; filename="{number}.{form}"'
    return answer


def _square(code: str) -> Markup:
    """A code as a square for scanners; its page says it in letters too."""
    import segno  # noqa: PLC0415 - docs/decisions/0018

    square = segno.make(code, error="m", micro=False, boost_error=False)
    return Markup(square.svg_inline(omitsize=True, svgclass="qr", dark="#000", light="#fff", border=3))  # noqa: S704


@choice_papers.get("/c/<token>/bulletin")
@public
def coupon(token: str) -> ResponseReturnValue:
    """A sheet to fill in by hand; it says how the web is reached too."""
    visit = entered(token)
    needed = {option.needs for option in visit.page.options}
    link = str(current_app.config["PUBLIC_URL"]) + url_for("portal_choice.page", token=token)
    return drawn(
        "coupon", visit, rows=seen.rows(visit.page), link=link,
        account="account" in needed, address="address" in needed, receipt="receipt" in needed,
    )  # fmt: skip
