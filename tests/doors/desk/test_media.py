"""Pictures at the desk: added by paste or form, listed with who shows them, removed when nobody does; read by all."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.knowledge import folder
from tests.cast import KARIM, PAUL, Character
from tests.domains.knowledge.test_pictures import a_bomb, a_picture
from tests.doors.desk.steps import _TOKEN, page, press, told
from tests.doors.desk.writing import an_article

SignIn = Callable[[Character], FlaskClient]
MEDIA = "/regie/base/images"


@pytest.fixture
def paul(app: Flask, noon: datetime, sign_in: SignIn, tmp_path: Path) -> FlaskClient:
    folder.keep_in(tmp_path / "articles")
    return sign_in(PAUL)


def add(client: FlaskClient, content: bytes, *, script: bool = True) -> TestResponse:
    proof = _TOKEN.search(client.get("/regie/moi").get_data(as_text=True))
    data = {"csrf_token": proof[1] if proof else "", "file": (io.BytesIO(content), "Photo de moi.JPG")}
    headers = {"HX-Request": "true"} if script else {}
    return client.post(MEDIA, data=data, content_type="multipart/form-data", headers=headers)


def test_a_pasted_picture_gives_the_word_for_the_text(paul: FlaskClient, client: FlaskClient) -> None:
    answer = add(paul, a_picture(form="JPEG"))
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    shown = client.get(f"/aide/{answer.get_data(as_text=True)}", buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in shown.headers


def test_what_cannot_be_shown_is_refused_in_words(paul: FlaskClient) -> None:
    answer = add(paul, a_bomb(60_000, 60_000))
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).startswith("Cette image a trop de points")
    html = add(paul, b"MZ", script=False)
    assert html.status_code == 422
    assert "ni une image" in html.get_data(as_text=True)


def test_a_picture_that_is_shown_stays_and_one_that_is_not_may_go(paul: FlaskClient) -> None:
    name = add(paul, a_picture()).get_data(as_text=True).removeprefix("media/")
    assert "N’est montrée nulle part" in page(paul, MEDIA)
    an_article(body=f"![Le plan](media/{name})\n")
    assert "show-cancelled" in page(paul, MEDIA)
    assert press(paul, f"{MEDIA}/{name}/retrait").status_code == 409
    other = add(paul, a_picture((8, 8))).get_data(as_text=True).removeprefix("media/")
    assert other not in told(paul, press(paul, f"{MEDIA}/{other}/retrait")).split("media-list")[-1]
    assert press(paul, f"{MEDIA}/{other}/retrait").status_code == 404


def test_who_writes_no_articles_adds_no_pictures(paul: FlaskClient, sign_in: SignIn) -> None:
    karim = sign_in(KARIM)
    assert karim.get(MEDIA).status_code == 403
    assert add(karim, a_picture()).status_code == 403


@pytest.mark.parametrize("name", ["x.svg", "%2e%2e/config.py", "gone.webp", "a%00.png"])
def test_no_other_file_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/aide/media/{name}").status_code == 404
