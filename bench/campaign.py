"""The steps of a campaign, each a process of its own, so that what it costs can be told apart.

python -m bench.campaign idle|write FILE|draft|simulate|approve|open|answer COUNT|links FILE|close|lock|export FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

from app.cancellations import campaign_queries, choosing, closing, inviting, links, looking, making, managing
from app.cancellations.amounts import said
from app.cancellations.choosing import Wish
from app.cancellations.planning import card
from app.demo import answered, answers_queries, standing_season
from app.demo.dividing import divided
from app.factory import create_app
from app.kernel import clock
from app.settlements import batching, exporting, house, locking, reviewing
from app.settlements.details import HouseDetails

#: The only campaign of the house that is measured.
FIRST = 1
#: Households that may come by the web: the last ones, since the first answer without it.
VISITORS = 800


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
        looking.look(row.id)
        rooms = {option.code: option.most for option in page.options} | {"refund_transfer": 0, "refund_cheque": 0}
        lines = divided(page.amount_cents, rooms, Random(row.serial))
        choosing.choose(token, Wish(lines=lines, form="bench", version_seen=page.version))


def links_of_others(path: str) -> None:
    """The pages of the last households, who have not answered, each with what it is going to send."""
    found = []
    for row in [row for row in answers_queries.credits_of(FIRST) if row.reach == "email"][-VISITORS:]:
        token = links.token_of(row.link_nonce, row.link_generation)
        url, owed = links.link_of(row.link_nonce, row.link_generation), choosing.page_of(token).amount_cents
        found.append({"url": url, "action": f"{url}/confirmation", "fields": {"voucher": said(owed, "fr")}})
    Path(path).write_text(json.dumps(found))


def close(_: str) -> None:
    """The deadline passes, silence is decided about, and the house says which account is debited."""
    closing.close_due()
    after = 0
    while due := campaign_queries.silent(FIRST, inviting.SILENT, after=after, limit=closing.GROUP):
        closing.decide_silent(FIRST, after)
        after = due[-1]
    details = HouseDetails(name="Opéra de Valmorin", siren="732829320", city="Valmorin", bic="AGRIFRPP")
    house.set_up(details, iban="FR7630006000011234567890189", seen_version=0, by=answered.crew().approver)


def lock(_: str) -> None:
    """Everything that was chosen becomes lines, entries and batches."""
    locking.lock(FIRST, by=answered.crew().maker)


def export(folder: str) -> None:
    """Somebody looks at what waits, a second person agrees, and every file is made, checked and written."""
    people = answered.crew()
    for one in reviewing.queue(FIRST, by=people.approver):
        verb = reviewing.refuse if "unwritable_name" in one.signs else reviewing.release
        verb(one.line_id, "bench", by=people.approver)
    batching.gather(FIRST, by=people.maker)
    cards = batching.cards(FIRST, by=people.approver)
    batching.approve([one.id for one in cards], said(sum(one.cents for one in cards), "fr"), by=people.approver)
    exporting.export(FIRST, by=people.approver)
    exporting.write_to(Path(folder), FIRST, by=people.approver)


#: Steps that come after the deadline.
LATER = {"close", "lock", "export"}
STEPS: dict[str, Callable[[str], None]] = {
    "idle": idle, "write": write, "draft": draft, "simulate": simulate, "approve": approve, "open": open_all,
    "answer": answer, "links": links_of_others, "close": close, "lock": lock, "export": export,
}  # fmt: skip


if __name__ == "__main__":
    with create_app().app_context(), ExitStack() as stack:
        if sys.argv[1] in LATER:
            stack.enter_context(clock.frozen_at(card(FIRST, by=answered.crew().maker).deadline_at + timedelta(days=1)))
        STEPS[sys.argv[1]]((sys.argv[2:] or [""])[0])
