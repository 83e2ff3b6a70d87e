"""The chain of audited steps: whole as long as nobody touches it, and broken at the place where somebody did."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.kernel import audit
from app.kernel.access import SYSTEM
from app.kernel.db import session
from app.kernel.transaction import transactional

#: What an intruder with the rights of the database's owner does first.
_UNGUARD = {
    "sqlite": ("DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"),
    "postgresql": ("ALTER TABLE audit_entry DISABLE TRIGGER USER",),
}
STEPS = 5


@pytest.fixture(autouse=True)
def _steps(app: Flask, noon: datetime) -> None:
    for place in range(STEPS):
        step(place)


@transactional
def step(place: int) -> None:
    audit.note("tried", f"thing:{place}", {"cents": place, "name": "é"}, by=SYSTEM)


def done(*statements: str) -> None:
    for statement in (*_UNGUARD[session.get_bind().dialect.name], *statements):
        session.execute(text(statement))
    session.commit()


def test_a_chain_that_nobody_touched_is_whole() -> None:
    assert audit.verify() == audit.Verdict(STEPS)
    assert [entry.subject for entry in audit.entries(limit=2)] == ["thing:4", "thing:3"]


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"])
def test_steps_are_only_ever_added(change: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added"):
        session.execute(text(change))
    session.rollback()


@pytest.mark.parametrize(
    ("statement", "broken", "why"),
    [
        ("UPDATE audit_entry SET verb = 'other' WHERE serial = 3", 3, "changed"),
        ("UPDATE audit_entry SET actor_id = 1 WHERE serial = 2", 2, "changed"),
        ("DELETE FROM audit_entry WHERE serial = 4", 4, "missing"),
        ("DELETE FROM audit_entry WHERE serial = 5", 5, "end"),
        ("DELETE FROM audit_entry", 1, "end"),
    ],
)  # fmt: skip
def test_whoever_changes_a_step_is_found_out_at_its_place(statement: str, broken: int, why: str) -> None:
    done(statement)
    found = audit.verify()
    assert (found.ok, found.broken, found.why) == (False, broken, why)


def test_a_chain_written_anew_differs_from_its_anchor(app: Flask, tmp_path: Path) -> None:
    assert audit.anchor()
    assert not audit.anchor()
    assert audit.verify() == audit.Verdict(STEPS, anchors=1)
    done("DELETE FROM audit_entry", f"UPDATE audit_head SET serial = 0, hash = '{audit.NOTHING}'")
    for place in range(STEPS + 1):
        step(place + 7)
    found = audit.verify()
    assert (found.broken, found.why) == (STEPS, "anchor")


def test_a_copy_of_yesterday_is_shorter_than_its_anchor() -> None:
    audit.anchor()
    before = session.execute(text("SELECT hash FROM audit_entry WHERE serial = 3")).scalar_one()
    done("DELETE FROM audit_entry WHERE serial > 3", f"UPDATE audit_head SET serial = 3, hash = '{before}'")
    assert audit.verify().why == "end"


def test_an_anchor_that_the_house_did_not_sign_is_noticed(app: Flask) -> None:
    audit.anchor()
    path = Path(app.instance_path) / "anchors" / "audit.log"
    path.write_text(path.read_text().replace(f"{STEPS} ", f"{STEPS} f", 1))
    assert audit.verify().why == "anchor_form"
