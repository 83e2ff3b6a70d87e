"""Numbers of accounts are forgotten once they are of no use: what was paid stays, with what may be shown of it.

Files that left keep theirs, sealed, for as long as accounts are kept; nothing here touches them.
"""

from __future__ import annotations

from datetime import timedelta

from app.kernel import audit, clock
from app.kernel.access import SYSTEM
from app.kernel.transaction import transactional
from app.settlements import fate_queries, legal

#: Accounts forgotten in one transaction.
GROUP = 500


def forget_accounts() -> int:
    """Forget the numbers of accounts of whoever was paid long enough ago, or can claim nothing any more.

    Whoever waits for another account, or for any part of their money, keeps theirs. Returns how many.
    """
    forgotten = 0
    while some := _forget_some():
        forgotten += some
    return forgotten


def due() -> int:
    """How many the next turn forgets."""
    return fate_queries.count_forgettable(clock.now() - _kept(), clock.now())


@transactional
def _forget_some() -> int:
    ids = fate_queries.forgettable(clock.now() - _kept(), clock.now(), limit=GROUP)
    if ids:
        fate_queries.forget_numbers(ids)
        audit.note("accounts_forgotten", "accounts", {"count": len(ids), "last": max(ids)}, by=SYSTEM)
    return len(ids)


def _kept() -> timedelta:
    return timedelta(days=legal.value("account_kept_days"))
