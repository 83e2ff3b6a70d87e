"""What readers make of articles: openings, and whether they found their answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from threading import Lock

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.knowledge import queries, shelf, whole
from app.knowledge.events import ArticleVoted
from app.knowledge.library import storable

#: Why an article did not answer.
REASONS = ("missing_case", "unclear", "wrong", "unwelcome")
LONGEST_TEXT = 2_000
#: Below so many votes a share says nothing.
ENOUGH = 20
#: Openings are written down at most so often: a crowd of readers must not become a crowd of writers.
SECONDS_BETWEEN = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteInput:
    """What a reader said; validates itself. `visitor` is a hash that cannot be led back to anybody."""

    slug: str
    lang: str
    helpful: bool
    visitor: str
    reason: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse what no form of ours sends.

        Raises:
            Invalid: per field.
        """
        wrong = {} if 0 < len(self.visitor) <= 64 else {"visitor": "missing"}
        wrong |= {} if self.reason in {"", *REASONS} else {"reason": "unknown_choice"}
        wrong |= {"text": "too_long"} if len(self.text) > LONGEST_TEXT else {}
        if wrong:
            raise Invalid(wrong)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One vote as editors read it."""

    at: datetime
    version: int
    helpful: bool
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Usefulness:
    """How many readers an article answered."""

    helpful: int
    votes: int

    @property
    def at_least(self) -> float | None:
        """The share it answers at least, with 95 % certainty; None while too few have voted.

        Source: E. B. Wilson, 1927, score interval.
        """
        if self.votes < ENOUGH:
            return None
        share, n, z = self.helpful / self.votes, self.votes, 1.96
        middle = share + z * z / (2 * n)
        spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return (middle - spread) / (1 + z * z / n)


@transactional
def vote(given: VoteInput, *, by: Actor) -> None:
    """Say whether an article answered; saying it again changes what was said.

    Raises:
        NotFound: there is no such article for this reader.
    """
    card = shelf.find(by, given.slug, given.lang)
    if card is None:
        raise NotFound("article")
    reason = "" if given.helpful else given.reason
    queries.put_vote({
        "article_id": card.id, "version": card.version, "helpful": given.helpful, "reason": reason,
        "text": storable(given.text).strip(), "at": clock.now(), "visitor_hash": given.visitor,
    })  # fmt: skip
    publish(
        ArticleVoted(slug=card.slug, lang=card.lang, version=card.version, helpful=given.helpful, reason=reason), by=by
    )


def opinions(slug: str, lang: str, *, by: Actor, limit: int = 50) -> list[Opinion]:
    """What readers said last, newest first.

    Raises:
        NotFound: there is no such article.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = queries.article(slug, lang)
    if row is None:
        raise NotFound("article")
    return [Opinion(v.at, v.version, v.helpful, v.reason, v.text) for v in queries.votes(row.id, limit)]


class _Openings:
    """Openings counted by this process and not yet written down."""

    counts: Counter[int] = Counter()
    written_at = float("-inf")
    lock = Lock()


def count_reading(article_id: int) -> None:
    """Count one opening of an article; a few of the last seconds are lost when the process dies."""
    with _Openings.lock:
        _Openings.counts[article_id] += 1
        due = clock.monotonic() - _Openings.written_at >= SECONDS_BETWEEN
    if due:
        write_readings()


def write_readings() -> None:
    """Write down the openings counted so far."""
    with _Openings.lock:
        counts, _Openings.counts = _Openings.counts, Counter()
        _Openings.written_at = clock.monotonic()
    if counts:
        _add_readings(counts)


@transactional
def _add_readings(counts: Counter[int]) -> None:
    queries.add_readings(whole.today(), counts)


@transactional
def count_sent(sent: Mapping[int, Iterable[int]]) -> None:
    """Count answers that left with an article's address in them, each once however often it is told.

    Shape: `sent` of article ids by message.
    """
    day = whole.today()
    rows = [{"article_id": key, "message_id": message, "day": day} for message, some in sent.items() for key in some]
    if rows:
        queries.add_sendings(rows)
