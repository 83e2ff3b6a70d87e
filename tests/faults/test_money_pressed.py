"""F06 on the web: killed in a lock, an agreement or an asking for files, each is whole or absent, and pressed again once."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from http.cookiejar import CookieJar

import pytest
from sqlalchemy import func

from app.cancellations import closing
from app.cancellations.models import Campaign
from app.kernel import audit, clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.settlements import reconciling
from app.settlements.models import (
    ExportRun,
    LedgerEntry,
    SettlementBatch,
    SettlementFile,
    SettlementLine,
    SettlementPlace,
)
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.world import Money, banked, begun, choose
from tests.faults.house import House, until

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
pytestmark = pytest.mark.parametrize("app", BOTH, indirect=True)
COUNT = 6
_PROOF = re.compile(r'name="csrf_token" value="([^"]+)"')
_DRAFT = re.compile(r'name="batch" value="(\d+)"')


class Browser:
    """Somebody signed in at the desk, in a browser without scripts."""

    def __init__(self, url: str, who: Character) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.press("/regie/connexion", at="/regie/connexion", email=who.email, password=PASSWORD)

    def page(self, address: str) -> str:
        with self._opener.open(self._url + address, timeout=30) as answer:
            return str(answer.read().decode())

    def press(self, address: str, *, at: str, **fields: str | list[str]) -> str:
        """Send a form with the proof of the page it stands on; answers the page one is led to."""
        proof = _PROOF.search(self.page(at))
        assert proof is not None
        data = urllib.parse.urlencode({"csrf_token": proof[1], **fields}, doseq=True).encode()
        with self._opener.open(self._url + address, data=data, timeout=60) as answer:
            return str(answer.read().decode())

    def killed(self, address: str, *, at: str, **fields: str | list[str]) -> None:
        """The same where nobody answers any more."""
        try:
            said = self.press(address, at=at, **fields)
        except urllib.error.HTTPError:  # an answer, though no good one
            raise
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
            pass
        else:
            raise AssertionError(f"the server answered: nobody killed it: {_words(said)}")

    def refused(self, address: str, *, at: str, **fields: str | list[str]) -> int:
        """The status of a form that is not taken."""
        with pytest.raises(urllib.error.HTTPError) as problem:
            self.press(address, at=at, **fields)
        problem.value.close()
        return problem.value.code


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.find("<main") :]).split())[:900]


@pytest.fixture
def money(house: House, actor: Callable[[Character], Actor]) -> Money:
    """Households that chose a transfer or gave; the deadline has passed."""
    names = [f"Foyer{place}" for place in range(COUNT)]
    found = begun(actor(INES), actor(ODILE), actor(KARIM), {name: {} for name in names})
    for place, name in enumerate(names):
        choose(found, name, {"refund_transfer": 12_000} if place % 2 else {"donation": 12_000})
    banked(found.finance)
    session.get_one(Campaign, found.campaign_id).deadline_at = clock.now() - timedelta(hours=1)
    session.commit()
    closing.close_due()
    session.remove()
    return found


def count(model: type) -> int:
    session.rollback()
    return int(session.query(func.count()).select_from(model).scalar() or 0)


def states() -> set[str]:
    session.rollback()
    return {row[0] for row in session.query(SettlementBatch.state)}


def test_whoever_serves_the_people_of_the_money_is_killed_in_each_step(house: House, money: Money) -> None:
    here, total = f"/regie/annulations/{money.campaign_id}/argent", str(COUNT * 120)
    lock = {"amount": total, "password": PASSWORD}

    with house.web(FAULT="money locked:1") as (_process, url):
        Browser(url, INES).killed(f"{here}/verrou", at=here, **lock)
    assert [count(model) for model in (SettlementLine, SettlementBatch, LedgerEntry)] == [0, 0, 0]
    with house.web() as (_process, url):
        ines = Browser(url, INES)
        ines.press(f"{here}/verrou", at=here, **lock)
        assert (count(SettlementLine), count(SettlementPlace), states()) == (COUNT, COUNT, {"draft"})
        assert ines.refused(f"{here}/verrou", at=here, **lock) in {409, 422}  # the browser sends it once more
    assert (count(SettlementLine), count(SettlementPlace)) == (COUNT, COUNT)

    lots = f"{here}/lots"
    with house.web(FAULT="batches approved:1") as (_process, url):
        odile = Browser(url, ODILE)
        drafts = _DRAFT.findall(odile.page(lots))
        assert len(drafts) == count(SettlementBatch) > 1
        agreed = {"batch": drafts, "amount": total, "password": PASSWORD}
        odile.killed(f"{lots}/accord", at=lots, **agreed)
    assert states() == {"draft"}
    with house.web() as (_process, url):
        odile = Browser(url, ODILE)
        odile.press(f"{lots}/accord", at=lots, **agreed)
        assert states() == {"approved"}
        assert odile.refused(f"{lots}/accord", at=lots, **agreed) in {409, 422}

    with house.web(FAULT="files asked for:1") as (_process, url):
        Browser(url, ODILE).killed(f"{lots}/fichiers", at=lots)
    assert (count(ExportRun), count(SettlementFile)) == (0, 0)
    with house.web() as (_process, url), house.worker(FAULT="file made:2") as dies:
        odile = Browser(url, ODILE)
        for _ in range(2):
            odile.press(f"{lots}/fichiers", at=lots)
        assert count(ExportRun) == 1
        assert dies.wait(60) != 0
        house.leases_end()
        with house.worker():
            until(lambda: made() is not None, why=lambda: str(states()))
        assert "jamais" in odile.press(f"{lots}/fichiers", at=lots)  # every file is made: handed out, never made twice
    assert count(ExportRun) == 1
    assert count(SettlementFile) == len({row[0] for row in session.query(SettlementFile.name)})
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
    assert audit.verify().ok
    house.well()


def made() -> object:
    """When the asking for files ended."""
    session.rollback()
    return session.query(ExportRun.ended_at).scalar()
