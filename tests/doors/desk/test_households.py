"""Households at the desk: found, read whole, decided about in pairs, joined and taken apart again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.boxoffice.models import Admission, Household, HouseholdPair, Order, Payment
from app.cancellations.choosing import Wish, choose
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from tests.cast import HUGO, INES, KARIM, LEA, ODILE, PAUL, SAMI, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.domains.settlements.world import all_paid, banked, begun, closed, exported, locked
from tests.domains.settlements.world import choose as settle_choice
from tests.doors.desk.steps import page, press, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
HERE = "/regie/foyers"


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.fixture
def home(noon: datetime) -> Household:
    """Léa's household, which came to one evening and holds two seats of a cancelled one."""
    row = a_household("Fontanel", email=LEA)
    row.typologies = ["Abonnée"]
    bought(row, cancelled("Tosca"), code="VAL-7K3QD")
    bought(row, cancelled("Carmen", days=-10, status="done"), code="VAL-22222")
    seat = session.query(Admission).order_by(Admission.id.desc()).first()
    assert seat is not None
    seat.scanned_at = clock.now()
    session.commit()
    return row


@pytest.fixture
def pair(noon: datetime) -> HouseholdPair:
    one, other = a_household("Roux", email="a@exemple.fr"), a_household("Roux", email="b@exemple.fr")
    row = HouseholdPair(low_id=one.id, high_id=other.id, score=70, reasons=["address"], at=clock.now())
    session.add(row)
    session.commit()
    return row


@pytest.mark.parametrize("words", ["fontanel", "FONT", LEA, "val 7k3qd", "VAL-7K3QD", "Léa fontanel"])
def test_a_household_is_found_by_what_somebody_has_in_hand(karim: FlaskClient, home: Household, words: str) -> None:
    a_household("Durand")
    answer = karim.get(HERE, query_string={"q": words})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{HERE}/{home.code}"


@pytest.mark.parametrize("words", ["zzz", "personne@nulle.part", "%", "_", "\x00", "' OR 1=1"])
def test_words_that_fit_nobody_find_nobody(karim: FlaskClient, home: Household, words: str) -> None:
    answer = karim.get(HERE, query_string={"q": words})
    assert answer.status_code == 200
    assert home.code not in answer.get_data(as_text=True)


def test_several_households_are_listed(karim: FlaskClient, home: Household) -> None:
    a_household("Fontanel-Roux")
    html = plain(page(karim, f"{HERE}?q=fontanel"))
    assert "2 foyers trouvés" in html
    assert html.count(f"{HERE}/TF") == 2


def test_everything_of_a_household_stands_on_one_line_of_time(
    karim: FlaskClient, home: Household, actor: Act, run_jobs: Jobs
) -> None:
    opened, code = a_ticket(subject="Et mes places ?"), home.code
    tosca = session.query(Admission).order_by(Admission.id).first()
    assert tosca is not None
    show = tosca.performance_id
    run(a_plan(performances={show: None}), actor(INES), actor(ODILE))
    run_jobs()
    choose(token_of(1), Wish(lines={"donation": 12_000}, form="un"))
    html = plain(page(karim, f"{HERE}/{code}"))
    for words in ("Commande VAL-7K3QD", "1 personne est entrée", "Et mes places ?", "Avoir AV-2026-000001",
                  "Don à la maison 120,00 €", "Abonnée", "nouvelles par courriel : non demandé"):  # fmt: skip
        assert words in html, words
    assert f"/regie/demandes/{opened.number}" in html
    assert "/regie/avoirs/AV-2026-000001" in html
    assert token_of(1) not in html
    orders = plain(page(karim, f"{HERE}/{code}?voir=orders"))
    assert "Commande VAL-22222" in orders
    assert "Et mes places ?" not in orders


