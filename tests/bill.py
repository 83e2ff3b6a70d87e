"""Performances, orders and articles as a connector or a folder would bring them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

from app.boxoffice.models import Admission, Household, Order, Performance, Production
from app.kernel import clock
from app.kernel.db import session
from app.knowledge import loading
from tests.cast import LEA
from tests.conftest import ARTICLES

_numbers = count(1)
Row = TypeVar("Row", Performance, Order)


def shelved(folder: Path, slugs: Iterable[str]) -> Path:
    """A few real articles in both languages, in a folder and on the shelf."""
    folder.mkdir()
    for slug in slugs:
        for lang in ("fr", "en"):
            shutil.copy(ARTICLES / f"{slug}.{lang}.md", folder)
    loading.load_folder(folder)
    return folder


def _read(row: Row) -> Row:
    """A row as its reader keeps it: whole, and of no session, for jobs close theirs."""
    session.refresh(row)
    session.expunge(row)
    return row


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
    return _read(row)


def an_order(code: str, *shows: Performance, email: str = LEA, ordered_at: datetime | None = None) -> Order:
    """Two seats at each of some performances, bought at once."""
    number = next(_numbers)
    home = Household(code=f"H{number}", kind="individual", name="Fontanel", person_id=None, typologies=[])
    session.add(home)
    session.flush()
    row = Order(
        system="test", code=code, household_id=home.id, email=email,
        ordered_at=ordered_at or clock.now() - timedelta(days=20),
        channel="web", status="paid", total_cents=12_000 * len(shows), currency="EUR", tender="card", card_last4="4021",
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        Admission(
            order_id=row.id, performance_id=show.id, system="test", external_id=f"A{number}-{place}-{seat}", category="Corbeille",
            seat=seat, tariff="Plein tarif", face_cents=6_000, fee_cents=0, status="valid", scanned_at=None,
        )
        for place, show in enumerate(shows)
        for seat in ("B 14", "B 16")
    )  # fmt: skip
    session.commit()
    return _read(row)
