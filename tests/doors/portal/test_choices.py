"""A household reads what it is owed and says what becomes of it, behind its private link."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cancellations.models import Campaign, CampaignOption, Credit, CreditItem
from app.kernel import clock
from app.kernel.db import session
from app.venue import service as venue
from tests.bill import shelved
from tests.conftest import counted
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened
from tests.doors.portal.choice_forms import (
    begun,
    carried,
    checked,
    chosen,
    confirmed,
    link_of,
    owed,
    told,
    value_of,
)

#: What a house says of how long refunds take.
PROMISED = {"refund_sent_days": 15, "refund_card_days": 5}


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def credit() -> int:
    """A credit of 120 euros with every option."""
    return owed(default_option="refund_card")


@pytest.fixture
def link(credit: int) -> str:
    """The address of its page."""
    return link_of(credit)


def state_of(credit_id: int) -> str:
    session.rollback()
    row = session.get(Credit, credit_id, populate_existing=True)
    assert row is not None
    return str(row.state)


def lock(credit_id: int) -> None:
    """The money is on its way."""
    row = session.get(Credit, credit_id, populate_existing=True)
    assert row is not None
    row.state, row.locked_at = "locked", clock.now()
    session.commit()


def test_the_page_says_what_is_owed_for_which_seats_until_when_and_what_silence_means(
    client: FlaskClient, link: str
) -> None:
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "What should become of your €120.00?" in page
    assert "2 × €60.00" in page
    assert "Parterre F 21, Parterre F 23" in page
    assert "Please choose before Thursday 10 December 2026" in page
    assert "we refund your €120.00 to the card you paid with." in page
    french = told(client.get(link).get_data(as_text=True))
    assert "Que souhaitez-vous faire de vos 120,00 € ?" in french


def test_money_comes_first_and_nothing_is_chosen_for_anybody(client: FlaskClient, link: str) -> None:
    page = client.get(link).get_data(as_text=True)
    assert page.index('value="refund_card"') < page.index('value="donation"') < page.index('value="voucher"')
    assert "checked" not in page
    assert [value_of(page, code) for code in ("refund_card", "donation", "voucher", "carryover")] == [""] * 4
    assert "Reste à répartir\N{NO-BREAK SPACE}: 120,00\N{NO-BREAK SPACE}€" in page


def test_tickets_that_are_no_part_of_it_are_listed_with_the_reason(client: FlaskClient) -> None:
    show, home = cancelled(), a_household()
    bought(home, show)
    bought(home, show, channel="reseller", code="FNAC-77")
    (credit_id,) = opened(a_campaign(show))
    page = told(client.get(f"{link_of(credit_id)}?lang=en").get_data(as_text=True))
    assert "Tickets that are not in this amount, and why" in page
    assert "FNAC-77" in page
    assert "These tickets were bought from a reseller: only the reseller can refund them." in page


def test_opening_the_page_is_noted_once_and_decides_nothing(client: FlaskClient, credit: int, link: str) -> None:
    assert state_of(credit) == "issued"
    client.get(link)
    assert (state_of(credit), chosen(credit)) == ("opened", [])


def test_everything_in_one_way_is_two_presses(client: FlaskClient, credit: int, link: str) -> None:
    status, page = checked(client, link, tout="refund_card")
    assert status == 200
    assert "Nothing has been recorded yet." in page
    assert "Confirm and get my €120.00 back" in page
    assert chosen(credit) == []
    status, place = confirmed(client, link, page)
    assert (status, place) == (303, f"{link}?lang=en&fait=choisi")
    assert chosen(credit) == [(1, "refund_card", 12_000)]
    after = told(client.get(place).get_data(as_text=True))
    assert "Success: your choice is recorded" in after
    assert "To the card that ends with 4021." in after


def test_the_check_names_who_chooses_and_the_days_the_house_promises(app: Flask, client: FlaskClient) -> None:
    link = link_of(owed())
    with app.app_context():
        venue.set_up(name="Opéra", zone="Europe/Paris", language="fr", order_prefix="VAL", facts=PROMISED)
        session.query(CampaignOption).filter_by(code="voucher").update({"validity_months": 18})
        edited()
    _status, html = checked(client, link, refund_card="80", voucher="40")
    page = told(html)
    # Asked for until 10 December, sent by the 25th or the first day of banks after it, five of their days on the way.
    assert "To the card that ends with 4021, before Tuesday 5 January 2027" in page
    assert "By e-mail. Valid until Saturday 10 June 2028 at least" in page
    assert "Name Léa Fontanel E-mail lea@exemple.fr" in page
    assert "By confirming, your 2 tickets for La Traviata are no longer valid." in page
    clock.advance(timedelta(days=31))
    _status, html = checked(client, link, refund_card="80", voucher="40")
    assert "To the card that ends with 4021. " in told(html)
    assert "By e-mail. Valid until Sunday 11 June 2028 at least" in told(html)


def test_a_house_that_promises_no_day_tells_none(app: Flask, client: FlaskClient, link: str) -> None:
    with app.app_context():
        venue.set_up(
            name="Opéra", zone="Europe/Paris", language="fr", order_prefix="VAL",
            facts={"refund_sent_days": "soon", "refund_card_days": 99_999},
        )  # fmt: skip
    _status, page = checked(client, link, tout="refund_card")
    assert "To the card that ends with 4021." in told(page)
    assert ", before " not in told(page).split("Your details")[0]


def test_what_people_ask_before_they_choose_stands_beside_it(client: FlaskClient, link: str, tmp_path: Path) -> None:
    assert "Your questions" not in client.get(f"{link}?lang=en").get_data(as_text=True)
    shelved(tmp_path / "articles", ("show-cancelled", "choose-options", "track-refund", "lost-property"))
    for lang, first in (("en", "Cancelled show: choosing"), ("fr", "Annulation : choisir")):
        page = told(client.get(f"{link}?lang={lang}").get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
        asked = page.split("Your questions" if lang == "en" else "Vos questions")[1]
        assert first in asked


def test_an_amount_is_divided_however_it_is_written(client: FlaskClient, credit: int, link: str) -> None:
    _status, page = checked(client, link, refund_card="80", donation="12,5 €", voucher="27.50")
    assert "I give €12.50 to the house, of my own free will, and ask nothing for it." in page
    assert confirmed(client, link, page)[0] == 303
    assert chosen(credit) == [(1, "refund_card", 8_000), (1, "donation", 1_250), (1, "voucher", 2_750)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"refund_card": "80", "donation": "-3"}, "Gift to the house: Write an amount above zero."),
        ({"refund_card": "1e9"}, "Refund to the card: Write an amount such as 20 or 20.50."),
        ({"refund_card": "douze"}, "Refund to the card: Write an amount such as 20 or 20.50."),
        ({"refund_card": "9" * 18}, "Refund to the card: This amount is too large."),
        ({"refund_card": "119,99"}, "€0.01 are left: put them somewhere."),
        ({"refund_card": "100", "voucher": "20,01"}, "That is €0.01 too much."),
        ({"refund_card": "120.01"}, "Refund to the card: €120.00 at most."),
        ({}, "Say what should become of your amount."),
        ({"keep_ticket": "120"}, "This is not offered."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(
    client: FlaskClient, credit: int, link: str, typed: dict[str, str], said: str
) -> None:
    status, page = checked(client, link, **typed)
    assert status == 422
    assert said in told(page)
    assert 'href="#f-' in page
    for name, text in typed.items():
        if name != "keep_ticket":
            assert value_of(page, name) == text
    assert chosen(credit) == []


def test_the_rest_is_put_where_it_belongs_without_a_script(client: FlaskClient, link: str) -> None:
    form = {**begun(client, link), "refund_card": "80", "reste": "voucher"}
    page = client.post(link, data=form).get_data(as_text=True)
    assert (value_of(page, "refund_card"), value_of(page, "voucher")) == ("80", "40,00")
    assert "Reste à répartir\N{NO-BREAK SPACE}: 0,00\N{NO-BREAK SPACE}€" in page


def test_the_rest_never_exceeds_what_can_be_held_and_unreadable_amounts_stay(client: FlaskClient) -> None:
    link = link_of(owed(paid={"card": 7_000, "ancv": 5_000}))
    form = {**begun(client, link), "voucher": "quatre", "reste": "refund_card"}
    page = client.post(link, data=form).get_data(as_text=True)
    assert (value_of(page, "refund_card"), value_of(page, "voucher")) == ("70,00", "quatre")


def test_parts_that_were_paid_otherwise_cannot_come_back_in_money(client: FlaskClient) -> None:
    credit = owed(paid={"card": 7_000, "ancv": 5_000})
    link = link_of(credit)
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "€70.00 at most. The rest was not paid by card." in page
    status, page = checked(client, link, refund_card="50", donation="30", voucher="40")
    assert status == 422
    assert "can be neither given nor paid out" in told(page)
    assert confirmed(client, link, checked(client, link, refund_card="70", voucher="50")[1])[0] == 303
    assert chosen(credit) == [(1, "refund_card", 7_000), (1, "voucher", 5_000)]


def test_what_is_not_possible_at_all_is_said_with_its_reason(client: FlaskClient) -> None:
    link = link_of(owed(paid={"transfer": 12_000}))
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "Not possible for this amount Refund to the card – The rest was not paid by card." in page


def test_the_smallest_part_is_told_before_and_after(client: FlaskClient) -> None:
    link = link_of(owed(min_split_cents=500))
    assert "€5.00 at least." in told(client.get(f"{link}?lang=en").get_data(as_text=True))
    status, page = checked(client, link, refund_card="115,01", voucher="4,99")
    assert status == 422
    assert "Voucher: €5.00 at least." in told(page)


def test_tickets_of_a_moved_evening_are_kept_whole_and_stay_valid(client: FlaskClient) -> None:
    credit = owed(options=("refund_card", "keep_ticket"), kind="postpone", default_option="keep_ticket")
    link = link_of(credit)
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "La Traviata is moved, and we are sorry." in page
    assert "your tickets stay valid on the new date." in page
    status, page = checked(client, link, refund_card="60", keep_ticket="60")
    assert (status, "A ticket is kept or exchanged whole" in page) == (422, True)
    status, page = checked(client, link, tout="keep_ticket")
    assert status == 200
    assert "no longer open any door" not in page
    assert confirmed(client, link, page)[0] == 303
    assert chosen(credit) == [(1, "keep_ticket", 12_000)]


def test_many_evenings_are_a_list(client: FlaskClient) -> None:
    shows = [cancelled(f"Opéra {number}", days=number) for number in range(1, 6)]
    bought(a_household(), *shows)
    (credit_id,) = opened(a_campaign(*shows))
    page = told(client.get(f"{link_of(credit_id)}?lang=en").get_data(as_text=True))
    assert "5 performances, €600.00" in page
    assert "Opéra 5" in page


def test_what_others_paid_goes_back_to_them_by_itself(client: FlaskClient) -> None:
    link = link_of(owed(paid={"card": 7_000, "passculture": 5_000}))
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "What should become of your €70.00?" in page
    assert "€50.00 of these tickets were paid by others" in page


def edited() -> None:
    """The campaign is another version, as after every edit."""
    session.query(Campaign).update({"version": Campaign.version + 1})
    session.commit()


def test_an_option_taken_back_between_page_and_press_is_told(client: FlaskClient, credit: int, link: str) -> None:
    form = begun(client, link)
    session.query(CampaignOption).filter_by(code="voucher").delete()
    edited()
    answer = client.post(f"{link}/verification?lang=en", data={**form, "refund_card": "80", "voucher": "40"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "This is not offered." in page
    assert value_of(page, "refund_card") == "80"
    _status, page = checked(client, link, tout="carryover")
    session.query(CampaignOption).filter_by(code="carryover").delete()
    edited()
    assert confirmed(client, link, page)[0] == 422
    assert chosen(credit) == []


def test_the_same_form_sent_twice_changes_nothing(client: FlaskClient, credit: int, link: str) -> None:
    _status, page = checked(client, link, tout="refund_card")
    places = [confirmed(client, link, page) for _ in range(2)]
    assert places[0] == places[1]
    assert places[0][0] == 303
    assert chosen(credit) == [(1, "refund_card", 12_000)]


def test_whoever_changes_their_mind_finds_what_they_chose_and_every_version(
    client: FlaskClient, credit: int, link: str
) -> None:
    confirmed(client, link, checked(client, link, refund_card="80", voucher="40")[1])
    page = client.get(f"{link}?lang=en&changer=1").get_data(as_text=True)
    assert (value_of(page, "refund_card"), value_of(page, "voucher")) == ("80.00", "40.00")
    form = {**carried(page), "refund_card": "", "voucher": "120"}
    page = client.post(f"{link}/verification?lang=en", data=form).get_data(as_text=True)
    confirmed(client, link, page)
    assert chosen(credit)[2:] == [(2, "voucher", 12_000)]
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "Version 2, today at" in page
    assert "The version before Version 1" in page
    assert "Refund to the card €80.00, Voucher €40.00" in page


def test_a_choice_changed_in_another_window_is_told_and_what_was_typed_is_kept(
    client: FlaskClient, credit: int, link: str
) -> None:
    _status, stale = checked(client, link, refund_card="80", donation="40")
    confirmed(client, link, checked(client, link, tout="voucher")[1])
    status, page = confirmed(client, link, stale)
    assert status == 409
    assert "This choice was changed meanwhile" in page
    assert (value_of(page, "refund_card"), value_of(page, "donation")) == ("80", "40")
    assert chosen(credit) == [(1, "voucher", 12_000)]
    again = client.post(
        f"{link}/verification?lang=en", data={**carried(page), "refund_card": "80", "donation": "40"}
    ).get_data(as_text=True)
    assert confirmed(client, link, again)[0] == 303
    assert chosen(credit)[1:] == [(2, "refund_card", 8_000), (2, "donation", 4_000)]


@pytest.mark.parametrize("step", ["", "/verification", "/coordonnees", "/confirmation"])
def test_a_lock_between_page_and_press_is_told_and_nothing_is_lost(
    client: FlaskClient, credit: int, link: str, step: str
) -> None:
    confirmed(client, link, checked(client, link, tout="voucher")[1])
    form = carried(client.get(f"{link}?changer=1").get_data(as_text=True))
    lock(credit)
    answer = client.post(f"{link}{step}?lang=en", data={**form, "refund_card": "80", "voucher": "40"})
    page = told(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Your choice is being carried out and can no longer be changed here." in page
    assert "This is what you had just put; it was not recorded." in page
    assert "€80.00" in page
    assert chosen(credit) == [(1, "voucher", 12_000)]


def test_a_deadline_between_page_and_press_costs_nobody_their_choice(
    client: FlaskClient, credit: int, link: str
) -> None:
    _status, page = checked(client, link, tout="refund_card")
    campaign = session.query(Campaign).one()
    campaign.deadline_at = clock.now() - timedelta(minutes=1)
    campaign.state = "closed"
    session.commit()
    status, again = checked(client, link, tout="refund_card")
    assert (status, "has passed: your choice still counts." in again) == (200, True)
    assert confirmed(client, link, page)[0] == 303
    assert chosen(credit) == [(1, "refund_card", 12_000)]


def test_a_page_open_for_too_long_is_confirmed_by_pressing_again(
    client: FlaskClient, credit: int, link: str, noon: datetime
) -> None:
    _status, page = checked(client, link, tout="refund_card")
    with clock.frozen_at(noon + timedelta(days=1)):
        status, page = confirmed(client, link, page)
        assert status == 422
        assert "This page stayed open too long." in page
        assert confirmed(client, link, page)[0] == 303
    assert chosen(credit) == [(1, "refund_card", 12_000)]


def test_the_tracker_tells_how_far_along_it_is(client: FlaskClient, credit: int, link: str, noon: datetime) -> None:
    confirmed(client, link, checked(client, link, tout="refund_card")[1])
    assert "You can change your mind until Thursday 10 December 2026" in told(client.get(f"{link}?lang=en").text)
    lock(credit)
    page = told(client.get(f"{link}?lang=en").text)
    assert "We are carrying your choice out It was taken up on Tuesday 10 November 2026" in page
    assert "Change my mind" not in page
    row = session.get(Credit, credit, populate_existing=True)
    assert row is not None
    row.state, row.settled_at = "settled", noon + timedelta(days=3)
    session.commit()
    assert "It is done Everything below was carried out by Friday 13 November 2026." in told(
        client.get(f"{link}?lang=en").text
    )


def test_who_stayed_silent_may_claim_while_others_are_paid(client: FlaskClient, credit: int, link: str) -> None:
    campaign = session.query(Campaign).one()
    campaign.state, campaign.deadline_at = "processing", clock.now() - timedelta(days=9)
    session.commit()
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "has passed. You may still choose: what you are owed stays yours." in page
    assert "Until you choose, nothing is lost: your €120.00 stay yours" in page
    assert confirmed(client, link, checked(client, link, tout="refund_card")[1])[0] == 303
    assert chosen(credit) == [(1, "refund_card", 12_000)]


def test_where_the_campaign_is_put_away_what_is_owed_is_claimed_by_word(
    client: FlaskClient, credit: int, link: str
) -> None:
    session.query(Campaign).one().state = "archived"
    session.commit()
    page = told(client.get(f"{link}?lang=en").get_data(as_text=True))
    assert "What you are owed stays yours You have not chosen yet" in page
    assert "write to us or call us" in page
    assert chosen(credit) == []


@pytest.mark.parametrize(
    ("spared", "said"),
    [(True, "A performance takes place after all: what you had chosen was of another amount and no longer holds."),
     (False, "What had been chosen behind an earlier link no longer holds.")],
)  # fmt: skip
def test_a_choice_that_holds_no_longer_and_cannot_be_made_anew_is_told_as_such(
    client: FlaskClient, credit: int, link: str, spared: bool, said: str
) -> None:
    confirmed(client, link, checked(client, link, tout="refund_card")[1])
    if spared:
        session.query(CreditItem).first().spared_at = clock.now()  # type: ignore[union-attr]
    row = session.get_one(Credit, credit, populate_existing=True)
    row.state, row.answered_at, session.query(Campaign).one().state = "opened", None, "archived"
    session.commit()
    page = told(client.get(f"{link}?lang=en").text)
    assert said in page
    assert "You have not chosen yet" not in page
    assert "What had been chosen before, and no longer holds Version 1" in page
    assert "You may claim it until" in page


def test_a_campaign_taken_back_promises_nothing_any_more(client: FlaskClient, credit: int, link: str) -> None:
    confirmed(client, link, checked(client, link, tout="refund_card")[1])
    session.query(Campaign).one().state = "abandoned"
    session.commit()
    page = told(client.get(f"{link}?lang=en").text)
    assert "This file was taken back Nothing will be paid or given on account of it." in page
    assert "We are about to carry it out" not in page


def test_the_language_asked_for_is_kept_from_step_to_step(client: FlaskClient, link: str) -> None:
    page = client.get(f"{link}?lang=en").get_data(as_text=True)
    assert f'action="{link}/verification?lang=en"' in page
    assert f'href="{link}?lang=fr"' in page


@pytest.mark.parametrize("step", ["verification", "coordonnees", "code", "confirmation"])
def test_a_step_without_its_form_leads_to_the_page(client: FlaskClient, link: str, step: str) -> None:
    answer = client.get(f"{link}/{step}?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{link}?lang=en")
    assert client.get(f"/c/abc/{step}").status_code == 404


def test_the_pages_leave_no_trace(client: FlaskClient, link: str) -> None:
    for address in (link, f"{link}/bulletin"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_a_choice_costs_few_statements(client: FlaskClient, credit: int, link: str) -> None:
    client.get(link)
    with counted() as reading:
        client.get(link)
    _status, page = checked(client, link, tout="refund_card")
    with counted() as deciding:
        confirmed(client, link, page)
    assert len(reading) <= 8, reading
    assert len(deciding) <= 13, deciding
