"""Processes that the kernel kills at a certain statement, forked off this one so that hundreds of them cost seconds.

No test is here.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from sqlalchemy import event

from app.kernel import clock
from app.kernel.db import db, session
from app.kernel.jobs import Job
from tests.faults.scale import EVERY

#: Nothing here says more to the database; what does is no group of a few people any more.
MOST = 2_000


def dies(act: Callable[[], object], nth: int) -> bool:
    """Do something in a process of its own that is killed at its n-th statement or commit. Returns whether it was."""
    session.remove()
    db.engine.dispose()  # no connection is shared with it
    pid = os.fork()
    if not pid:
        _do(act, nth)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "what was done failed, as the lines above say"
    return False


def _do(act: Callable[[], object], nth: int) -> None:
    code, left = 1, [nth]

    def strike(*_given: object) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        event.listen(db.engine, "before_cursor_execute", strike)
        event.listen(db.engine, "commit", strike)
        act()
        code = 0
    finally:
        os._exit(code)


def struck(act: Callable[[], object], sound: Callable[[], object], *, first: int = 1) -> int:
    """Do something until it comes to its end, killed a statement later each time. Returns how often it was killed.

    `sound` says after each death what must hold; `first` is the statement at which to begin.
    """
    for deaths, nth in enumerate(range(first, MOST, EVERY)):
        died = dies(act, nth)
        sound()
        if not died:
            return deaths
        leases_end()
    raise AssertionError("it never came to its end")


def leases_end() -> None:
    """The time passes after which whoever died is taken for dead."""
    session.rollback()
    session.query(Job).update({"run_at": clock.now(), "tries": 0, "fence": 0})
    session.commit()
