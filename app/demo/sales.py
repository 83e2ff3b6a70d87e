"""Writes what the demo's spectators bought: households and who is in them, orders, how each was paid, and seats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.boxoffice.models import Admission, Contact, ContactRef, Household, Order, Payment
from app.demo import queries
from app.demo.audience import Purchase, Spectator
from app.demo.storm import Booker
from app.kernel.queries import write
from app.kernel.transaction import transactional

SYSTEM_NAME = "demo"
_TITLES = {"madame": "Mme", "monsieur": "M.", "mrs": "Mrs", "mr": "Mr"}


def write_orders(orders: list[Purchase], spectators: dict[str, int], performances: dict[str, int], year: int) -> None:
    """Households with a contact each, orders, payments and seats."""
    buyers = {order.buyer.email: order.buyer for order in orders}
    homes = dict(zip(buyers, queries.reserve(Household, len(buyers)), strict=True))
    subscription = f"Abonné {year}-{year + 1}"
    write(Household, [
        {
            "id": homes[mail], "code": f"F{one.place:05}", "name": one.full, "person_id": spectators[mail],
            "typologies": [subscription] if one.subscriber else [], "language": one.lang,
        }
        for mail, one in buyers.items()
    ])  # fmt: skip
    contacts = _write_contacts(buyers.values(), homes)
    ids = queries.reserve(Order, len(orders))
    write(Order, [
        _order(order, key) | {"household_id": homes[order.buyer.email], "contact_id": contacts[order.buyer.email]}
        for key, order in zip(ids, orders, strict=True)
    ])  # fmt: skip
    write(Payment, [_payment(order, key) for key, order in zip(ids, orders, strict=True)])
    write(Admission, [
        _admission(order, key, place, performances)
        for key, order in zip(ids, orders, strict=True)
        for place in range(len(order.seats))
    ])  # fmt: skip


def _write_contacts(buyers: Iterable[Spectator], homes: dict[str, int]) -> dict[str, int]:
    listed = list(buyers)
    ids = queries.reserve(Contact, len(listed))
    write(Contact, [
        {
            "id": key, "household_id": homes[one.email], "title": _TITLES[one.civility], "given": one.first,
            "family": one.last, "email": one.email, "mobile": _international(one.phone), "country": "FR",
        }
        for key, one in zip(ids, listed, strict=True)
    ])  # fmt: skip
    write(ContactRef, [
        {"contact_id": key, "system": SYSTEM_NAME, "external_id": f"{one.place:05}"}
        for key, one in zip(ids, listed, strict=True)
    ])  # fmt: skip
    return {one.email: key for key, one in zip(ids, listed, strict=True)}


def _international(phone: str | None) -> str:
    return "+33" + phone.replace(" ", "")[1:] if phone else ""


def _order(order: Purchase, key: int) -> dict[str, Any]:
    return {
        "id": key, "system": SYSTEM_NAME, "code": order.code, "email": order.buyer.email,
        "ordered_at": order.ordered_at, "channel": order.channel, "total_cents": order.total_cents,
        "tender": order.tender, "card_last4": order.card_last4,
    }  # fmt: skip


def _payment(order: Purchase, order_id: int) -> dict[str, Any]:
    return {
        "order_id": order_id, "tender": order.tender, "amount_cents": order.total_cents, "external_id": order.code,
        "paid_at": order.ordered_at,
    }  # fmt: skip


def _admission(order: Purchase, order_id: int, place: int, performances: dict[str, int]) -> dict[str, Any]:
    seat = order.seats[place]
    subscribed = seat.tariff == "Abonnement"
    return {
        "order_id": order_id, "performance_id": performances[seat.show.code], "system": SYSTEM_NAME,
        "external_id": f"{order.code}-{place + 1}", "category": seat.category, "seat": seat.seat,
        "tariff": seat.tariff, "kind": "subscription" if subscribed else "single", "face_cents": seat.face_cents,
        "fee_cents": seat.fee_cents, "alloc_cents": seat.face_cents if subscribed else None,
        "tenders": {order.tender: seat.face_cents + seat.fee_cents},
        "status": "used" if seat.scanned_at else "valid", "scanned_at": seat.scanned_at,
    }  # fmt: skip


@transactional
def write_bookers(listed: Sequence[Booker], performance_id: int, now: datetime) -> None:
    """Households and orders of people who booked one performance and have never written."""
    homes, orders = queries.reserve(Household, len(listed)), queries.reserve(Order, len(listed))
    bought = now - timedelta(days=30)
    write(Household, [
        {"id": key, "code": f"S{key}", "name": one.name, "person_id": None, "typologies": [], "language": one.language}
        for key, one in zip(homes, listed, strict=True)
    ])  # fmt: skip
    write(Order, [
        {
            "id": key, "system": SYSTEM_NAME, "code": one.order, "household_id": home, "email": one.email,
            "ordered_at": bought, "channel": "web", "total_cents": one.cents, "card_last4": "4021",
        }
        for key, home, one in zip(orders, homes, listed, strict=True)
    ])  # fmt: skip
    write(Payment, [
        {"order_id": key, "tender": "card", "amount_cents": one.cents, "external_id": one.order, "paid_at": bought}
        for key, one in zip(orders, listed, strict=True)
    ])  # fmt: skip
    write(Admission, [
        {
            "order_id": key, "performance_id": performance_id, "system": SYSTEM_NAME,
            "external_id": f"{one.order}-{place}", "category": "Orchestre", "seat": "", "tariff": "Plein tarif",
            "face_cents": one.cents // one.seats,
        }
        for key, one in zip(orders, listed, strict=True)
        for place in range(one.seats)
    ])  # fmt: skip
