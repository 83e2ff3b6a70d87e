"""A house whose database was made and that nobody has set up yet says so, and keeps its own pages out of the log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.factory import create_app
from app.kernel.db import db
from app.web import warming
from tests.conftest import settings_for


def test_a_house_that_is_not_set_up_says_so_in_the_readers_language(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings_for(tmp_path))
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    with caplog.at_level(logging.ERROR):
        warming.warm(app)
        visitor = app.test_client()
        french, english = visitor.get("/"), visitor.get("/en/")
        form, search = visitor.get("/demandes/nouvelle"), visitor.get("/recherche?q=billet")
        signing_in = visitor.get("/regie/connexion")
    assert (french.status_code, english.status_code, form.status_code) == (503, 503, 503)
    assert "pas encore ouverte" in french.text
    assert "not set up yet" in english.text
    assert (search.status_code, signing_in.status_code) == (200, 200)
    assert caplog.records == []
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
