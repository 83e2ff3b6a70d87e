"""F18: two colleagues answer, end, give away and merge the same requests at the same moment; no word of theirs is lost."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from app.health import service as health
from app.kernel.db import session
from app.search import index
from app.tickets.models import Message
from tests.cast import KARIM, NADIA, Character
from tests.doors.desk.steps import page
from tests.faults.scale import DUELS
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Form = dict[str, str]
#: What two people may be told: it is done, somebody was faster, or it no longer fits.
HONEST = {303, 404, 409, 422}


def ready(browser: FlaskClient, address: str) -> Form:
    """The proofs that stand on the page of a request."""
    for kept in ("csrf_field", "csrf_token"):  # the context of a test outlives a page, and both browsers share it
        g.pop(kept, None)
    session.rollback()
    session.expire_all()
    return dict(re.findall(r'name="(csrf_token|submission|version|last)" value="([^"]+)"', page(browser, address)))


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Do things at the same moment. Shape: their statuses, in order."""
    found: dict[int, int] = {}
    start = threading.Barrier(len(acts))

    def do(place: int, act: Callable[[], int]) -> None:
        start.wait(10)
        found[place] = act()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [found[place] for place in range(len(acts))]


def way_of(deed: str, other: int, words: str) -> tuple[str, Form]:
    """Where a deed is done, and what it sends."""
    return {
        "answer": ("reponse", {"reply": words, "then": "waiting", "go": "stay"}),
        "end": ("reponse", {"reply": words, "then": "solved", "go": "stay"}),
        "merge": ("fusion", {"into": str(other)}),
        "take": ("attribution", {"assignee": "me"}),
    }[deed]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("answer", "answer"), ("answer", "end"), ("answer", "merge"), ("end", "merge"), ("merge", "merge"),
        ("take", "take"), ("take", "answer"), ("take", "merge"),
    ],
)  # fmt: skip
def test_two_colleagues_at_once(app: Flask, sign_in: SignIn, one: str, two: str) -> None:
    karim, nadia = sign_in(KARIM), sign_in(NADIA)
    index.rebuild()
    for duel in range(DUELS):
        numbers = [a_ticket(subject=f"Un {duel}").number, a_ticket(subject=f"Deux {duel}", body="Encore.").number]
        crossed = one == two == "merge"  # each into the other
        sends = []
        for browser, deed, here in ((karim, one, 0), (nadia, two, 1 if crossed else 0)):
            verb, fields = way_of(deed, numbers[1 - here], f"Mot {browser is karim} {duel}.")
            address = f"/regie/demandes/{numbers[here]}"
            sends.append((browser, f"{address}/{verb}", {**ready(browser, address), **fields}))
        statuses = at_once(*(lambda send=send: send[0].post(send[1], data=send[2]).status_code for send in sends))  # type: ignore[misc]
        assert set(statuses) <= HONEST
        assert 303 in statuses
        session.rollback()
        said = Counter(body for (body,) in session.query(Message.body) if body.startswith("Mot "))
        for status, (_browser, _address, fields) in zip(statuses, sends, strict=True):
            assert "reply" not in fields or said[fields["reply"]] == (status == 303)
    assert [check.id for check in health.examine() if not check.ok] == []


def test_the_later_of_two_answers_is_warned_with_its_words_kept_and_then_said(app: Flask, sign_in: SignIn) -> None:
    address = f"/regie/demandes/{a_ticket().number}"
    browsers = {f"Mot de {who.name}.": sign_in(who) for who in (KARIM, NADIA)}
    forms = {words: {**ready(one, address), "reply": words, "go": "stay"} for words, one in browsers.items()}
    told: dict[str, tuple[int, str]] = {}

    def answer(words: str) -> int:
        given = browsers[words].post(f"{address}/reponse", data=forms[words])
        told[words] = given.status_code, given.get_data(as_text=True)
        return given.status_code

    assert sorted(at_once(*(lambda words=words: answer(words) for words in browsers))) == [303, 409]  # type: ignore[misc]
    (later,) = [words for words, (status, _html) in told.items() if status == 409]
    assert later in told[later][1]
    again = {**ready(browsers[later], address), "reply": later, "go": "stay"}
    assert browsers[later].post(f"{address}/reponse", data=again).status_code == 303
    session.rollback()
    said = [body for (body,) in session.query(Message.body) if body.startswith("Mot de")]
    assert sorted(said) == sorted(browsers)
