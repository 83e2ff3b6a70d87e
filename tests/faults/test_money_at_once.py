"""One locks, one has files made, households answer, all at once over the web: consistent to the cent, and nobody twice."""

from __future__ import annotations

import urllib.error
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func

from app.cancellations import closing
from app.cancellations.models import Campaign, Choice, ChoiceLine, Credit
from app.kernel import audit, clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import batching, locking, reconciling
from app.settlements.models import LedgerLine, SettlementBatch, SettlementFile, SettlementLine
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.cancellations.world import token_of
from tests.domains.settlements.world import Money, banked, begun, choose
from tests.faults.house import House, until
from tests.faults.test_answers_pressed import ask, checked
from tests.faults.test_money_pressed import BOTH, Browser

pytestmark = pytest.mark.parametrize("app", BOTH, indirect=True)
EARLY, LATE = 6, 10
CENTS = 12_000


@pytest.fixture
def money(house: House, actor: Callable[[Character], Actor]) -> Money:
    """Households of which some answered in time and are locked and agreed to; the others come late."""
    names = [f"Foyer{place}" for place in range(EARLY + LATE)]
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {name: {} for name in names})
    for place, name in enumerate(names[:EARLY]):
        choose(found, name, {"refund_transfer": CENTS} if place % 2 else {"donation": CENTS})
    banked(found.finance)
    session.get_one(Campaign, found.campaign_id).deadline_at = clock.now() - timedelta(hours=1)
    session.commit()
    closing.close_due()
    closing.decide_silent(found.campaign_id, 0)
    locking.lock(found.campaign_id, by=found.maker)
    drafts = [card for card in batching.cards(found.campaign_id, by=found.finance) if card.state == "draft"]
    batching.approve([card.id for card in drafts], str(EARLY * CENTS // 100), by=found.finance)
    session.remove()
    return found


def chosen() -> int:
    """Cents that were chosen and wait for a lock."""
    session.rollback()
    query = session.query(func.sum(ChoiceLine.amount_cents)).join(Choice, Choice.id == ChoiceLine.choice_id)
    query = query.join(Credit, (Credit.id == Choice.credit_id) & (Credit.choice_version == Choice.version))
    return int(query.filter(Credit.state == "answered").scalar() or 0)


def lock_all(url: str, here: str, until_told: Event, locked_once: Event) -> Counter[int]:
    """Lock again and again what was chosen by then, until everybody has answered and nothing is left; the statuses."""
    ines, said = Browser(url, INES), Counter[int]()
    while not (until_told.is_set() and not waiting()):
        if waiting():
            said[tried(lambda: ines.press(f"{here}/verrou", at=here, amount=euros(waiting()), password=PASSWORD))] += 1
        if said[200]:
            locked_once.set()
    return said


def waiting() -> int:
    try:
        return chosen()
    finally:
        session.remove()


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def tried(press: Callable[[], object]) -> int:
    """The status a form got."""
    try:
        press()
    except urllib.error.HTTPError as problem:
        problem.close()
        return problem.code
    return 200


def test_locking_answering_and_making_files_at_once_agree_to_the_cent(house: House, money: Money) -> None:
    here = f"/regie/annulations/{money.campaign_id}/argent"
    late = [credit_id for name, credit_id in money.credits.items() if int(name.removeprefix("Foyer")) >= EARLY]
    paths = [f"/c/{token_of(credit_id)}" for credit_id in late]
    session.remove()
    told, locked_once = Event(), Event()

    with house.web(WEB_WORKERS="2") as (_process, url), house.worker():

        def answer(path: str) -> int:
            form = checked(url + path)
            if path in paths[LATE // 2 :]:
                assert locked_once.wait(120), "nothing was locked while others had not pressed yet"
            # The browser sends it twice, as one that lost its line would.
            return max(tried(lambda: ask(f"{url}{path}/confirmation", form)) for _ in range(2))

        def files() -> Counter[int]:
            odile = Browser(url, ODILE)
            return Counter(tried(lambda: odile.press(f"{here}/lots/fichiers", at=f"{here}/lots")) for _ in range(6))

        with ThreadPoolExecutor(2) as crew, ThreadPoolExecutor(2) as households:
            asked = crew.submit(within, house, files)
            locks = crew.submit(within, house, lambda: lock_all(url, here, told, locked_once))
            answers = list(households.map(answer, paths))
            told.set()
            assert set(answers) == {200}
            assert set(asked.result(120)) <= {200, 409, 422}
            assert set(locks.result(120)) <= {200, 409, 422}
            assert locks.result()[200] > 1
        assert agree_and_make(house, money, url, here)

    session.rollback()
    credits = session.query(Credit.id, Credit.amount_cents).all()
    lines = session.query(SettlementLine.credit_id, func.sum(SettlementLine.amount_cents))
    assert dict(map(tuple, lines.group_by(SettlementLine.credit_id))) == dict(map(tuple, credits))
    assert session.query(func.sum(LedgerLine.debit_cents - LedgerLine.credit_cents)).scalar() == 0
    names = [row[0] for row in session.query(SettlementFile.name)]
    assert len(names) == len(set(names))
    found = reconciling.reconcile(money.campaign_id, by=money.finance)
    assert found.agrees
    assert audit.verify().ok
    house.well()


def within(house: House, work: Callable[[], Counter[int]]) -> Counter[int]:
    """A thread of its own, that knows the house."""
    with house.app.app_context():
        return work()


def agree_and_make(house: House, money: Money, url: str, here: str) -> bool:
    """Odile agrees to what is left and has its files made, while the worker works; true once every batch has its file."""
    odile = Browser(url, ODILE)
    drafts = [card for card in batching.cards(money.campaign_id, by=money.finance) if card.state == "draft"]
    total = sum(card.cents for card in drafts)
    session.remove()
    odile.press(
        f"{here}/lots/accord", at=f"{here}/lots", batch=[str(card.id) for card in drafts], amount=euros(total),
        password=PASSWORD,
    )  # fmt: skip
    tried(lambda: odile.press(f"{here}/lots/fichiers", at=f"{here}/lots"))
    until(lambda: states() <= {"exported", "paid"}, why=lambda: str(states()))
    return True


def states() -> set[str]:
    session.rollback()
    return {row[0] for row in session.query(SettlementBatch.state)}