def test_where_the_money_of_a_household_stands_is_told_line_by_line(
    sign_in: SignIn, actor: Act, noon: datetime
) -> None:
    money = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}})
    banked(money.finance)
    settle_choice(money, "Fontanel", {"refund_transfer": 7_000, "donation": 5_000}, holder="Léa Fontanel")
    closed(money)
    code, karim = money.homes["Fontanel"].code, sign_in(KARIM)
    assert "voir=settlements" not in page(karim, f"{HERE}/{code}")
    locked(money)
    html = plain(page(karim, f"{HERE}/{code}?voir=settlements"))
    assert "Remboursement par virement 70,00 €" in html
    assert "Don à la maison 50,00 €" in html
    assert "En attente" in html
    assert "DE89 •••• 000" in html
    assert "370400440532013000" not in html.replace(" ", "")
    exported(money)
    assert "Envoyée" in plain(page(karim, f"{HERE}/{code}?voir=settlements"))
    all_paid(money)
    html = plain(page(karim, f"{HERE}/{code}?voir=settlements"))
    assert "Réglée" in html
    assert "En attente" not in html
    assert "/regie/avoirs/AV-2026-000001" in html


def test_requests_of_other_departments_are_not_told(home: Household, sign_in: SignIn) -> None:
    a_ticket(subject="Et mes places ?")
    assert "Et mes places" not in page(sign_in(HUGO), f"{HERE}/{home.code}")


def test_mother_and_daughters_lead_to_each_other(karim: FlaskClient, home: Household) -> None:
    child = a_household("Petit", mother_id=home.id)
    assert "Fiche fille" in page(karim, f"{HERE}/{home.code}")
    html = page(karim, f"{HERE}/{child.code}")
    assert "Fiche mère" in html
    assert f"{HERE}/{home.code}" in html


def test_a_household_of_which_nothing_is_known_says_so(karim: FlaskClient, noon: datetime) -> None:
    lonely = a_household("Seul")
    assert "Rien n’est encore connu" in unescape(page(karim, f"{HERE}/{lonely.code}"))


def test_who_may_not_read_about_people_may_not_enter(home: Household, sign_in: SignIn) -> None:
    for who in (SAMI, PAUL):
        page(sign_in(who), HERE, 403)
        page(sign_in(who), f"{HERE}/{home.code}", 403)


@pytest.mark.parametrize("code", ["nulle-part", "%00", "F" * 300])
def test_a_household_that_does_not_exist_is_not_found(karim: FlaskClient, noon: datetime, code: str) -> None:
    page(karim, f"{HERE}/{code}", 404)


def test_two_records_stand_side_by_side_with_why_they_are_alike(karim: FlaskClient, pair: HouseholdPair) -> None:
    html = plain(page(karim, f"{HERE}/doublons"))
    assert "les mêmes nom et adresse" in html
    assert "a@exemple.fr" in html
    assert "b@exemple.fr" in html
    assert 'aria-keyshortcuts="A"' in html
    assert 'aria-keyshortcuts="E"' in html


def test_a_pair_tells_what_each_of_the_two_is_owed_already(
    karim: FlaskClient, pair: HouseholdPair, actor: Act, run_jobs: Jobs
) -> None:
    low, high, show = session.get(Household, pair.low_id), session.get(Household, pair.high_id), cancelled("Tosca")
    assert low is not None
    assert high is not None
    bought(low, show)
    assert "Avoir dû" not in plain(page(karim, f"{HERE}/doublons"))
    bought(high, show, seats=1)
    run(a_plan(show), actor(INES), actor(ODILE))
    run_jobs()
    html = plain(page(karim, f"{HERE}/doublons"))
    assert "Les deux ont déjà un avoir" in html
    for words in ("AV-2026-000001", "120,00 €", "AV-2026-000002", "60,00 €"):
        assert words in html, words


