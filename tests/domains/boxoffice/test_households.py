"""Records that are one household: joined when sure, proposed when not, and two again when a colleague says so."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.boxoffice import households, importing, merging
from app.boxoffice.models import Household, HouseholdMerge, HouseholdPair, Order
from app.kernel.access import SYSTEM, Actor, Role
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.kernel.journal import JournalEntry
from tests.exchange import HEADERS, Row, a_file, a_row

AGENT = Actor(frozenset({Role.AGENT}))


def brought(folder: Path, *rows: Row) -> importing.Report:
    return importing.import_file(a_file(folder / "a.csv", *rows), by=SYSTEM)


def a_buyer(number: str, **cells: str) -> Row:
    """A record of its own, with one order."""
    own = {
        "order_code": f"CMD-{number}",
        "customer_id": number,
        "email": f"{number.lower()}@exemple.fr",
        "last_name": number,
    }
    return a_row(f"B-{number}", **{**own, **cells})


def record(number: str) -> Household:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Household).where(Household.code == f"csv:{number}")).one()


def units() -> dict[str, str]:
    """Each record that another one stands for, and which."""
    session.rollback()
    session.expire_all()
    rows = {row.id: row for row in session.scalars(select(Household))}
    return {row.code[4:]: rows[row.merged_into_id].code[4:] for row in rows.values() if row.merged_into_id}


def a_pair(folder: Path) -> HouseholdPair:
    brought(
        folder, a_buyer("C1", last_name="Fontanel", mobile="0612345678"),
        a_buyer("C2", last_name="FONTANEL", mobile="+33 6 12 34 56 78"),
    )  # fmt: skip
    return session.scalars(select(HouseholdPair)).one()


def test_one_address_joins_records_and_loses_no_order(app: Flask, noon: datetime, tmp_path: Path) -> None:
    report = brought(tmp_path, a_buyer("C1"), a_buyer("C2", email="C1@Exemple.FR"), a_buyer("C3"))
    assert report.written["merged_by_email"] == 1
    assert units() == {"C2": "C1"}
    assert session.scalars(select(Order.household_id).order_by(Order.id)).all() == [
        record(number).id for number in ("C1", "C2", "C3")
    ]  # fmt: skip
    card = households.household(record("C2").id, by=AGENT)
    assert [one.code for one in card.records] == ["csv:C1", "csv:C2"]
    assert [(one.orders, one.spent_cents) for one in card.records] == [(1, 4150), (1, 4150)]
    assert [one.reason for one in card.merges] == ["email"]


def test_daughters_hang_under_their_mother_even_one_who_bought_nothing(
    app: Flask, noon: datetime, tmp_path: Path
) -> None:
    firm = {"mother_id": "M1", "customer_kind": "CE", "company": "CSE Verreries"}
    brought(tmp_path, a_buyer("C1", **firm), a_buyer("C2", **firm))
    mother = record("M1")
    assert (mother.kind, mother.name, mother.mother_id) == ("works_council", "CSE Verreries", None)
    assert {record("C1").mother_id, record("C2").mother_id} == {mother.id}
    assert units() == {"C1": "M1", "C2": "M1"}


def test_circles_of_mothers_are_told_and_left(app: Flask, noon: datetime, tmp_path: Path) -> None:
    report = brought(
        tmp_path, a_buyer("C1", mother_id="C2"), a_buyer("C2", mother_id="C1"), a_buyer("C3", mother_id="C4"),
        a_buyer("C4", mother_id="C5"), a_buyer("C5", mother_id="C5"),
    )  # fmt: skip
    assert report.codes == {"mother_circle": 2, "mother_raised": 1}
    assert units() == {"C3": "C5", "C4": "C5"}


def test_files_that_come_one_after_another_build_no_third_storey(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(tmp_path, a_buyer("C2", mother_id="C3"))
    brought(tmp_path, a_buyer("C1", mother_id="C2"))
    brought(tmp_path, a_buyer("C3", mother_id="C4"))
    top = record("C4")
    assert {record(number).mother_id for number in ("C1", "C2", "C3")} == {top.id}
    assert units() == {"C1": "C4", "C2": "C4", "C3": "C4"}
    brought(tmp_path, a_buyer("C4", mother_id="C1"))
    assert session.scalars(select(Household).where(Household.mother_id == Household.id)).all() == []


def test_a_daughter_of_whom_a_later_file_says_that_she_has_no_mother_stands_alone(
    app: Flask, noon: datetime, tmp_path: Path
) -> None:
    brought(tmp_path, a_buyer("C1", mother_id="M1"), a_buyer("C2", mother_id="M1"))
    kept = [name for name in HEADERS if name != "mother_id"]
    path = a_file(tmp_path / "without.csv", {**a_buyer("C1"), "city": "Valmorin"}, columns=kept)
    importing.import_file(path, by=SYSTEM)
    assert units() == {"C1": "M1", "C2": "M1"}  # a file without that column says nothing of mothers
    report = brought(tmp_path, a_buyer("C1"))
    assert report.written["mothers_taken"] == 1
    assert units() == {"C2": "M1"}
    assert (record("C1").mother_id, record("C2").mother_id is None) == (None, False)
    assert "mothers_taken" not in brought(tmp_path, {**a_buyer("C1"), "city": "Paris"}).written


def test_a_daughter_who_changes_her_mother_takes_nobody_along(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(tmp_path, a_buyer("C1", mother_id="M1"), a_buyer("C2", mother_id="M1"))
    brought(tmp_path, a_buyer("C1", mother_id="M2"))
    assert units() == {"C1": "M2", "C2": "M1"}


def test_a_doubtful_pair_waits_for_a_colleague(app: Flask, noon: datetime, tmp_path: Path) -> None:
    a_pair(tmp_path)
    assert units() == {}
    (pair,) = households.doubtful(by=AGENT)
    assert (pair.score, pair.reasons, pair.low.code, pair.high.code) == (80, ("phone",), "csv:C1", "csv:C2")
    assert households.doubtful(below=pair.place, by=AGENT) == []


def test_an_accepted_pair_is_one_household_and_can_be_two_again(app: Flask, noon: datetime, tmp_path: Path) -> None:
    pair = a_pair(tmp_path)
    merge_id = merging.accept(pair.id, by=AGENT)
    assert units() == {"C2": "C1"}
    assert households.doubtful(by=AGENT) == []
    merging.part(merge_id, by=AGENT)
    assert units() == {}
    names = session.scalars(select(JournalEntry.name).order_by(JournalEntry.id)).all()
    assert names[-2:] == ["HouseholdsMerged", "HouseholdsParted"]


def test_what_was_refused_or_parted_is_never_proposed_nor_joined_again(
    app: Flask, noon: datetime, tmp_path: Path
) -> None:
    pair = a_pair(tmp_path)
    merging.refuse(pair.id, by=AGENT)
    rows = [
        a_buyer("C1", last_name="Fontanel", mobile="0612345678", email="lea@exemple.fr"),
        a_buyer("C2", last_name="Fontanel", mobile="0612345678", email="lea@exemple.fr"),
        a_buyer("C3", email="sam@exemple.fr"), a_buyer("C4", email="sam@exemple.fr"),
    ]  # fmt: skip
    brought(tmp_path, *rows)
    assert units() == {"C4": "C3"}
    merging.part(session.scalars(select(HouseholdMerge.id)).one(), by=AGENT)
    brought(tmp_path, *rows[::-1])
    assert units() == {}
    assert households.doubtful(by=AGENT) == []


def test_parting_the_middle_of_a_chain_takes_along_what_came_with_it(
    app: Flask, noon: datetime, tmp_path: Path
) -> None:
    brought(tmp_path, *(a_buyer(f"C{n}") for n in range(1, 5)))
    ids = {n: record(f"C{n}").id for n in range(1, 5)}
    merging.merge(ids[3], ids[2], by=AGENT)
    middle = merging.merge(ids[2], ids[1], by=AGENT)
    merging.merge(ids[4], ids[3], by=AGENT)
    assert units() == {"C2": "C1", "C3": "C1", "C4": "C1"}
    merging.part(middle, by=AGENT)
    assert units() == {"C3": "C2", "C4": "C1"}


def test_two_of_one_household_are_not_merged_again_whichever_way(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(tmp_path, a_buyer("C1"), a_buyer("C2"))
    one, other = record("C1").id, record("C2").id
    merging.merge(one, other, by=AGENT)
    for pair in ((one, other), (other, one), (one, one)):
        with pytest.raises(Conflict):
            merging.merge(*pair, by=AGENT)
    with pytest.raises(NotFound):
        merging.merge(one, 987_654, by=AGENT)


def test_two_merges_that_cross_leave_one_household(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(tmp_path, *(a_buyer(f"C{n}") for n in range(1, 4)))
    ids = [record(f"C{n}").id for n in range(1, 4)]
    session.rollback()
    start, told = threading.Barrier(3), []

    def merge(one: int, other: int) -> None:
        with app.app_context():
            start.wait(10)
            try:
                merging.merge(one, other, by=AGENT)
                told.append("merged")
            except Conflict as problem:
                told.append(problem.code)

    threads = [threading.Thread(target=merge, args=(ids[place], ids[place - 1])) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["already_merged", "merged", "merged"]
    assert len(units()) == 2
    assert not units().keys() & set(units().values())


def test_the_language_a_file_does_not_say_stays(app: Flask, noon: datetime, tmp_path: Path) -> None:
    brought(tmp_path, a_buyer("C1", language="en"))
    brought(tmp_path, a_buyer("C1", first_name="Léo"))
    assert (record("C1").language, record("C1").name) == ("en", "Léo C1")


def test_the_second_of_two_colleagues_is_told(app: Flask, noon: datetime, tmp_path: Path) -> None:
    pair = a_pair(tmp_path)
    merge_id = merging.accept(pair.id, by=AGENT)
    with pytest.raises(Conflict):
        merging.refuse(pair.id, by=AGENT)
    merging.part(merge_id, by=AGENT)
    with pytest.raises(Conflict):
        merging.part(merge_id, by=AGENT)


def test_only_those_who_may_merge_do(app: Flask, noon: datetime, tmp_path: Path) -> None:
    pair = a_pair(tmp_path)
    staff = Actor(frozenset({Role.STAFF}))
    for verb in (merging.accept, merging.refuse, merging.part):
        with pytest.raises(Forbidden):
            verb(pair.id, by=staff)
    with pytest.raises(Forbidden):
        households.doubtful(by=staff)
