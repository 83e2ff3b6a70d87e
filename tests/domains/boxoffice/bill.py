"""A small bill and orders on it, for tests that need a performance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.boxoffice.models import Admission, Household, Order, Performance, Production
from app.kernel.db import session
from app.kernel.transaction import transactional


@transactional
def a_show(
    starts_at: datetime, *, code: str = "", title: str = "La Traviata", status: str = "scheduled"
) -> Performance:
    """A performance of a work of its own, written."""
    work = Production(code=f"w{starts_at:%m%d%H%M}{code}", title_fr=title, title_en=title)
    session.add(work)
    session.flush()
    show = Performance(
        code=f"p{starts_at:%m%d%H%M}{code}",
        production_id=work.id,
        hall="Grande salle",
        starts_at=starts_at,
        status=status,
    )
    session.add(show)
    session.flush()
    return show


@transactional
def an_order(code: str, email: str, shows: Sequence[Performance], *, at: datetime) -> Order:
    """An order with one seat at each performance, in the order given, written."""
    house = Household(code=f"h-{code}", name="Foyer Fontanel", typologies=[])
    session.add(house)
    session.flush()
    order = Order(
        system="demo", code=code, household_id=house.id, email=email, ordered_at=at, channel="web",
        total_cents=4500 * len(shows), currency="EUR", tender="card", card_last4="4242",
    )  # fmt: skip
    session.add(order)
    session.flush()
    for place, show in enumerate(shows):
        session.add(Admission(
            order_id=order.id, performance_id=show.id, external_id=f"{code}-{place}", category="Corbeille",
            seat=f"A{place + 1}", tariff="Plein tarif", face_cents=4300, fee_cents=200,
        ))  # fmt: skip
    session.flush()
    return order
