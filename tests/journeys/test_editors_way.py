"""What Paul types into an article stays though his session ends meanwhile."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Route, expect

from app.kernel.db import session
from tests.cast import PAUL
from tests.journeys.conftest import OpenPage
from tests.journeys.house import PASSWORD, House

pytestmark = pytest.mark.browser

HERE = "/regie/base/show-cancelled/fr"
WORDS = "Un paragraphe écrit pendant deux heures."


def _unless_by_itself(route: Route) -> None:
    if "hx-request" in route.request.headers:
        route.abort()
    else:
        route.continue_()


def test_a_session_that_ends_while_an_article_is_written_costs_no_word(house: House, signed_in: OpenPage) -> None:
    page = signed_in("paul")
    page.goto(HERE)
    page.route("**/brouillon", _unless_by_itself)  # nothing saves itself: the network was away meanwhile
    text = page.locator("[name=body]")
    text.fill(f"{WORDS}\n\n{text.input_value()}")
    with house.app.app_context():
        session.execute(sa.text("UPDATE user_session SET ended_at = created_at"))
        session.commit()
    page.locator("#editor").evaluate("form => form.requestSubmit()")
    expect(page.get_by_text("votre texte est gardé")).to_be_visible()
    page.locator("[name=email]").fill(PAUL.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("heading", name="Reprendre où vous en étiez")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Envoyer mon texte").click()
    expect(page.locator("#editor")).to_be_visible()
    assert text.input_value().startswith(WORDS)
