"""How a page is pressed for those who read it."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient


def test_a_reader_who_takes_only_gzip_gets_the_same_page(client: FlaskClient):
    plain = client.get("/contact")
    pressed = client.get("/contact", headers={"Accept-Encoding": "gzip"})
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(pressed.get_data()) == plain.get_data()
    assert int(pressed.headers["Content-Length"]) == len(pressed.get_data()) < len(plain.get_data()) / 2
    assert "Accept-Encoding" in pressed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("identity", None),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=nonsense", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000, br;q=0, identity", None),
        ("zstd;q=0.0,*", None),
        ("gzip;q=0, *;q=0", None),
        ("br;q=0.5, gzip;q=0", "br"),
    ],
)
def test_every_reader_gets_what_it_takes_best(client: FlaskClient, accepted: str, given: str | None):
    answer = client.get("/contact", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == given


def test_a_page_known_already_is_not_sent_again(client: FlaskClient):
    first = client.get("/", headers={"Accept-Encoding": "gzip"})
    again = client.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.get_data()
