"""The home page: what changed, the common ways, how soon we answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.portal import bill
from app.tickets.conversation import Word, answer
from tests.bill import a_performance
from tests.cast import KARIM
from tests.conftest import counted
from tests.doors.portal.scenery import text_of
from tests.makers import a_ticket

pytestmark = pytest.mark.usefixtures("shelf")


def test_anybody_finds_a_search_and_the_common_ways(client: FlaskClient):
    page = text_of(client, "/")
    assert '<html lang="fr"' in page
    assert 'action="/recherche"' in page
    assert 'href="/mes-demandes"' in page
    assert "/aide/billets/" in page


def test_the_english_home_page_links_back_to_the_french_one(client: FlaskClient):
    page = text_of(client, "/en/")
    assert '<html lang="en"' in page
    assert 'href="/" lang="fr" hreflang="fr"' in page
    assert '<link rel="alternate" hreflang="fr" href="http://localhost/">' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/">' in page


@pytest.mark.usefixtures("season")
def test_a_cancelled_show_is_told_whole_with_its_way_out(client: FlaskClient):
    page = text_of(client, "/en/")
    assert "Cancelled: La Traviata, Thursday 12\u00a0November" in page
    assert "The stage is flooded." in page
    assert 'href="/en/help/cancellations/my-show-is-cancelled"' in page


@pytest.mark.usefixtures("season")
def test_performances_of_the_week_tell_their_state(client: FlaskClient):
    page = text_of(client, "/en/")
    assert "Tomorrow at 2:30\u00a0pm" in page
    assert "Going ahead" in page
    assert '<span class="struck">La Traviata</span>' in page


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"status": "scheduled", "sold_out": True}, "sold_out"),
        ({"status": "delayed", "new_starts_at": timedelta(minutes=-30)}, "earlier"),
        ({"status": "delayed", "new_starts_at": timedelta(minutes=30)}, "later"),
        ({"status": "postponed", "new_starts_at": timedelta(days=9)}, "moved"),
        ({"status": "postponed"}, "postponed"),
        ({"status": "interrupted"}, "interrupted"),
    ],
)
def test_every_change_of_a_performance_has_its_word(noon: datetime, change: dict[str, object], state: str):
    moved = change.pop("new_starts_at", None)
    starts = noon + timedelta(days=3)
    at = starts + moved if isinstance(moved, timedelta) else None
    a_performance("Carmen", "Carmen", starts, new_starts_at=at, **change)  # type: ignore[arg-type]
    assert [show.state for show in bill.week("fr")] == [state]


def test_opening_hours_are_told_as_they_are_now(client: FlaskClient):
    assert "The box office is open today until 6:30\u00a0pm." in text_of(client, "/en/")


def test_at_night_the_page_says_when_somebody_is_there_again(client: FlaskClient, noon: datetime):
    with clock.frozen_at(noon - timedelta(days=3, hours=-9)):
        page = text_of(client, "/en/")
    assert "The box office is closed at the moment. It opens again Tuesday 10\u00a0November 2026 at 11\u00a0am" in page


def test_a_public_holiday_is_not_taken_for_an_open_day(client: FlaskClient):
    # The day after is the eleventh of November.
    assert "is dealt with from Thursday 12\u00a0November 2026 at 11\u00a0am" in text_of(client, "/en/")


def test_in_the_morning_the_break_is_told_too(client: FlaskClient, noon: datetime):
    with clock.frozen_at(noon - timedelta(hours=2)):
        page = text_of(client, "/en/")
    assert "open until 1\u00a0pm, then from 2\u00a0pm to 6:30\u00a0pm" in page


def test_the_reply_time_shown_is_the_one_measured(client: FlaskClient, noon: datetime, actor):
    karim = actor(KARIM)
    for number in range(5):
        opened = a_ticket(email=f"lea{number}@exemple.fr")
        with clock.frozen_at(noon + timedelta(minutes=95)):
            answer(opened.ticket_id, Word(body="Bonjour"), by=karim)
    with clock.frozen_at(noon + timedelta(minutes=100)):
        page = text_of(client, "/en/")
    assert "At the moment we answer within about 2\u00a0h" in page


def test_before_anything_is_measured_the_promise_is_shown(client: FlaskClient):
    assert "A question asked now is answered before" in text_of(client, "/en/")


@pytest.mark.usefixtures("season")
def test_the_home_page_asks_the_database_little(client: FlaskClient):
    text_of(client, "/")
    with counted() as statements:
        text_of(client, "/")
    assert len(statements) <= 2
