"""Pages of money ask as much of a long season as of a short one: no question a line, a file, a batch or a campaign."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.transaction import begun as written
from app.settlements import batching, exporting, filing, reconciling, reviewing
from app.settlements.filing import Made
from tests.cast import INES, KARIM, ODILE, Character
from tests.conftest import counted
from tests.domains.settlements.world import Money, all_paid, banked, begun, choose, closed, exported, locked
from tests.doors.desk.money import text

Act = Callable[[Character], Actor]
SignIn = Callable[[Character], FlaskClient]
CODES = "/regie/annulations/comptes/nouveau"
#: More than a page holds.
LONG = 55


@pytest.fixture
def two(app: Flask, noon: datetime, actor: Act) -> list[Money]:
    """A campaign of few households and one of more, each with drafts, files and lines that wait for a look."""
    found = []
    banked(actor(ODILE))
    for some in (3, 3 + 9):
        names = {f"Foyer{some}n{place}": {} for place in range(some)}
        money = begun(actor(INES), actor(ODILE), actor(KARIM), names)
        for place, name in enumerate(names):
            holder = name if place % 3 else "Quidam"
            choose(
                money, name, {"refund_transfer": 12_000} if place % 3 < 2 else {"refund_cheque": 12_000}, holder=holder
            )
        closed(money)
        locked(money)
        found.append(money)
    for money in found:
        exported(money)
    return found


def pages(browser: FlaskClient, money: Money) -> dict[str, int]:
    """Questions that each page of a campaign's money asks, by the end of its address."""
    here = f"/regie/annulations/{money.campaign_id}/argent"
    ends = set(re.findall(rf'href="{here}(/[a-z-]+)?"', text(browser.get(f"{here}/lots"))))
    assert len(ends) >= 6
    found = {}
    for address in (*(here + end for end in sorted(ends)), CODES):
        found[address.removeprefix(here)] = min(asked_by(browser, address) for _ in range(3))
    return found


def asked_by(browser: FlaskClient, address: str) -> int:
    """Questions that a page asks; what is kept for a while in the process may be asked anew by any of them."""
    session.remove()
    with counted() as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def grown(money: Money, times: int = LONG) -> None:
    """Batches taken apart again and again, the last of them drafts, and as many more files."""
    for one in reviewing.queue(by=money.finance):
        reviewing.release(one.line_id, "vu", by=money.finance)
    for _ in range(times):
        for card in batching.gather(money.campaign_id, by=money.maker):
            batching.discard(card.id, by=money.finance)
    batching.gather(money.campaign_id, by=money.maker)
    for place in range(times):
        with written():
            made = Made(
                "entries", f"journal-{money.campaign_id}-{place}.csv", f"{money.campaign_id} {place}".encode(), None, 1
            )
            filing.keep(made, money.finance, campaign_id=None, first=1, last=1)


def test_no_page_of_money_asks_more_of_a_long_season(two: list[Money], sign_in: SignIn) -> None:
    short, long = two
    browser = sign_in(ODILE)
    grown(short, 1)
    before = pages(browser, short)
    grown(long)
    assert pages(browser, long) == before


def test_what_is_reconciled_is_asked_once_for_all_files(two: list[Money]) -> None:
    """Every file is read again from its bytes: those of one batch, and those of a dozen, in as many questions."""

    def asked(money: Money) -> tuple[int, int, int]:
        session.remove()
        with counted() as seen:
            found = reconciling.reconcile(money.campaign_id, by=money.finance)
        assert found.agrees
        files = sum(check.id.startswith("file ") for check in found.checks)
        kept = sum(card.kind == "fec" for card in exporting.files(money.campaign_id, by=money.finance))
        return len(seen), files, kept

    before = [asked(money) for money in two]
    for money in two:
        for one in reviewing.queue(money.campaign_id, by=money.finance):  # a batch for each, and more files of entries
            reviewing.release(one.line_id, "vu", by=money.finance)
            batching.gather(money.campaign_id, by=money.maker)
            exported(money)
            all_paid(money)
    after = [asked(money) for money in two]
    assert len({statements for statements, _, _ in (*before, *after)}) == 1
    assert before[0][1] < after[0][1]
    assert after[0][1] + 2 < after[1][1]
    assert before[1][2] < after[1][2]


def test_batches_and_files_are_read_a_page_at_a_time_and_every_one_is_reached(
    two: list[Money], sign_in: SignIn
) -> None:
    money = two[1]
    grown(money)
    browser = sign_in(ODILE)
    batches = {card.number for card in batching.cards(money.campaign_id, by=money.finance)}
    files = {card.name for card in exporting.files(money.campaign_id, by=money.finance)}
    assert (len(batches) > batching.ROWS, len(files) > exporting.ROWS) == (True, True)
    for name, wanted, most in (("lots", batches, batching.ROWS), ("fichiers", files, exporting.ROWS)):
        seen: set[str] = set()
        address: str | None = f"/regie/annulations/{money.campaign_id}/argent/lots"
        while address:
            html = text(browser.get(address))
            here = {one for one in wanted if f">{one}</a>" in html}
            assert 0 < len(here) <= most
            assert not here & seen
            seen |= here
            found = re.search(rf'rel="next" href="([^"]+\?{name}=\d+)"', html)
            address = found[1] if found else None
        assert seen == wanted
    assert browser.get(f"/regie/annulations/{money.campaign_id}/argent/lots?lots=x&fichiers=%00").status_code == 200
