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
from app.demo.answered import BROKEN_OFF_BP
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


#: Awkward cases by what their lines hold, and how many lines there are at least.
AWKWARD: dict[str, tuple[dict[str, str], int]] = {
    "schools": ({"Canal": "scolaire"}, 1_000), "resellers": ({"Canal": "revendeur"}, 300),
    "passes": ({"Nature billet": "abonnement"}, 2_000),
    "free seats": ({"Nature billet": "invitation", "Mode de paiement": "gratuit"}, 100),
    "holiday vouchers": ({"Mode de paiement": "+ANCV="}, 500), "pass Culture": ({"Mode de paiement": "pass Culture"}, 500),
    "works councils with cards": ({"Mode de paiement": "CE="}, 20), "invoices": ({"Mode de paiement": "facture"}, 100),
    "local currency": ({"Mode de paiement": "monnaie locale"}, 20), "gift cards": ({"Mode de paiement": "carte cadeau"}, 100),
    "cancelled before": ({"État billet": "Annulé"}, 20), "exchanged before": ({"État billet": "Échangé"}, 20),
    "came in": ({"État billet": "Utilisé"}, 1_000), "English": ({"Langue": "en"}, 1_000), "Swiss": ({"Pays": "Suisse"}, 20),
    "works councils": ({"Type client": "CE"}, 200), "companies": ({"Type client": "Société"}, 500),
    "dead addresses": ({"Courriel": f"@{standing.DEAD}"}, 800), "a colleague's household": ({"Courriel": standing.COLLEAGUE[2]}, 1),
    "dates cancelled": ({"État représentation": "annulée"}, 20_000), "dates moved": ({"État représentation": "reportée"}, 300),
    "dates broken off": ({"État représentation": "interrompue"}, 300),
    "dates that take place after all": ({"État représentation": "prévue"}, 100),
    "broken off, not come in": ({"État représentation": "interrompue", "État billet": "Valide"}, 10),
    "VAT of creations": ({"Taux TVA": "2,1"}, 2_000), "VAT of visits": ({"Taux TVA": "10"}, 2_000),
}  # fmt: skip


@pytest.mark.parametrize("case", AWKWARD)
def test_every_awkward_case_is_there(rows: list[Row], case: str) -> None:
    cells, least = AWKWARD[case]
    found = sum(all(value in row[name] for name, value in cells.items()) for row in rows)
    assert found >= least


def test_every_gap_is_there(rows: list[Row]) -> None:
    assert sum(not row["Courriel"] for row in rows) > 500
    assert sum(row["Déjà remboursé"] != "0,00" for row in rows) > 100
    assert sum(bool(row["Numéro fiche mère"]) for row in rows) > 100
    assert sum(not row["Numéro client"] for row in rows) > 300


def test_dead_addresses_are_as_many_as_in_life(rows: list[Row]) -> None:
    mails = {row["Courriel"].lower() for row in rows if row["Courriel"]}
    assert 0.03 <= sum(mail.endswith(standing.DEAD) for mail in mails) / len(mails) <= 0.08


def test_shares_of_evenings_broken_off_are_rounded(rows: list[Row]) -> None:
    cents = [
        int(row["Prix TTC"].replace(",", "")) * BROKEN_OFF_BP % 10_000 for row in rows
        if (row["État représentation"], row["État billet"]) == ("interrompue", "Valide")
    ]  # fmt: skip
    assert any(cents)
    rates = {(row["Taux TVA"], row["Prix TTC"]) for row in rows}
    assert (
        sum(
            int(price.replace(",", "")) * round(float(rate.replace(",", ".")) * 10) % 1_000 > 0 for rate, price in rates
        )
        > 20
    )


def test_every_date_has_one_fate(rows: list[Row]) -> None:
    dates = {(row["Spectacle"], row["Date représentation"]): row["État représentation"] for row in rows}
    told = {(row["Spectacle"], row["Date représentation"], row["État représentation"]) for row in rows}
    assert len(told) == len(dates)
    found = Counter(dates.values())
    assert (found["interrompue"], found["reportée"], found["prévue"]) == (2, 3, 1)


def test_brought_in_it_is_eight_thousand_five_hundred_households(app: Flask, tmp_path: Path) -> None:
    made = seed_season(tmp_path)
    assert (made["rows"], made["errors"], made["abroad"]) == (40_000, 0, {"other_currency": 3})
    statuses = dict(session.execute(select(Performance.status, func.count()).group_by(Performance.status)).all())
    assert (statuses["postponed"], statuses["interrupted"], statuses["scheduled"]) == (3, 2, 1)
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
