"""Prepared answers filled for one request: what each variable stands for, in the spectator's language."""

from __future__ import annotations

from app.boxoffice import service as boxoffice
from app.boxoffice.service import OrderCard, PerformanceCard
from app.catalogue.variables import unknown
from app.tickets.cases import Case
from app.venue import service as venue
from app.venue.moments import day
from app.web.presentation import money


def values(case: Case, order: OrderCard | None, agent: str) -> dict[str, str]:
    """What the variables stand for; what is not known is left out, so that it stays visible in the text."""
    house, language = venue.house(), case.language
    said = {name: house.fact(name, language) for name in house.facts}
    show = case.performance or (order.performance if order else None)
    own = {
        "name": case.requester.name, "house": house.name, "order_prefix": house.order_prefix, "agent": agent,
        "order": order.code if order else case.order_code, **_of_show(show, language), **_of_order(order, language),
    }  # fmt: skip
    return {name: value for name, value in {**said, **own}.items() if value}


def order_of(case: Case) -> OrderCard | None:
    """The order a request names, if it is its writer's own; a code alone tells nobody about an order."""
    order = boxoffice.find(case.order_code) if case.order_code else None
    return order if order is not None and order.email in {box.email for box in case.requester.mailboxes} else None


def unfilled(text: str) -> list[str]:
    """Variables nobody has filled."""
    return unknown(text, set())


def _of_show(show: PerformanceCard | None, language: str) -> dict[str, str]:
    if show is None:
        return {}
    return {"show": show.title(language), "date": day(show.starts_at, language, venue.house().tz)}


def _of_order(order: OrderCard | None, language: str) -> dict[str, str]:
    return {"amount": money(order.total_cents, order.currency, language)} if order else {}
