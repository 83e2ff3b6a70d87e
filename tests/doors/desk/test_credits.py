"""One credit at the desk, and a colleague who answers for a household: the rules of its page, read out, kept, printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.boxoffice.models import Contact
from app.cancellations import choosing
from app.cancellations.choosing import ChoicePage, Wish
from app.cancellations.models import Credit
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import session
from app.mail import outgoing
from app.tickets import links
from app.tickets import queries as tickets
from tests.cast import INES, KARIM, ODILE, SAMI, Character
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run, token_of
from tests.doors.desk.steps import page, press, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
Jobs = Callable[[], int]
OFFERED = ("refund_card", "refund_transfer", "refund_cheque", "donation")
HERE = "/regie/avoirs/AV-2026-000001"
IBAN = "FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture(autouse=True)
def _credit(noon: datetime, actor: Act, run_jobs: Jobs) -> None:
    """A household is owed 120 euros for two seats of a cancelled evening; a third seat was of a reseller."""
    show, home = cancelled("Tosca"), a_household("Fontanel")
    bought(home, show)
    bought(home, show, seats=1, channel="reseller")
    run(a_plan(show, options=OFFERED, receipts_mode="waiver"), actor(INES), actor(ODILE))
    run_jobs()


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def form_of(browser: FlaskClient) -> str:
    """The key of the form as it stands on the page."""
    found = re.search(r'name="form" value="([^"]+)"', page(browser, HERE))
    assert found
    return found[1]


def answer(browser: FlaskClient, **fields: object) -> TestResponse:
    given = {"channel": "phone", "consent": "1", "form": form_of(browser), "seen": "0"} | fields
    return press(browser, f"{HERE}/choix", at=HERE, **given)


def now(by: Actor) -> ChoicePage:
    return choosing.page_for(1, by=by)


def test_a_credit_is_shown_with_its_seats_and_those_left_out(karim: FlaskClient) -> None:
    html = plain(page(karim, HERE))
    assert "AV-2026-000001 · 120,00 €" in html.replace("</span>", "")
    assert "Parterre F 21" in html
    assert "Acheté chez un revendeur" in html
    assert "Êtes-vous d’accord" in html
    assert token_of(1) not in html


def test_a_colleague_answers_by_telephone_and_the_recap_is_mailed(
    karim: FlaskClient, actor: Act, run_jobs: Jobs
) -> None:
    html = plain(told(karim, answer(karim, refund_card="80", donation="40,00")))
    assert "récapitulatif part par courriel" in html
    assert "par un collègue, par téléphone" in html
    chosen = now(actor(KARIM)).chosen
    assert chosen is not None
    assert (chosen.author, chosen.channel) == ("agent", "phone")
    assert {line.option: line.cents for line in chosen.lines} == {"refund_card": 8_000, "donation": 4_000}
    run_jobs()
    assert [one.kind for one in outgoing.latest(by=SYSTEM, limit=50)].count("choice_made") == 1


def test_the_same_form_sent_twice_chooses_once(karim: FlaskClient, actor: Act) -> None:
    form = form_of(karim)
    for _ in range(2):
        told(karim, answer(karim, refund_card="120", form=form))
    assert now(actor(KARIM)).version == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"refund_card": "119,99"}, "sum"), ({"refund_card": "121"}, "refund_card"), ({"refund_card": "-3"}, "refund_card"),
     ({"donation": "1e9"}, "donation"), ({}, "sum"), ({"refund_card": "120", "channel": ""}, "channel"),
     ({"refund_card": "120", "channel": "dream"}, "channel"), ({"refund_card": "120", "consent": ""}, "consent"),
     ({"refund_transfer": "120", "channel": "counter"}, "iban"),
     ({"refund_transfer": "120", "channel": "post", "iban": "FR76 1", "holder": "Léa"}, "iban"),
     ({"refund_transfer": "120", "channel": "phone", "iban": IBAN, "holder": "Léa"}, "iban"),
     ({"refund_transfer": "120", "channel": "counter", "iban": IBAN}, "holder"), ({"refund_cheque": "120", "name": "Léa"}, "line1"),
     ({"donation": "120", "receipt": "yes"}, "donor_name")],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_chosen(
    karim: FlaskClient, actor: Act, fields: dict[str, str], wrong: str
) -> None:
    sent = answer(karim, **fields)
    html = unescape(sent.get_data(as_text=True))
    assert sent.status_code == 422
    assert f'href="#f-{wrong}"' in html
    assert f'id="f-{wrong}-e"' in html
    for name in ("refund_card", "donation", "refund_transfer"):
        if fields.get(name):
            assert f'value="{fields[name]}"' in html
    assert now(actor(KARIM)).version == 0


def test_an_account_is_sealed_at_once_and_stands_masked_ever_after(karim: FlaskClient, actor: Act) -> None:
    sent = answer(karim, refund_transfer="100", channel="counter", iban=IBAN, holder="Léa Fontanel")
    html = sent.get_data(as_text=True)
    assert sent.status_code == 422  # twenty euros are left
    assert "3000 6000" not in html
    assert "189" in html
    (account,) = now(actor(KARIM)).accounts
    assert account.proven
    html = told(karim, answer(karim, refund_transfer="120", account=account.id))
    assert account.masked in html
    assert IBAN not in html


def test_everything_or_the_rest_is_put_by_one_press(karim: FlaskClient, actor: Act) -> None:
    html = answer(karim, tout="donation", refund_card="5").get_data(as_text=True)
    assert 'name="donation" inputmode="decimal" autocomplete="off" value="120,00"' in html
    assert 'value="5"' not in html
    html = answer(karim, reste="donation", refund_card="50").get_data(as_text=True)
    assert 'value="70,00"' in html
    assert 'value="50"' in html
    assert now(actor(KARIM)).version == 0


def test_a_form_that_is_not_ours_chooses_nothing_and_is_given_a_new_key(karim: FlaskClient, actor: Act) -> None:
    sent = answer(karim, refund_card="120", form="elsewhere")
    assert sent.status_code == 422
    html = sent.get_data(as_text=True)
    assert 'value="elsewhere"' not in html
    assert 'value="120"' in html
    assert now(actor(KARIM)).version == 0


def test_what_an_option_cannot_hold_is_told_as_on_the_page_of_the_household(karim: FlaskClient) -> None:
    sent = answer(karim, refund_card="130")
    assert "Remboursement sur la carte : 120,00 € au plus." in plain(sent.get_data(as_text=True))


def test_what_the_household_chose_meanwhile_is_shown_first(karim: FlaskClient, actor: Act) -> None:
    choosing.choose(token_of(1), Wish(lines={"donation": 12_000}, form="sien"))
    sent = answer(karim, refund_card="120")
    html = plain(sent.get_data(as_text=True))
    assert sent.status_code == 409
    assert "par le foyer, sur sa page" in html
    assert 'value="120"' in html
    told(karim, answer(karim, refund_card="120", seen="1"))
    assert now(actor(KARIM)).version == 2
    assert "Versions précédentes" in page(karim, HERE)


def test_the_recap_and_the_coupon_are_printed_without_the_private_link(karim: FlaskClient) -> None:
    coupon = plain(page(karim, f"{HERE}/bulletin"))
    assert "ensemble, ils font 120,00 €" in coupon
    assert "Date et signature" in coupon
    told(karim, answer(karim, refund_card="120"))
    recap = plain(page(karim, f"{HERE}/recapitulatif"))
    assert "Remboursement sur la carte" in recap
    assert token_of(1) not in coupon + recap


def test_finance_reads_a_credit_and_answers_for_nobody(sign_in: SignIn) -> None:
    odile = sign_in(ODILE)
    assert "Répondre pour eux" not in page(odile, HERE)
    assert press(odile, f"{HERE}/choix", refund_card="120").status_code == 403
    page(sign_in(SAMI), HERE, 403)


def test_a_credit_that_does_not_exist_is_not_found(karim: FlaskClient) -> None:
    for address in ("AV-2026-999999", "x", "%00", "AV-2026-999999/bulletin"):
        page(karim, f"/regie/avoirs/{address}", 404)


def test_it_reads_in_english(karim: FlaskClient) -> None:
    press(karim, "/regie/moi", language="en", theme="auto", signature="")
    html = plain(page(karim, HERE))
    assert "Answer for them" in html
    assert "Do you agree?" in html


def test_a_request_about_it_says_so_to_colleagues_and_to_whoever_asked(
    karim: FlaskClient, client: FlaskClient, run_jobs: Jobs
) -> None:
    opened = a_ticket(email=contact_of(1), body="Je demande le remboursement.", type="refund_cancelled")
    run_jobs()
    html = plain(page(karim, f"/regie/demandes/{opened.number}"))
    assert "Cette demande attend le choix du foyer" in html
    assert HERE in html
    row = tickets.card(opened.ticket_id)
    assert row is not None
    theirs = plain(client.get(f"/d/{links.token_of(row)}").get_data(as_text=True))
    assert "La réponse est votre propre choix" in theirs
    assert "120,00 €" in theirs
    assert token_of(1) not in theirs
    told(karim, answer(karim, refund_card="120"))
    run_jobs()
    assert "Le foyer a choisi." in plain(page(karim, f"/regie/demandes/{opened.number}"))


def contact_of(credit_id: int) -> str:
    query = session.query(Contact.email).join(Credit, Credit.household_id == Contact.household_id)
    return str(query.filter(Credit.id == credit_id).scalar())
