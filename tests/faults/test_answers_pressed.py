"""Whoever serves the web is killed inside an answer: the choice is whole or absent, and the form sent again places it once."""

from __future__ import annotations

import html
import http.client
import re
import urllib.error
import urllib.parse
import urllib.request

from sqlalchemy import func

from app.cancellations.models import Choice, ChoiceLine, Credit, CreditLetter
from app.kernel.db import session
from app.mail.models import LetterOut
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened, token_of
from tests.faults.house import House, until

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
#: In the middle of the transaction; and when it is kept, but nobody has been told so.
POINTS = ("choice written", "choice confirmed")
Form = dict[str, str]


def ask(address: str, form: Form | None = None) -> str:
    """A page, by whoever has no cookie and no script."""
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(address, data=data, timeout=30) as answer:
        return str(answer.read().decode())


def carried(page: str) -> Form:
    """What the last form of a page carries on."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(page[page.rindex("<form ") :])}


def checked(link: str) -> Form:
    """The form whose button decides: 80 euros back on the card, 40 given."""
    parts = {"refund_card": "80,00", "donation": "40,00"}
    return carried(ask(f"{link}/verification", {**carried(ask(link)), **parts}))


def placed() -> list[tuple[int, str, int]]:
    """What was chosen, by credit."""
    session.rollback()
    query = session.query(Choice.credit_id, ChoiceLine.option, ChoiceLine.amount_cents)
    query = query.join(ChoiceLine, ChoiceLine.choice_id == Choice.id)
    return [tuple(row) for row in query.order_by(Choice.credit_id, ChoiceLine.id)]


def test_an_answer_is_whole_or_absent_and_sent_again_it_is_one(house: House) -> None:
    show = cancelled()
    for _ in POINTS:
        bought(a_household(), show)
    ids = opened(a_campaign(show, options=("refund_card", "donation")))
    paths = [f"/c/{token_of(credit_id)}" for credit_id in ids]
    session.remove()
    forms: list[Form] = []
    for point, path in zip(POINTS, paths, strict=True):
        with house.web(FAULT=f"{point}:1") as (_process, url):
            forms.append(checked(url + path))
            try:
                ask(f"{url}{path}/confirmation", forms[-1])
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
                pass
            else:
                raise AssertionError("the server answered: nobody killed it")
    whole = [(ids[1], "refund_card", 8_000), (ids[1], "donation", 4_000)]
    assert placed() == whole  # the first absent, the second whole
    with house.web() as (_process, url):
        for _ in range(2):  # the browser sends the same form again, and once more
            for form, path in zip(forms, paths, strict=True):
                ask(f"{url}{path}/confirmation", form)
    assert placed() == [(ids[0], "refund_card", 8_000), (ids[0], "donation", 4_000), *whole]
    assert session.query(Credit.state, Credit.choice_version).distinct().all() == [("answered", 1)]
    with house.worker():
        until(lambda: told() == len(ids), why=lambda: str(told()))
    session.rollback()
    assert session.query(func.count(LetterOut.id)).filter_by(kind="choice_made").scalar() == len(ids)
    house.well()


def told() -> int:
    session.rollback()
    return int(session.query(func.count(CreditLetter.id)).filter_by(occasion="choice-1").scalar() or 0)
