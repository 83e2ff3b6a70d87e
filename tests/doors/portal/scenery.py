"""Performances and orders as a connector would write them, and forms as a browser would send them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from flask.testing import FlaskClient

from app.boxoffice.models import Admission, Household, Order, Performance, Production
from app.kernel import clock
from app.kernel.db import session
from app.web.forms import new_submission
from tests.cast import LEA

_numbers = count(1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


def a_performance(
    title_fr: str, title_en: str, starts_at: datetime, *, status: str = "scheduled", sold_out: bool = False,
    new_starts_at: datetime | None = None, notice_fr: str = "", notice_en: str = "",
) -> Performance:  # fmt: skip
    """One date on the bill."""
    number = next(_numbers)
    work = Production(code=f"W{number}", title_fr=title_fr, title_en=title_en, genre="opera")
    session.add(work)
    session.flush()
    row = Performance(
        code=f"P{number}", production_id=work.id, hall="Grande salle", starts_at=starts_at, doors_at=None,
        status=status,
        new_starts_at=new_starts_at, capacity=900, sold_out=sold_out, notice_fr=notice_fr, notice_en=notice_en,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


def an_order(code: str, performance: Performance, *, email: str = LEA) -> Order:
    """Two seats bought at once."""
    number = next(_numbers)
    home = Household(code=f"H{number}", kind="individual", name="Fontanel", person_id=None, typologies=[])
    session.add(home)
    session.flush()
    row = Order(
        system="test", code=code, household_id=home.id, email=email, ordered_at=clock.now() - timedelta(days=20),
        channel="web", status="paid", total_cents=12_000, currency="EUR", tender="card", card_last4="4021",
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        Admission(
            order_id=row.id, performance_id=performance.id, external_id=f"A{number}-{seat}", category="Corbeille",
            seat=seat, tariff="Plein tarif", face_cents=6_000, fee_cents=0, status="valid", scanned_at=None,
        )
        for seat in ("B 14", "B 16")
    )  # fmt: skip
    session.commit()
    return row


def a_form(**changes: object) -> dict[str, object]:
    """A request filled in as it should be; opened ten seconds ago."""
    with clock.frozen_at(clock.now() - timedelta(seconds=10)):
        key = new_submission()
    return {
        "form": key, "motif": "exchange", "type": "exchange_date", "commande": "", "email": LEA, "name": "Léa",
        "body": "Bonjour, je voudrais venir la semaine suivante.", "site": "", **changes,
    }  # fmt: skip


def text_of(browser: FlaskClient, address: str) -> str:
    """The page at an address."""
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)
