"""What a process finds ready when it starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from app.factory import create_app
from app.kernel import keys
from app.web import templating, tongue, warming
from tests.conftest import settings_for


@pytest.fixture
def kept_here(app: Flask) -> Path:
    """A house that keeps its compiled templates in its own folder, as houses do in earnest."""
    folder = Path(app.instance_path)
    app.jinja_env._folder = folder / "templates-here"  # type: ignore[attr-defined]
    return folder / "templates-here"


def test_templates_are_compiled_once_for_all_processes(app: Flask, kept_here: Path, monkeypatch) -> None:
    assert app.test_client().get("/").status_code == 200
    assert app.test_client().get("/en/").status_code == 200
    assert sorted(folder.name for folder in kept_here.iterdir()) == ["en", "fr"]
    assert all(list(folder.iterdir()) for folder in kept_here.iterdir())
    assert (kept_here / "fr").stat().st_mode & 0o077 == 0
    monkeypatch.setattr(Environment, "_parse", None)
    again = create_app(app.config["SETTINGS"])
    again.jinja_env._folder = kept_here  # type: ignore[attr-defined]
    assert again.test_client().get("/").status_code == 200


def test_a_changed_catalogue_makes_the_templates_anew(app: Flask, kept_here: Path, monkeypatch) -> None:
    assert app.test_client().get("/").status_code == 200
    before = {path: path.read_bytes() for path in (kept_here / "fr").iterdir()}
    monkeypatch.setattr(tongue, "compiled", lambda _lang: b"another catalogue")
    again = templating._Compiled(kept_here / "fr", "fr")
    monkeypatch.undo()
    same = templating._Compiled(kept_here / "fr", "fr")
    assert before
    assert again.get_source_checksum("text") != same.get_source_checksum("text")


def test_a_house_asked_ahead_of_its_readers_has_their_pages_ready(app: Flask, monkeypatch) -> None:
    warming.warm(app)
    monkeypatch.setattr(Environment, "compile", None)
    for address in warming.PAGES:
        assert app.test_client().get(address).status_code == 200


def test_a_house_that_cannot_answer_yet_starts_all_the_same(app: Flask, monkeypatch, caplog) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", None)
    monkeypatch.setattr(Flask, "test_client", lambda _app: _Broken())
    warming.warm(app)
    assert "/regie/connexion could not be asked for" in caplog.text


def test_a_probe_of_the_process_itself_is_not_sent_to_the_front_server(tmp_path: Path) -> None:
    keys.make(tmp_path / "keys")
    https = {"PUBLIC_URL": "https://aide.example", "SMTP_URL": "smtp://localhost", "GUICHET_ENV": "production"}
    visitor = create_app(settings_for(tmp_path, **https)).test_client()
    probed, read = (visitor.get(page, base_url="http://127.0.0.1:8000") for page in ("/health", "/contact"))
    assert (probed.status_code, probed.get_json()["checks"]["database"]) == (200, True)
    assert (read.status_code, read.headers["Location"]) == (302, "https://127.0.0.1:8000/contact")


class _Broken:
    def get(self, _page: str, **_how: object) -> None:
        raise OSError("no database yet")
