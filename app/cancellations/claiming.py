"""Claims of those whom no address tied to an order: who knows its code, its address and a barcode's end is written to.

Whatever is typed, the page says the same: a letter goes to the address the box office knows, or none goes anywhere.
Where it knows none at all, of what was bought at a counter, a colleague is asked: the paper alone opens no credit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.boxoffice import holdings
from app.cancellations import companion_queries, joining_queries, letters, queries
from app.cancellations.joining import CATEGORY
from app.kernel import clock
from app.kernel.access import Actor, spectator
from app.kernel.transaction import transactional
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer
from app.tickets.opening import Draft, open_ticket

#: States in which there is still something to choose or to follow.
_OPEN = frozenset({"issued", "invited", "opened", "answered", "unclaimed", "locked"})
#: What the request of somebody says whose order has no address. Shape: language to subject and text.
_ASKS: Mapping[str, tuple[str, str]] = {
    "fr": (
        "Avoir à retrouver, commande {order}",
        "Demande faite depuis la page des spectacles annulés. Commande {order}\N{NO-BREAK SPACE}: la fin du "
        "code-barres est exacte, et la billetterie ne connaît aucune adresse pour cette commande. À vérifier avec la "
        "personne avant de lui dire quoi que ce soit de l’avoir.",
    ),
    "en": (
        "Credit to be found, order {order}",
        "Asked on the page of cancelled performances. Order {order}: the end of the barcode is right, and the "
        "ticketing system knows no address of this order. To be checked with the person before anything of the credit "
        "is told.",
    ),
}


@transactional
def claim(order_code: str, last4: str, email: str, *, language: str = "fr", by: Actor | None = None) -> None:
    """Send the link of a credit again to whoever holds an order; at most once an hour, and nobody learns whether.

    A companion, to whom whoever paid has handed seats, is written to at their own address. Of an order without any
    address a request is opened instead, once a day.
    """
    if address := normalised(email):
        _send_companions(holdings.told_by(order_code, last4), address)
    found = holdings.claimed(order_code, last4, email)
    if found is None:
        return
    some = [one for one in joining_queries.living_credits([found.household_id]) if _is_open(one.id)]
    if some and not found.known:
        _ask(found.order_code, email, "fr" if language == "fr" else "en", by or spectator(None, door="portal"))
        return
    for one in some:
        row = queries.credit(one.id)
        if row is None:
            continue
        if row.person_id is None:
            # Nothing was known of them but this order, whose address they gave.
            person_id = people.recognise([Writer(email, "", row.language)])[normalised(email)]
            queries.change_credit(row.id, person_id=person_id, reach="email")
            row = queries.credit(row.id)
        if row is not None:
            letters.write_one(row, "choice_invite", f"claim-{clock.now():%Y%m%d%H}", {})


def _send_companions(admission_ids: Sequence[int], email: str) -> None:
    for credit_id in companion_queries.claimed(admission_ids, email) if admission_ids else ():
        row = queries.credit(credit_id)
        if row is not None and row.state in _OPEN:
            letters.write_one(row, "choice_invite", f"claim-{clock.now():%Y%m%d%H}", {})


def _is_open(credit_id: int) -> bool:
    row = queries.credit(credit_id)
    return row is not None and row.state in _OPEN


def _ask(order_code: str, email: str, language: str, by: Actor) -> None:
    subject, text = (words.format(order=order_code) for words in _ASKS[language])
    open_ticket(
        Draft(
            email=email, subject=subject, body=text, language=language, type=CATEGORY, order_code=order_code,
            submission=f"claim-{order_code[:24]}-{clock.now():%y%m%d}",
        ),
        by=by,
    )  # fmt: skip
