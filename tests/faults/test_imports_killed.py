"""An import that is killed leaves whole batches; the next run goes on, and in the end nothing is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.boxoffice import importing
from app.boxoffice.models import Admission, Household, ImportRun, Order, Payment
from app.kernel.db import session
from tests.exchange import a_file, a_row
from tests.faults.house import House

COUNT = 2 * importing.BATCH + 300


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three batches; customers and orders that stand in two of them."""
    return a_file(tmp_path / "saison.csv", *(
        a_row(
            f"B{n}", order_code=f"CMD{n % 700}", customer_id=f"C{n % 350}", mother_id="M1" if n % 350 < 2 else "",
            email=f"e{n % 350}@exemple.fr",
        )
        for n in range(COUNT)
    ))  # fmt: skip


def counts() -> tuple[int, ...]:
    session.rollback()
    return tuple(
        session.scalar(select(func.count()).select_from(model)) or 0 for model in (Admission, Order, Household)
    )


@pytest.mark.parametrize(
    ("point", "times", "whole"),
    [("batch written", 2, 1), ("batch committed", 2, 2), ("batch committed", 3, 3), ("records related", 1, 3)],
)
def test_killed_anywhere_the_next_run_goes_on(house: House, file: Path, point: str, times: int, whole: int) -> None:
    house.dies_at(point, "boxoffice", "import", str(file), times=times)
    assert counts()[0] == min(COUNT, whole * importing.BATCH)
    assert session.scalars(select(ImportRun.state)).all() == ["running"]
    done = house.flask("boxoffice", "import", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert counts() == (COUNT, 700, 351)
    run = session.scalars(select(ImportRun).execution_options(populate_existing=True)).one()
    assert (run.state, run.rows_done, run.counts["admissions_new"]) == ("done", COUNT, COUNT)
    assert session.scalar(select(func.sum(Payment.amount_cents))) == COUNT * 4150
    assert house.doctor() == []
