"""`flask permissions`, `doctor`, `seed`, `house`, `keys`, `work`: the house as a whole."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.cancellations.models import Campaign
from app.kernel.access import Role
from app.kernel.db import session
from app.mail import queries as letters
from app.mail.models import LetterIn
from app.people import entry
from app.people.entry import signed_in
from app.tickets import queries as tickets
from app.tickets.models import Ticket
from app.venue import service as venue
from tests.cast import KARIM, PASSWORD
from tests.doors.cli.conftest import Terminal, lines_of
from tests.makers import a_ticket


@pytest.fixture(autouse=True)
def steady_signals() -> Iterator[None]:
    """The worker listens to signals; afterwards they are the test's again."""
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


def checks_of(terminal: Terminal, *, code: int = 0) -> dict[str, dict[str, Any]]:
    done = terminal("doctor", "--json")
    (said,) = lines_of(done.stdout)
    assert done.exit_code == code, done.stderr
    assert list(said) == ["ok", "checks"]
    assert said["ok"] is (code == 0)
    assert all(list(check) == ["id", "ok", "found", "expected", "detail"] for check in said["checks"])
    return {check["id"]: check for check in said["checks"]}


def test_permissions_are_one_list_of_every_route(terminal: Terminal, app: Flask) -> None:
    done = terminal("permissions", "--json")
    (table,) = lines_of(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert all(list(row) == ["rule", "endpoint", "methods", "door", "who"] for row in table)
    assert sorted(row["endpoint"] for row in table) == sorted(rule.endpoint for rule in app.url_map.iter_rules())
    assert "closed" not in {row["door"] for row in table}
    by_rule = {row["rule"]: row for row in table}
    assert by_rule["/"]["who"] == ["anyone"]
    assert "agent" not in by_rule["/regie/pilotage"]["who"]
    assert "manager" in by_rule["/regie/pilotage"]["who"]


def test_only_who_may_touch_money_finds_its_doors_open(terminal: Terminal) -> None:
    (table,) = lines_of(terminal("permissions", "--json").stdout)
    money = {(row["endpoint"], tuple(row["methods"])): row for row in table if row["endpoint"].startswith("desk_money")}
    who = {name.removeprefix("desk_"): row["who"] for (name, _), row in money.items()}
    readers, finance = ["admin", "finance", "manager"], ["admin", "finance"]
    pages = {name for name, row in who.items() if name.endswith((".page", ".one", ".state"))} - {"money_house.page"}
    assert {name: who[name] for name in pages} == dict.fromkeys(pages, readers)
    assert {name: row for name, row in who.items() if row == finance} == dict.fromkeys(
        (
            "money_files.download", "money_batches.make_files", "money_batches.paid", "money_bank.rehearse",
            "money_bank.take", "money_codes.new", "money_codes.add", "money_codes.edit", "money_codes.change",
            "money_codes.validate", "money_codes.withdraw", "money_counters.add", "money_counters.change",
            "money_legal.change", "money_legal.edit", "money_office.tell_office",
            "money_house.page", "money_house.change",
            "money_receipts.right", "money_receipts.assert_right", "money_receipts.withdraw", "money_receipts.give",
            "money_receipts.sheet", "money_receipts.read",
        ),
        finance,
    )  # fmt: skip
    doors = {name: row["door"] for (name, _), row in money.items()}
    assert doors["desk_money.lock"] == "money:lock"
    assert doors["desk_money_batches.approve"] == doors["desk_money_review.decide"] == "money:approve"


def test_permissions_can_be_read_by_people_too(terminal: Terminal) -> None:
    done = terminal("permissions")
    assert "public                 GET        /" in done.stdout.splitlines()


def test_a_house_in_order_is_well(terminal: Terminal, shelf: Path) -> None:
    a_ticket()
    assert terminal("reindex").exit_code == 0
    checks = checks_of(terminal)
    assert {"letters", "letters-once", "outbox", "turns", "promises", "jobs", "failed-jobs", "index"} <= set(checks)
    assert all(check["ok"] for check in checks.values())


def test_a_row_that_contradicts_the_rules_is_found_and_told(terminal: Terminal, app: Flask) -> None:
    terminal("reindex")
    row = session.get(Ticket, a_ticket().ticket_id)
    assert row is not None
    row.turn = "done"
    session.commit()
    checks = checks_of(terminal, code=1)
    assert [key for key, check in checks.items() if not check["ok"]] == ["turns"]
    assert (checks["turns"]["found"], checks["turns"]["expected"]) == (1, 0)
    told = terminal("doctor")
    assert told.stdout == ""
    assert "FAIL turns" in told.stderr


def test_a_house_in_use_is_not_overrun_by_a_demo(terminal: Terminal) -> None:
    terminal("house", "set-up", "--name", "Théâtre du Port", "--rename")
    done = terminal("seed", "demo", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Conflict: house in use (house=Théâtre du Port)\n"
    assert terminal("seed", "demo", "--json", "--if-empty", "--cancelled").exit_code == 0
    assert session.query(Campaign).count() == 0


@pytest.mark.parametrize("tickets_wanted", ["-1", "1000001", "many"])
def test_a_number_that_is_none_is_bad_usage(terminal: Terminal, tickets_wanted: str) -> None:
    done = terminal("seed", "demo", "--tickets", tickets_wanted, "--json")
    assert (done.exit_code, done.stdout) == (2, "")


def test_setting_up_again_changes_what_is_given_and_keeps_the_rest(terminal: Terminal) -> None:
    venue.set_up(
        name="Théâtre", zone="Europe/Brussels", language="fr", order_prefix="TDP", facts={"phone": "01"}, currency="CHF"
    )
    done = terminal("house", "set-up", "--name", "Théâtre du Port", "--rename")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "Théâtre du Port is set up\n")
    house = venue.house()
    assert (house.name, house.zone, house.order_prefix, house.currency) == (
        "Théâtre du Port", "Europe/Brussels", "TDP", "CHF",
    )  # fmt: skip
    assert house.facts == {"phone": "01"}
    assert (
        terminal("house", "set-up", "--name", "Théâtre du Port", "--prefix", "abc", "--zone", "Asia/Tokyo").exit_code
        == 0
    )
    assert (venue.house().order_prefix, venue.house().zone) == ("ABC", "Asia/Tokyo")


def test_a_house_is_given_another_name_only_by_who_says_so(terminal: Terminal) -> None:
    before = venue.house()
    done = terminal("house", "set-up", "--name", "Théâtre du Port", "--prefix", "TDP", "--zone", "Asia/Tokyo")
    told = "This house is called Opéra de Valmorin; to call it Théâtre du Port, add --rename.\n"
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", told)
    venue.house.forget()
    assert venue.house() == before


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--name", " \x00 "),
        ("--name", "X" * 121),
        ("--name", "X", "--zone", "Mars/Base"),
        ("--name", "X", "--country", "ZZ"),
        ("--name", "X", "--prefix", "V-A"),
        ("--name", "X", "--prefix", ""),
    ],
)
def test_a_set_up_that_cannot_be_is_bad_usage(terminal: Terminal, words: tuple[str, ...]) -> None:
    done = terminal("house", "set-up", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert venue.house().name == "Opéra de Valmorin"


def add(terminal: Terminal, email: str = "zoe@valmorin.example", *more: str, password: str = PASSWORD) -> Any:
    return terminal("house", "add-colleague", email, "--name", "Zoé", "--password", password, *more)


def test_a_colleague_added_may_sign_in_with_the_rights_given(terminal: Terminal) -> None:
    done = add(terminal, "zoe@valmorin.example", "--role", "agent", "--role", "editor", "--department", "billetterie")
    assert (done.exit_code, done.stdout) == (0, "")
    found = signed_in(entry.sign_in("zoe@valmorin.example", PASSWORD))
    assert found is not None
    assert found.actor.roles == {Role.AGENT, Role.EDITOR}
    assert len(found.actor.departments) == 1


@pytest.mark.parametrize(
    ("email", "more", "password", "told"),
    [
        (KARIM.email, ("--role", "agent"), PASSWORD, "email: Somebody already signs in with this address."),
        ("nobody", ("--role", "agent"), PASSWORD, "email: Write the address like this: name@example.org."),
        ("z@x.fr", ("--role", "agent"), "short", "password: Choose a password of 8 to 256 characters."),
        ("z@x.fr", ("--role", "agent", "--department", "nowhere"), PASSWORD,
         "departments: Choose one of the answers of the list."),
    ],
)  # fmt: skip
def test_a_colleague_who_cannot_be_is_refused_in_one_sentence(
    terminal: Terminal, email: str, more: tuple[str, ...], password: str, told: str
) -> None:
    done = add(terminal, email, *more, password=password)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", told + "\n")


@pytest.mark.parametrize("more", [(), ("--role", "king"), ("--role", "spectator")])
def test_a_role_that_is_none_is_bad_usage(terminal: Terminal, more: tuple[str, ...]) -> None:
    assert add(terminal, "z@x.fr", *more).exit_code == 2


def test_the_secret_of_the_house_is_made_once(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys" / "house.key"
    before = path.read_bytes()
    done = terminal("keys", "make")
    assert (done.exit_code, done.stdout) == (0, "")
    assert (path.read_bytes(), path.stat().st_mode & 0o077) == (before, 0)
    path.unlink()
    terminal("keys", "make")
    assert path.read_bytes() != before
    assert path.stat().st_mode & 0o077 == 0


def test_the_worker_does_what_is_due_and_ends(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "one.eml").write_bytes(b"From: lea@exemple.fr\r\nSubject: Billets\r\n\r\nBonjour")
    terminal("mail", "receive", str(tmp_path / "post"), "--no-jobs")
    done = terminal("work", "--once")
    assert (done.exit_code, done.stdout) == (0, "")
    row = session.get(LetterIn, 1)
    assert row is not None
    assert row.fate == "ticket"
    assert [letter.state for letter in letters.last_out()] == ["shown"]
    assert tickets.cards([row.ticket_id or 0])[row.ticket_id or 0].category is not None
