"""The dashboard: its figures, the lists behind them, and both as files."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.insight import forecast, ledger_queries
from app.insight.access import today
from app.insight.ledger import ALL, MEASURES
from app.insight.models import DayFact
from app.insight.visits import Deed, flush, note
from app.kernel import clock
from app.kernel.transaction import transactional
from app.people import service as people
from tests.cast import INES, KARIM, ODILE, PAUL, SAMI, Character
from tests.conftest import counted as statements
from tests.domains.insight import stories
from tests.doors.desk.steps import page

SignIn = Callable[[Character], FlaskClient]
BOARD = "/regie/pilotage"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    """The manager of the box office."""
    return sign_in(INES)


def listed(html: str) -> list[int]:
    """Numbers of the requests a list leads to."""
    return [int(number) for number in re.findall(r'href="/regie/demandes/(\d+)"', html)]


def saved(browser: FlaskClient, what: str) -> TestResponse:
    """A file, read to its end while its request lives."""
    answer = browser.get(f"{BOARD}/export/{what}", buffered=True)
    assert answer.status_code == 200
    return answer


def rows(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.get_data(as_text=True))))


def test_the_board_shows_six_tiles_and_every_chart(sign_in: SignIn) -> None:
    stories.a_fortnight()
    stories.counted()
    html = page(sign_in(INES), BOARD)
    assert html.count('class="card kpi') == 6
    for chart in ("days", "ages", "ontime", "arrivals", "late", "lists"):
        assert f'id="{chart}-t"' in html


def test_before_any_request_the_board_says_so(ines: FlaskClient) -> None:
    html = page(ines, BOARD)
    assert 'class="card kpi' not in html
    assert 'class="empty"' in html


def test_late_requests_ring_the_alarm_and_lead_to_the_queue(sign_in: SignIn) -> None:
    stories.asked()
    stories.later(days=3)
    stories.counted()
    ines = sign_in(INES)
    html = page(ines, BOARD)
    assert 'class="alert bad"' in html
    assert "/regie/pilotage/liste/late_now" in html
    assert len(listed(html)) == 1
    answer = ines.get(f"{BOARD}/liste/late_now")
    assert answer.headers["Location"] == f"/regie/file/late?department={people.department('billetterie').id}"


@pytest.mark.parametrize("who", [KARIM, PAUL, SAMI])
def test_who_leads_nothing_may_not_see_figures(sign_in: SignIn, who: Character) -> None:
    browser = sign_in(who)
    page(browser, BOARD, 403)
    page(browser, f"{BOARD}/liste/received", 403)
    page(browser, f"{BOARD}/export/jours.csv", 403)


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    for address in (BOARD, f"{BOARD}/liste/received", f"{BOARD}/export/jours.csv"):
        assert client.get(address).headers["Location"].startswith("/regie/connexion")


def test_finance_sees_figures_without_the_requests_behind_them(sign_in: SignIn) -> None:
    stories.asked()
    stories.later(days=3)
    stories.counted()
    odile = sign_in(ODILE)
    html = page(odile, BOARD)
    assert listed(html) == []
    assert "/regie/pilotage/liste/received" not in html
    page(odile, f"{BOARD}/liste/received", 403)
    assert rows(saved(odile, "demandes.csv"))


def test_departments_of_others_do_not_exist(ines: FlaskClient) -> None:
    page(ines, f"{BOARD}?equipe={people.department('it').id}", 404)
    page(ines, f"{BOARD}?equipe=abc", 404)
    page(ines, f"{BOARD}?motif=nothing", 404)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("periode=dates&du=hier&au=2026-11-10", "du"),
        ("periode=dates&du=2026-11-01&au=demain", "au"),
        ("periode=dates&du=2026-11-09&au=2026-11-01", "au"),
        ("periode=dates&du=2024-01-01&au=2026-11-01", "du"),
        ("periode=dates&du=2027-01-01&au=2027-01-02", "du"),
    ],
)
def test_days_that_make_no_period_are_named(ines: FlaskClient, query: str, field: str) -> None:
    html = page(ines, f"{BOARD}?{query}", 422)
    assert f'id="f-{field}-e"' in html


def test_a_period_of_ones_own_is_carried_along(ines: FlaskClient) -> None:
    stories.asked()
    stories.counted()
    html = page(ines, f"{BOARD}?du=2026-11-02&au=2026-11-10")
    assert 'value="2026-11-02"' in html
    assert "/regie/pilotage/liste/received?periode=dates&amp;du=2026-11-02&amp;au=2026-11-10" in html


def test_a_list_holds_the_requests_of_its_figure(sign_in: SignIn) -> None:
    stories.answered(stories.asked(), after=300)
    stories.answered(stories.asked(), after=5)
    stories.counted()
    ines = sign_in(INES)
    assert len(listed(page(ines, f"{BOARD}/liste/first_late"))) == 1
    assert len(listed(page(ines, f"{BOARD}/liste/received"))) == 2
    assert len(listed(page(ines, f"{BOARD}/liste/received?motif=seating"))) == 0


def test_a_figure_nobody_counts_does_not_exist(ines: FlaskClient) -> None:
    page(ines, f"{BOARD}/liste/nothing", 404)
    page(ines, f"{BOARD}/export/nothing.csv", 404)


def test_visits_have_a_list_of_days(ines: FlaskClient) -> None:
    note("somebody", Deed.READ)
    flush()
    html = page(ines, f"{BOARD}/liste/alone")
    assert html.count('<th scope="row">') == 1


def test_exports_are_files_with_a_line_for_each(ines: FlaskClient) -> None:
    stories.asked()
    stories.asked("wrong_seat")
    stories.counted()
    answer = saved(ines, "demandes.csv?periode=7")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="demandes-2026-11-04-2026-11-10.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(rows(answer)) == 2


@pytest.mark.parametrize(
    ("what", "lines"), [("jours", 1), ("motifs", 1), ("arrivees", 7), ("anciennete", 4), ("visites", 0)]
)
def test_every_chart_is_a_file_too(ines: FlaskClient, what: str, lines: int) -> None:
    stories.asked()
    stories.counted()
    assert len(rows(saved(ines, f"{what}.csv"))) == lines


def statements_of(browser: FlaskClient, address: str) -> int:
    page(browser, address)
    with statements() as seen:
        page(browser, address)
    return len(seen)


@pytest.mark.parametrize("address", [f"{BOARD}/liste/received", BOARD])
def test_more_requests_cost_no_more_statements(sign_in: SignIn, address: str) -> None:
    stories.asked()
    stories.later(days=2)
    stories.counted()
    ines = sign_in(INES)
    few = statements_of(ines, address)
    for _ in range(20):
        stories.asked()
    stories.counted()
    assert statements_of(ines, address) == few
    assert few <= 10


@pytest.mark.parametrize("odd", ["²", "-1", "1" * 500])
def test_a_department_that_is_no_number_does_not_exist(ines: FlaskClient, odd: str) -> None:
    assert ines.get(f"{BOARD}?equipe={odd}").status_code == 404


def test_a_day_long_before_the_calendar_is_refused_beside_its_field(ines: FlaskClient) -> None:
    html = page(ines, f"{BOARD}?periode=dates&du=0001-01-01&au=0001-01-01", 422)
    assert 'id="f-du-e"' in html


def lived(days: int) -> None:
    """So many days before today, each with a dozen requests at the box office, all about seats."""
    rows = [
        {"department_id": stories.department(), "channel": ALL, "category": category, "day": today() - timedelta(days=ago),
         **dict.fromkeys(MEASURES, 0), "received": 12}
        for ago in range(1, days + 1)
        for category in (ALL, "seating")
    ]  # fmt: skip
    transactional(ledger_queries.put)(DayFact, rows)


def test_the_days_to_come_are_drawn_dotted_with_their_band_and_stand_in_the_table_and_the_file(
    ines: FlaskClient,
) -> None:
    lived(30)
    html = unescape(page(ines, BOARD))
    assert "Pas encore de prévision" in html
    assert "l dash" not in html
    forecast.make()
    html = unescape(page(ines, BOARD)).replace("\N{NO-BREAK SPACE}", " ")
    assert 'class="l dash s1"' in html
    assert '<polygon class="area' in html
    assert "On en attend environ 84 dans les 7 jours à venir" in html
    assert "Essayée sur les dernières semaines, elle s’est trompée de 0 % en moyenne" in html
    assert re.search(r'<td class="r">12</td><td class="r">\d+ à 1\d</td></tr>', html)
    assert "tous les motifs ensemble" in unescape(page(ines, f"{BOARD}?motif=seating"))
    assert "prévision" not in re.sub(
        r"<dl.*?</dl>", "", page(ines, f"{BOARD}?periode=dates&du=2026-10-01&au=2026-10-09")
    )
    lines = rows(saved(ines, "prevision.csv"))
    assert [line["day"] for line in lines] == [(today() + timedelta(days=ahead)).isoformat() for ahead in range(8)]
    assert {(line["expected"], line["of_incidents"]) for line in lines} == {("12.0", "0.0")}


def test_once_their_days_have_come_it_is_told_how_good_forecasts_were(sign_in: SignIn) -> None:
    lived(40)
    forecast.make()
    clock.advance(timedelta(days=9))
    lived(9)
    forecast.make()
    assert "Les prévisions des quatre dernières semaines se sont trompées de 0" in unescape(page(sign_in(INES), BOARD))
