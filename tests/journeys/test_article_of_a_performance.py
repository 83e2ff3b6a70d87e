"""Paul ties an article to a performance, without JavaScript: Léa reads its date, and the article ends with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.boxoffice import referring
from app.kernel import clock
from app.venue import moments
from app.venue import service as venue
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.pages import ARTICLE

pytestmark = pytest.mark.browser

HERE = "/regie/base/show-cancelled/fr"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_an_article_is_filled_from_the_bill_and_ends_with_it(
    house: House, signed_in: OpenPage, screen: OpenPage, scripts: bool
) -> None:
    with house.app.app_context():
        code, show = referring.offered()[-1]
        zone = venue.house().tz
        day, at = moments.day(show.takes_place_at, "fr", zone), show.takes_place_at
    paul = signed_in("paul", java_script_enabled=scripts)
    paul.goto(HERE)
    text = paul.locator("[name=body]")
    text.fill("Rendez-vous {{performance_date}}.\n")
    paul.get_by_label("Chercher une représentation").fill(f"{show.title_fr} {day}")
    paul.get_by_role("button", name="Chercher", exact=True).click()
    expect(paul.get_by_label("Représentation dont il parle").locator(f"option[value='{code}']")).to_have_count(1)
    assert text.input_value().startswith("Rendez-vous")
    paul.get_by_label("Représentation dont il parle").select_option(code)
    paul.get_by_role("button", name="Publier").click()
    expect(paul.get_by_role("main")).to_contain_text("est en ligne")
    expect(paul.locator("#performance-state")).to_contain_text("Se termine avec la représentation le")
    lea = screen(java_script_enabled=scripts)
    lea.goto(ARTICLE)
    expect(lea.get_by_role("main")).to_contain_text(f"Rendez-vous {day}.")
    house.wait(seconds=(at + timedelta(days=2) - clock.now()).total_seconds())
    answer = lea.goto(ARTICLE)
    assert answer is not None
    assert answer.status == 404
