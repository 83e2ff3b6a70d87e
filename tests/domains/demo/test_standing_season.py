"""The standing season: 40,000 admissions of 8,500 households over 156 dates, the same every time, with every odd case."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.boxoffice.models import Admission, Household, HouseholdPair, Order, Payment, Performance
from app.demo import standing, standing_season
from app.demo.standing_season import seed_season
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import Conflict
from tests.bill import a_performance, an_order

Row = dict[str, str]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("season") / "saison.csv"
    standing_season.write_file(path)
    return path


@pytest.fixture(scope="module")
def rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source, delimiter=";"))


def test_the_file_is_the_same_every_time(file: Path, tmp_path: Path) -> None:
    standing_season.write_file(tmp_path / "again.csv")
    first, again = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (file, tmp_path / "again.csv"))
    assert first == again


def test_it_has_the_size_of_the_season_that_was_cancelled(rows: list[Row]) -> None:
    dates = {(row["Spectacle"], row["Date représentation"]): row["Taux TVA"] for row in rows}
    assert len(rows) == len({row["Numéro billet"] for row in rows}) == 40_000
    assert Counter(rate == "10" for rate in dates.values()) == {False: 86, True: 70}
    assert {row["Taux TVA"] for row in rows} == {"2,1", "5,5", "10"}


def test_seats_are_sold_once(rows: list[Row]) -> None:
    seats = Counter(
        (row["Spectacle"], row["Date représentation"], row["Catégorie"], row["Place"]) for row in rows if row["Place"]
    )
    assert max(seats.values()) == 1


def test_every_awkward_case_is_there(rows: list[Row]) -> None:
    def count(**cells: str) -> int:
        return sum(all(value in row[name] for name, value in cells.items()) for row in rows)

    assert min(
        count(Canal="scolaire"), count(Canal="revendeur"), count(**{"Nature billet": "abonnement"}),
        count(**{"Nature billet": "invitation", "Mode de paiement": "gratuit"}), count(**{"Mode de paiement": "+ANCV="}),
        count(**{"Mode de paiement": "pass Culture"}), count(**{"Mode de paiement": "CE="}),
        count(**{"État billet": "Annulé"}), count(**{"État billet": "Échangé"}), count(**{"État billet": "Utilisé"}),
        count(Langue="en"), count(Pays="Suisse"), count(**{"Type client": "CE"}), count(**{"Type client": "Société"}),
    ) > 20  # fmt: skip
    assert sum(not row["Courriel"] for row in rows) > 500
    assert sum(row["Déjà remboursé"] != "0,00" for row in rows) > 100
    assert sum(bool(row["Numéro fiche mère"]) for row in rows) > 100
    assert sum(not row["Numéro client"] for row in rows) > 300


def test_brought_in_it_is_eight_thousand_five_hundred_households(app: Flask, tmp_path: Path) -> None:
    made = seed_season(tmp_path)
    assert (made["rows"], made["errors"]) == (40_000, 0)
    unit = func.coalesce(Household.merged_into_id, Household.id)
    holding = select(func.count(unit.distinct())).join(Order, Order.household_id == Household.id)
    assert session.scalar(holding) == standing.HOUSEHOLDS
    assert session.scalar(select(func.count()).select_from(Performance)) == 156
    looked_at = standing.BY_PHONE + standing.BY_HOUSE + standing.BY_EMAIL
    assert abs((session.scalar(select(func.count()).select_from(HouseholdPair)) or 0) - looked_at) <= 20
    worth = select(func.sum(Admission.face_cents + Admission.fee_cents)).where(Admission.status != "exchanged")
    assert session.scalar(select(func.sum(Payment.amount_cents))) == session.scalar(worth)
    assert seed_season(tmp_path)["written"] == {"admissions_same": 40_000}


def test_a_house_that_sells_is_left_alone(app: Flask, tmp_path: Path) -> None:
    an_order("VAL-1", a_performance("Tosca", "Tosca", clock.now()))
    with pytest.raises(Conflict):
        seed_season(tmp_path)
