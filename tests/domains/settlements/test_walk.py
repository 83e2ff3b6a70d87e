"""Whatever two colleagues, a bank and households do, in whatever order: every step leaves all sums agreeing to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

import pytest
from flask import Flask

from app.cancellations import accounts
from app.cancellations.models import Credit, CreditCorrection
from app.health import money as health
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Problem
from app.settlements import batching, correcting, exporting, paying, reconciling, rejecting, reviewing
from app.settlements.bookkeeping import today
from app.settlements.models import SettlementFate, SettlementLine, SettlementPlace
from tests.cast import INES, KARIM, ODILE, Character
from tests.domains.settlements.world import IBANS, Money, banked, begun, choose, closed, locked

STEPS = 45
WISHES: tuple[dict[str, int], ...] = (
    {"refund_transfer": 12_000}, {"refund_card": 7_001, "donation": 4_999}, {"refund_transfer": 1, "voucher": 11_999},
    {"refund_cheque": 12_000}, {"refund_cash": 3_333, "refund_transfer": 3_333, "carryover": 5_334},
)  # fmt: skip


@dataclass
class Walk:
    """Somebody takes one step after the other, as chance will have it; what is refused changes nothing."""

    money: Money
    chance: Random

    def step(self) -> str:
        steps: tuple[Callable[[], object], ...] = (
            self.lock, self.review, self.gather, self.discard, self.approve, self.export, self.pay, self.reject,
            self.correct, self.claim,
        )  # fmt: skip
        verb = self.chance.choice(steps)
        with suppress(Problem):
            verb()
            return verb.__name__
        session.rollback()
        return "refused"

    def _cards(self, *states: str) -> list[batching.BatchCard]:
        cards = batching.cards(self.money.campaign_id, by=self.money.finance)
        return [card for card in cards if card.state in states]

    def lock(self) -> None:
        locked(self.money)

    def review(self) -> None:
        queue = reviewing.queue(self.money.campaign_id, by=self.money.finance)
        verb = self.chance.choice((reviewing.release, reviewing.refuse))
        if queue:
            verb(self.chance.choice(queue).line_id, "vu", by=self.money.finance)

    def gather(self) -> None:
        batching.gather(self.money.campaign_id, by=self.money.maker)

    def discard(self) -> None:
        if cards := self._cards("draft", "approved"):
            batching.discard(self.chance.choice(cards).id, by=self.money.finance)

    def approve(self) -> None:
        if cards := self._cards("draft"):
            some = self.chance.sample(cards, self.chance.randint(1, len(cards)))
            total = sum(card.cents for card in some)
            batching.approve([card.id for card in some], f"{total // 100},{total % 100:02}", by=self.money.finance)

    def export(self) -> None:
        exporting.export(self.money.campaign_id, by=self.money.finance)

    def pay(self) -> None:
        if cards := self._cards("exported"):
            paying.mark_paid(self.chance.choice(cards).id, today(), by=self.money.finance)

    def reject(self) -> None:
        references = [row[0] for row in session.query(SettlementLine.reference).order_by(SettlementLine.id)]
        if references:
            line = f"{self.chance.choice(references)};AC0{self.chance.choice('146')}"
            rejecting.take(f"reference;motif\r\n{line}\r\n".encode(), by=self.money.finance)

    def correct(self) -> None:
        asked = [row[0] for row in session.query(CreditCorrection.credit_id).filter_by(done_at=None)]
        if asked:
            credit_id = self.chance.choice(asked)
            card = accounts.give_for(credit_id, self.chance.choice(IBANS), "Foyer", by=self.money.agent)
            correcting.correct_for(credit_id, card.id, by=self.money.agent)

    def claim(self) -> None:
        silent = [name for name, key in self.money.credits.items() if session.get(Credit, key).state == "unclaimed"]  # type: ignore[union-attr]
        if silent:
            choose(self.money, self.chance.choice(silent), self.chance.choice(WISHES), holder="Foyer")


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_everything_agrees(
    app: Flask, noon: datetime, actor: Callable[[Character], Actor], seed: int
) -> None:
    chance = Random(seed)
    names: dict[str, dict[str, int]] = {f"Foyer {place}": {} for place in range(8)}
    money = begun(actor(INES), actor(ODILE), actor(KARIM), names)
    for place, name in enumerate(list(names)[:6]):
        choose(money, name, WISHES[place % len(WISHES)], iban=IBANS[1 + place % 5], holder="Foyer")
    banked(money.finance)
    closed(money)
    walk, taken = Walk(money, chance), Counter[str]()
    for _ in range(STEPS):
        taken[walk.step()] += 1
        session.expire_all()
        found = reconciling.reconcile(money.campaign_id, by=money.finance)
        assert [check for check in found.checks if not check.ok] == [], taken
        assert [one for one in health.disorders() if one[1]] == [], taken
        paid_once()
    assert {"lock", "export", "pay", "reject", "correct"} <= set(taken), taken


def paid_once() -> None:
    """No credit is ever paid more than it is owed, and no line is in two batches."""
    done = session.query(SettlementFate.line_id).filter_by(state="done")
    back = session.query(SettlementFate.line_id).filter_by(state="rejected")
    paid: Counter[int] = Counter()
    for credit_id, cents in session.query(SettlementLine.credit_id, SettlementLine.amount_cents).filter(
        SettlementLine.id.in_(done), SettlementLine.id.not_in(back)
    ):
        paid[credit_id] += cents
    owed = dict(session.query(Credit.id, Credit.amount_cents).all())
    assert all(cents <= owed[key] for key, cents in paid.items())
    settled = {row[0] for row in session.query(Credit.id).filter_by(state="settled")}
    assert settled == {key for key, cents in paid.items() if cents == owed[key]}
    live = [row[0] for row in session.query(SettlementPlace.line_id).filter_by(live=True)]
    assert len(live) == len(set(live))
