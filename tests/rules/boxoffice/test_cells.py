"""What one cell of an exchange file says, however it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boxoffice.connectors import cells, vocabulary
from app.boxoffice.connectors.cells import DEAREST, CellError

T = TypeVar("T")
PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = datetime.fromisoformat("1901-01-02"), datetime.fromisoformat("2199-12-30")
AMOUNTS = st.integers(0, DEAREST)


def why(read: Callable[..., object], *given: object) -> str:
    found, code = tried(read, *given)
    assert found is None
    return code


def tried(read: Callable[..., T], *given: object) -> tuple[T | None, str]:
    """What is read, or why it is refused."""
    try:
        return read(*given), ""
    except CellError as problem:
        return None, str(problem)


def grouped(cents: int, thousands: str, decimal: str) -> str:
    return f"{cents // 100:,}".replace(",", thousands) + f"{decimal}{cents % 100:02}"


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12,50", 1250), ("12.50", 1250), ("12,5", 1250), ("12", 1200), ("1 234,50 €", 123_450), ("€12.00", 1200),
        ("1 234,50", 123_450), ("1.234,50", 123_450), ("1,234.50", 123_450), ("EUR 7", 700), ("0", 0), ("-0", 0),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(written: str, cents: int) -> None:
    assert cells.cents(written, "EUR") == cents


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-3", "amount_negative"), ("−3,00", "amount_negative"), ("1e9", "amount"), ("12,505", "amount_ambiguous"),
        ("1.234", "amount_ambiguous"), ("12 $", "other_currency"), ("CHF 12", "other_currency"), ("douze", "amount"),
        ("1000000,01", "amount_large"), ("12,50-", "amount"), ("1,234,50", "amount_ambiguous"), ("", "amount"),
        ("٣", "amount"),
    ],
)  # fmt: skip
def test_money_is_never_guessed(written: str, code: str) -> None:
    assert why(cells.cents, written, "EUR") == code


@given(AMOUNTS, st.sampled_from([("", ","), ("", "."), (" ", ","), ("\u202f", ","), ("\u00a0", "."), (".", ","), (",", ".")]),
       st.sampled_from(["", " €", "€", " EUR"]))  # fmt: skip
def test_every_amount_is_read_back_to_the_cent(cents: int, marks: tuple[str, str], money: str) -> None:
    assert cells.cents(grouped(cents, *marks) + money, "EUR") == cents


@given(st.text(max_size=30))
def test_whatever_stands_there_is_an_amount_or_refused(text: str) -> None:
    found, code = tried(cells.cents, text, "EUR")
    assert code.startswith(("amount", "other_currency")) if found is None else 0 <= found <= DEAREST


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("2027-01-10 20:00", 19, 0), ("10/01/2027 20:00", 19, 0), ("10/01/2027", 23, 0), ("2027-01-10T20:00:30", 19, 0),
        ("10/1/2027 9h05", 8, 5),
    ],
)  # fmt: skip
def test_moments_are_in_the_zone_of_the_house(written: str, hour: int, minute: int) -> None:
    found = cells.moment(written, PARIS)
    assert (found.tzinfo, found.hour, found.minute) == (UTC, hour, minute)


@pytest.mark.parametrize(
    "written", ["31/02/2027", "12/31/2027", "2027-13-01", "demain", "44927", "10/01/27", "2027-01-10 25:00"]
)
def test_a_day_that_is_none_is_refused(written: str) -> None:
    assert why(cells.moment, written, PARIS) == "moment"


@given(st.datetimes(min_value=FIRST, max_value=LAST))
def test_both_ways_of_writing_a_moment_mean_the_same(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    french, other = f"{at:%d/%m/}{at.year:04} {at:%H:%M}", f"{at.year:04}-{at:%m-%d %H:%M}"
    assert cells.moment(french, PARIS) == cells.moment(other, PARIS) == at.replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "rate"),
    [("5,5", 550), ("5.50 %", 550), ("2,1%", 210), ("10", 1000), ("20,00", 2000), ("0,055", 550), ("0", 0)],
)
def test_rates_are_those_of_the_country(written: str, rate: int) -> None:
    assert cells.rate(written) == rate


@pytest.mark.parametrize("written", ["19,6", "5,5,5", "réduit", "100"])
def test_another_rate_is_refused(written: str) -> None:
    assert why(cells.rate, written) == "vat"


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"), ("0612345678", "", "+33612345678"), ("612345678", "FR", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "", "+33612345678"), ("0041 22 555 12 34", "FR", "+41225551234"),
        ("02 555 12 34", "BE", "+3225551234"), ("27 55 51 23", "LU", "+35227555123"),
    ],
)  # fmt: skip
def test_telephones_are_dialled_from_anywhere(written: str, country: str, number: str) -> None:
    assert cells.telephone(written, country) == number


@given(st.text(max_size=30), st.sampled_from(["FR", "", "BE", "JP"]))
def test_whatever_stands_there_is_a_telephone_or_refused(text: str, country: str) -> None:
    found, code = tried(cells.telephone, text, country)
    assert code == "telephone" if found is None else re.fullmatch(r"\+[0-9]{8,15}", found)


@pytest.mark.parametrize(
    ("written", "code"),
    [("fr", "FR"), ("Allemagne", "DE"), ("Germany", "DE"), ("Royaume-Uni", "GB"), ("UK", "GB"), ("", "")],
)
def test_countries_are_named_in_either_language(written: str, code: str) -> None:
    assert cells.country(written) == code


def test_a_country_that_is_none_is_refused() -> None:
    assert why(cells.country, "Valmorie") == "country"


@pytest.mark.parametrize(
    ("written", "paid"),
    [
        ("CB", {"card": 5000}), ("chèque-vacances", {"ancv": 5000}), ("Pass Culture", {"passculture": 5000}),
        ("CB=30,00+ANCV=20,00", {"card": 3000, "ancv": 2000}), ("cb = 30 + Espèces = 20.00", {"card": 3000, "cash": 2000}),
        ("CB=10,00+CB=40,00", {"card": 5000}), ("works council", {"works_council": 5000}),
        ("CB 4021=30,00+ANCV=20,00", {"card": 3000, "ancv": 2000}), ("CB **** 4021", {"card": 5000}),
        ("Visa XXXX-4021 = 50", {"card": 5000}), ("CB 4021=10+CB 5533=40", {"card": 5000}),
    ],
)  # fmt: skip
def test_means_of_payment_are_read_one_or_several(written: str, paid: dict[str, int]) -> None:
    assert vocabulary.tenders(written, 5000, "EUR") == paid


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("CB 4021=30,00+ANCV=20,00", "4021"), ("CB=30,00+ANCV=20,00", ""), ("CB", ""), ("CB 4021", "4021"),
        ("CB **** 4021", "4021"), ("carte bancaire xxxx4021=50", "4021"), ("CB 4021=10+CB 5533=40", "5533"),
        ("Visa : 4021=50", "4021"),
    ],
)  # fmt: skip
def test_the_end_of_a_cards_number_may_stand_beside_its_word(written: str, end: str) -> None:
    assert vocabulary.paid_card(written, "EUR") == end


@pytest.mark.parametrize(("written", "code"), [("CB 12=50", "card_end"), ("CB 4970 1012 3456 7890=50", "card_whole")])
def test_a_number_that_is_no_end_of_one_is_not_taken(written: str, code: str) -> None:
    assert why(vocabulary.paid_card, written, "EUR") == code
    assert vocabulary.tenders(written, 5000, "EUR") == {"card": 5000}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("bitcoin", "tender"),
        ("CB+ANCV", "tender_amount"),
        ("CB=-3,00", "amount_negative"),
        ("CB=1e9", "amount"),
        ("=30", "tender"),
        ("ANCV 4021=30", "tender"),
        ("4021=30", "tender"),
        ("CB4O21=30", "tender"),
    ],
)
def test_a_means_that_is_not_known_is_refused(written: str, code: str) -> None:
    assert why(vocabulary.tenders, written, 5000, "EUR") == code
