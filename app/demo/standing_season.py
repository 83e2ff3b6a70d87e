"""The standing season as a ticketing system exports it: 40,000 admissions in a file, brought in by the importer."""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from app.boxoffice import importing
from app.boxoffice.connectors.headers import COLUMNS
from app.demo import queries
from app.demo.standing import Census
from app.demo.standing_sales import Sold, Till, fates, stages
from app.kernel.access import SYSTEM, Actor
from app.kernel.errors import Conflict

SYSTEM_NAME = "saison"
FILE = "saison-2026-2027.csv"
#: Tickets of a tour abroad, which that house sold in its own currency: none of them is taken.
ABROAD = "saison-2026-2027-geneve.csv"
_FRANCS = 3
#: A column that the house has and we do not read.
BARCODE = "Code-barres"
_ORDER = (
    "ticket_id", "order_code", "ordered_at", "channel", "event", "event_code", "performance_at", "hall", "category",
    "seat", "tariff", "ticket_kind", "price", "fees", "vat_rate", "tender", "already_refunded", "ticket_status",
    "scanned_at", "customer_id", "mother_id", "customer_kind", "typologies", "title", "last_name", "first_name",
    "company", "email", "phone", "mobile", "address1", "address2", "postcode", "city", "country", "language",
    "optin_email", "optin_sms", "performance_status",
)  # fmt: skip


def seed_season(folder: Path, *, by: Actor = SYSTEM) -> dict[str, Any]:
    """Write the file into a folder and bring it in; what is there already stays.

    Raises:
        Conflict: `house_in_use` when orders of another ticketing system are here.
    """
    if queries.other_systems({SYSTEM_NAME, "demo"}):
        raise Conflict("house_in_use")
    path = folder / FILE
    write_file(path)
    report = importing.import_file(path, system=SYSTEM_NAME, by=by)
    write_abroad(folder / ABROAD)
    abroad = importing.import_file(folder / ABROAD, system=SYSTEM_NAME, by=by)
    return {"path": str(path), **asdict(report), "abroad": dict(abroad.codes)}


def write_abroad(path: Path) -> None:
    """Write a few tickets in another currency."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        names = ("ticket_id", "order_code", "event", "performance_at", "price", "currency", "tender", "customer_id",
                 "last_name")  # fmt: skip
        writer.writerow([COLUMNS[name][0] for name in names])
        writer.writerows(
            (f"G{place}", f"G-{place}", "La Bohème en tournée", "12/01/2027 20:00", "80,00", "CHF", "CB", f"G{place}",
             "Genève")
            for place in range(_FRANCS)
        )  # fmt: skip


def write_file(path: Path) -> None:
    """Write the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    chance = Random("saison 2026-2027")  # noqa: S311 - a story, not a secret
    sold = Till(chance).sold(Census(chance).homes())
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([*(COLUMNS[name][0] for name in _ORDER), BARCODE])
        became = fates(stages())
        writer.writerows([*_cells(one), became[one.stage], f"{chance.randrange(10**12):012}"] for one in sold)


def _cells(one: Sold) -> tuple[str, ...]:
    who, stage = one.record, one.stage
    optin, country = who.optin, who.country if who.last else ""
    return (
        one.number, one.order, _moment(one.ordered_at), one.channel, stage.title, stage.code, _moment(stage.at),
        stage.hall, one.category, one.seat, one.tariff, one.kind, _amount(one.price), _amount(one.fee), stage.vat,
        one.tender, _amount(one.refunded), one.status, _moment(one.scanned_at) if one.scanned_at else "", who.number,
        who.mother, who.kind if who.number else "", who.typologies, who.title, who.last, who.first, who.company,
        who.email, who.phone, who.mobile, who.address, who.more, who.postcode, who.city, country,
        who.language, optin, "non" if optin else "",
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M}"


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
