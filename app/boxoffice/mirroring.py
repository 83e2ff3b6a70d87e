"""Writes a batch of admissions into the mirror: new rows are added, changed ones changed, the rest is not touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from app.boxoffice import import_queries as queries
from app.boxoffice.billing import Bill, bill
from app.boxoffice.connectors.port import Customer, Sale
from app.boxoffice.models import Admission, Contact, ContactRef, Household, Order, Payment, PaymentDispute
from app.boxoffice.naming import household_code, performance_code
from app.boxoffice.paying import Seat, payments_of
from app.kernel.queries import write

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Admissions to write; `customers` and `orders` name those that no earlier batch of this file has written."""

    system: str
    zone: ZoneInfo
    currency: str
    language: str
    sales: Sequence[Sale]
    customers: Mapping[str, Customer]
    orders: Mapping[str, Sale]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a batch came to: rows of each kind, what was done to the bill, and seats by the dates they left and took.

    `disputed` are payments by card of which it says for the first time that a bank takes them back, `undisputed` those
    of which it says that none does any more.
    """

    counts: Counter[str]
    bill: Bill
    moves: Counter[tuple[int, int]]
    disputed: Sequence[int] = ()
    undisputed: Sequence[int] = ()


def mirror(batch: Batch, now: datetime) -> Mirrored:
    """Write a batch."""
    done: Counter[str] = Counter()
    dates = bill(batch.sales, batch.zone)
    done["performances_new"] += len(dates.fresh)
    done["performances_changed"] += len(dates.said)
    homes = _customers(batch, done)
    orders = _orders(batch, homes, now, done)
    touched, moves = _admissions(batch, orders, dates.dates, done)
    disputed, undisputed = _settle(touched, now, done)
    return Mirrored(done, dates, moves, disputed, undisputed)


def _customers(batch: Batch, done: Counter[str]) -> dict[str, Row]:
    """Contacts and households of a batch, by customer number."""
    numbers = {sale.customer.external_id for sale in batch.sales} | set(batch.customers)
    known = queries.customers(batch.system, numbers)
    wanted = {number: _customer_values(one, batch.language) for number, one in batch.customers.items()}
    fresh = {number: row for number, row in wanted.items() if number not in known}
    told = {
        number: row if batch.customers[number].language else row | {"language": known[number]["language"]}
        for number, row in wanted.items() if number in known
    }  # fmt: skip
    people = queries.people({row["email"] for row in fresh.values()} - {""})
    for columns, model, key in (
        (queries.CONTACT, Contact, "contact_id"), (queries.HOUSEHOLD, Household, "household_id")
    ):  # fmt: skip
        changed = [
            {"id": known[number][key], **_only(row, columns)}
            for number, row in told.items() if _differs(row, known[number], columns)
        ]  # fmt: skip
        queries.change(model, changed)
        done["customers_changed"] += len(changed)
    done["customers_new"] += len(fresh)
    return known | _new_customers(batch.system, fresh, people)


def _customer_values(one: Customer, language: str) -> Row:
    name = one.company if one.company and one.kind != "individual" else f"{one.given} {one.family}".strip()
    return {
        **{column: getattr(one, column) for column in queries.CONTACT}, "kind": one.kind,
        "name": (name or one.company or "?")[:255], "typologies": list(one.typologies),
        "language": one.language or language,
    }  # fmt: skip


def _new_customers(system: str, fresh: Mapping[str, Row], people: Mapping[str, int]) -> dict[str, Row]:
    codes = {number: household_code(system, number) for number in fresh}
    homes = queries.added(Household, [
        {
            "code": codes[number], **_only(row, queries.HOUSEHOLD), "person_id": people.get(row["email"]),
            "mother_id": None, "merged_into_id": None, "preferred_channel": _channel(row),
        }
        for number, row in fresh.items()
    ], "code")  # fmt: skip
    contacts = queries.added(Contact, [
        {"household_id": homes[codes[number]], **_only(row, queries.CONTACT)} for number, row in fresh.items()
    ], "household_id")  # fmt: skip
    found = {
        number: {"household_id": home, "contact_id": contacts[home], "email": row["email"]}
        for number, row in fresh.items()
        if (home := homes[codes[number]])
    }
    write(ContactRef, [
        {"contact_id": row["contact_id"], "system": system, "external_id": number} for number, row in found.items()
    ])  # fmt: skip
    return found


def _channel(row: Row) -> str:
    if row["email"]:
        return "email"
    return "post" if row["address1"] and row["city"] else "phone" if row["phone"] or row["mobile"] else "post"


def _orders(batch: Batch, homes: Mapping[str, Row], now: datetime, done: Counter[str]) -> dict[str, int]:
    """Ids of the orders of a batch, by code."""
    codes = {sale.order_code for sale in batch.sales}
    known = queries.orders(batch.system, codes)
    fresh, changed = [], []
    for code, sale in batch.orders.items():
        there = known.get(code)
        home = homes[sale.customer.external_id]
        values = {
            "household_id": home["household_id"], "contact_id": home["contact_id"], "email": sale.customer.email,
            "ordered_at": sale.ordered_at or (there["ordered_at"] if there else now), "channel": sale.channel,
            "currency": batch.currency,
            # A system that says nothing of a card has not forgotten it.
            "card_last4": sale.card_last4 or (there["card_last4"] if there else None),
        }  # fmt: skip
        if there is None:
            fresh.append({"system": batch.system, "code": code, **values, "total_cents": 0})
        elif _differs(values, there, queries.ORDER):
            changed.append({"id": there["id"], **values})
    queries.change(Order, changed)
    done["orders_new"] += len(fresh)
    done["orders_changed"] += len(changed)
    return {code: row["id"] for code, row in known.items()} | queries.added(Order, fresh, "code")


def _admissions(
    batch: Batch, orders: Mapping[str, int], performances: Mapping[str, int], done: Counter[str]
) -> tuple[set[int], Counter[tuple[int, int]]]:
    """Returns the orders whose admissions are new or others than before, and seats by the dates they left and took."""
    known = queries.admissions(batch.system, [sale.external_id for sale in batch.sales])
    joins = queries.joins({row["performance_id"] for row in known.values()})
    fresh, changed = [], []
    touched: set[int] = set()
    moves: Counter[tuple[int, int]] = Counter()
    for sale in batch.sales:
        row = _admission(sale, orders[sale.order_code], performances[performance_code(sale, batch.zone)])
        there = known.get(sale.external_id)
        if there is not None and joins.get(there["performance_id"]) == row["performance_id"]:
            row["performance_id"] = there["performance_id"]
        row["barcode_end"] = sale.barcode_end or (there["barcode_end"] if there else "")
        row["disputed"] = there["disputed"] if sale.disputed is None and there else sale.disputed
        if there is None:
            fresh.append({"system": batch.system, "external_id": sale.external_id, **row})
        elif _differs(row, there, queries.ADMISSION):
            moved = there["performance_id"] != row["performance_id"]
            came_from = there["performance_id"] if moved else there["came_from_id"]
            changed.append({"id": there["id"], **row, "came_from_id": came_from})
            touched.add(there["order_id"])
            moves[there["performance_id"], row["performance_id"]] += moved
        else:
            continue
        touched.add(row["order_id"])
    write(Admission, fresh)
    queries.change(Admission, changed)
    done["admissions_new"] += len(fresh)
    done["admissions_changed"] += len(changed)
    done["admissions_same"] += len(batch.sales) - len(fresh) - len(changed)
    return touched, +moves


def _admission(sale: Sale, order_id: int, performance_id: int) -> Row:
    return {
        "order_id": order_id, "performance_id": performance_id, "category": sale.category, "seat": sale.seat,
        "tariff": sale.tariff, "kind": sale.kind, "face_cents": sale.price_cents, "fee_cents": sale.fee_cents,
        "ticketing_fee_cents": sale.ticketing_fee_cents,
        "vat_bp": sale.vat_bp, "alloc_cents": sale.price_cents if sale.kind == "subscription" else None,
        "already_refunded_cents": sale.already_refunded_cents, "tenders": dict(sale.tenders), "status": sale.status,
        "scanned_at": sale.scanned_at, "extra": dict(sale.extra),
    }  # fmt: skip


def _settle(order_ids: Collection[int], now: datetime, done: Counter[str]) -> tuple[list[int], list[int]]:
    """Write the payments of orders anew, from all their admissions; returns those taken back, and those no more."""
    paid = dict.fromkeys(order_ids, payments_of(()))
    disputed: dict[int, bool] = {}
    for order_id, rows in groupby(queries.seats(sorted(order_ids)), key=itemgetter("order_id")):
        seats = list(rows)
        paid[order_id] = payments_of(map(_seat, seats))
        if told := {row["disputed"] for row in seats} - {None}:
            disputed[order_id] = True in told
    orders = queries.totals(paid)
    known = queries.payments(paid)
    wanted = {
        (order_id, part.tender): (orders[order_id], part.cents, part.refunded_cents)
        for order_id, one in paid.items() for part in one.parts
    }  # fmt: skip
    write(Payment, [
        {
            "order_id": order["id"], "tender": tender, "amount_cents": cents, "refunded_cents": back,
            "external_id": tender, "paid_at": order["ordered_at"], "refundable_until": None,
        }
        for (order_id, tender), (order, cents, back) in wanted.items() if (order_id, tender) not in known
    ])  # fmt: skip
    # A means that is said no more keeps its row: what was decided on it may point there.
    queries.change(Payment, [
        {"id": there["id"], **values}
        for key, there in known.items()
        if _differs(values := _payment_values(wanted.get(key), there), there, queries.PAYMENT)
    ])  # fmt: skip
    queries.change(Order, [
        {"id": order_id, "total_cents": one.total_cents, "tender": one.tender}
        for order_id, one in paid.items()
        if (one.total_cents, one.tender) != (orders[order_id]["total_cents"], orders[order_id]["tender"])
    ])  # fmt: skip
    done["payments_inexact"] += sum(not one.exact for one in paid.values())
    return _dispute(disputed, now, done)


def _dispute(orders: Mapping[int, bool], now: datetime, done: Counter[str]) -> tuple[list[int], list[int]]:
    """Note which payments by card a bank takes back, and which no more; what colleagues said of it stands."""
    cards = queries.cards(orders)
    spared = queries.ended_by_hand([card["id"] for card in cards]) if any(orders.values()) else set()
    fresh = [card["id"] for card in cards if orders[card["order_id"]] and card["dispute_id"] is None]
    fresh = [key for key in fresh if key not in spared]
    over = [card for card in cards if not orders[card["order_id"]] and card["source"] == "file"]
    write(PaymentDispute, [
        {
            "payment_id": key, "source": "file", "reason": "", "noted_at": now, "noted_by": None, "ended_at": None,
            "ended_by": None,
        }
        for key in fresh
    ])  # fmt: skip
    queries.change(PaymentDispute, [{"id": card["dispute_id"], "ended_at": now} for card in over])
    done["payments_disputed"] += len(fresh)
    return fresh, [card["id"] for card in over]


def _payment_values(wanted: tuple[Row, int, int] | None, there: Row) -> Row:
    if wanted is None:
        return {"amount_cents": 0, "refunded_cents": 0, "paid_at": there["paid_at"]}
    order, cents, back = wanted
    return {"amount_cents": cents, "refunded_cents": back, "paid_at": order["ordered_at"]}


def _seat(row: Row) -> Seat:
    return Seat(
        row["face_cents"] + row["fee_cents"], row["already_refunded_cents"], row["tenders"], row["status"]
    )  # fmt: skip


def _only(row: Row, columns: Iterable[str]) -> Row:
    return {column: row[column] for column in columns}


def _differs(row: Row, there: Row, columns: Iterable[str]) -> bool:
    return any(row[column] != there[column] for column in columns)
