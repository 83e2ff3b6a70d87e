"""Only the details that a choice needs are asked for: an account with its code, an address, whom a receipt is for."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cancellations import counters
from app.cancellations.models import ChoiceLine, Payee
from app.kernel import work
from app.kernel.access import Actor
from app.kernel.db import db, session
from app.kernel.journal import JournalEntry
from tests.cast import ODILE, Character
from tests.doors.portal.choice_forms import (
    IBAN,
    begun,
    carried,
    checked,
    chosen,
    code_sent,
    confirmed,
    letters,
    link_of,
    owed,
    told,
    value_of,
)

DIGITS = IBAN.replace(" ", "")
HOME = {"name": "Léa Fontanel", "line1": "3, rue des Arts", "postcode": "33000", "city": "Valmorin", "country": "FR"}


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def credit() -> int:
    """A credit of 120 euros in a house that gives receipts."""
    return owed(receipts_mode="waiver")


@pytest.fixture
def link(credit: int) -> str:
    """The address of its page."""
    return link_of(credit)


def sent(client: FlaskClient, link: str, page: str, **fields: str) -> tuple[int, str]:
    """Press the button of a page of details. Shape: (status, page)."""
    answer = client.post(f"{link}/verification?lang=en", data={**carried(page), **fields})
    return answer.status_code, answer.get_data(as_text=True)


def given(client: FlaskClient, link: str) -> str:
    """The page that asks for the code of an account just given."""
    _status, page = checked(client, link, tout="refund_transfer")
    status, page = sent(client, link, page, iban=IBAN, holder="Léa Fontanel")
    assert status == 200
    return page


def proven(client: FlaskClient, link: str, page: str, code: str, **more: str) -> tuple[int, str]:
    """Give the code. Shape: (status, page)."""
    answer = client.post(f"{link}/code?lang=en", data={**carried(page), "code": code, **more})
    return answer.status_code, answer.get_data(as_text=True)


def test_no_digit_of_an_account_leaves_the_form_but_sealed(
    app: Flask, client: FlaskClient, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mistyped = DIGITS[:-3] + "188"
    _status, page = checked(client, link, tout="refund_transfer")
    assert sent(client, link, page, iban=mistyped, holder="Léa Fontanel")[0] == 422
    page = proven(client, link, given(client, link), code_sent())[1]
    answer = client.post(f"{link}/confirmation?lang=en", data=carried(page))
    assert answer.status_code == 303
    work.run_due()
    written = [answer.headers["Location"], caplog.text, *everything_kept(app)]
    for number in (DIGITS, mistyped):
        assert not [text[:200] for text in written if number[4:-3] in text.replace(" ", "")]


def everything_kept(app: Flask) -> Iterator[str]:
    """Each row of the database, letters and jobs and journal among them, and each file of the house."""
    session.rollback()
    for table in db.metadata.sorted_tables:
        yield from (" ".join(map(str, row)) for row in session.execute(table.select()))
    for file in app.config["SETTINGS"].data_dir.rglob("*"):
        if file.is_file() and "static-" not in str(file):
            yield file.read_bytes().decode("latin-1")


@pytest.mark.parametrize(
    ("option", "asked", "unasked"),
    [
        ("refund_transfer", ["f-iban", "f-holder"], ["f-line1", "f-receipt"]),
        ("refund_cheque", ["f-name", "f-line1", "f-postcode", "f-city"], ["f-iban", "f-receipt"]),
        ("donation", ["f-receipt", "f-donor_name"], ["f-iban", "f-line1"]),
    ],
)
def test_only_what_is_needed_is_asked_and_nobody_is_blamed_at_first(
    client: FlaskClient, link: str, option: str, asked: list[str], unasked: list[str]
) -> None:
    status, page = checked(client, link, tout=option)
    assert status == 200
    assert all(f'id="{name}"' in page for name in asked)
    assert not any(f'id="{name}"' in page for name in unasked)
    assert "msg-err" not in page


@pytest.mark.parametrize("option", ["refund_card", "voucher", "carryover"])
def test_what_needs_no_details_asks_none(client: FlaskClient, link: str, option: str) -> None:
    assert "Nothing has been recorded yet." in checked(client, link, tout=option)[1]


def test_where_the_house_gives_no_receipts_none_is_offered(client: FlaskClient) -> None:
    status, page = checked(client, link_of(owed()), tout="donation")
    assert (status, "Nothing has been recorded yet." in page) == (200, True)


@pytest.mark.parametrize(
    ("iban", "said"),
    [
        ("", "Write the number of the account (IBAN)."),
        ("30006000011234567890189", "An IBAN begins with two letters and two digits"),
        ("FR76 3000 6000 0112 3456 7890 188", "This IBAN is not right"),
        ("FR76 3000 6000", "This IBAN is not right"),
        ("NC76 3000 6000 0112 3456 7890 189", "We can only pay to an account in a country of the SEPA zone."),
        ("FR76 3000 6000 0112 3456 7890 18\N{CYRILLIC CAPITAL LETTER O}", "An IBAN begins with"),
    ],
)
def test_an_account_that_is_none_is_told_and_stays_to_be_corrected(
    client: FlaskClient, credit: int, link: str, iban: str, said: str
) -> None:
    _status, page = checked(client, link, tout="refund_transfer")
    status, page = sent(client, link, page, iban=iban, holder="Léa")
    assert status == 422
    assert said in told(page)
    assert (value_of(page, "iban"), value_of(page, "holder")) == (iban, "Léa")
    assert session.query(Payee).count() == 0
    assert letters("choice_code") == []


def test_the_number_of_an_account_is_sealed_at_once_and_stands_on_no_further_page(
    client: FlaskClient, link: str
) -> None:
    _status, page = checked(client, link, refund_transfer="80", refund_cheque="40")
    status, page = sent(client, link, page, iban=IBAN, holder="Léa Fontanel", name="Léa Fontanel")
    assert status == 422  # the address is not whole yet
    assert "FR76 •••• 189" in page
    for shown in (IBAN, DIGITS, "3456"):
        assert shown not in page
    assert DIGITS not in session.query(Payee).filter_by(kind="account").one().iban_sealed
    status, page = sent(client, link, page, **HOME, account=str(session.query(Payee).one().id))
    assert "Give the code we sent you" in page
    assert DIGITS not in "".join(str(row.data) for row in session.query(JournalEntry))


def test_a_new_account_is_taken_once_the_code_sent_to_the_known_address_is_given(
    client: FlaskClient, credit: int, link: str
) -> None:
    page = given(client, link)
    assert "Six digits are on their way" in page
    right = code_sent()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    status, page = proven(client, link, page, wrong)
    assert (status, "This is not the code we sent." in page) == (422, True)
    status, page = proven(client, link, page, f" {right[:3]} {right[3:]} ")
    assert status == 200
    assert "FR76 •••• 189, in the name of Léa Fontanel" in told(page)
    assert "The account named here is mine, or its holder agrees." in page
    assert confirmed(client, link, page)[0] == 303
    assert chosen(credit) == [(1, "refund_transfer", 12_000)]
    assert "FR76 •••• 189" in client.get(link).get_data(as_text=True)


def test_the_code_cannot_be_gone_round(client: FlaskClient, credit: int, link: str) -> None:
    page = given(client, link)
    answer = client.post(f"{link}/confirmation?lang=en", data=carried(page))
    assert "Give the code we sent you" in answer.get_data(as_text=True)
    assert chosen(credit) == []


def test_another_code_is_sent_on_demand_but_not_without_end(client: FlaskClient, link: str) -> None:
    page = given(client, link)
    for _ in range(4):
        status, page = proven(client, link, page, "", encore="1")
        assert status == 200
    status, page = proven(client, link, page, "", encore="1")
    assert status == 422
    assert "We have sent several codes already." in page
    assert len(letters("choice_code")) == 5


def test_an_account_given_before_is_chosen_without_another_code(client: FlaskClient, credit: int, link: str) -> None:
    page = proven(client, link, given(client, link), code_sent())[1]
    confirmed(client, link, page)
    form = carried(client.get(f"{link}?lang=en&changer=1").get_data(as_text=True))
    answer = client.post(f"{link}/verification?lang=en", data={**form, "refund_transfer": "100", "voucher": "20"})
    assert "Nothing has been recorded yet." in answer.get_data(as_text=True)
    assert confirmed(client, link, answer.get_data(as_text=True))[0] == 303
    assert chosen(credit)[1:] == [(2, "refund_transfer", 10_000), (2, "voucher", 2_000)]


def test_the_account_of_another_household_is_none(client: FlaskClient, credit: int, link: str) -> None:
    other = link_of(owed())
    proven(client, other, given(client, other), code_sent())
    stranger = session.query(Payee).one().id
    answer = client.post(
        f"{link}/verification?lang=en",
        data={**begun(client, link), "tout": "refund_transfer", "account": str(stranger)},
    )
    assert 'id="f-iban"' in answer.get_data(as_text=True)
    assert "FR76" not in value_of(answer.get_data(as_text=True), "iban")
    form = {**begun(client, link), "refund_transfer": "120", "account": str(stranger)}
    answer = client.post(f"{link}/confirmation?lang=en", data=form)
    assert answer.status_code == 422
    assert chosen(credit) == []


def test_a_cheque_needs_a_whole_address(client: FlaskClient, credit: int, link: str) -> None:
    _status, page = checked(client, link, tout="refund_cheque")
    status, page = sent(client, link, page, name="Léa Fontanel", line1="3, rue des Arts", postcode="", city="")
    assert status == 422
    assert page.count("Write something here.") == 4  # two fields, each said beside it and in the summary
    assert value_of(page, "line1") == "3, rue des Arts"
    status, page = sent(client, link, page, **HOME)
    assert "Léa Fontanel, 3, rue des Arts, 33000 Valmorin" in told(page)
    assert confirmed(client, link, page)[0] == 303
    assert chosen(credit) == [(1, "refund_cheque", 12_000)]


def test_a_gift_asks_whether_a_receipt_is_wanted_and_for_whom(client: FlaskClient, credit: int, link: str) -> None:
    _status, page = checked(client, link, tout="donation")
    assert "checked" not in page
    status, page = sent(client, link, page)
    assert (status, "Choose one answer." in page) == (422, True)
    donor = {f"donor_{name}": text for name, text in HOME.items()}
    wrong = {**donor, "receipt": "yes", "donor_company": "1", "donor_siren": "123 456 789"}
    status, page = sent(client, link, page, **wrong)
    assert (status, "A SIREN has nine digits; check this one." in page) == (422, True)
    status, page = sent(client, link, page, **{**wrong, "donor_siren": "732 829 320"})
    assert "Léa Fontanel (SIREN 732 829 320), 3, rue des Arts, 33000 Valmorin" in told(page)
    assert "Confirm my gift of €120.00" in page
    assert confirmed(client, link, page)[0] == 303
    assert "With a tax receipt" in client.get(f"{link}?lang=en").get_data(as_text=True)


def test_no_receipt_needs_no_name(client: FlaskClient, link: str) -> None:
    _status, page = checked(client, link, tout="donation")
    status, page = sent(client, link, page, receipt="no")
    assert (status, "Without a receipt" in page) == (200, True)


def test_details_are_changed_from_the_check_with_everything_kept(client: FlaskClient, link: str) -> None:
    _status, page = checked(client, link, tout="refund_cheque")
    _status, page = sent(client, link, page, **HOME)
    answer = client.post(f"{link}/coordonnees?lang=en", data=carried(page))
    assert value_of(answer.get_data(as_text=True), "line1") == "3, rue des Arts"


@pytest.fixture
def counted(actor: Callable[[Character], Actor]) -> tuple[int, str, dict[str, int]]:
    """A credit that may be paid in cash, its page, and the counters of the house; the last one is closed."""
    finance = actor(ODILE)
    places = {"Grand hall": "place de la Comédie, 11 h – 18 h", "Boutique": "", "Annexe": ""}
    ids = {name: counters.name(name, place, by=finance) for name, place in places.items()}
    counters.change(ids["Annexe"], "Annexe", "", is_open=False, seen_version=1, by=finance)
    credit_id = owed(options=("refund_card", "refund_cash"))
    return credit_id, link_of(credit_id), ids


def test_whoever_fetches_cash_says_at_which_of_several_counters(
    client: FlaskClient, counted: tuple[int, str, dict[str, int]]
) -> None:
    _credit, link, ids = counted
    status, page = checked(client, link, refund_card="80", refund_cash="40")
    assert status == 200
    assert "place de la Comédie, 11 h – 18 h" in told(page)
    assert "Annexe" not in page
    assert "msg-err" not in page
    status, page = sent(client, link, page)
    assert (status, "Choose at which counter it is handed over." in page) == (422, True)
    status, page = sent(client, link, page, counter=str(ids["Annexe"]))
    assert (status, "This counter is closed: choose another one." in page) == (422, True)
    status, page = sent(client, link, page, counter=str(ids["Grand hall"]))
    assert "You fetch it at Grand hall, place de la Comédie, 11 h – 18 h" in told(page)
    assert confirmed(client, link, page)[0] == 303
    session.rollback()
    query = session.query(ChoiceLine.option, ChoiceLine.counter_id).order_by(ChoiceLine.id)
    assert [tuple(row) for row in query] == [("refund_card", None), ("refund_cash", ids["Grand hall"])]
    page = client.get(f"{link}?lang=en").get_data(as_text=True)
    assert "At this counter, against your signature: Grand hall, place de la Comédie" in told(page)
    again = client.get(f"{link}?lang=en&changer=1").get_data(as_text=True)
    page = client.post(f"{link}/coordonnees?lang=en", data={**carried(again), "refund_cash": "120"}).get_data(
        as_text=True
    )
    assert re.search(rf'name="counter" value="{ids["Grand hall"]}"[^>]* checked', page), "what was said before is kept"


def test_a_counter_that_closed_before_the_last_press_is_asked_for_again(
    client: FlaskClient, counted: tuple[int, str, dict[str, int]], actor: Callable[[Character], Actor]
) -> None:
    credit_id, link, ids = counted
    another = counters.name("Billetterie", "", by=actor(ODILE))
    _status, page = checked(client, link, tout="refund_cash")
    _status, page = sent(client, link, page, counter=str(another))
    counters.change(another, "Billetterie", "", is_open=False, seen_version=1, by=actor(ODILE))
    status, page = confirmed(client, link, page)
    assert (status, "This counter is closed: choose another one." in page) == (422, True)
    assert chosen(credit_id) == []
    assert sent(client, link, page, counter=str(ids["Boutique"]))[0] == 200


@pytest.mark.parametrize("open_ones", [0, 1])
def test_where_there_is_one_counter_or_none_nothing_is_asked(
    client: FlaskClient, actor: Callable[[Character], Actor], open_ones: int
) -> None:
    for name in ("Boutique", "Annexe")[:open_ones]:
        counters.name(name, "sous l’horloge", by=actor(ODILE))
    link = link_of(owed(options=("refund_card", "refund_cash")))
    status, page = checked(client, link, tout="refund_cash")
    assert (status, "Nothing has been recorded yet." in page) == (200, True)
    assert ("Boutique, sous l’horloge" in told(page)) is bool(open_ones)
