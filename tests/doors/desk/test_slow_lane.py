"""The slow lane at the desk: one line for each sender of very many e-mails, two buttons, and a way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from app.kernel.db import session
from app.mail import intake, register, slow_lane
from app.mail.intake import Envelope
from tests.cast import HUGO, KARIM, SAMI, Character
from tests.doors.desk.steps import page, press, statements, told
from tests.makers import a_letter

SignIn = Callable[[Character], FlaskClient]
LIST = "/regie/courrier/voie-lente"
LINE = "5 courriels de flot@exemple.fr attendent dans la voie lente"


@pytest.fixture
def flood(noon: datetime, run_jobs: Callable[[], int]) -> Iterator[None]:
    """Eight letters of one address, where three are filed at once."""
    slow_lane.allow(address=3, domain=0)
    store("flot@exemple.fr", 8)
    run_jobs()
    yield
    slow_lane.allow(address=0, domain=0)


def store(sender: str, count: int) -> None:
    raws = [
        a_letter(sender=sender, mid=f"<{n}.{sender}>", body=f"Mot {n}.", subject=f"<b>{n}</b>") for n in range(count)
    ]
    intake.store_letters([(raw, Envelope()) for raw in raws])


def fates() -> Counter[object]:
    session.rollback()
    return Counter(told["fate"] for _letter, told in register.all_fates())


@pytest.mark.usefixtures("flood")
def test_one_line_says_whose_letters_wait_and_what_about(karim: FlaskClient) -> None:
    assert f'href="{LIST}"' in page(karim, "/regie/file/todo")
    html = page(karim, LIST)
    assert LINE in html
    assert html.count("<li>&lt;b&gt;") == 3


def test_without_a_flood_nothing_speaks_of_it(karim: FlaskClient) -> None:
    assert LIST not in page(karim, "/regie/file/todo")
    assert "Personne ne doit attendre" in page(karim, LIST)
    assert "Rien n’est mis de côté" in page(karim, f"{LIST}?vue=ecartes")


@pytest.mark.usefixtures("flood")
def test_one_button_files_them_all(karim: FlaskClient, run_jobs: Callable[[], int]) -> None:
    html = told(karim, press(karim, f"{LIST}/classement", at=LIST, lane="flot@exemple.fr"))
    assert "5 courriels sont en cours de classement." in html
    assert LINE not in html
    assert fates() == {"ticket": 3, "waiting": 5}
    run_jobs()
    assert fates() == {"ticket": 8}


@pytest.mark.usefixtures("flood")
def test_another_button_puts_them_aside_and_a_third_brings_them_back(karim: FlaskClient) -> None:
    html = told(karim, press(karim, f"{LIST}/ecart", at=LIST, lane="flot@exemple.fr"))
    assert "5 courriels sont mis de côté." in html
    assert f'action="{LIST}/ecart"' in html
    assert LINE not in html
    assert "5 courriels de flot@exemple.fr sont mis de côté" in page(karim, f"{LIST}?vue=ecartes")
    html = told(karim, press(karim, f"{LIST}/ecart", at=LIST, lane="flot@exemple.fr", off="1"))
    assert LINE in html


@pytest.mark.usefixtures("flood")
def test_an_unknown_lane_changes_nothing(karim: FlaskClient) -> None:
    for lane in ("", "personne@exemple.fr", "@exemple.fr", "x" * 3000):
        html = told(karim, press(karim, f"{LIST}/classement", at=LIST, lane=lane))
        assert LINE in html


@pytest.mark.parametrize(("who", "status"), [(HUGO, 404), (SAMI, 403)])
@pytest.mark.usefixtures("flood")
def test_others_see_nothing(sign_in: SignIn, who: Character, status: int) -> None:
    browser = sign_in(who)
    assert "flot@exemple.fr" not in page(browser, LIST, status)
    for verb in ("classement", "ecart"):
        assert press(browser, f"{LIST}/{verb}", lane="flot@exemple.fr").status_code == status


@pytest.mark.usefixtures("flood")
def test_more_lanes_cost_no_more_statements(sign_in: SignIn, run_jobs: Callable[[], int]) -> None:
    karim = sign_in(KARIM)
    one = statements(karim, LIST)
    for place in range(10):
        store(f"flot{place}@exemple.fr", 5)
    run_jobs()
    assert statements(karim, LIST) == one
