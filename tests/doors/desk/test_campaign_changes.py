"""What changes after a campaign opened, at the desk: additions, performances that take place, taking back, stray links."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.boxoffice import changing
from app.boxoffice.models import Admission, Performance
from app.cancellations import listing, managing, planning, sparing, supplementing
from app.cancellations.choosing import Wish, choose
from app.cancellations.models import Credit
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]


@pytest.fixture
def shows(noon: datetime) -> tuple[int, int]:
    """Two cancelled evenings; Fontanel holds two seats at each, Roux at the first only."""
    off, on = cancelled("Tosca"), cancelled("Carmen", days=25)
    bought(a_household("Fontanel"), off, on)
    bought(a_household("Roux"), off)
    return off.id, on.id


@pytest.fixture
def here(shows: tuple[int, int], actor: Act, run_jobs: Jobs) -> str:
    """Where it stands what changed in a campaign about both, whose households know of it."""
    campaign_id = run(a_plan(*map(show, shows)), actor(INES), actor(ODILE))
    run_jobs()
    return f"/regie/annulations/{campaign_id}/changements"


def show(key: int) -> Performance:
    return session.get_one(Performance, key)


def key(here: str) -> int:
    return int(here.split("/")[3])


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def seen(html: str) -> str:
    """What the form of the second person says that it shows."""
    return re.findall(r'name="seen" value="([^"]+)"', html)[0]


def owed() -> list[tuple[int, str]]:
    session.rollback()
    found = [tuple(row) for row in session.query(Credit.amount_cents, Credit.state).order_by(Credit.serial)]
    session.rollback()  # what is read later is what holds then
    return found


def test_what_is_found_later_is_agreed_to_by_a_second_person_who_types_it(
    here: str, shows: tuple[int, int], sign_in: SignIn, run_jobs: Jobs
) -> None:
    ines, odile = sign_in(INES), sign_in(ODILE)
    assert here in page(ines, here.removesuffix("/changements"))
    assert "Rien de plus n’est dû." in plain(told(ines, press(ines, f"{here}/recherche")))
    bought(a_household("Tardif"), show(shows[0]), seats=1)
    html = plain(told(ines, press(ines, f"{here}/recherche")))
    assert "Il est encore dû 60,00 € à 1 foyer" in html
    assert "Tardif" in html
    assert 'name="amount"' not in html
    assert "Odile" in html.partition("Peuvent l’approuver")[2]
    shown = seen(page(odile, here))
    sent = press(ines, f"{here}/accord", amount="60", seen=shown, password=PASSWORD)
    assert sent.status_code == 403
    assert "Une autre personne" in plain(sent.get_data(as_text=True))
    sent = press(odile, f"{here}/accord", amount="61,5", seen=shown, password=PASSWORD)
    html = plain(sent.get_data(as_text=True))
    assert sent.status_code == 422
    assert 'value="61,5"' in html
    assert 'id="f-amount-e"' in html
    assert len(owed()) == 2
    assert "accord donné par Odile" in plain(
        told(odile, press(odile, f"{here}/accord", amount="60,00", seen=shown, password=PASSWORD))
    )
    run_jobs()
    assert owed()[2] == (6_000, "invited")
    html = plain(page(ines, here))
    assert "Ajout 1 : 60,00 €" in html
    assert "Fait" in html


def test_what_is_owed_otherwise_by_now_is_not_agreed_to_and_looked_for_again(
    here: str, shows: tuple[int, int], sign_in: SignIn, actor: Act
) -> None:
    order = bought(a_household("Tardif"), show(shows[0]), seats=1).id
    supplementing.simulate(key(here), by=actor(INES))
    session.query(Admission).filter_by(order_id=order).update({"scanned_at": clock.now()})
    session.commit()
    odile = sign_in(ODILE)
    sent = press(odile, f"{here}/accord", amount="60", seen=seen(page(odile, here)), password=PASSWORD)
    assert sent.status_code == 409
    assert 'value="60"' in sent.get_data(as_text=True)
    ines = sign_in(INES)
    assert "Tardif" in page(ines, here)
    assert "Tardif" not in told(ines, press(ines, f"{here}/recherche"))
    assert supplementing.supplements(key(here), by=actor(INES)) == []
    assert len(owed()) == 2


def test_what_was_looked_for_again_meanwhile_is_read_before_it_is_agreed_to(
    here: str, shows: tuple[int, int], sign_in: SignIn
) -> None:
    bought(a_household("Tardif"), show(shows[0]), seats=1)
    ines, odile = sign_in(INES), sign_in(ODILE)
    press(ines, f"{here}/recherche")
    shown = seen(page(odile, here))
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        press(ines, f"{here}/recherche")
    for given in (shown, "", "yesterday"):
        sent = press(odile, f"{here}/accord", amount="60", seen=given, password=PASSWORD)
        assert sent.status_code == 409
    assert len(owed()) == 2
    assert (
        press(odile, f"{here}/accord", amount="60", seen=seen(page(odile, here)), password=PASSWORD).status_code == 303
    )


def test_a_performance_takes_place_once_it_was_read_how_many_that_concerns(
    here: str, shows: tuple[int, int], sign_in: SignIn, run_jobs: Jobs
) -> None:
    choose(token_of(1), Wish(lines={"donation": 24_000}, form="a"))
    odile, on = sign_in(ODILE), shows[1]
    sent = odile.get(f"{here}/representation?representation={on}")
    assert sent.status_code == 422
    assert 'id="f-motif-e"' in sent.get_data(as_text=True)
    page(odile, f"{here}/representation?representation=x&motif=plays", 422)
    html = plain(page(odile, f"{here}/representation?representation={on}&motif=plays"))
    assert "1 avoir perd ses places" in html
    assert "1 d’entre eux a reçu une réponse" in html
    assert owed()[0] == (24_000, "answered")
    html = plain(told(odile, press(odile, f"{here}/representation", representation=on, motif="plays")))
    run_jobs()
    assert owed() == [(12_000, "opened"), (12_000, "invited")]
    assert "Elle a finalement lieu" in html
    assert f'value="{on}"' not in html
    assert press(odile, f"{here}/representation", representation="x", motif="plays").status_code == 404
    again = press(odile, f"{here}/representation", representation=shows[0], motif="whim")
    assert again.status_code == 422
    assert owed() == [(12_000, "opened"), (12_000, "invited")]


def test_what_was_locked_before_is_listed_and_left(
    here: str, shows: tuple[int, int], sign_in: SignIn, run_jobs: Jobs
) -> None:
    choose(token_of(1), Wish(lines={"refund_card": 24_000}, form="a"))
    row = session.get_one(Credit, 1)
    row.state, row.locked_at = "locked", row.issued_at
    session.commit()
    odile, on = sign_in(ODILE), shows[1]
    html = plain(page(odile, f"{here}/representation?representation={on}&motif=moved"))
    assert "1 avoir est verrouillé" in html
    html = plain(told(odile, press(odile, f"{here}/representation", representation=on, motif="moved")))
    run_jobs()
    assert "AV-2026-000001" in html.partition("Verrouillés avant")[2]
    assert owed()[0] == (24_000, "locked")


def test_a_campaign_is_taken_back_by_one_who_knows_that_it_is_for_good(
    here: str, sign_in: SignIn, run_jobs: Jobs
) -> None:
    ines = sign_in(INES)
    sent = press(ines, f"{here}/retrait")
    assert sent.status_code == 422
    assert 'id="f-sure-e"' in sent.get_data(as_text=True)
    assert "La campagne est retirée" in plain(told(ines, press(ines, f"{here}/retrait", sure="1")))
    run_jobs()
    assert [state for _cents, state in owed()] == ["void", "void"]
    assert press(ines, f"{here}/retrait", sure="1").status_code == 409
    assert press(ines, f"{here}/recherche").status_code == 409
    assert 'action="' + here not in page(ines, here)
    assert here in page(ines, here.removesuffix("/changements"))


def test_an_agent_reads_what_changed_and_changes_nothing(
    here: str, shows: tuple[int, int], sign_in: SignIn, actor: Act
) -> None:
    karim = sign_in(KARIM)
    assert here not in page(karim, here)
    for verb in ("recherche", "accord", "representation", "retrait"):
        assert press(karim, f"{here}/{verb}", sure="1").status_code == 403
    page(karim, f"{here}/representation?representation={shows[0]}&motif=plays", 403)
    assert planning.card(key(here), by=actor(KARIM)).state == "open"
    page(karim, "/regie/annulations/99/changements", 404)


def test_there_is_a_page_from_the_moment_it_opens_and_none_before(
    shows: tuple[int, int], sign_in: SignIn, actor: Act
) -> None:
    ines = sign_in(INES)
    draft = managing.create(a_plan(show(shows[0])), by=actor(INES))
    assert ines.get(f"/regie/annulations/{draft}/changements").status_code == 302
    opening = run(a_plan(show(shows[1])), actor(INES), actor(ODILE))
    html = page(ines, f"/regie/annulations/{opening}/changements")
    assert "/retrait" in html  # a mistake is taken back while its credits are still being made
    assert "changements/recherche" not in html


def test_a_choice_asked_for_again_says_why_to_colleagues_and_to_the_household(
    here: str, shows: tuple[int, int], sign_in: SignIn, client: FlaskClient, actor: Act, run_jobs: Jobs
) -> None:
    token = token_of(1)
    choose(token, Wish(lines={"donation": 24_000}, form="a"))
    sparing.spare(key(here), shows[1], "plays", by=actor(ODILE))
    run_jobs()
    html = plain(page(sign_in(KARIM), "/regie/avoirs/AV-2026-000001"))
    assert "portait sur l’ancien montant" in html
    assert "240,00 €" in html.partition("Versions précédentes")[2]
    assert "une représentation a finalement lieu" in plain(page(client, f"/c/{token}"))
    assert "une représentation a finalement lieu" not in plain(page(client, f"/c/{token_of(2)}"))


@pytest.mark.usefixtures("here")
def test_a_link_is_taken_back_once_it_is_known_whose_hands_it_is_in(sign_in: SignIn, client: FlaskClient) -> None:
    karim, at, old = sign_in(KARIM), "/regie/avoirs/AV-2026-000001", token_of(1)
    choose(old, Wish(lines={"donation": 24_000}, form="a"))
    assert f"{at}/lien" in page(karim, at)
    sent = press(karim, f"{at}/lien", whose="dream")
    assert sent.status_code == 422
    assert all(f'id="f-{name}-e"' in sent.get_data(as_text=True) for name in ("whose", "sure"))
    page(client, f"/c/{old}")
    html = plain(told(karim, press(karim, f"{at}/lien", whose="passed", sure="1")))
    assert "Un nouveau part au foyer par courriel" in html
    assert client.get(f"/c/{old}").status_code == 410
    assert owed()[0] == (24_000, "answered")
    html = plain(told(karim, press(karim, f"{at}/lien", whose="stranger", sure="1")))
    assert "aucun courriel ne part" in html
    assert "Le lien était parti à quelqu’un d’autre" in html
    assert "240,00 €" in html.partition("Versions précédentes")[2]
    odile = sign_in(ODILE)
    assert f"{at}/lien" not in page(odile, at)
    page(odile, f"{at}/lien", 403)
    session.get_one(Credit, 1).state = "void"
    session.commit()
    assert press(karim, f"{at}/lien", whose="passed", sure="1").status_code == 409


def test_who_was_told_of_a_change_by_hand_is_noted_with_who_and_when(
    shows: tuple[int, int], sign_in: SignIn, actor: Act, run_jobs: Jobs
) -> None:
    bought(a_household("Papier", preferred_channel="post"), *map(show, shows))
    campaign_id = run(a_plan(*map(show, shows)), actor(INES), actor(ODILE))
    run_jobs()
    sparing.spare(campaign_id, shows[1], "plays", by=actor(ODILE))
    run_jobs()
    karim, at = sign_in(KARIM), f"/regie/annulations/{campaign_id}/avoirs"
    html = plain(page(karim, f"{at}?liste=autrement"))
    assert "1 foyer à prévenir d’un changement" in html
    assert "Moins est dû" in html
    assert "/c/" not in html
    (errand,) = re.findall(r'name="errand" value="(\d+)"', html)
    html = plain(told(karim, press(karim, f"{at}/prevenus", errand=errand)))
    assert "C’est noté" in html
    assert "à prévenir d’un changement" not in html
    assert "Karim" in html.partition("Prévenus à la main")[2]
    for wrong in ("999", "x"):
        assert press(karim, f"{at}/prevenus", errand=wrong).status_code == 404
    assert press(sign_in(ODILE), f"{at}/prevenus", errand=errand).status_code == 403


def test_what_the_box_office_says_otherwise_is_told_and_left_or_taken_out(
    here: str, shows: tuple[int, int], sign_in: SignIn, actor: Act, run_jobs: Jobs
) -> None:
    odile, ines, karim, one = sign_in(ODILE), sign_in(INES), sign_in(KARIM), here.removesuffix("/changements")
    for at in (clock.now() + timedelta(days=60), clock.now() + timedelta(days=61)):
        changing.change(shows[1], "postponed", at, by=actor(INES))
    run_jobs()
    assert "À examiner" in page(odile, "/regie/annulations")
    html = plain(page(odile, one))
    assert "la billetterie dit autre chose" in html
    assert "Elle est déplacée : dimanche 10 janvier 2027" in html
    path = re.findall(r'href="([^"]+)#representation"', html)[0]
    assert f'<option value="{shows[1]}" selected>' in page(odile, unescape(path))
    assert press(karim, f"{here}/lu", representation=str(shows[1])).status_code == 403
    for given in (str(shows[1]), str(shows[1])):
        assert press(ines, f"{here}/lu", representation=given).headers["Location"] == one
    assert press(ines, f"{here}/lu", representation="abc").status_code == 404
    assert "la billetterie dit autre chose" not in plain(page(odile, one))


def test_long_lists_of_what_was_found_and_of_who_must_be_told_are_turned_page_by_page(
    here: str, shows: tuple[int, int], sign_in: SignIn, actor: Act, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supplementing, "ROWS", 2)
    monkeypatch.setattr(listing, "ROWS", 2)
    names = [f"Tardif{place}" for place in range(5)]
    for name in names:
        bought(a_household(name, preferred_channel="post"), show(shows[1]), seats=1)
    supplementing.simulate(key(here), by=actor(INES))
    session.rollback()  # what is read later is what holds then
    odile = sign_in(ODILE)
    first = page(odile, here)
    path = re.findall(r'rel="next" href="([^"]+)"', first)[0]
    html = page(odile, unescape(path))
    assert [name for name in names if name in first] == names[:2]
    assert [name for name in names if name in html] == names[2:4]
    assert "3 à 4 sur 5 foyers" in plain(html)
    assert 'rel="prev"' in html
    assert press(odile, f"{here}/accord", amount="300", seen=seen(html), password=PASSWORD).status_code == 303
    run_jobs()
    sparing.spare(key(here), shows[1], "plays", by=actor(ODILE))
    run_jobs()
    at, told_of = f"{here.removesuffix('/changements')}/avoirs?liste=autrement", []
    while at:
        html = page(odile, unescape(at))
        assert re.findall(r"\d+ foyers? à prévenir", plain(html)) == ["5 foyers à prévenir"]
        told_of += [name for name in names if f">{name}</a> <span" in html]
        at = next(iter(re.findall(r'rel="next" href="([^"]+depuis[^"]+)"', html)), "")
    assert told_of == names
