"""Campaigns at the desk: written down, simulated, approved by a second person, opened, led; every step for who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.boxoffice.models import Performance
from app.cancellations import managing, planning
from app.cancellations.choosing import Wish, choose
from app.cancellations.plans import OptionPlan
from app.kernel import clock
from app.kernel.access import Actor
from tests.cast import INES, KARIM, ODILE, PASSWORD, SAMI, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.doors.desk.steps import page, press, told

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
HERE = "/regie/annulations"


@pytest.fixture
def ines(noon: datetime, sign_in: SignIn) -> FlaskClient:
    """The manager who writes campaigns."""
    return sign_in(INES)


@pytest.fixture
def show(noon: datetime) -> Performance:
    """A cancelled performance that three households hold; one came in, one bought from a reseller."""
    row = cancelled("Tosca")
    bought(a_household("Fontanel"), row)
    bought(a_household("Roux"), row, seats=1, scanned_at=clock.now())
    bought(a_household("Fnac"), row, channel="reseller")
    return row


@pytest.fixture
def written(show: Performance, actor: Act) -> int:
    return managing.create(a_plan(show, options=("refund_card", "voucher")), by=actor(INES))


@pytest.fixture
def opened(show: Performance, actor: Act, run_jobs: Jobs) -> int:
    campaign_id = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    return campaign_id


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def fields(*shows: Performance, **changed: object) -> dict[str, object]:
    far = clock.now() + timedelta(days=60)
    given: dict[str, object] = {
        "kind": "cancel", "title_fr": "Tosca", "title_en": "Tosca", "text_fr": "Désolés.", "text_en": "Sorry.",
        "fees": "all", "shows": [str(show.id) for show in shows], "options": ["refund_card", "donation"],
        "channels_out": ["reseller"], "deadline": far.date().isoformat(), "reminders": "7, 3",
        "claim_until": (far + timedelta(days=900)).date().isoformat(), "receipts_mode": "none", "default_option": "",
    }  # fmt: skip
    return given | changed


def state(campaign_id: int, by: Actor) -> str:
    return planning.card(campaign_id, by=by).state


def test_without_a_campaign_the_list_says_what_one_is(ines: FlaskClient) -> None:
    html = plain(page(ines, HERE))
    assert "Pas encore de campagne" in html
    assert "/regie/annulations/nouvelle" in html


def test_a_campaign_is_written_down_with_what_was_typed(ines: FlaskClient, show: Performance, actor: Act) -> None:
    more = {"refund_card_label_fr": "Sur votre carte", "donation_min": "5,50", f"ratio_{show.id}": "62,5"}
    html = plain(told(ines, press(ines, f"{HERE}/nouvelle", **fields(show, **more))))
    assert "simulez-la maintenant" in html
    (card,) = planning.cards(by=actor(INES))
    plan = planning.plan_of(card.id, by=actor(INES))
    assert (card.state, plan.performances, plan.reminders) == ("draft", {show.id: 6250}, (7, 3))
    assert plan.rule["channels_out"] == ["reseller"]
    assert [(one.code, one.label_fr, one.min_cents) for one in plan.options] == [
        ("refund_card", "Sur votre carte", 0), ("donation", "", 550),
    ]  # fmt: skip


def test_what_was_written_stands_in_the_form_again_and_is_saved_unchanged(
    ines: FlaskClient, show: Performance, actor: Act
) -> None:
    told(ines, press(ines, f"{HERE}/nouvelle", **fields(show, voucher_months="18", options=["refund_card", "voucher"])))
    (card,) = planning.cards(by=actor(INES))
    before = planning.plan_of(card.id, by=actor(INES))
    saved_again(ines, card.id)
    assert planning.plan_of(card.id, by=actor(INES)) == before


def test_what_a_file_says_of_who_counts_is_not_lost_in_the_form(
    ines: FlaskClient, show: Performance, actor: Act
) -> None:
    rule = {
        "fees": "venue", "include_scanned": False, "tariffs_out": [], "channels_out": ["reseller"], "tenders_out": [],
        "kinds_out": [], "tariffs_in": ["Plein tarif"], "channels_in": ["web"], "tenders_in": ["card", "cash"],
        "kinds_in": ["single"],
    }  # fmt: skip
    options = (OptionPlan(code="refund_card"), OptionPlan(code="donation", only_kinds=("individual", "company"),
                                                          only_tenders=("card",)))  # fmt: skip
    campaign_id = managing.create(replace(a_plan(show, rule=rule), options=options), by=actor(INES))
    before = planning.plan_of(campaign_id, by=actor(INES))
    saved_again(ines, campaign_id)
    after = planning.plan_of(campaign_id, by=actor(INES))
    assert (after.rule, after.options) == (before.rule, before.options)
    html = plain(page(ines, f"{HERE}/{campaign_id}"))
    for words in ("ceux de la maison seulement", "En ligne", "Carte, Espèces", "Plein tarif"):
        assert words in html, words


def test_naming_the_same_both_ways_is_told_in_place(ines: FlaskClient, show: Performance) -> None:
    answer = press(ines, f"{HERE}/nouvelle", **fields(show, channels_in=["web"], channels_out=["web", "reseller"]))
    assert answer.status_code == 422
    assert "est à la fois laissée de côté et seule à compter" in plain(answer.get_data(as_text=True))


def test_the_simulation_tells_who_does_not_count(ines: FlaskClient, show: Performance, actor: Act) -> None:
    bought(a_household("Collège"), show, channel="school", seats=3)
    campaign_id = managing.create(a_plan(show, rule={"channels_in": ["school"]}), by=actor(INES))
    found = managing.simulate(campaign_id, by=actor(INES))
    assert (found["credits"], found["cents"]) == (1, 18_000)
    assert found["left_out"] == {"channel": 3, "reseller": 2}
    assert "Acheté par un canal écarté" in plain(page(ines, f"{HERE}/{campaign_id}"))


def saved_again(ines: FlaskClient, campaign_id: int) -> None:
    """The form is sent as it comes."""
    html = page(ines, f"{HERE}/{campaign_id}/texte")
    again: dict[str, list[str]] = {}
    form = html.partition('id="campaign"')[2].partition("</form>")[0]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            again.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        again[name] = re.findall(r'value="([^"]*)" selected', inside)
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        again[name] = [unescape(inside)]
    told(ines, press(ines, f"{HERE}/{campaign_id}/texte", at=f"{HERE}/{campaign_id}/texte", **again))


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"title_fr": " "}, "title_fr"), ({"shows": []}, "shows"), ({"options": []}, "options"),
     ({"deadline": "demain"}, "deadline"), ({"deadline": ""}, "deadline"), ({"claim_until": "2026-11-11"}, "claim_until"),
     ({"donation_min": "-3"}, "donation_min"), ({"donation_max": "1e9"}, "donation_max"),
     ({"donation_min": "9", "donation_max": "3"}, "donation_max"), ({"reminders": "sept"}, "reminders"),
     ({"default_option": "donation"}, "default_option"), ({"min_split": "beaucoup"}, "min_split"),
     ({"kind": "meteor"}, "kind"), ({"deadline": "9999-12-31"}, "deadline")],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(
    ines: FlaskClient, show: Performance, actor: Act, changed: dict[str, object], field: str
) -> None:
    answer = press(ines, f"{HERE}/nouvelle", **(fields(show) | {"text_fr": "Gardé tel quel."} | changed))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in html
    assert f'href="#f-{field}"' in html
    assert "Gardé tel quel." in html
    assert planning.cards(by=actor(INES)) == []


def test_a_share_above_all_is_told_beside_its_performance(ines: FlaskClient, show: Performance) -> None:
    answer = press(ines, f"{HERE}/nouvelle", **fields(show, **{f"ratio_{show.id}": "120"}))
    assert answer.status_code == 422
    assert f'id="f-ratio_{show.id}-e"' in answer.get_data(as_text=True)


def test_performances_are_looked_for_and_those_chosen_stay(ines: FlaskClient, show: Performance) -> None:
    other = cancelled("Carmen")
    kept = {"shows": [str(show.id)], "search": "carm", "changed_only": "1"}
    html = press(ines, f"{HERE}/representations", **kept).get_data(as_text=True)
    assert f'value="{show.id}" checked' in html
    assert f'value="{other.id}"' in html
    assert f'value="{other.id}" checked' not in html
    none = press(ines, f"{HERE}/representations", **(kept | {"search": "zzz"})).get_data(as_text=True)
    assert f'value="{other.id}"' not in none
    whole = press(ines, f"{HERE}/nouvelle", do="search", **fields(show, search="carm")).get_data(as_text=True)
    assert f'value="{other.id}"' in whole
    assert "Désolés." in whole


def test_simulation_shows_everything_before_anybody_is_told(ines: FlaskClient, written: int, actor: Act) -> None:
    html = plain(told(ines, press(ines, f"{HERE}/{written}", do="simulate", version="1")))
    assert "120,00 €" in html
    assert "Acheté chez un revendeur" in html
    assert "Son porteur est entré" in html
    assert "Bon d’achat" in html
    assert "5,5 %" in html
    assert state(written, actor(INES)) == "simulated"


def test_who_is_left_out_is_listed_by_name(ines: FlaskClient, written: int) -> None:
    press(ines, f"{HERE}/{written}", do="simulate", version="1")
    html = page(ines, f"{HERE}/{written}/ecartes?motif=reseller")
    assert "Fnac" in html
    assert "Roux" not in html
    assert "Personne n’est écarté pour ce motif" in unescape(page(ines, f"{HERE}/{written}/ecartes?motif=tender"))
    page(ines, f"{HERE}/{written}/ecartes?motif=meteor", 404)


def test_whoever_wrote_it_is_told_who_may_approve_it(ines: FlaskClient, written: int) -> None:
    press(ines, f"{HERE}/{written}", do="simulate", version="1")
    html = plain(page(ines, f"{HERE}/{written}"))
    assert "Peuvent l’approuver" in html
    assert "Odile Perrin" in html
    assert 'name="amount"' not in html
    answer = press(ines, f"{HERE}/{written}/accord", amount="120", version="1", password=PASSWORD)
    assert answer.status_code == 403
    assert "Quelqu’un d’autre" in plain(answer.get_data(as_text=True))


def test_a_second_person_types_the_amount(ines: FlaskClient, written: int, sign_in: SignIn, actor: Act) -> None:
    press(ines, f"{HERE}/{written}", do="simulate", version="1")
    odile = sign_in(ODILE)
    stolen = press(odile, f"{HERE}/{written}/accord", amount="120,00", version="1", password="une autre")
    assert stolen.status_code == 422
    assert "120,00" in plain(stolen.get_data(as_text=True))
    wrong = press(odile, f"{HERE}/{written}/accord", amount="119,99", version="1", password=PASSWORD)
    assert wrong.status_code == 422
    assert 'value="119,99"' in wrong.get_data(as_text=True)
    assert "montant de la simulation" in plain(wrong.get_data(as_text=True))
    html = plain(
        told(odile, press(odile, f"{HERE}/{written}/accord", amount="120,00 €", version="1", password=PASSWORD))
    )
    assert "Vous avez approuvé" in html
    assert state(written, actor(INES)) == "approved"


def test_opening_makes_credits_while_the_page_follows(
    ines: FlaskClient, written: int, actor: Act, run_jobs: Jobs
) -> None:
    press(ines, f"{HERE}/{written}", do="simulate", version="1")
    managing.approve(written, "120", seen_version=1, by=actor(ODILE))
    html = plain(told(ines, press(ines, f"{HERE}/{written}", do="start", version="1")))
    assert "0 avoirs créés sur 1" in html
    assert f'hx-get="{HERE}/{written}/etat"' in html
    run_jobs()
    part = plain(ines.get(f"{HERE}/{written}/etat").get_data(as_text=True))
    assert "1 avoir créé · 1 foyer invité par courriel" in part
    assert "hx-get" not in part


def test_what_changed_since_the_approval_stops_the_opening(
    ines: FlaskClient, written: int, show: Performance, actor: Act
) -> None:
    press(ines, f"{HERE}/{written}", do="simulate", version="1")
    managing.approve(written, "120", seen_version=1, by=actor(ODILE))
    bought(a_household("Sorel"), show)
    answer = press(ines, f"{HERE}/{written}", do="start", version="1")
    assert answer.status_code == 409
    assert "simulez et faites approuver" in plain(answer.get_data(as_text=True))


def test_the_manager_reads_how_far_it_is(ines: FlaskClient, opened: int, sign_in: SignIn) -> None:
    html = plain(page(ines, f"{HERE}/{opened}"))
    assert "0,0 %" in html
    assert "0 foyer sur 1" in html
    choose(token_of(1), Wish(lines={"refund_card": 4_000, "donation": 8_000}, form="un"))
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        html = plain(page(sign_in(INES), f"{HERE}/{opened}"))
    assert "100,0 %" in html
    assert "1 foyer a donné, dont 0 en totalité" in html
    assert "80,00 €" in html
    assert "<polyline" in html
    for title in ("Taux de don", "Jours jusqu’à la réponse", "Jours jusqu’au règlement", "Rejets", "Contacts pour 100"):
        assert title in html, title
    assert "0 courriel est revenu, 0 compte non prouvé" in html
    assert "100,0 %" in plain(page(ines, HERE))


def test_the_manager_reads_what_banks_sent_back_and_who_could_not_be_matched(ines: FlaskClient, opened: int) -> None:
    html = plain(page(ines, f"{HERE}/{opened}"))
    for words in ("Rejets bancaires", "Aucun virement n’est encore parti", "Demandes sans avoir"):
        assert words in html, words


def test_the_silent_are_reminded_and_nobody_twice_in_two_days(ines: FlaskClient, opened: int, run_jobs: Jobs) -> None:
    assert "48 heures" in plain(told(ines, press(ines, f"{HERE}/{opened}", do="remind")))
    run_jobs()
    assert "Relance" not in plain(page(ines, f"{HERE}/{opened}")).partition("Courriels")[2].partition("</table>")[0]


def test_those_whom_no_e_mail_reaches_are_listed_with_their_telephone(
    ines: FlaskClient, show: Performance, actor: Act, run_jobs: Jobs
) -> None:
    home = a_household("Sans-Courriel", preferred_channel="post")
    bought(home, show)
    campaign_id = run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    html = page(ines, f"{HERE}/{campaign_id}/avoirs?liste=autrement")
    assert "Sans-Courriel" in html
    assert "Fontanel" not in html
    assert "Fontanel" in page(ines, f"{HERE}/{campaign_id}/avoirs")
    assert "Aucun avoir" in page(ines, f"{HERE}/{campaign_id}/avoirs?liste=reponses")
    page(ines, f"{HERE}/{campaign_id}/avoirs?liste=x", 404)
    file = page(ines, f"{HERE}/{campaign_id}/autrement.csv")
    assert "Sans-Courriel" in file
    assert "Fontanel" not in file
    page(ines, f"{HERE}/99/autrement.csv", 404)


def test_a_campaign_given_up_stays_in_the_list(ines: FlaskClient, written: int) -> None:
    html = plain(told(ines, press(ines, f"{HERE}/{written}", do="abandon", version="1")))
    assert "Abandonnée" in html
    assert "Simuler" not in plain(page(ines, f"{HERE}/{written}"))


def test_an_edit_by_somebody_else_meanwhile_keeps_what_was_typed(
    ines: FlaskClient, written: int, show: Performance, actor: Act
) -> None:
    managing.edit(written, a_plan(show, title_fr="Autre"), seen_version=1, by=actor(INES))
    answer = press(ines, f"{HERE}/{written}/texte", **fields(show, version="1", title_fr="Le mien"))
    assert answer.status_code == 409
    assert 'value="Le mien"' in answer.get_data(as_text=True)


def test_an_opened_campaign_is_no_longer_written(ines: FlaskClient, opened: int) -> None:
    assert ines.get(f"{HERE}/{opened}/texte").status_code == 302


def test_an_agent_reads_and_presses_nothing(opened: int, sign_in: SignIn) -> None:
    karim = sign_in(KARIM)
    html = page(karim, f"{HERE}/{opened}")
    assert 'name="do"' not in html
    assert press(karim, f"{HERE}/{opened}", do="remind").status_code == 403
    page(karim, f"{HERE}/{opened}/autrement.csv", 403)
    page(karim, f"{HERE}/nouvelle", 403)
    page(sign_in(SAMI), HERE, 403)


@pytest.mark.parametrize("what", ["", "x", "__class__"])
def test_what_is_no_verb_is_not_found(ines: FlaskClient, written: int, what: str) -> None:
    assert press(ines, f"{HERE}/{written}", do=what).status_code == 404


def test_a_campaign_that_does_not_exist_is_not_found(ines: FlaskClient) -> None:
    for address in ("99", "99/etat", "99/avoirs", "99/texte", "99/ecartes?motif=free"):
        page(ines, f"{HERE}/{address}", 404)


def test_it_reads_in_english(ines: FlaskClient, opened: int) -> None:
    press(ines, "/regie/moi", language="en", theme="auto", signature="")
    html = plain(page(ines, f"{HERE}/{opened}"))
    assert "Response rate" in html
    assert "1 household invited by e-mail" in html


def test_an_amount_that_changed_while_credits_were_made_is_told_and_agreed_to_on_the_page(
    ines: FlaskClient, written: int, show: Performance, sign_in: SignIn, actor: Act, run_jobs: Jobs
) -> None:
    managing.simulate(written, by=actor(INES))
    managing.approve(written, "120", seen_version=1, by=actor(ODILE))
    managing.start(written, seen_version=1, by=actor(INES))
    bought(a_household("Tardif"), show, cents=3_000)
    run_jobs()
    html = plain(page(ines, f"{HERE}/{written}"))
    assert "120,00 € avaient été approuvés ; les avoirs atteignent 180,00 €, soit 60,00 € de plus" in html
    assert 'name="amount"' not in html
    odile = sign_in(ODILE)
    wrong = press(odile, f"{HERE}/{written}/accord", amount="120", made="1", password=PASSWORD)
    assert (wrong.status_code, 'id="f-amount-e"' in wrong.get_data(as_text=True)) == (422, True)
    assert "Les foyers sont prévenus" in plain(
        told(odile, press(odile, f"{HERE}/{written}/accord", amount="180", made="1", password=PASSWORD))
    )
    run_jobs()
    assert state(written, actor(INES)) == "open"
    assert press(odile, f"{HERE}/{written}/accord", amount="180", made="1", password=PASSWORD).status_code == 409
