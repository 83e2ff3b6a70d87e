"""What a box office sells in pretix is in the house a minute later; a pull that was broken off goes on."""

from __future__ import annotations

from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import select

from app.boxoffice import evening, pulling
from app.boxoffice.connectors.port import Line, Trouble
from app.boxoffice.connectors.pretix import Pretix
from app.boxoffice.models import Admission, Household, Order, Payment
from app.kernel import clock
from app.kernel.access import SYSTEM
from app.kernel.db import session
from tests.pretix.season import Season


def standing() -> list[tuple[str, str, int]]:
    session.rollback()
    rows = session.execute(
        select(Order.code, Admission.status, Admission.already_refunded_cents).join(Order).order_by(Admission.id)
    )
    return [tuple(row) for row in rows]


def test_orders_are_mirrored_and_pulled_again_only_where_they_changed(
    app: Flask, season: Season, pretix: Pretix
) -> None:
    season.order("CMD11")
    order = season.order("CMD12", seats=1)
    report = pulling.pull(pretix, by=SYSTEM)
    assert report
    assert (report.ok, report.errors, report.written["orders_new"]) == (3, 0, 2)
    session.rollback()
    assert session.scalars(select(Household.name)).all() == ["Marie Roy"]
    assert session.execute(select(Payment.tender, Payment.amount_cents).order_by(Payment.id)).all() == [
        ("card", 8300), ("card", 4150)
    ]  # fmt: skip
    season.enter(order["positions"][0]["secret"])
    pulling.pull(pretix, by=SYSTEM)
    assert standing() == [("CMD11", "valid", 0), ("CMD11", "valid", 0), ("CMD12", "used", 0)]


def test_this_evening_counts_who_came_in(app: Flask, season: Season, pretix: Pretix) -> None:
    order = season.order("CMD13")
    season.enter(order["positions"][0]["secret"])
    pulling.pull(pretix, by=SYSTEM)
    with clock.frozen_at(pretix._dates["traviata"][season.subevent].at):
        assert [(one.sold, one.entered) for one in evening.today(by=SYSTEM)] == [(2, 1)]


def test_a_pull_that_is_broken_off_goes_on_from_what_was_committed(
    app: Flask, season: Season, pretix: Pretix, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(14, 18):
        season.order(f"CMD{number}", seats=1)
    monkeypatch.setattr("app.boxoffice.importing.BATCH", 2)
    lines: list[Line] = list(pretix.pull())

    def broken(_since: object = None):  # type: ignore[no-untyped-def]
        yield from islice(lines, 3)
        raise Trouble("office_silent")

    with monkeypatch.context() as patch:
        patch.setattr(pretix, "pull", broken)
        with pytest.raises(Trouble):
            pulling.pull(pretix, by=SYSTEM)
    assert [code for code, _, _ in standing()] == ["CMD14", "CMD15"]
    pulling.pull(pretix, by=SYSTEM)
    assert [code for code, _, _ in standing()] == ["CMD14", "CMD15", "CMD16", "CMD17"]
