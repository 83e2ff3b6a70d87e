"""The steps of a campaign, each a process of its own, so that what it costs can be told apart.

python -m bench.campaign idle|write FILE|draft|simulate|approve|open|answer COUNT
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

from app.cancellations import choosing, links, making, managing
from app.cancellations.amounts import said
from app.cancellations.choosing import Wish
from app.cancellations.planning import card
from app.demo import answered, answers_queries, standing_season
from app.demo.dividing import divided
from app.factory import create_app

#: The only campaign of the house that is measured.
FIRST = 1


def idle(_: str) -> None:
    """Start, and do nothing."""


def write(path: str) -> None:
    """Write the file of the season."""
    standing_season.write_file(Path(path))


def draft(_: str) -> None:
    """Write the campaign down."""
    managing.create(answered.plan(standing_season.SYSTEM_NAME), by=answered.crew().maker)


def simulate(_: str) -> None:
    """Find out what it owes."""
    managing.simulate(FIRST, by=answered.crew().maker)


def approve(_: str) -> None:
    """The second person agrees."""
    people = answered.crew()
    found = card(FIRST, by=people.maker).simulation
    managing.approve(FIRST, said(found["cents"], "fr"), seen_version=1, by=people.approver)


def open_all(_: str) -> None:
    """Make every credit, as the worker does, group by group."""
    people = answered.crew()
    managing.start(FIRST, seen_version=1, by=people.maker)
    while card(FIRST, by=people.maker).state == "opening":
        making.go(FIRST)


def answer(count: str) -> None:
    """So many households read their page and choose, what asks for no account."""
    rows = [row for row in answers_queries.credits_of(FIRST) if row.reach == "email"][: int(count)]
    if len(rows) < int(count):
        raise SystemExit(f"only {len(rows)} households can answer")
    for row in rows:
        token = links.token_of(row.link_nonce, row.link_generation)
        page = choosing.page_of(token)
        choosing.look(token)
        rooms = {option.code: option.most for option in page.options} | {"refund_transfer": 0, "refund_cheque": 0}
        lines = divided(page.amount_cents, rooms, Random(row.serial))
        choosing.choose(token, Wish(lines=lines, form="bench", version_seen=page.version))


STEPS: dict[str, Callable[[str], None]] = {
    "idle": idle, "write": write, "draft": draft, "simulate": simulate, "approve": approve, "open": open_all,
    "answer": answer,
}  # fmt: skip


if __name__ == "__main__":
    with create_app().app_context():
        STEPS[sys.argv[1]]((sys.argv[2:] or [""])[0])