def test_joined_they_are_one_household_until_it_is_undone(karim: FlaskClient, pair: HouseholdPair) -> None:
    high = session.get(Household, pair.high_id)
    assert high is not None
    code = high.code
    html = told(karim, press(karim, f"{HERE}/doublons/{pair.id}/accord"))
    assert "un seul foyer" in html
    undo = re.search(r'action="(/regie/foyers/rapprochements/\d+/annulation)"', html)
    assert undo is not None
    assert karim.get(f"{HERE}/{code}").status_code == 302
    assert "Ce sont à nouveau deux foyers" in plain(told(karim, press(karim, undo[1])))
    assert karim.get(f"{HERE}/{code}").status_code == 200


def test_refused_they_are_not_proposed_again_unless_it_is_taken_back(karim: FlaskClient, pair: HouseholdPair) -> None:
    html = told(karim, press(karim, f"{HERE}/doublons/{pair.id}/refus"))
    assert "Aucun doublon" in html
    assert f"{HERE}/doublons/{pair.id}/reprise" in html
    html = told(karim, press(karim, f"{HERE}/doublons/{pair.id}/reprise"))
    assert "a@exemple.fr" in html


def test_what_a_colleague_decided_meanwhile_is_told(karim: FlaskClient, pair: HouseholdPair) -> None:
    press(karim, f"{HERE}/doublons/{pair.id}/refus")
    assert "entre-temps" in plain(told(karim, press(karim, f"{HERE}/doublons/{pair.id}/accord")))


def test_a_joined_household_is_taken_apart_on_its_page(karim: FlaskClient, pair: HouseholdPair) -> None:
    low = session.get(Household, pair.low_id)
    assert low is not None
    code = low.code
    press(karim, f"{HERE}/doublons/{pair.id}/accord")
    page(karim, f"{HERE}/doublons")  # where it is said what was done
    html = plain(page(karim, f"{HERE}/{code}"))
    assert "1 fiche fait partie de ce foyer" in html
    undo = re.search(r'action="(/regie/foyers/rapprochements/\d+/annulation)"', html)
    assert undo is not None
    html = plain(told(karim, press(karim, undo[1], foyer=code)))
    assert "Une seule fiche" in html


def test_a_pair_is_passed_over_and_comes_back(karim: FlaskClient, pair: HouseholdPair) -> None:
    html = plain(page(karim, f"{HERE}/doublons?apres=70-{pair.id}"))
    assert "Vous les avez toutes vues" in html
    page(karim, f"{HERE}/doublons?apres=x", 404)


def test_pairs_that_do_not_exist_are_not_found(karim: FlaskClient, noon: datetime) -> None:
    for what in ("accord", "refus", "reprise"):
        assert press(karim, f"{HERE}/doublons/99/{what}").status_code == 404
    assert press(karim, f"{HERE}/rapprochements/99/annulation").status_code == 404


def test_it_reads_in_english(karim: FlaskClient, home: Household, pair: HouseholdPair) -> None:
    press(karim, "/regie/moi", language="en", theme="auto", signature="")
    assert "Records and relatives" in page(karim, f"{HERE}/{home.code}")
    assert "the same family name and address" in page(karim, f"{HERE}/doublons")


def test_a_call_is_logged_and_stands_on_the_line_of_time(karim: FlaskClient, home: Household) -> None:
    here = f"{HERE}/{home.code}"
    call = {"kind": "call_in", "text": "Rappeler\nlundi", "whom": "Léa", "at": "2026-11-09T10:00"}
    html = told(karim, karim.post(f"{here}/notes", data=call | _proof(karim, here)))
    assert "L’appel est gardé" in plain(html)
    html = plain(page(karim, f"{here}?voir=notes"))
    assert "Ils nous ont appelés (Léa · Karim" in html
    assert re.search(r"Rappeler\s*<br>\s*lundi|Rappeler\nlundi", html)
    assert "Commande VAL" not in html


