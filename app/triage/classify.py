"""The whole decision for a group of messages: language, category, type, flags, priority, and why.

It knows a model only by what it promises, so that nothing here loads scikit-learn; without one, rules decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

from app.triage import facts as reading
from app.triage import house as house_words
from app.triage import language, priority, rules
from app.triage.facts import Facts
from app.triage.house import SILENT, House
from app.triage.labels import TYPES, Language, Priority
from app.triage.phrases import Hit
from app.triage.priority import Case, Rule
from app.triage.reasons import Reason, describe
from app.triage.text import Prepared, Span, prepare

WORDS_SHOWN: Final = 3
SPANS_SHOWN: Final = 12
SURE_ENOUGH: Final = 0.5
"""Confidence below which a type says nothing of the wishes it usually means."""

_REFUND_TYPES: Final = frozenset({"refund_cancelled", "refund_status", "refund_personal"})
"""Types whose senders ask for money back whatever their words, unless they say they do not."""

_CHOICE_TYPE: Final = "credit_change"
"""A change of bank details or of choice: money is asked back where a bank is spoken of."""

_CLAIM_TYPE: Final = "formal_claim"
_DONATION: Final = "donation"
"""Donors who speak of a refund give it up, unless they were mistaken."""

_NOTHING: Final = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message to decide on. `received_at` is in the zone of the venue; `performance_at` comes from its order.

    `written_in` is the language where the words leave a doubt; `prepared` its words, if they were prepared before.
    """

    id: str
    channel: str
    subject: str
    body: str
    received_at: datetime
    performance_at: datetime | None = None
    written_in: Language = "fr"
    prepared: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled message near another, by its category and its first words."""

    category: str
    cosine: float
    words: str


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model thinks: likeliest categories, best first, the type under the first, and the words that told.

    `flags` are what else it holds for true, by the codes of `judging`; None where nobody judged and rules decide.
    `strange` says that the message is unlike all that it learned; `near` are the labelled messages nearest to it;
    `house` the phrases of the house that speak for the first category, which it may have `described` itself.
    """

    top: tuple[tuple[str, float], ...]
    type: str
    words: tuple[str, ...]
    abstains: bool
    flags: frozenset[str] | None = None
    strange: bool = False
    near: tuple[Neighbour, ...] = ()
    house: tuple[Hit, ...] = ()
    described: bool = False


class Categoriser(Protocol):
    """What a trained model promises."""

    @property
    def version(self) -> str:
        """Its name, kept with every decision."""

    def guess(
        self, messages: Sequence[Prepared], facts: Sequence[Facts], *, hurried: bool = False, house: House = SILENT
    ) -> list[Guess]:
        """One guess a message, in their order; `hurried` where they are so many that only words are to be weighed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What triage decides on a message. `confidence` is the probability of `category`; `model` names who decided."""

    id: str
    language: Language
    category: str
    type: str
    top3: tuple[tuple[str, float], ...]
    confidence: float
    priority: Priority
    wants_refund: bool
    event_within_24h: bool
    anger: int
    legal_threat: bool
    abstains: bool
    reasons: tuple[Reason, ...]
    spans: tuple[Span, ...]
    model: str

    @property
    def body_spans(self) -> tuple[Span, ...]:
        """The words to highlight in the body."""
        return tuple(span for span in self.spans if span.field == "body")

    def to_json(self) -> dict[str, Any]:
        """The line of `flask triage classify`, reasons in English."""
        return {
            "id": self.id,
            "language": self.language,
            "category": self.category,
            "type": self.type,
            "top3": [{"category": slug, "probability": round(chance, 4)} for slug, chance in self.top3],
            "confidence": round(self.confidence, 4),
            "priority": self.priority,
            "wants_refund": self.wants_refund,
            "event_within_24h": self.event_within_24h,
            "anger": self.anger,
            "legal_threat": self.legal_threat,
            "abstains": self.abstains,
            "reasons": [describe(reason) for reason in self.reasons],
        }


def objected(decision: Decision) -> Decision:
    """A decision by rules, which says that its writer asked for that."""
    others = tuple(reason for reason in decision.reasons if reason.code != "no_model")
    return replace(decision, reasons=(*others, Reason("objected")))


def classify(
    given: Sequence[Incoming], model: Categoriser | None, *, hurried: bool = False, house: House = SILENT
) -> list[Decision]:
    """Decide on a group of messages, in their order; without a model, by keyword rules that say so.

    `house` is what the house says of its reasons; without it the shipped categories alone are known.
    """
    messages = [one.prepared or prepare(one.subject, one.body) for one in given]
    facts = [
        reading.read(message, one.received_at, one.performance_at) for message, one in zip(messages, given, strict=True)
    ]
    if model is None:
        ruled = [_by_rules(message, fact, house) for message, fact in zip(messages, facts, strict=True)]
        return conclude(given, messages, facts, ruled, rules.VERSION)
    guesses = model.guess(messages, facts, hurried=hurried, house=house)
    return conclude(given, messages, facts, guesses, model.version)


def conclude(
    given: Sequence[Incoming], messages: Sequence[Prepared], facts: Sequence[Facts], guesses: Sequence[Guess], name: str
) -> list[Decision]:
    """The decisions that follow from what was read and what was guessed; `name` is who guessed."""
    return [
        _decide(one, message, fact, guess, name)
        for one, message, fact, guess in zip(given, messages, facts, guesses, strict=True)
    ]


