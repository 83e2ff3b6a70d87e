"""A file that says that a bank takes payments back is killed while it comes in, or comes in twice at once.

Whatever happens, what would pay again waits for a look, each payment is noted once, and the people of the money hear
of it once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.boxoffice import importing
from app.boxoffice.models import PaymentDispute
from app.kernel import audit, jobs, work
from app.kernel.access import SYSTEM, Actor
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.notices import service as notices
from app.notices.models import Notice
from app.settlements import doubting, reconciling, reviewing
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.imported import a_day, a_locked_campaign
from tests.domains.settlements.world import Money
from tests.faults.dying import struck
from tests.faults.house import House

Acting = Callable[[Character], Actor]


@pytest.fixture
def money(house: House, noon: object, actor: Acting, tmp_path: Path) -> Money:
    importing.import_file(a_day(tmp_path / "a.csv"), by=SYSTEM)
    found = a_locked_campaign(actor(INES), actor(ODILE), actor(KARIM))
    work.run_due()
    return found


def noted() -> tuple[int, int, int]:
    """Payments that a bank takes back, lines of the audit that say so, jobs that wait to hold what would pay again."""
    session.rollback()
    session.expire_all()
    said = session.query(AuditEntry).filter_by(verb="payment_disputed")
    waits = [one for one in jobs.waiting_names() if one == "settlements.doubt_imported"]
    return session.query(PaymentDispute).count(), said.count(), len(waits)


def looked_at(money: Money) -> None:
    """Two lines wait, each was held once, and one letter says so."""
    work.run_due()
    session.rollback()
    waiting = [one for one in reviewing.queue(by=money.finance) if "disputed" in one.signs]
    assert len(waiting) == len({one.line_id for one in waiting}) == 2
    assert session.query(AuditEntry).filter_by(verb="line_doubted").count() == 2
    notices.tell()
    notices.tell()
    rows = session.query(Notice).filter_by(matter="disputed").all()
    assert len(rows) == 1
    assert rows[0].letter_id is not None
    assert audit.verify().ok
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees


@pytest.mark.parametrize(("point", "before"), [("batch written", (0, 0, 0)), ("batch committed", (2, 2, 1))])
def test_killed_while_it_comes_in_the_next_run_says_it_once(
    house: House, money: Money, tmp_path: Path, point: str, before: tuple[int, int, int]
) -> None:
    file = a_day(tmp_path / "b.csv", "Fontanel", "Martin")
    house.dies_at(point, "boxoffice", "import", str(file))
    assert noted() == before
    for _ in range(2):
        done = house.flask("boxoffice", "import", str(file), "--json")
        assert done.returncode == 0, done.stderr
    assert noted() == (2, 2, 1)
    looked_at(money)
    house.well()


def test_killed_at_every_statement_lines_are_held_whole_or_not_at_all(
    house: House, money: Money, tmp_path: Path
) -> None:
    importing.import_file(a_day(tmp_path / "b.csv", "Fontanel", "Martin"), by=SYSTEM)
    session.rollback()
    payments = [row[0] for row in session.query(PaymentDispute.payment_id)]

    def sound() -> None:
        session.rollback()
        assert session.query(AuditEntry).filter_by(verb="line_doubted").count() in (0, 2)

    assert struck(lambda: doubting.doubt(payments), sound)
    looked_at(money)
    house.well()


def test_two_files_at_once_say_it_once(house: House, money: Money, tmp_path: Path) -> None:
    files = [a_day(tmp_path / name, "Fontanel", "Martin") for name in ("b.csv", "c.csv")]
    files[1].write_text(files[1].read_text() + "\r\n")  # another file, which says the same
    session.remove()
    with (
        house.running("boxoffice", "import", str(files[0])) as first,
        house.running("boxoffice", "import", str(files[1])) as second,
    ):
        assert [first.wait(120), second.wait(120)] == [0, 0]
    assert noted() == (2, 2, 1)
    looked_at(money)
    house.well()
