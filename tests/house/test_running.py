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

from app import mail_factory, wiring
from app.desk import bringing_words
from app.kernel import events
from app.kernel.access import Permission
from app.kernel.db import Base, db
from app.kernel.events import Event, Reactions
from app.privacy import inventory
from app.search.models import ours
from app.web import doors, words

#: Facts that nobody reacts to: they are told for the journal's sake.
TOLD_ONLY = {
    "AnswerMissed",
    "AddressCorrected",
    "AddressCorrectionUndone",
    "AddressLifted",
    "AddressMarkedAgain",
    "AccountDoubted",
    "AccountGiven",
    "AccountProven",
    "AnnouncementEnded",
    "AnswerTakenBack",
    "ArticleVoted",
    "CorrectionProposed",
    "CorrectionRefused",
    "CorrectionReopened",
    "BatchApproved",
    "BatchDiscarded",
    "BatchExported",
    "BatchPaid",
    "CampaignAbandoned",
    "CampaignApproved",
    "CampaignDiffers",
    "CampaignLocked",
    "CampaignSimulated",
    "CampaignStarted",
    "CampaignWritten",
    "CompanionApart",
    "CompanionBack",
    "CreditLessened",
    "CreditsDiffer",
    "HouseholdNoted",
    "HouseholdWished",
    "HouseholdsKeptApart",
    "HouseholdsMerged",
    "HouseholdsParted",
    "IncidentProposed",
    "IncidentReworded",
    "LineChanged",
    "LetterFiled",
    "LetterPutAside",
    "LetterReread",
    "LetterSentAgain",
    "LettersMissing",
    "LineReviewed",
    "ListLettersLetIn",
    "LinkRevoked",
    "MailboxRenumbered",
    "MailboxStopped",
    "MessageHeld",
    "MessageTakenAway",
    "MoneyLocked",
    "OpinionAsked",
    "OpinionGiven",
    "PaymentUndisputed",
    "PerformanceSpared",
    "PromiseKept",
    "PromiseRenewed",
    "SendingResumed",
    "SendingStopped",
    "SlowLettersLetThrough",
    "SlowLettersPutAside",
    "SpectatorReminded",
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
    return modules_of(tmp_path_factory.mktemp("house"))


def modules_of(data: Path, *words: str) -> set[str]:
    """What a process has loaded once it was put together."""
    environment = {**os.environ, "DATA_DIR": str(data), "DATABASE_URL": ""}
    command = [sys.executable, "-c", "import sys, wsgi; print(*sys.modules)", *words]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("heavy", HEAVY)
def test_the_house_starts_without_what_few_use(loaded: set[str], heavy: str) -> None:
    assert "app.desk" in loaded
    assert heavy not in loaded


def test_the_mail_room_starts_without_pages_and_without_those_who_sort(tmp_path: Path) -> None:
    room = modules_of(tmp_path, "mailroom")
    assert "app.mailroom.lmtp" in room
    above = ("app.factory", "app.wiring", "app.desk", "app.portal", "app.web", "app.incidents", "app.triage", "babel")
    assert [name for name in above if name in room] == []


def test_what_a_mail_room_tells_is_reacted_to_as_in_the_whole_house(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own wiring repeats rows of the page and nothing else; what is not there it refuses to tell."""
    assert {kind: wiring.TABLE.get(kind, Reactions()) for kind in mail_factory.TABLE} == mail_factory.TABLE
    for name in ("rows", "by_name", "whole"):
        monkeypatch.setattr(events._Table, name, getattr(events._Table, name))
    events.connect(mail_factory.TABLE, whole=False)
    strange = next(kind for kind in wiring.TABLE if kind not in mail_factory.TABLE)
    with pytest.raises(LookupError):
        events.reactions_to(strange)


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
        context = MigrationContext.configure(
            connection, opts={"compare_type": False, "include_name": lambda name, kind, _of: ours(name, kind)}
        )
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
    # Those of a file that is brought in name the file, and have their sentences beside its page.
    assert codes - words.known_codes() - bringing_words.known_refusals() == set()
