"""Writes the demo house before anything is asked of it: colleagues, spectators, the season, orders, late openings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.boxoffice.models import Admission, Household, Order, Performance, Production
from app.catalogue import defaults
from app.demo import queries, season
from app.demo.audience import Purchase, Spectator
from app.demo.pages import page
from app.demo.plot import House
from app.demo.season import DOORS, HALL, Show
from app.demo.setup import set_up_house
from app.demo.storm import Booker
from app.demo.timetable import Timetable
from app.kernel.access import Role
from app.kernel.db import session
from app.kernel.queries import write
from app.kernel.transaction import transactional
from app.people import service as people
from app.people.models import Address, Person
from app.people.names import folded
from app.sla import counting
from app.venue import service as venue

#: One password for everybody; it is printed, and the demo is refused in a house that is used.
PASSWORD = "lever-de-rideau"  # noqa: S105 - a demo's password is public by design
SYSTEM_NAME = "demo"
_BACK, _AHEAD = timedelta(days=160), timedelta(days=140)
_CAPACITY = {"opera": 890, "ballet": 890, "concert": 890, "young": 760}


def house_and_colleagues(now: datetime) -> list[Show]:
    """The house, its colleagues and its late evenings; returns the season."""
    plan = page("house")
    set_up_house(name=plan["name"], order_prefix=plan["order_prefix"], facts=plan["facts"])
    for row in plan["colleagues"]:
        people.add_colleague(
            row["email"], name=row["name"], password=PASSWORD, roles=[Role(role) for role in row["roles"]],
            department_codes=row["departments"],
        )  # fmt: skip
    session.flush()
    shows = season.shows(now, venue.house().tz)
    _stay_open(shows)
    return shows


def _stay_open(shows: list[Show]) -> None:
    evenings = season.evening_slots(shows, defaults.week(), venue.house().tz)
    queries.forget_days(evenings)
    queries.write_special_days([
        {"day": day, "slots": slots, "reason_fr": "Représentation", "reason_en": "Performance"}
        for day, slots in sorted(evenings.items())
    ])  # fmt: skip
    venue.calendar.forget()


def described(now: datetime, chance: Random, spectators: dict[str, int], performances: dict[str, int]) -> House:
    """The house as the makers of requests need it."""
    plan = page("house")
    ids = queries.person_ids(plan["colleagues"][0]["email"].partition("@")[2])
    return House(
        now=now, zone=venue.house().tz, chance=chance, targets=counting.classes(), departments=queries.department_ids(),
        timetable=Timetable(venue.calendar(), now - _BACK, now + _AHEAD), spectators=spectators,
        performances=performances,
        colleagues={
            (word := row["email"].partition("@")[0]): (ids[word], row["name"], row["email"])
            for row in plan["colleagues"]
        },
    )  # fmt: skip


def write_spectators(listed: Sequence[Spectator]) -> dict[str, int]:
    """People with their addresses. Returns ids by e-mail."""
    rows = [_person(one.full, one.lang, one.phone, one.joined_at) | {"email": one.email} for one in listed]
    return _write_people(rows)


def write_others(pairs: Iterable[tuple[str, str]], at: datetime) -> dict[str, int]:
    """People who bought nothing. Shape of `pairs`: (name, e-mail)."""
    return _write_people([_person(name, "fr", None, at) | {"email": email} for name, email in pairs])


def _person(name: str, lang: str, phone: str | None, at: datetime) -> dict[str, Any]:
    return {
        "name": name, "name_folded": folded(name), "language": lang, "phone": phone, "created_at": at, "preferences": {}
    }  # fmt: skip


def _write_people(rows: list[dict[str, Any]]) -> dict[str, int]:
    ids = queries.reserve(Person, len(rows))
    mails = [row.pop("email") for row in rows]
    write(Person, [{"id": key, **row} for key, row in zip(ids, rows, strict=True)])
    write(Address, [
        {"person_id": key, "email": mail, "confirmed_at": None, "undeliverable": None}
        for key, mail in zip(ids, mails, strict=True)
    ])  # fmt: skip
    return dict(zip(mails, ids, strict=True))


def write_season(shows: list[Show]) -> dict[str, int]:
    """Productions and performances. Returns ids of performances by code."""
    works = {show.production: show for show in shows}
    work_ids = dict(zip(works, queries.reserve(Production, len(works)), strict=True))
    write(Production, [
        {"id": work_ids[code], "code": code, "title_fr": s.fr, "title_en": s.en, "genre": s.genre}
        for code, s in works.items()
    ])  # fmt: skip
    ids = dict(zip([show.code for show in shows], queries.reserve(Performance, len(shows)), strict=True))
    write(Performance, [_performance(show, ids[show.code], work_ids[show.production]) for show in shows])
    return ids


def _performance(show: Show, key: int, work_id: int) -> dict[str, Any]:
    return {
        "id": key, "code": show.code, "production_id": work_id, "hall": HALL, "starts_at": show.starts_at,
        "doors_at": show.starts_at - DOORS, "status": show.status, "new_starts_at": show.new_starts_at,
        "capacity": _CAPACITY[show.genre], "sold_out": show.sold_out, "notice_fr": show.notice_fr,
        "notice_en": show.notice_en,
    }  # fmt: skip


def write_orders(orders: list[Purchase], spectators: dict[str, int], performances: dict[str, int], year: int) -> None:
    """Households, orders and seats."""
    buyers = {order.buyer.email: order.buyer for order in orders}
    homes = dict(zip(buyers, queries.reserve(Household, len(buyers)), strict=True))
    subscription = f"Abonné {year}-{year + 1}"
    write(Household, [
        {
            "id": homes[mail], "code": f"F{one.place:05}", "kind": "individual", "name": one.full,
            "person_id": spectators[mail], "typologies": [subscription] if one.subscriber else [],
        }
        for mail, one in buyers.items()
    ])  # fmt: skip
    ids = queries.reserve(Order, len(orders))
    write(Order, [_order(order, key, homes) for key, order in zip(ids, orders, strict=True)])
    write(Admission, [
        _admission(order, key, place, performances)
        for key, order in zip(ids, orders, strict=True)
        for place in range(len(order.seats))
    ])  # fmt: skip


def _order(order: Purchase, key: int, homes: dict[str, int]) -> dict[str, Any]:
    return {
        "id": key, "system": SYSTEM_NAME, "code": order.code, "household_id": homes[order.buyer.email],
        "email": order.buyer.email, "ordered_at": order.ordered_at, "channel": order.channel, "status": "paid",
        "total_cents": order.total_cents, "currency": "EUR", "tender": order.tender, "card_last4": order.card_last4,
    }  # fmt: skip


def _admission(order: Purchase, order_id: int, place: int, performances: dict[str, int]) -> dict[str, Any]:
    seat = order.seats[place]
    return {
        "order_id": order_id, "performance_id": performances[seat.show.code],
        "external_id": f"{order.code}-{place + 1}", "category": seat.category, "seat": seat.seat,
        "tariff": seat.tariff, "face_cents": seat.face_cents, "fee_cents": seat.fee_cents,
        "status": "used" if seat.scanned_at else "valid", "scanned_at": seat.scanned_at,
    }  # fmt: skip


@transactional
def write_bookers(listed: Sequence[Booker], performance_id: int, now: datetime) -> None:
    """Households and orders of people who booked one performance and have never written."""
    homes, orders = queries.reserve(Household, len(listed)), queries.reserve(Order, len(listed))
    write(Household, [
        {"id": key, "code": f"S{key}", "kind": "individual", "name": one.name, "person_id": None, "typologies": []}
        for key, one in zip(homes, listed, strict=True)
    ])  # fmt: skip
    write(Order, [
        {
            "id": key, "system": SYSTEM_NAME, "code": one.order, "household_id": home, "email": one.email,
            "ordered_at": now - timedelta(days=30), "channel": "web", "status": "paid", "total_cents": one.cents,
            "currency": "EUR", "tender": "card", "card_last4": "4021",
        }
        for key, home, one in zip(orders, homes, listed, strict=True)
    ])  # fmt: skip
    write(Admission, [
        {
            "order_id": key, "performance_id": performance_id, "external_id": f"{one.order}-{place}",
            "category": "Orchestre", "seat": "", "tariff": "Plein tarif", "face_cents": one.cents // one.seats,
            "fee_cents": 0, "status": "valid", "scanned_at": None,
        }
        for key, one in zip(orders, listed, strict=True)
        for place in range(one.seats)
    ])  # fmt: skip
