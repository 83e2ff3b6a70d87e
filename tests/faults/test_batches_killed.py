"""Whoever locks, exports or takes rejects is killed: each step is whole or absent, goes on, and doubles nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func

from app.cancellations import accounts, closing
from app.cancellations.details import Donor
from app.cancellations.models import Campaign, Credit, CreditCorrection, CreditLetter
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.settlements import correcting, exporting, gifts, reconciling, rejecting
from app.settlements.models import (
    GiftReceipt,
    LedgerEntry,
    LedgerLine,
    SettlementBatch,
    SettlementFate,
    SettlementFile,
    SettlementLine,
    SettlementPlace,
    Voucher,
)
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.test_gifts import RIGHT
from tests.domains.settlements.world import IBANS, Money, all_paid, banked, begun, choose, exported, locked
from tests.faults.house import House, until

#: A killed process leaves its transaction to another kind of server on each.
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
pytestmark = pytest.mark.parametrize("app", BOTH, indirect=True)
COUNT = 8
EACH = 12_000


@pytest.fixture
def money(house: House, actor: Callable[[Character], Actor]) -> Money:
    """Households that chose money, vouchers and gifts; the deadline has passed."""
    names: dict[str, dict[str, int]] = {f"Foyer{place}": {} for place in range(COUNT)}
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {**names, "Silence": {}})
    session.get_one(Campaign, found.campaign_id).receipts_mode = "waiver"
    session.commit()
    donor = Donor(name="Léa Fontanel", line1="3, rue des Arts", postcode="33000", city="Valmorin")
    for place, name in enumerate(names):
        many = {"refund_transfer": 7_000, "voucher": 3_000, "donation": 2_000}
        choose(found, name, many if place % 2 else {"refund_card": EACH}, iban=IBANS[1 + place // 2], donor=donor)
    banked(found.finance)
    campaign = session.get(Campaign, found.campaign_id)
    assert campaign is not None
    campaign.deadline_at = clock.now() - timedelta(hours=1)
    session.commit()
    closing.close_due()
    closing.decide_silent(found.campaign_id, 0)
    session.remove()
    return found


def done(house: House, character: Character, *words: str) -> dict[str, object]:
    """One command to its end, and what it printed."""
    command = ("campaign", *words, "--as", character.email, "--json")
    found = house.flask_said(PASSWORD, *command)
    assert found.returncode == 0, found.stderr
    told: dict[str, object] = json.loads(found.stdout)
    return told


def dies(house: House, point: str, character: Character, *words: str, times: int = 1) -> None:
    house.dies_at(point, "campaign", *words, "--as", character.email, times=times, said=PASSWORD + "\n")


def count(model: type) -> int:
    session.rollback()
    return int(session.query(func.count()).select_from(model).scalar() or 0)


def states() -> set[str]:
    session.rollback()
    return {row[0] for row in session.query(Credit.state)}


def test_a_lock_is_whole_or_absent(house: House, money: Money) -> None:
    number = str(money.campaign_id)
    dies(house, "money locked", INES, "lock", number)
    assert [count(model) for model in (SettlementLine, SettlementBatch, LedgerEntry)] == [0, 0, 0]
    assert states() == {"answered", "unclaimed"}
    first = done(house, INES, "lock", number)
    assert (first["lines"], first["cents"], first["held"]) == (20, COUNT * EACH, 0)
    assert locked(money).lines == 0
    assert count(SettlementPlace) == count(SettlementLine) == 20
    assert states() == {"locked", "unclaimed"}
    house.well()


@pytest.mark.parametrize(("point", "times", "files"), [("file made", 3, 4), ("file half written", 3, 10)])
def test_an_export_goes_on_where_it_was_cut_off_and_leaves_the_same_bytes(
    house: House, money: Money, tmp_path: Path, point: str, times: int, files: int
) -> None:
    number, folder = str(money.campaign_id), tmp_path / "files"
    locked(money)
    words = ("export", number, str(folder), "--approve", f"{COUNT * EACH // 100},00")
    dies(house, point, ODILE, *words, times=times)
    assert count(SettlementFile) == files
    before = {row[0]: row[1] for row in session.query(SettlementFile.name, SettlementFile.sha256)}
    told = done(house, ODILE, *words)
    session.rollback()
    exporting.write_to(tmp_path / "again", money.campaign_id, by=money.finance)
    assert count(SettlementFile) == 10
    kept = {row[0]: row[1] for row in session.query(SettlementFile.name, SettlementFile.sha256)}
    assert before.items() <= kept.items()
    for place in (folder, tmp_path / "again"):
        there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in place.glob("[!.]*")}
        assert there == kept
    assert {one["name"] for one in told["files"]} == set(kept)  # type: ignore[attr-defined]
    assert count(Voucher) == COUNT // 2
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
    house.well()


def test_rejects_are_taken_whole_or_not_and_their_households_written_to_once(
    house: House, money: Money, tmp_path: Path
) -> None:
    locked(money)
    exported(money)
    all_paid(money)
    references = [row[0] for row in session.query(SettlementLine.reference).filter_by(option="refund_transfer")]
    path = tmp_path / "rejects.csv"
    path.write_text("reference;motif\n" + "\n".join(f"{one};AC01" for one in references))
    dies(house, "rejects taken", ODILE, "import-rejects", str(path))
    assert session.query(SettlementFate).filter_by(state="rejected").count() == count(CreditCorrection) == 0
    assert session.query(LedgerEntry).filter_by(kind="return").count() == 0
    assert done(house, ODILE, "import-rejects", str(path))["lines"] == len(references)
    assert rejecting.take(path.read_bytes(), by=money.finance).again
    assert count(CreditCorrection) == session.query(LedgerEntry).filter_by(kind="return").count() == len(references)
    with house.worker():
        until(lambda: count_letters() >= len(references), why=lambda: str(count_letters()))
    assert count_letters() == len(references)
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
    house.well()


def count_letters() -> int:
    session.rollback()
    return session.query(CreditLetter).filter(CreditLetter.occasion.like("returned-%")).count()


def test_receipts_are_given_whole_or_not_and_without_a_gap(house: House, money: Money, tmp_path: Path) -> None:
    number, folder = str(money.campaign_id), str(tmp_path / "receipts")
    asked = COUNT // 2
    locked(money)
    exported(money)
    all_paid(money)
    gifts.assert_right(RIGHT, by=money.finance)
    session.remove()
    dies(house, "receipts given", ODILE, "receipts", number, folder)
    assert count(GiftReceipt) == 0
    together(house, [(ODILE, ("receipts", number, f"{folder}-{place}")) for place in range(2)])
    assert done(house, ODILE, "receipts", number, folder)["receipts"] == asked
    session.rollback()  # what was read before is not what stands now
    assert sorted(row[0] for row in session.query(GiftReceipt.serial)) == list(range(1, asked + 1))
    assert len(list(Path(folder).glob("REC-*"))) == 2 * asked
    house.well()


def test_who_lock_answer_and_export_at_once_do_each_once(house: House, money: Money, tmp_path: Path) -> None:
    number, paper = str(money.campaign_id), tmp_path / "paper.csv"
    late = session.query(Credit.number).filter_by(state="unclaimed").scalar()
    paper.write_text(f"avoir;choix;montant\n{late};don;120,00\n")
    session.remove()
    together(house, [(INES, ("lock", number)), (KARIM, ("answers", str(paper))), (INES, ("lock", number))])
    locked(money)  # what was answered a moment too late for both
    assert states() == {"locked"}
    assert count(SettlementLine) == count(SettlementPlace) == 21
    assert count(LedgerEntry) == COUNT + 1
    exported(money)
    kept = count(SettlementFile)
    together(house, [(ODILE, ("export", number, str(tmp_path / f"f{place}"))) for place in range(3)])
    assert count(SettlementFile) == kept
    assert {row[0] for row in session.query(SettlementBatch.state)} == {"exported"}
    debit, credit = session.query(func.sum(LedgerLine.debit_cents), func.sum(LedgerLine.credit_cents)).one()
    assert debit == credit == (COUNT + 1) * EACH
    house.well()


def test_two_who_correct_the_same_return_at_once_pay_it_once(house: House, money: Money) -> None:
    locked(money)
    exported(money)
    line = session.query(SettlementLine.reference, SettlementLine.credit_id).filter_by(option="refund_transfer").first()
    assert line is not None
    rejecting.take(f"reference;motif\n{line.reference};AC04\n".encode(), by=money.finance)
    card = accounts.give_for(line.credit_id, IBANS[5], "Foyer", by=money.agent)
    session.remove()
    told: list[str] = []

    def correct() -> None:
        with house.app.app_context():
            try:
                told.append(str(correcting.correct_for(line.credit_id, card.id, by=money.agent)))
            except Conflict as problem:
                told.append(problem.code)
            finally:
                session.remove()

    threads = [Thread(target=correct) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["1", *["correction_none"] * 3]
    assert session.query(SettlementLine).filter_by(credit_id=line.credit_id, attempt=2).count() == 1
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees


def together(house: House, commands: list[tuple[Character, tuple[str, ...]]]) -> None:
    """Commands that run side by side; each ends well."""
    with ExitStack() as stack:
        some = [
            stack.enter_context(house.running("campaign", *words, "--as", character.email, said=PASSWORD + "\n"))
            for character, words in commands
        ]
        assert [process.wait(60) for process in some] == [0] * len(some)
