"""Paul puts pictures, a fold-out and a film into an article by mouse and keyboard; a reader sees them."""

from __future__ import annotations

import base64
import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.domains.knowledge.test_pictures import a_picture
from tests.journeys.conftest import OpenPage
from tests.journeys.house import House
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser

_GIVE = """(area, [kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
  area.dispatchEvent(kind === "paste" ? new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true }));
}"""


def opened_text(page: Page) -> Locator:
    page.goto("/regie/base/lost-property/fr")
    text = page.locator("#f-body")
    text.press("Control+End")
    return text


def given(page: Page, kind: str, content: bytes) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/regie/base/images")):
        page.locator("#f-body").evaluate(_GIVE, [kind, base64.b64encode(content).decode()])


def test_pictures_are_pasted_and_dropped_and_need_words(house: House, signed_in: OpenPage, lea: Page) -> None:
    paul = signed_in("paul")
    paul.emulate_media(reduced_motion="reduce")
    text = opened_text(paul)
    text.press_sequentially("\n\n## Où est le vestiaire ?\n\n")
    given(paul, "paste", a_picture((900, 400), "JPEG"))
    expect(paul.locator("#picture-state")).to_contain_text("Elle est ajoutée")
    preview = paul.get_by_role("region", name="Aperçu")
    expect(preview).to_contain_text("Dites en mots ce que montre")
    expect(text).to_be_focused()
    text.press_sequentially("Le plan du vestiaire")
    expect(preview.get_by_role("img", name="Le plan du vestiaire")).to_be_visible()
    expect(preview).not_to_contain_text("Dites en mots ce que montre")
    text.press("Control+End")
    text.press_sequentially("\n\n")
    given(paul, "drop", a_picture((60, 60), "PNG"))
    text.press_sequentially("La porte")
    text.press("Control+End")
    given(paul, "paste", b"MZ this is no picture")
    expect(paul.locator("#picture-state")).to_contain_text("ni une image")
    paul.get_by_role("button", name="Volet").click()
    text.press_sequentially("Et le soir ?")
    text.press("Control+End")
    text.press_sequentially("\n\n![La salle en deux minutes](https://youtu.be/dQw4w9WgXcQ)")
    expect(preview.locator("details summary")).to_have_text("Et le soir ?")
    assert faults(paul) == []
    paul.get_by_role("button", name="Publier").click()
    expect(paul.get_by_role("main")).to_contain_text("est en ligne")
    asked: list[str] = []
    lea.emulate_media(reduced_motion="reduce")
    lea.context.on("request", lambda request: asked.append(request.url))
    lea.goto("/aide/apres/objets-trouves")
    picture = lea.get_by_role("img", name="Le plan du vestiaire")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 900)
    assert not [url for url in asked if "youtube" in url]
    lea.get_by_role("link", name=re.compile("Regarder")).focus()
    lea.keyboard.press("Enter")
    until = time.monotonic() + 10
    while not [url for url in asked if "youtube-nocookie.com/embed/dQw4w9WgXcQ" in url] and time.monotonic() < until:
        lea.wait_for_timeout(100)
    assert [url for url in asked if "youtube-nocookie.com/embed/dQw4w9WgXcQ" in url]
    assert lea.context.pages == [lea]  # in its frame, not beside the page
    assert faults(lea) == []


def test_the_list_of_pictures_holds_without_a_script(signed_in: OpenPage) -> None:
    paul = signed_in("paul")
    paul.emulate_media(reduced_motion="reduce")
    paul.goto("/regie/base/images")
    paul.get_by_label("Ajouter une image ou un film").set_input_files(
        {"name": "plan.png", "mimeType": "image/png", "buffer": a_picture((300, 200))}
    )
    paul.get_by_role("button", name="Ajouter", exact=True).click()
    expect(paul.get_by_role("main")).to_contain_text("Copiez sa ligne")
    assert faults(paul) == []
