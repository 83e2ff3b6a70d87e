"""The money of a campaign at the terminal: the same rights and second person as everywhere, and exit codes that tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import vouchers
from app.settlements.models import LedgerEntry, SettlementLine
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.cancellations.world import token_of
from tests.domains.settlements.world import IBANS, Money, all_paid, banked, begun, choose, closed, exported, locked
from tests.doors.cli.conftest import Terminal, lines_of
from tests.doors.cli.test_campaigns import one


@pytest.fixture
def money(app: Flask, noon: datetime, actor: Callable[[Character], Actor]) -> Money:
    """Two households that chose money, one of them a gift."""
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Fontanel": {}, "Roux": {}})
    choose(found, "Fontanel", {"refund_transfer": 12_000})
    choose(found, "Roux", {"donation": 12_000})
    banked(found.finance)
    closed(found)
    return found


@pytest.fixture
def campaign(terminal: Terminal) -> Callable[..., Result]:
    """A command by somebody, who gives their password."""

    def run(*words: str, who: Character = ODILE) -> Result:
        return terminal("campaign", *words, "--as", who.email, "--json", stdin=f"{PASSWORD}\n")

    return run


def refused(result: Result) -> str:
    assert result.exit_code == 1
    assert result.stderr.strip()
    return str(lines_of(result.stdout)[0]["error"])


def test_money_goes_its_whole_way_at_the_terminal(
    money: Money, campaign: Callable[..., Result], terminal: Terminal, tmp_path: Path
) -> None:
    number, folder = str(money.campaign_id), str(tmp_path / "files")
    assert refused(campaign("lock", number, who=KARIM)) == "not_allowed"
    told = one(campaign("lock", number, who=INES))
    assert (told["cents"], told["batches"]) == (24_000, {"VIR-2026-001": 12_000, "DON-2026-001": 12_000})
    assert refused(campaign("export", number, folder, "--approve", "240", who=INES)) == "batch_second_person"
    assert refused(campaign("export", number, folder, "--approve", "239,99")) == "invalid"
    assert one(campaign("export", number, folder))["waiting"] == 2
    files = one(campaign("export", number, folder, "--approve", "240,00"))["files"]
    assert {one["name"][:3] for one in files} == {"732", "VIR", "DON"}
    assert one(campaign("paid", "vir-2026-001", "--on", "2026-12-11"))["cents"] == 12_000
    assert refused(campaign("paid", "VIR-2026-001", "--on", "2026-12-11")) == "batch_paid"
    assert campaign("paid", "VIR-2026-009", "--on", "2026-12-11").exit_code == 1
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("reference;motif\nAV-2026-000001-T1.1-1;AC04\n")
    assert one(campaign("import-rejects", str(rejects)))["cents"] == 12_000
    assert one(campaign("import-rejects", str(rejects)))["again"]
    rejects.write_text("reference;motif\nAV-2020-000001-T1.1-1;AC04\n")
    assert refused(campaign("import-rejects", str(rejects))) == "invalid"
    found = one(campaign("reconcile", number))
    assert (found["agrees"], found["sums"]["pending"]) == (True, 24_000)
    assert one(terminal("audit", "verify", "--json"))["ok"]


def test_held_lines_are_looked_at_at_the_terminal(money: Money, campaign: Callable[..., Result]) -> None:
    session.execute(text("UPDATE money_house SET limit_line_cents = 11999"))
    session.commit()
    number = str(money.campaign_id)
    assert one(campaign("lock", number, who=INES))["held"] == 2
    lines = one(campaign("held", number))["held"]
    assert [line["signs"] for line in lines] == [["amount"], ["amount"]]
    assert refused(campaign("held", number, "--release", str(lines[0]["line_id"]))) == "invalid"
    words = ("--release", str(lines[0]["line_id"]), "--reason", "vu")
    assert len(one(campaign("held", number, *words))["held"]) == 1
    assert refused(campaign("held", number, *words)) == "line_decided"
    assert one(campaign("lock", number, who=INES))["batches"] == {"VIR-2026-001": 12_000}


def test_what_does_not_agree_ends_with_one(money: Money, campaign: Callable[..., Result], terminal: Terminal) -> None:
    one(campaign("lock", str(money.campaign_id), who=INES))
    session.execute(text("UPDATE credit SET amount_cents = amount_cents + 1 WHERE id = 1"))
    session.execute(text("UPDATE audit_head SET serial = serial + 1"))
    session.commit()
    told = campaign("reconcile", str(money.campaign_id))
    assert (told.exit_code, lines_of(told.stdout)[0]["agrees"]) == (1, False)
    chain = terminal("audit", "verify", "--json")
    assert (chain.exit_code, lines_of(chain.stdout)[0]["why"]) == (1, "end")


def test_a_voucher_is_used_at_the_terminal_once_for_an_order(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor], campaign: Callable[..., Result]
) -> None:
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {"Roux": {}})
    choose(found, "Roux", {"voucher": 12_000})
    closed(found)
    locked(found)
    exported(found)
    all_paid(found)
    (shown,) = vouchers.of_link(token_of(found.credits["Roux"]))
    session.rollback()
    words = ("voucher-use", shown.code.lower(), "45,50", "--order", "VAL-1")
    assert refused(campaign(*words, who=ODILE)) == "not_allowed"
    for _ in range(2):
        assert one(campaign(*words, who=KARIM))["left"] == 7_450
    assert refused(campaign(*words[:2], "74,51", "--order", "VAL-2", who=KARIM)) == "invalid"
    assert refused(campaign(*words[:2], "douze", "--order", "VAL-2", who=KARIM)) == "invalid"
    session.rollback()
    assert session.query(LedgerEntry.kind, LedgerEntry.debit_cents).filter_by(kind="use").all() == [("use", 4_550)]


def test_receipts_are_given_at_the_terminal_by_a_house_that_asserts_its_right(
    money: Money, campaign: Callable[..., Result], tmp_path: Path
) -> None:
    number, folder = str(money.campaign_id), str(tmp_path / "recus")
    session.execute(text("UPDATE campaign SET receipts_mode = 'waiver'"))
    session.commit()
    assert refused(campaign("receipts", number, folder)) == "receipts_no_right"
    said = ("--statute", "Association", "--object", "Spectacles", "--signer", "Odile Perrin", "--signer-role", "DAF")
    assert refused(campaign("receipt-right", *said)) == "invalid"
    assert one(campaign("receipt-right", *said, "--articles", "articles 200 et 238 bis"))["asserted"]
    assert (one(campaign("receipts", number, folder))["receipts"]) == 0  # nobody has asked for one
    assert refused(campaign("receipt-right", "--withdraw")) == "invalid"
    assert not one(campaign("receipt-right", "--withdraw", "--reason", "Le bureau des impôts l’a refusé"))["asserted"]
    assert refused(campaign("receipts", number, folder)) == "receipts_no_right"


def test_a_locked_line_is_changed_by_two_people_as_on_the_page(
    money: Money, terminal: Terminal, campaign: Callable[..., Result]
) -> None:
    locked(money)
    number, line = str(money.campaign_id), line_to(money, "Fontanel")
    words = ("change", number, line, "--reason", "account", "--note", "Nouvelle banque", "--option", "refund_transfer")

    def ask(iban: str, *more: str) -> Result:
        said = f"{PASSWORD}\n{iban}\n"
        return terminal("campaign", *words, *more, "--as", ODILE.email, "--json", stdin=said)

    wrong = ask("FR00")
    assert refused(wrong) == "invalid"
    assert set(lines_of(wrong.stdout)[0]["fields"]) == {"iban", "holder"}
    asked = ask(IBANS[2], "--holder", "Fontanel")
    change = str(one(asked)["change"])
    assert IBANS[2] not in asked.stdout + asked.stderr
    assert refused(campaign("changes", number, "--agree", change)) == "change_second_person"
    assert [card["hindrance"] for card in one(campaign("changes", number, who=INES))["waiting"]] == [""]
    assert one(campaign("changes", number, "--agree", change, who=INES))["after"] == f"{line[:-1]}2"
    assert refused(campaign("changes", number, "--agree", change, who=INES)) == "change_decided"
    cash = ("change", number, f"{line[:-1]}2", "--reason", "mistake", "--note", "Au guichet", "--option", "refund_cash")
    second = str(one(campaign(*cash))["change"])
    assert one(campaign("changes", number, "--refuse", second, who=INES))["waiting"] == []
    assert refused(campaign("change", number, "X-1", *cash[3:])) == "line"
    assert refused(campaign(*cash, who=KARIM)) == "not_allowed"


def line_to(money: Money, name: str) -> str:
    """What the line of a household is called."""
    session.rollback()
    found = session.query(SettlementLine.reference).filter_by(credit_id=money.credits[name]).scalar()
    session.rollback()
    return str(found)
