"""Writes the demo house before anything is asked of it: colleagues, spectators, the season, late openings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.boxoffice.models import Performance, Production
from app.catalogue import defaults
from app.demo import queries, season
from app.demo.audience import Spectator
from app.demo.pages import page
from app.demo.plot import House
from app.demo.season import DOORS, HALL, Show
from app.demo.setup import set_up_house
from app.demo.timetable import Timetable
from app.kernel.access import Role
from app.kernel.db import session
from app.kernel.queries import write
from app.people import service as people
from app.people.models import Address, Person
from app.people.names import folded
from app.sla import counting
from app.venue import service as venue

#: One password for everybody; it is printed, and the demo is refused in a house that is used.
PASSWORD = "lever-de-rideau"  # noqa: S105 - a demo's password is public by design
_BACK, _AHEAD = timedelta(days=160), timedelta(days=140)
_CAPACITY = {"opera": 890, "ballet": 890, "concert": 890, "young": 760}


def house_and_colleagues(now: datetime) -> list[Show]:
    """The house, its colleagues and its late evenings; returns the season."""
    plan = page("house")
    set_up_house(name=plan["name"], order_prefix=plan["order_prefix"], facts=plan["facts"], rename=True)
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
        {
            "id": work_ids[code], "code": code, "title_fr": s.fr, "title_en": s.en, "genre": s.genre,
            "analytic_code": code, "season": season.named(s.starts_at),
        }
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
