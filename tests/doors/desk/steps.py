"""What a colleague's browser does: forms are sent with the proof that stands on the page, as a person would."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.access import Actor
from app.kernel.db import session
from app.tickets import cases
from app.tickets.cases import Case
from tests.conftest import counted

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SUBMISSION = re.compile(r'name="submission" value="([^"]+)"')


def page(browser: FlaskClient, address: str, status: int = 200) -> str:
    """The text of a page that must answer with a status."""
    answer = browser.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


def lines(browser: FlaskClient, address: str) -> str:
    """The canned answers of a request, as its palette fetches them."""
    answer = browser.get(f"{address}/reponses-types", headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:800]
    return answer.get_data(as_text=True)


def press(browser: FlaskClient, address: str, /, at: str = "/regie/moi", **fields: object) -> TestResponse:
    """Send a form, with the tokens of the page it stands on."""
    form = browser.get(at).get_data(as_text=True)
    proof, submission = _TOKEN.search(form), _SUBMISSION.search(form)
    assert proof is not None, form[:500]
    fields.setdefault("csrf_token", proof[1])
    if submission is not None:
        fields.setdefault("submission", submission[1])
    answer = browser.post(address, data=fields, content_type="multipart/form-data")
    assert answer.status_code < 500, f"{address} answered {answer.status_code}"
    return answer


def told(browser: FlaskClient, answer: TestResponse) -> str:
    """The page one is led to."""
    assert answer.status_code == 303, answer.get_data(as_text=True)[:800]
    return page(browser, answer.headers["Location"])


def seen(by: Actor, number: int) -> Case:
    """A request as it is now, whatever this test read before."""
    session.rollback()
    return cases.case_for(by, number)


def statements(browser: FlaskClient, address: str) -> int:
    """How many statements a page costs once what every process remembers is fresh."""
    page(browser, address)
    with counted() as seen_statements:
        page(browser, address)
    return len(seen_statements)
