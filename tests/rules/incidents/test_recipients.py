"""Who of a crowd gets an answer: one request a person, exceptions with people, and a reason for everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.incidents.recipients import Filters, Member, filters_from, samples, sieve, still
from tests.conftest import NOON


def member(person: int, ticket: int = 0, **changed: object) -> Member:
    given: dict[str, object] = {
        "ticket_id": ticket or person, "person_id": person, "number": 1000 + (ticket or person), "stands": "crowd",
        "reason": "performance", "state": "new", "away": False, "language": "fr", "channel": "web", "opened_at": NOON,
        "order_code": None, "department_id": 1, "performance_id": None, "name": f"Personne {person}",
        "email": f"p{person}@exemple.fr", "undeliverable": False, **changed,
    }  # fmt: skip
    return Member(**given)  # type: ignore[arg-type]


def fillable(_member: Member) -> str:
    return "" if _member.reachable else "no_address"


def chosen(*members: Member, **filters: object) -> tuple[list[int], dict[str, int]]:
    found = sieve(members, Filters(**filters), {1}, fillable)  # type: ignore[arg-type]
    return [one.ticket_id for one in found.chosen], found.left_out


def test_a_person_is_answered_once_in_the_request_that_lives_on() -> None:
    assert chosen(
        member(1, 11, away=True, stands="folded"), member(1, 12), member(1, 13), member(2, 20),
    ) == ([12, 20], {})  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"stands": "exception"}, "exception"), ({"stands": "out"}, "out"), ({"stands": "settled"}, "settled"),
        ({"away": True}, "gone"), ({"by_hand": True}, "answered"), ({"state": "solved"}, "answered"),
        ({"department_id": 2}, "elsewhere"), ({"email": ""}, "no_address"), ({"undeliverable": True}, "no_address"),
    ],
)  # fmt: skip
def test_everybody_else_is_left_out_with_a_reason(changed: dict[str, object], why: str) -> None:
    assert chosen(member(1, **changed), member(2)) == ([2], {why: 1})


def test_somebody_whom_a_person_must_read_is_not_answered_in_another_request_of_theirs() -> None:
    both = (member(1, 11), member(1, 12, stands="exception"))
    assert chosen(*both) == ([], {"exception": 1})
    assert chosen(*both, stands=("crowd", "exception")) == ([11], {})


@pytest.mark.parametrize(
    ("filters", "expected", "why"),
    [
        ({"languages": ("en",)}, [2], "language"), ({"reasons": ("order",)}, [2], "reason"),
        ({"channels": ("email",)}, [2], "channel"), ({"since": NOON + timedelta(hours=1)}, [2], "moment"),
        ({"until": NOON + timedelta(hours=1)}, [1], "moment"), ({"order": "with"}, [2], "order"),
        ({"order": "without"}, [1], "order"), ({"without": (1001,)}, [2], "excluded"),
    ],
)  # fmt: skip
def test_filters_choose(filters: dict[str, object], expected: list[int], why: str) -> None:
    other = member(
        2, language="en", reason="order", channel="email", opened_at=NOON + timedelta(hours=2), order_code="VAL-1"
    )
    assert chosen(member(1), other, **filters) == (expected, {why: 1})


def test_filters_are_kept_as_they_were() -> None:
    filters = Filters(languages=("en",), since=NOON, order="with", without=(4, 7), corrects=3, again=True)
    assert filters_from(filters.stored) == filters


def test_a_correction_goes_to_those_who_were_told_and_to_nobody_else() -> None:
    told = member(1, stands="settled", state="solved", told=True)
    assert chosen(told, member(2), corrects=3) == ([1], {"told": 1})


def test_somebody_told_by_another_answer_is_told_again_only_where_that_is_wanted() -> None:
    before = member(1, state="open", told_already=True)
    assert chosen(before, member(2)) == ([2], {"told_already": 1})
    assert chosen(before, member(2), again=True) == ([1, 2], {})
    assert chosen(member(1, told_already=True, told=True), corrects=3) == ([1], {})


def test_samples_are_a_french_one_an_english_one_and_an_odd_one() -> None:
    crowd = (member(1), member(2, language="en"), member(3), member(4, name="Anne-Charlotte de la Tour-Maubourg"))
    found = sieve(crowd, Filters(), {1}, fillable)
    assert [(one.person_id, why) for one, why in samples(found)] == [(1, "fr"), (2, "en"), (4, "longest")]
    found = sieve((*crowd, member(5, 51), member(5, 52)), Filters(), {1}, fillable)
    assert [why for _one, why in samples(found)] == ["fr", "en", "several"]
    found = sieve((*crowd, member(5, name=" ")), Filters(), {1}, fillable)
    assert [why for _one, why in samples(found)] == ["fr", "en", "nameless"]
    assert samples(sieve((member(1, language="en"),), Filters(), {1}, fillable))[0][1] == "en"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""), ({"stands": "exception"}, "exception"), ({"stands": "out"}, "out"), ({"stands": "settled"}, "settled"),
        ({"stands": "folded"}, "gone"), ({"away": True}, "gone"), ({"by_hand": True}, "answered"),
        ({"state": "solved"}, "solved"), ({"state": "waiting"}, "put_off"), ({"state": "snoozed"}, "put_off"),
        ({"undeliverable": True}, "no_address"), ({"department_id": 2}, "elsewhere"),
        ({"department_id": 2, "by_hand": True}, "answered"), ({"department_id": 2, "stands": "out"}, "out"),
    ],
)  # fmt: skip
def test_what_happened_meanwhile_leaves_somebody_out(changed: dict[str, object], why: str) -> None:
    assert still(member(1, **changed), Filters(), {1}) == why
