"""The rules of the house that only the running application can show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy.orm import Mapper

from app import wiring
from app.kernel.access import Permission
from app.kernel.db import Base, db
from app.kernel.events import Event
from app.privacy import inventory
from app.web import doors, words

#: Facts that nobody reacts to: they are told for the journal's sake.
TOLD_ONLY = {
    "AccountDoubted",
    "AccountGiven",
    "AccountProven",
    "CampaignAbandoned",
    "CampaignApproved",
    "CampaignDiffers",
    "CampaignLocked",
    "CampaignSimulated",
    "CampaignStarted",
    "CampaignWritten",
    "AnnouncementEnded",
    "AnswerTakenBack",
    "BatchApproved",
    "BatchDiscarded",
    "BatchExported",
    "BatchPaid",
    "ArticleVoted",
    "HouseholdNoted",
    "HouseholdWished",
    "HouseholdsKeptApart",
    "HouseholdsMerged",
    "HouseholdsParted",
    "IncidentProposed",
    "IncidentReworded",
    "LineChanged",
    "LineReviewed",
    "MoneyLocked",
    "LetterFiled",
    "LetterSentAgain",
    "MailboxRenumbered",
    "MailboxStopped",
    "LetterPutAside",
    "LetterReread",
    "LettersMissing",
    "MessageHeld",
    "MessageTakenAway",
    "OpinionAsked",
    "OpinionGiven",
    "PromiseKept",
    "PromiseRenewed",
    "SendingResumed",
    "SendingStopped",
    "SlowLettersLetThrough",
    "SlowLettersPutAside",
    "SpectatorReminded",
    "CreditLessened",
    "CreditsDiffer",
    "PerformanceSpared",
    "LinkRevoked",
    "SupplementApproved",
    "SupplementMade",
    "SupplementSimulated",
    "TicketForwarded",
    "TicketJoinedIncident",
    "TicketLeftIncident",
    "TicketMoved",
    "TicketSnoozed",
    "TicketTagged",
}

#: Loaded by whoever uses them, not by every process: docs/decisions/0018.
HEAVY = ["app.demo", "alembic", "authlib", "cryptography", "holidays", "lxml", "numpy", "py3langid", "rapidfuzz",
         "requests", "scipy", "sklearn", "whoosh"]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a process that has just put the house together."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path_factory.mktemp("house")), "DATABASE_URL": ""}
    command = [sys.executable, "-c", "import sys, wsgi; print(*sys.modules)"]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("heavy", HEAVY)
def test_the_house_starts_without_what_few_use(loaded: set[str], heavy: str) -> None:
    assert "app.desk" in loaded
    assert heavy not in loaded


def test_every_relationship_refuses_to_load_by_surprise() -> None:
    lazy = [
        str(relation)
        for mapper in Base.registry.mappers
        if isinstance(mapper, Mapper)
        for relation in mapper.relationships
        if relation.lazy != "raise_on_sql"
    ]
    assert lazy == []


def test_every_event_is_on_the_wiring_page_or_told_only() -> None:
    wired = {kind.__name__ for kind in wiring.TABLE}
    assert {name for name in Event.kinds if not name.startswith("_")} == wired | TOLD_ONLY
    assert not wired & TOLD_ONLY


def test_every_route_declares_its_door(app: Flask) -> None:
    with app.test_request_context():
        silent = [row["rule"] for row in doors.permission_table() if row["door"] == "closed"]
    assert silent == []


def test_every_permission_is_asked_for_somewhere(app: Flask) -> None:
    import pathlib

    source = "\n".join(
        p.read_text("utf-8") for p in (pathlib.Path(app.root_path)).rglob("*.py") if p.name != "access.py"
    )
    assert [p.name for p in Permission if f"Permission.{p.name}" not in source and f"P.{p.name}" not in source] == []


def test_models_and_migrations_agree(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_every_personal_column_is_marked() -> None:
    assert inventory.unmarked() == []
    assert inventory.holdings()


def test_every_refusal_has_a_sentence(app: Flask) -> None:
    import ast
    import pathlib

    codes: set[str] = set()
    for path in pathlib.Path(app.root_path).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Invalid"
                and node.args
            ):
                given = node.args[0]
                if isinstance(given, ast.Dict):
                    codes |= {v.value for v in given.values if isinstance(v, ast.Constant) and isinstance(v.value, str)}
    assert codes - words.known_codes() == set()
