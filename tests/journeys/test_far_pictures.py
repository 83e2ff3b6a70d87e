"""A letter names pictures on another server: Karim sees it without them, asks for them once, and the house forgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.kernel.db import session
from app.tickets.models import Ticket
from tests.cast import LEA
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.far_pictures import FarServer, far_server
from tests.journeys.house import House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser

SHOW = "Afficher les images distantes cette fois"
ASKED = ["/billet.png", "/plan.png"]


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarServer]:
    """Where her pictures lie."""
    with far_server(tmp_path) as server:
        yield server


@pytest.fixture
def number(house: House, far: FarServer) -> int:
    """Léa writes with two pictures that lie elsewhere, one that counts readers, and everything else that may fetch."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = LEA, "billetterie@valmorin.example", "<images@exemple.fr>"
    letter["Subject"] = "Ma place au balcon"
    letter.set_content("Voici ma place.")
    at = far.address
    letter.add_alternative(
        f'<p>Voici ma place.</p><img src="{at("/billet.png")}" alt="Mon billet"><img src="{at("/plan.png")}" alt="Plan">'
        f'<img src="{at("/oeil.gif")}" width="1" height="1"><img src="{at("/dessin.svg")}">'
        f'<div style="background:url({at("/fond.png")})">a</div><table background="{at("/t.png")}"><tr><td>b</table>'
        f'<link rel="stylesheet" href="{at("/s.css")}"><iframe src="{at("/f")}"></iframe><svg><image href="{at("/v")}"/>'
        f'</svg><img src="{at("/clair.png").replace("https:", "http:")}"><img srcset="{at("/grand.png")} 2x">'
        f'<a href="{at("/suite")}">La suite</a>',
        subtype="html",
    )
    house.deliver(letter)
    house.work()
    with house.app.app_context():
        return int(session.query(Ticket.number).order_by(Ticket.id.desc()).limit(1).scalar())


def he_opens_it(karim: Page, number: int) -> None:
    karim.goto(f"/regie/demandes/{number}")
    karim.locator("article.msg").first.get_by_role(
        "link", name=re.compile("Tel qu’il a été envoyé|As it was sent")
    ).click()
    expect(karim.get_by_role("heading", level=1)).to_have_text("Ma place au balcon")
    the_letter_shows(karim, 0)


def the_letter_shows(karim: Page, pictures: int) -> None:
    """How many pictures from elsewhere are to be seen in the frame, once it stands still."""
    frame = karim.frame_locator("iframe[name=as-sent]")
    expect(frame.get_by_text("Voici ma place.")).to_be_visible()
    karim.wait_for_load_state("networkidle")
    far = frame.locator("img[src^='https:']")
    expect(far).to_have_count(pictures)
    assert [one.evaluate("one => one.naturalWidth") for one in far.all()] == [2] * pictures


def test_nothing_is_fetched_until_he_asks_then_once_and_never_by_itself_again(
    far: FarServer, number: int, signed_in: OpenPage
) -> None:
    karim = signed_in("karim", ignore_https_errors=True, reduced_motion="reduce")
    for _visit in range(2):  # he knows this server from elsewhere, and carries its cookie there
        karim.goto(far.address("/accueil"))
    assert far.asked.pop()[1]["cookie"] == "who=karim"
    far.asked.clear()
    karim.goto("/regie/file/todo")
    he_opens_it(karim, number)
    expect(karim.get_by_role("main")).to_contain_text("ne sont pas chargées sans que vous le demandiez")
    assert far.paths == []
    assert faults(karim) == []
    karim.get_by_role("button", name=SHOW).click()
    the_letter_shows(karim, 2)
    assert sorted(far.paths) == ASKED
    for _path, told in far.asked:
        assert "cookie" not in told
        assert "referer" not in told
    assert faults(karim) == []
    asked = len(far.paths)
    for come_back in (karim.reload, lambda: he_opens_it(karim, number)):
        come_back()
        the_letter_shows(karim, 0)
    karim.go_back()
    karim.go_forward()
    the_letter_shows(karim, 0)
    assert len(far.paths) == asked == 2


def test_it_is_asked_by_keyboard_in_english_on_a_telephone_without_scripts(
    far: FarServer, number: int, signed_in: OpenPage
) -> None:
    karim = signed_in("karim", ignore_https_errors=True, java_script_enabled=False, **PHONE)
    karim.goto("/regie/moi")
    karim.get_by_label("Langue de la régie").select_option("en")
    karim.get_by_role("button", name="Enregistrer").first.click()
    karim.wait_for_load_state()
    he_opens_it(karim, number)
    button = karim.get_by_role("button", name="Show remote pictures this once")
    button.focus()
    karim.keyboard.press("Enter")
    the_letter_shows(karim, 2)
    assert sorted(far.paths) == ASKED
    karim.reload()
    the_letter_shows(karim, 0)
    assert len(far.paths) == 2
