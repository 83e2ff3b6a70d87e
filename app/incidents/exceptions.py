"""Why a person must read a request of the crowd, and how gravely; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.incidents.reading import Reading
from app.triage import entities
from app.triage.phrases import Hit

#: Reasons, the gravest first.
GRAVITY: Final = (
    "at_the_door", "tonight", "distress", "access", "minors", "legal", "chargeback", "bank", "other_order",
    "third_party", "amount", "lost_ticket", "two_shows", "no_address", "unreached", "elsewhere", "replied",
    "asks_more", "by_hand", "novel",
)  # fmt: skip
#: Those that an agent must find in the top row.
URGENT: Final = frozenset({"at_the_door", "tonight"})
#: Ranks between one reason and the next, among which novelty decides.
STEP: Final = 100
#: So long before its beginning a performance is tonight's, and so long after it people may still stand at the door.
BEFORE, AFTER = timedelta(hours=3), timedelta(hours=2)
#: Sureness from which what triage thinks a request is about is believed here.
SURE: Final = 0.6
FURIOUS: Final = 2
#: From so many children on they come as a group.
GROUP_OF_CHILDREN: Final = 7
#: Letters after words of an order in a name within which the name stands.
NAME: Final = 40
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[a-z]{2,}")
_LINE_END: Final = re.compile(r"[\n.,;!?]")
_IN_NAME: Final = ("nom de", "name of")
_PLACE: Final = {code: place for place, code in enumerate(GRAVITY)}
#: Reasons that a sign of the text is enough for.
_SIGNS: Final = (
    ("distress", "distress"), ("access_words", "access"), ("minors", "minors"), ("legal_words", "legal"),
    ("chargeback", "chargeback"),
    ("bank_details", "bank"), ("third_party", "third_party"),
    ("tickets_lost", "lost_ticket"), ("wrong_amount", "amount"),
)  # fmt: skip
#: What triage thinks a request is about, where that is reason enough.
_CATEGORIES: Final = {
    "accessibility": "access", "group_booking": "minors", "ticket_lost_or_name_change": "lost_ticket",
    "lost_property": "asks_more", "subscription": "asks_more", "gift_voucher": "asks_more", "invoice": "asks_more",
    "data_privacy": "asks_more", "account_access": "asks_more", "seating": "asks_more", "technical_staff": "asks_more",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thought:
    """What triage thinks of a request."""

    category: str = ""
    type: str = ""
    confidence: float = 0.0
    anger: int = 0
    legal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that tells whether a person must read a request of an incident."""

    reading: Reading
    thought: Thought
    at: datetime
    #: Beginning of the performance of the incident, and of others that the request is about.
    starts_at: datetime | None = None
    others_at: tuple[datetime, ...] = ()
    #: What the incident's own text answers, as codes.
    answered: frozenset[str] = frozenset()
    #: What the order cost and each of its seats, in cents, where its order is known.
    prices: tuple[int, ...] = ()
    not_own: bool = False
    two_shows: bool = False
    replied: bool = False
    novel: bool = False
    #: Words of its writer's own name, folded.
    names: frozenset[str] = frozenset()


def reasons(case: Case) -> list[str]:
    """Why a person must read it, the gravest first; none for what the crowd's answer answers."""
    return in_order([*_hurry(case), *_read(case), *_thought(case), *_known(case)])


def _hurry(case: Case) -> Iterator[str]:
    signs = case.reading.codes
    soon = case.starts_at is not None and case.starts_at - BEFORE <= case.at <= case.starts_at + AFTER
    others = any(moment - BEFORE <= case.at <= moment + AFTER for moment in case.others_at)
    if (soon or others) and "at_the_door" in signs:
        yield "at_the_door"
    # What happens tonight is told to its whole crowd; who is on the way to it must be told by somebody.
    if others or (soon and signs & {"may_come", "travelling"}):
        yield "tonight"


def _read(case: Case) -> Iterator[str]:
    for sign, reason in _SIGNS:
        if sign in case.reading.codes:
            yield reason
    if any(_children(hit, case.reading.folded) for hit in case.reading.hits):
        yield "minors"
    if any(hit.code == "other_order" and not _of_writer(hit, case) for hit in case.reading.hits):
        yield "other_order"
    if entities.ibans(case.reading.plain):
        yield "bank"
    if case.reading.asks() - case.answered:
        yield "asks_more"
    if _other_amount(case):
        yield "amount"


def _children(hit: Hit, folded: str) -> bool:
    """Whether so many children are named as no family brings."""
    return hit.code == "children" and int(_NUMBER.findall(folded, hit.start, hit.end)[0][:4]) >= GROUP_OF_CHILDREN


def _of_writer(hit: Hit, case: Case) -> bool:
    """Whether words of an order in a name are followed by the writer's own: then it is no other order."""
    folded = case.reading.folded
    if not folded[hit.start : hit.end].endswith(_IN_NAME):
        return False
    # Below the line stands whoever signs, who need not be whom the order is for.
    named = _LINE_END.split(folded[hit.end : hit.end + NAME], maxsplit=1)[0]
    return not case.names.isdisjoint(_WORD.findall(named))


def _other_amount(case: Case) -> bool:
    """Whether sums are set against each other, or one is named that its order does not hold.

    An order holds what it cost, what each seat did, and what several seats did.
    """
    named = [amount.cents for amount in entities.amounts(case.reading.folded) if amount.currency == "EUR"]
    if len(named) > 1 and "contrast" in case.reading.codes:
        return True
    if not named or not case.prices:
        return False
    whole, *seats = case.prices
    known = {whole, *seats} | {seat * count for seat in seats for count in range(2, len(seats) + 1)}
    return any(cents not in known for cents in named)


def _thought(case: Case) -> Iterator[str]:
    if case.thought.legal:
        yield "legal"
    if case.thought.anger >= FURIOUS:
        yield "distress"
    reason = _CATEGORIES.get(case.thought.category)
    if reason is not None and case.thought.confidence >= SURE:
        yield reason


def _known(case: Case) -> Iterator[str]:
    yield from ("other_order",) * case.not_own
    yield from ("two_shows",) * case.two_shows
    yield from ("replied",) * case.replied
    yield from ("novel",) * case.novel


def rank(codes: Sequence[str], novelty: float | None) -> int:
    """How soon it must be read among exceptions, the lowest first; 0 for what is none."""
    if not codes:
        return 0
    place = min(_PLACE.get(code, len(GRAVITY)) for code in codes)
    return 1 + place * STEP + round((1 - (novelty or 0.0)) * (STEP - 1))


def in_order(codes: Sequence[str]) -> list[str]:
    """Each reason once, the gravest first."""
    return sorted(dict.fromkeys(codes), key=lambda code: _PLACE.get(code, len(GRAVITY)))
