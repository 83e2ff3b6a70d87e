"""How well sorting does: read by those who lead, with the models of the house and the way back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.transaction import begun
from app.tickets.states import Channel
from app.triage import place, service, succession, versions
from app.triage.habit_card import Habit
from app.triage.models import LearnedModel
from tests.cast import INES, KARIM, SAMI, Character
from tests.doors.desk.steps import page, press, told
from tests.makers import a_ticket

Jobs, Known, SignIn = Callable[[], int], Callable[[Character], Actor], Callable[[Character], FlaskClient]
BOARD = "/regie/pilotage/tri"
REFUND = "Bonjour, le spectacle de samedi est annulé, je souhaite le remboursement de mes deux billets."

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def models(app: Flask, tmp_path: Path) -> Iterator[None]:
    """Two models that were in use one after the other; their files hold nothing but their names."""
    before = place.model_file().parent
    place.be(tmp_path / "models")
    versions.folder().mkdir(parents=True)
    for at, version in enumerate(("4-first", "4-second")):
        card = json.dumps({"version": version, "examples": 10, "house": at, "held": 0.8})
        (versions.folder() / f"{version}.json").write_text(card)
        (versions.folder() / f"{version}.npz").write_bytes(b"")
        with begun():
            session.add(
                LearnedModel(
                    version=version, at=clock.now(), verdict="published" if at else "found", labelled=10, house=at,
                    held_before=0.79 if at else None, held_after=0.8, recent=at, recent_before=0, recent_after=at,
                    used_at=clock.now(), by_hand=False,
                )
            )  # fmt: skip
        clock.advance(timedelta(hours=1))
    for suffix in (".npz", ".json"):
        shutil.copyfile(versions.folder() / f"4-second{suffix}", place.model_file().with_suffix(suffix))
    yield
    place.be(before)


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    """The manager of the box office."""
    return sign_in(INES)


def plain(html: str) -> str:
    """The text with every blank an ordinary one."""
    return " ".join(html.split())


def test_a_house_that_never_corrected_reads_what_will_come(ines: FlaskClient) -> None:
    html = page(ines, BOARD)
    assert "Rien n’a encore été appris ici." in html
    assert "Aucun motif n’a été corrigé" in html
    assert "Revenir au modèle précédent" not in html


def test_a_correction_counts_and_leads_to_its_request(ines: FlaskClient, run_jobs: Jobs, actor: Known) -> None:
    wrong, right = (a_ticket(body=REFUND, channel=Channel.EMAIL, email=f"p{at}@exemple.fr") for at in range(2))
    run_jobs()
    service.correct(wrong.ticket_id, category="complaint", type="formal_claim", priority="high", by=actor(KARIM))
    service.confirm(right.ticket_id, by=actor(KARIM))
    html = page(ines, BOARD)
    assert "Vos collègues ont regardé 2 tris" in plain(html)
    assert f'<a href="/regie/demandes/{wrong.number}">{wrong.number}</a>' in html
    assert f'<a href="/regie/demandes/{right.number}">' not in html
    assert 'class="pt s1"' in html


def test_one_press_goes_back_and_another_goes_on(
    ines: FlaskClient, models: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is sorted here; a file that cannot be read is refused below, and a real one used in `domains/triage`.
    monkeypatch.setattr(versions, "is_usable", lambda _version: True)
    assert "Dernier apprentissage : aujourd’hui, sur 1 de vos demandes" in plain(page(ines, BOARD))
    assert "de nouveau en service" in told(ines, press(ines, f"{BOARD}/retour", at=BOARD))
    now = versions.in_use()
    assert now is not None
    assert now.version == "4-first"
    assert succession.gone_back(now)
    assert "mis en service par Inès" in plain(page(ines, BOARD))
    told(ines, press(ines, f"{BOARD}/modele", at=BOARD, version="4-second"))
    again = versions.in_use()
    assert again is not None
    assert again.version == "4-second"
    assert not succession.gone_back(again)


def test_a_model_that_cannot_be_read_is_offered_nowhere(
    ines: FlaskClient, models: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = plain(page(ines, BOARD))
    assert "Illisible par cette version" in html
    assert 'value="4-first"' not in html
    assert "Revenir au modèle précédent" not in html
    monkeypatch.setattr(versions, "is_usable", lambda version: version == "4-first")
    html = plain(page(ines, BOARD))
    assert 'value="4-first"' in html


def test_the_way_back_leads_past_a_model_that_cannot_be_read(
    ines: FlaskClient, models: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix in (".npz", ".json"):
        shutil.copyfile(versions.folder() / f"4-first{suffix}", versions.folder() / f"3-oldest{suffix}")
    with begun():
        session.add(
            LearnedModel(
                version="3-oldest", at=clock.now() - timedelta(days=9), verdict="published", labelled=10, house=0,
                held_before=None, held_after=0.8, recent=0, recent_before=0, recent_after=0,
                used_at=clock.now() - timedelta(days=9), by_hand=False,
            )
        )  # fmt: skip
    monkeypatch.setattr(versions, "is_usable", lambda version: version == "3-oldest")
    assert "de nouveau en service" in told(ines, press(ines, f"{BOARD}/retour", at=BOARD))
    card = next(one for one in succession.history(by=SYSTEM) if one.version == "3-oldest")
    assert card.used_by is not None


def test_a_model_that_cannot_be_used_is_refused_in_words(ines: FlaskClient, models: None) -> None:
    unreadable = press(ines, f"{BOARD}/modele", at=BOARD, version="4-first")
    assert unreadable.status_code == 409
    assert "ne peut pas lire ce modèle" in unreadable.get_data(as_text=True)
    (versions.folder() / "4-first.npz").unlink()
    refused = press(ines, f"{BOARD}/modele", at=BOARD, version="4-first")
    assert refused.status_code == 409
    assert "son fichier a été supprimé" in refused.get_data(as_text=True)
    assert press(ines, f"{BOARD}/retour", at=BOARD).status_code == 409
    assert press(ines, f"{BOARD}/modele", at=BOARD, version="../../etc").status_code == 404


@pytest.mark.parametrize("habits", [None, 5, ["exchange"], [{"kind": "exchange_date"}], [[]], {"kind": "x"}])
def test_a_card_whose_habits_were_damaged_breaks_no_page(ines: FlaskClient, models: None, habits: object) -> None:
    card = place.model_file().with_suffix(".json")
    card.write_text(json.dumps(json.loads(card.read_text()) | {"habits": habits}))
    assert versions.in_use() is None
    assert "range à sa façon" not in page(ines, BOARD)


@pytest.mark.parametrize("card", ["[]", "null", "7", '"4-second"', "", '{"version": null}'])
def test_a_card_that_is_none_breaks_no_page(ines: FlaskClient, models: None, card: str) -> None:
    place.model_file().with_suffix(".json").write_text(card)
    assert versions.in_use() is None
    assert "4-second" in page(ines, BOARD)


@pytest.mark.parametrize("somebody", [KARIM, SAMI])
def test_only_those_who_lead_read_it(sign_in: SignIn, somebody: Character) -> None:
    assert sign_in(somebody).get(BOARD).status_code == 403


def test_what_the_house_sorts_its_own_way_is_told(
    ines: FlaskClient, models: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "range à sa façon" not in page(ines, BOARD)
    own = (Habit("special_tender", "gift_voucher", "credit_voucher", 14, 15),)
    monkeypatch.setattr(versions, "in_use", lambda: versions.InUse("4-second", 10, 1, 0.8, own))
    html = plain(page(ines, BOARD))
    assert "Ce que votre maison range à sa façon" in html
    assert "vos collègues y ont mis 14 de ces demandes sur 15" in html
