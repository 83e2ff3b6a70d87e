"""F06: two people of the money press at the same moment, each in a browser; no file is made twice, no line is in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func

from app.health import service as health
from app.kernel.access import Actor
from app.kernel.db import session
from app.search import index
from app.settlements import exporting, reconciling
from app.settlements.models import LedgerLine, SettlementBatch, SettlementFile, SettlementLine, SettlementPlace
from tests.cast import INES, KARIM, ODILE, PASSWORD, Character
from tests.domains.settlements.world import banked, begun, choose, closed, locked
from tests.doors.desk.money import plain
from tests.doors.desk.steps import page
from tests.faults.test_together import Form, at_once

SignIn = Callable[[Character], FlaskClient]


def proof(browser: FlaskClient, address: str) -> Form:
    """The proof that stands on a page."""
    for kept in ("csrf_field", "csrf_token"):  # the context of a test outlives a page, and both browsers share it
        g.pop(kept, None)
    session.rollback()
    return dict(re.findall(r'name="(csrf_token)" value="([^"]+)"', page(browser, address)))


def test_two_who_press_at_once_release_each_batch_once(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor], sign_in: SignIn
) -> None:
    index.rebuild()
    names = [f"Foyer{place}" for place in range(6)]
    money = begun(actor(INES), actor(ODILE), actor(KARIM), {name: {} for name in names})
    for place, name in enumerate(names):
        choose(money, name, {"refund_transfer": 12_000} if place % 2 else {"donation": 12_000})
    banked(money.finance)
    closed(money)
    locked(money)
    here = f"/regie/annulations/{money.campaign_id}/argent/lots"
    drafts = [row.id for row in session.query(SettlementBatch.id).filter_by(state="draft")]
    browsers, ines = [sign_in(ODILE), sign_in(ODILE)], sign_in(INES)
    told: list[tuple[int, str]] = []

    def sent(browser: FlaskClient, address: str, form: dict[str, object]) -> Callable[[], int]:
        def send() -> int:
            answer = browser.post(address, data=form)
            told.append((answer.status_code, plain(answer.get_data(as_text=True))))
            return answer.status_code

        return send

    agreed = {"batch": drafts, "amount": "720", "password": PASSWORD}
    proofs = [proof(one, here) for one in browsers]
    gather = proof(ines, here)  # whoever prepares presses beside those who release
    *statuses, gathered = at_once(
        *(sent(one, f"{here}/accord", {**agreed, **form}) for one, form in zip(browsers, proofs, strict=True)),
        lambda: ines.post(here, data=gather).status_code,
    )
    assert gathered == 303
    assert statuses.count(303) == 1, told
    assert set(statuses) <= {303, 409, 422}, told
    (refusal,) = [words for status, words in told if status != 303]
    assert 'role="alert"' in refusal or 'class="err' in refusal
    session.rollback()
    assert {row.state for row in session.query(SettlementBatch)} == {"approved"}

    proofs = [proof(one, here) for one in browsers]
    assert at_once(*(
        sent(one, f"{here}/fichiers", dict(form)) for one, form in zip(browsers, proofs, strict=True)
    )) == [303, 303]  # fmt: skip

    def make() -> int:
        with app.app_context():
            try:
                return len(exporting.export(money.campaign_id, by=money.finance))
            finally:
                session.remove()

    session.remove()
    at_once(make, make)
    session.rollback()
    firsts = Counter(session.query(SettlementFile.batch_id, SettlementFile.kind).all())
    assert set(firsts.values()) == {1}
    assert {key for key, _kind in firsts if key} == set(drafts)
    live = Counter(row.line_id for row in session.query(SettlementPlace.line_id).filter_by(live=True))
    assert live == Counter(row.id for row in session.query(SettlementLine.id))
    debit, credit = session.query(func.sum(LedgerLine.debit_cents), func.sum(LedgerLine.credit_cents)).one()
    assert debit == credit
    assert reconciling.reconcile(money.campaign_id, by=money.finance).agrees
    assert {check.id for check in health.examine() if not check.ok} <= {"worker"}  # none runs here
