"""Steps that an auditor may ask for years later: each entry holds the hash of the one before it, and is only added.

Whoever changes, takes away or inserts an entry breaks the chain at that place; whoever writes all of it anew is told by
the anchors, which lie outside the database and are signed by the house.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Index, String, Table, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, keys
from app.kernel.access import Actor
from app.kernel.db import Base, Code, Ref, session
from app.kernel.queries import read, write

#: Before the first entry.
NOTHING = "0" * 64
#: Entries read at once.
PAGE = 5_000


class AuditEntry(Base):
    """One step: what was done, to what, by whom; numbers and hashes, never names."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "serial"),)

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    verb: Mapped[Code]
    subject: Mapped[str] = mapped_column(String(80))
    actor_role: Mapped[Code]
    actor_id: Mapped[Ref | None]
    door: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(info={"personal": False})
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain; one row, held by whoever adds to it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    serial: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


_heads = cast(Table, AuditHead.__table__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many entries are whole, the number of the first that is not, and why.

    `why` is changed, missing, end (the last ones were taken away), anchor or anchor_form.
    """

    entries: int
    broken: int | None = None
    why: str = ""
    anchors: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was changed."""
        return self.broken is None


class _Place:
    """Where anchors lie, once the factory has said so."""

    path: Path | None = None


def keep_anchors(path: Path) -> None:
    """Say where anchors lie: a file outside the database."""
    _Place.path = path


def note(verb: str, subject: str, data: Mapping[str, Any], *, by: Actor) -> None:
    """Add one step, inside the verb that takes it."""
    connection = session.connection()
    taken = update(_heads).where(_heads.c.id == 1).values(serial=_heads.c.serial + 1)
    serial, previous = connection.execute(taken.returning(_heads.c.serial, _heads.c.hash)).one()
    row = {
        "serial": serial, "at": clock.now(), "verb": verb, "subject": subject[:80], "actor_role": by.role,
        "actor_id": by.person_id, "door": by.door, "data": dict(data), "previous": previous,
    }  # fmt: skip
    row["hash"] = hashed(row)
    write(AuditEntry, [row])
    connection.execute(update(_heads).where(_heads.c.id == 1).values(hash=row["hash"]))


def hashed(row: Mapping[str, Any]) -> str:
    """The hash of an entry: over the one before it and everything it says, in one form only."""
    told = {name: row[name] for name in ("serial", "verb", "subject", "actor_role", "actor_id", "door", "data")}
    told["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{row['previous']}{text}".encode()).hexdigest()


def entries(*, before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """A page of the chain, the newest first."""
    query = select(AuditEntry).order_by(AuditEntry.serial.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(AuditEntry.serial < before)))


def about(subjects: Iterable[str], *, before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """A page of what was done to some subjects, the newest first."""
    query = select(AuditEntry).where(AuditEntry.subject.in_(list(subjects)))
    query = query.order_by(AuditEntry.serial.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(AuditEntry.serial < before)))


def verify() -> Verdict:
    """Walk the whole chain, and hold it against its anchors."""
    head = read(select(_heads.c.serial, _heads.c.hash).where(_heads.c.id == 1)).one_or_none()
    end, last = (head.serial, head.hash) if head else (0, NOTHING)
    anchors, wrong = _anchors()
    previous, count = NOTHING, 0
    for row in _rows():
        if row["serial"] != count + 1 or row["previous"] != previous:
            return Verdict(count, count + 1, "missing")
        if hashed(row) != row["hash"]:
            return Verdict(count, row["serial"], "changed")
        previous, count = row["hash"], row["serial"]
        if anchors.get(count, previous) != previous:
            return Verdict(count, count, "anchor", len(anchors))
    if (end, last) != (count, previous) or max(anchors, default=0) > count:
        return Verdict(count, count + 1, "end", len(anchors))
    return Verdict(count, 0 if wrong else None, "anchor_form" if wrong else "", len(anchors))


def anchor() -> bool:
    """Write the end of the chain to a file outside the database, where it is new. Returns whether it was written."""
    head = read(select(_heads.c.serial, _heads.c.hash).where(_heads.c.id == 1)).one_or_none()
    session.rollback()
    path, (kept, _wrong) = _Place.path, _anchors()
    if path is None or head is None or not head.serial or head.serial in kept:
        return False
    told = f"{head.serial} {head.hash} {clock.now().isoformat(timespec='seconds')}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as out:
        out.write(f"{told} {_proof(told)}\n")
        out.flush()
        os.fsync(out.fileno())
    return True


def _rows() -> Iterator[dict[str, Any]]:
    after = 0
    columns = list(cast(Table, AuditEntry.__table__).columns)
    while True:
        query = select(*columns).where(AuditEntry.serial > after).order_by(AuditEntry.serial).limit(PAGE)
        page = [dict(row) for row in read(query).mappings()]
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1]["serial"]


def _anchors() -> tuple[dict[int, str], bool]:
    """Anchors that the house signed, and whether there are lines that it did not."""
    if _Place.path is None or not _Place.path.exists():
        return {}, False
    found, wrong = {}, False
    for line in _Place.path.read_text("ascii", "replace").splitlines():
        told, _, proof = line.rpartition(" ")
        serial, _, rest = told.partition(" ")
        if serial.isdecimal() and keys.same(proof, _proof(told)):
            found[int(serial)] = rest.partition(" ")[0]
        else:
            wrong = True
    return found, wrong


def _proof(told: str) -> str:
    return keys.short_proof("audit-anchor", told, 32)