def test_a_note_that_cannot_be_kept_is_told_beside_its_field(karim: FlaskClient, home: Household) -> None:
    here = f"{HERE}/{home.code}"
    for fields, wrong in (({"kind": "note", "text": ""}, "text"), ({"kind": "note", "text": "Oui", "at": "hier"}, "at"),
                          ({"kind": "x", "text": "Oui"}, "kind")):  # fmt: skip
        sent = karim.post(f"{here}/notes", data={**fields, **_proof(karim, here)})
        assert sent.status_code == 422
        assert f'href="#f-{wrong}"' in sent.get_data(as_text=True)
    sent = karim.post(
        f"{here}/notes", data={"kind": "note", "text": "Gardée", **_proof(karim, here), "submission": "x"}
    )
    assert sent.status_code == 422
    assert "Gardée</textarea>" in sent.get_data(as_text=True)


def _proof(browser: FlaskClient, address: str) -> dict[str, str]:
    html = page(browser, address)
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', html)[0] for name in ("csrf_token", "submission")}


def test_wishes_are_shown_with_who_wrote_them_down(karim: FlaskClient, home: Household, sign_in: SignIn) -> None:
    here = f"{HERE}/{home.code}"
    assert "la billetterie" in plain(page(karim, here))
    fields = {
        "preferred_channel": "phone",
        "language": "en",
        "optin_email": "no",
        "optin_sms": "",
        "do_not_contact": "1",
    }
    html = plain(told(karim, press(karim, f"{here}/souhaits", at=here, **fields)))
    assert "le foyer, à Karim" in html
    assert "Par téléphone, Anglais" in html
    assert "Ne veut pas de nouvelles" in html
    sent = press(karim, f"{here}/souhaits", at=here, **(fields | {"language": "xx", "optin_email": "maybe"}))
    assert sent.status_code == 422
    odile = sign_in(ODILE)
    assert "Garder ces souhaits" not in page(odile, here)
    assert press(odile, f"{here}/souhaits", **fields).status_code == 403


def test_a_payment_that_a_bank_takes_back_is_noted_with_a_reason_and_undone(
    karim: FlaskClient, home: Household, sign_in: SignIn
) -> None:
    order = session.query(Order).filter_by(code="VAL-7K3QD").one()
    payment = session.query(Payment).filter_by(order_id=order.id).one().id
    at = f"{HERE}/{home.code}/contestations"
    assert f"{at}" in page(karim, f"{HERE}/{home.code}")
    answer = press(karim, f"{at}/{payment}", at=at, **{f"reason-{payment}": " "})
    assert answer.status_code == 422
    assert f'id="f-reason-{payment}-e"' in answer.get_data(as_text=True)
    long = "Banque de la Comédie " * 20
    answer = press(karim, f"{at}/{payment}", at=at, **{f"reason-{payment}": long})
    assert answer.status_code == 422
    assert long.strip() in answer.get_data(as_text=True)
    said = told(karim, press(karim, f"{at}/{payment}", at=at, **{f"reason-{payment}": "Courrier du 12/11"}))
    assert "Courrier du 12/11" in said
    assert "Repris par une banque" in page(karim, f"{HERE}/{home.code}")
    assert "Courrier du 12/11" not in told(karim, press(karim, f"{at}/{payment}", at=at, do="undo"))
    assert "Repris par une banque" not in page(karim, f"{HERE}/{home.code}")
    assert press(karim, f"{at}/999999", at=at, **{"reason-999999": "x"}).status_code == 404
    page(sign_in(SAMI), at, 403)
    page(sign_in(ODILE), at)
    assert press(sign_in(ODILE), f"{at}/{payment}", do="undo").status_code == 403


def test_a_payment_that_was_never_disputed_is_not_undone(karim: FlaskClient, home: Household) -> None:
    payment = session.query(Payment).first()
    assert payment is not None
    at = f"{HERE}/{home.code}/contestations"
    assert press(karim, f"{at}/{payment.id}", at=at, do="undo").status_code == 409