def _by_rules(message: Prepared, facts: Facts, house: House) -> Guess:
    hits = house_words.said(house, message)
    top = house_words.raised(rules.ranked(message, facts), hits)
    first = top[0][0]
    kind = rules.kind_under(first, message, facts) if first in TYPES else ""
    return Guess(top, kind, (), abstains=True, house=tuple(hit for hit in hits if hit.code == first))


def _decide(one: Incoming, message: Prepared, facts: Facts, guess: Guess, model: str) -> Decision:
    empty = not any(letter.isalnum() for letter in message.plain)
    category, kind = (_NOTHING, "") if empty else (guess.top[0][0], guess.type)
    case = _case(category, kind, facts, guess)
    rule = priority.decide(case)
    telling = [*(() if empty else guess.house), *_telling(category, message, facts)]
    shown, urging = _spans(message, telling), _spans(message, _hits_of(rule, facts))
    words = [" ".join(message.plain[hit.start : hit.end].split()) for hit in telling[:WORDS_SHOWN]] or list(guess.words)
    reasons = [Reason("described")] if guess.described else []
    reasons += [Reason("words", {"words": words}, shown)] if words else []
    reasons += _alike(category, guess)
    return Decision(
        id=one.id,
        language=language.detect(message.folded, message.plain, one.written_in),
        category=category,
        type=kind,
        top3=_led_by(category, guess.top),
        confidence=_chance(category, guess.top),
        priority=rule.level,
        wants_refund=_wants_refund(category, kind, guess, facts),
        event_within_24h=case.near,
        anger=_anger(case, guess.flags),
        legal_threat=case.legal_threat,
        abstains=guess.abstains or empty,
        reasons=(Reason("nothing_to_read"),)
        if empty
        else (*reasons, Reason(rule.reason, {}, urging), *_doubts(guess, model)),
        spans=_apart((*shown, *urging)),
        model=model,
    )


def _case(category: str, kind: str, facts: Facts, guess: Guess) -> Case:
    """What the rules of priority look at: judged where somebody judged, else read off the patterns."""
    sure = _chance(category, guess.top) >= SURE_ENOUGH
    flags = guess.flags
    if flags is None:
        legal = facts.legal_threat or kind == _CLAIM_TYPE
        return Case(category, kind, facts, legal_threat=legal, near=priority.reads_near(kind, facts), sure=sure)
    return Case(
        category, kind, facts, legal_threat="legal" in flags or facts.has("legal_act"), near="near" in flags, sure=sure,
        pressing="urgent" in flags, plain="plain" in flags,
    )  # fmt: skip


def _anger(case: Case, flags: frozenset[str] | None) -> int:
    if flags is None:
        return max(case.facts.anger, int(case.category == "complaint" or case.legal_threat))
    # Words of anger count whatever was learned of them: who reads the request should not be surprised.
    return 2 if "furious" in flags else max(int("cross" in flags), min(case.facts.anger, 1))


def _wants_refund(category: str, kind: str, guess: Guess, facts: Facts) -> bool:
    """Whether money is asked back: judged, or else said in so many words, or meant by this type of request."""
    if guess.flags is not None:
        return "refund" in guess.flags
    if _chance(category, guess.top) < SURE_ENOUGH:
        return facts.wants_refund
    if category == _DONATION and not facts.has("mistaken"):
        return False
    meant = kind in _REFUND_TYPES or (kind == _CHOICE_TYPE and facts.has("bank"))
    return facts.wants_refund or (meant and not facts.declines_refund)


def _led_by(category: str, top: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The likeliest categories, the chosen one first."""
    if top[0][0] == category:
        return top
    return ((category, _chance(category, top)), *(pair for pair in top if pair[0] != category))[: len(top)]


def _chance(category: str, top: tuple[tuple[str, float], ...]) -> float:
    return dict(top).get(category, 0.0)


def _telling(category: str, message: Prepared, facts: Facts) -> list[Hit]:
    """The phrases that speak for a category, each wording once."""
    hits = [hit for code in rules.topics_for(category, facts) for hit in facts.topics[code]]
    by_words = {message.folded[hit.start : hit.end]: hit for hit in sorted(hits, key=lambda hit: -hit.start)}
    return sorted(by_words.values(), key=lambda hit: hit.start)


def _hits_of(rule: Rule, facts: Facts) -> list[Hit]:
    return [hit for code in rule.signs for hit in facts.signs.get(code, ())]


def _alike(category: str, guess: Guess) -> list[Reason]:
    """How many of the nearest labelled messages are of this category, and the nearest of them; none says nothing."""
    same = [one for one in guess.near if one.category == category]
    if not same:
        return []
    return [Reason("alike", {"same": len(same), "all": len(guess.near), "example": same[0].words})]


def _doubts(guess: Guess, model: str) -> list[Reason]:
    if model == rules.VERSION:
        return [Reason("no_model")]
    if guess.strange:
        return [Reason("unfamiliar")]
    return [Reason("unsure")] if guess.abstains else []


def _spans(message: Prepared, hits: Sequence[Hit]) -> tuple[Span, ...]:
    """The original places of some hits."""
    return _apart([span for hit in hits[: SPANS_SHOWN * 2] for span in message.spans(hit.start, hit.end)])


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in the order of the text, those that overlap made one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.field == "body", span.start, span.end)):
        last = kept[-1] if kept else None
        if last is not None and last.field == span.field and span.start < last.end:
            kept[-1] = Span(last.field, last.start, max(last.end, span.end))
        else:
            kept.append(span)
    return tuple(kept[:SPANS_SHOWN])
