"""Which records are one household for certain, which only perhaps, and who is whose mother."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boxoffice.holders import families
from app.boxoffice.matching import MOST_SHARED, Card, doubtful, street_number, sure

LEA = Card(1, 1, "individual", "Léa", "Fontanel", "lea@exemple.fr", ("+33612345678", ""), "12 bis rue du Port", "21000")
SAM = Card(2, 2, "individual", "Sam", "Fontanel", "", ("", ""), "", "")


def test_one_address_of_theirs_is_one_household() -> None:
    assert sure([LEA, replace(SAM, email=LEA.email)]) == [(2, 1)]
    assert sure([LEA, SAM]) == []


def test_a_firm_is_not_the_person_whose_address_it_gives() -> None:
    firm = replace(SAM, email=LEA.email, kind="company")
    assert sure([LEA, firm]) == []
    assert [(pair.low_id, pair.high_id, pair.reasons) for pair in doubtful([LEA, firm])] == [(1, 2, ("email",))]


def test_what_a_daughter_shares_joins_no_house_to_another() -> None:
    daughter = replace(SAM, unit_id=9, email=LEA.email, daughter=True)
    assert sure([LEA, daughter]) == []
    assert len(doubtful([LEA, daughter])) == 1


def test_an_address_that_very_many_give_tells_nothing() -> None:
    crowd = [replace(LEA, id=place, unit_id=place) for place in range(1, MOST_SHARED + 2)]
    assert sure(crowd) == []
    assert doubtful(crowd) == []


@pytest.mark.parametrize(
    ("other", "reasons", "score"),
    [
        ({"phones": ("", "+33612345678"), "family": "FONTANEL"}, ("phone",), 80),
        ({"given": "LEA", "address": "12bis, Rue du port", "postcode": "21000"}, ("address",), 70),
        ({"phones": ("+33612345678", ""), "given": "Léa", "address": "12 bis r. du Port", "postcode": "21 000"}, ("address", "phone"), 90),
    ],
)  # fmt: skip
def test_doubtful_ones_are_proposed_with_what_speaks_for_it(
    other: dict[str, object], reasons: tuple[str, ...], score: int
) -> None:
    (pair,) = doubtful([LEA, replace(SAM, **other)])  # type: ignore[arg-type]
    assert (pair.low_id, pair.high_id, pair.reasons, pair.score) == (1, 2, reasons, score)


def test_a_telephone_of_two_names_is_no_household() -> None:
    assert doubtful([LEA, replace(SAM, family="Martin", phones=LEA.phones)]) == []


def test_people_nobody_knows_are_left_alone() -> None:
    assert doubtful([replace(LEA, kind="unknown"), replace(LEA, id=2, unit_id=2, kind="unknown")]) == []


@pytest.mark.parametrize(
    ("address", "number"), [("12 bis rue du Port", "12bis"), ("Rés. A, 7, quai Nord", "7"), ("Le Bourg", "")]
)
def test_the_number_of_a_house_is_found(address: str, number: str) -> None:
    assert street_number(address) == number


def test_circles_have_no_mother_and_high_towers_become_two_storeys() -> None:
    found = families({"a": "b", "b": "c", "x": "y", "y": "x", "d": "d", "e": "x"})
    assert found.mothers == {"a": "c", "b": "c"}
    assert set(found.circles) == {"x", "y", "e"}
    assert found.raised == ("a",)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")))
def test_no_mother_has_a_mother(said: dict[str, str]) -> None:
    found = families(said)
    assert not set(found.mothers) & set(found.mothers.values())
    assert all(one != mother for one, mother in found.mothers.items())
    assert not set(found.mothers) & set(found.circles)
