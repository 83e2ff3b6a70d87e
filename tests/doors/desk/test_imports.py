"""Files of the ticketing system at the desk: rehearsed, brought in by the worker, followed, and deleted afterwards."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.boxoffice import arriving
from app.boxoffice.models import Admission, ImportRun
from app.kernel import clock
from app.kernel.db import session
from tests.cast import INES, KARIM, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.exchange import a_file, a_row

SignIn = Callable[[Character], FlaskClient]
Jobs = Callable[[], int]
HERE = "/regie/billetterie/import"


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """A manager, who brings files in."""
    return sign_in(INES)


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def rehearsed(browser: FlaskClient, path: Path, **fields: object) -> TestResponse:
    given: dict[str, object] = {"system": "sirius", "file": (io.BytesIO(path.read_bytes()), path.name)}
    return press(browser, HERE, at=HERE, **(given | fields))


def asked(browser: FlaskClient, answer: TestResponse) -> TestResponse:
    html = answer.get_data(as_text=True)
    fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', html)[-1] for name in ("mark", "name", "system")}
    return press(browser, f"{HERE}/accord", at=HERE, **fields)


def waiting(app: Flask) -> list[Path]:
    return list((Path(app.instance_path) / "exchange").glob("*"))


def seats() -> int:
    session.rollback()
    return session.query(Admission).count()


def test_a_rehearsal_tells_line_by_line_and_brings_nothing_in(ines: FlaskClient, tmp_path: Path) -> None:
    path = a_file(tmp_path / "ventes.csv", a_row("B1"), a_row("B2", price="-3"), a_row("B3", language="klingon"))
    html = plain(rehearsed(ines, path).get_data(as_text=True))
    assert "1 ligne bonne" in html
    assert "1 serait écartée" in html
    assert "1 avec un avertissement" in html
    assert "Un montant ne peut pas être négatif" in html
    assert "Prix TTC" in html
    assert re.search(r'<td class="r">3</td>', html)  # the line of the file, its header counted
    assert seats() == 0
    assert session.query(ImportRun).count() == 0


def test_a_rehearsed_file_is_brought_in_by_the_worker_and_deleted(
    app: Flask, ines: FlaskClient, tmp_path: Path, run_jobs: Jobs
) -> None:
    path = a_file(tmp_path / "ventes.csv", a_row("B1"), a_row("B2"))
    answer = rehearsed(ines, path)
    html = plain(told(ines, asked(ines, answer)))
    assert "en cours d’import" in html
    assert f'hx-get="{HERE}/etat"' in html
    assert len(waiting(app)) == 1
    run_jobs()
    part = plain(ines.get(f"{HERE}/etat").get_data(as_text=True))
    assert "Importé" in part
    assert "Inès Carvalho" in part
    assert "hx-get" not in part
    assert seats() == 2
    assert waiting(app) == []


def test_pressed_twice_it_is_brought_in_once(ines: FlaskClient, tmp_path: Path, run_jobs: Jobs) -> None:
    answer = rehearsed(ines, a_file(tmp_path / "ventes.csv", a_row("B1")))
    asked(ines, answer)
    asked(ines, answer)
    run_jobs()
    assert session.query(ImportRun).count() == 1
    assert seats() == 1


def test_the_same_file_again_changes_nothing(ines: FlaskClient, tmp_path: Path, run_jobs: Jobs) -> None:
    for _ in range(2):
        asked(ines, rehearsed(ines, a_file(tmp_path / "ventes.csv", a_row("B1"))))
        run_jobs()
    assert seats() == 1
    assert [run.state for run in session.query(ImportRun)] == ["done", "done"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vide"), (b"bonjour\r\nmonde", "tableau de billets"), ("é;à".encode("utf-16"), "UTF-16"),
     (b"\x00\x01\x02", "tableau de billets")],
)  # fmt: skip
def test_what_is_no_file_of_tickets_is_told_beside_the_field(
    app: Flask, ines: FlaskClient, content: bytes, words: str
) -> None:
    answer = press(ines, HERE, at=HERE, system="sirius", file=(io.BytesIO(content), "x.csv"))
    html = plain(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert 'id="f-file-e"' in html
    assert words in html
    assert 'value="sirius"' in html
    assert waiting(app) == []


def test_without_a_file_or_with_an_odd_name_of_its_system_it_says_so(ines: FlaskClient, tmp_path: Path) -> None:
    missing = press(ines, HERE, at=HERE, system="sirius")
    assert missing.status_code == 422
    assert "Choisissez un fichier" in plain(missing.get_data(as_text=True))
    odd = rehearsed(ines, a_file(tmp_path / "a.csv", a_row("B1")), system="Ma billetterie !")
    assert odd.status_code == 422
    assert 'id="f-system-e"' in odd.get_data(as_text=True)


@pytest.mark.parametrize("mark", ["", "x", "../../guichet", "0" * 64])
def test_a_file_that_does_not_wait_cannot_be_brought_in(ines: FlaskClient, mark: str) -> None:
    assert press(ines, f"{HERE}/accord", at=HERE, mark=mark, name="a", system="csv").status_code == 404
    assert session.query(ImportRun).count() == 0


def test_a_file_only_rehearsed_goes_after_a_day(app: Flask, ines: FlaskClient, tmp_path: Path) -> None:
    rehearsed(ines, a_file(tmp_path / "a.csv", a_row("B1")))
    (old,) = waiting(app)
    before = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(old, (before, before))
    rehearsed(ines, a_file(tmp_path / "b.csv", a_row("B2")))
    assert old not in waiting(app)


def test_only_those_who_bring_files_in_may_enter(noon: datetime, sign_in: SignIn) -> None:
    for who in (KARIM, SAMI):
        page(sign_in(who), HERE, 403)
    assert "doublons" in page(sign_in(KARIM), "/regie/foyers")
    assert "billetterie/import" not in page(sign_in(KARIM), "/regie/foyers")


def test_before_the_first_one_the_history_says_so(ines: FlaskClient) -> None:
    assert "Rien n’a encore été importé" in unescape(page(ines, HERE))
    press(ines, "/regie/moi", language="en", theme="auto", signature="")
    assert "Nothing was brought in yet" in page(ines, HERE)


def test_a_file_too_large_for_the_page_leads_to_the_command(ines: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "LARGEST", 1_000)
    assert "25 Mo au plus" in plain(page(ines, HERE))
    little = press(ines, HERE, at=HERE, system="sirius", file=(io.BytesIO(b"x" * 1_001), "grand.csv"))
    much = ines.post(HERE, data=b"x" * 28_000_000, content_type="multipart/form-data; boundary=x")
    assert (little.status_code, much.status_code) == (422, 413)
    for sent in (little, much):
        html = plain(sent.get_data(as_text=True))
        assert 'href="#f-file"' in html
        assert "flask boxoffice import" in html
