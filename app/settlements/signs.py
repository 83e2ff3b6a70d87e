"""Signs for which somebody looks at a line before it is paid; none of them says that anything is wrong; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.people.names import folded
from app.settlements.files import latin

#: In the order in which they are told.
SIGNS = (
    "amount", "shared_account", "fresh_account", "other_name", "unwritable_name", "card_late", "disputed", "refunded",
    "own",
)  # fmt: skip
#: The sign of what a bank was asked to take back.
DISPUTED = "disputed"
#: From so many households on one account is looked at.
HOUSEHOLDS = 4
#: An account that replaced another one so shortly before is looked at.
FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One line as far as signs are concerned. Units: cents.

    `holder` is the name of an account's holder or of a cheque, `names` what the household is called; `given_at` is when
    the account was given, where it replaced another one.
    """

    cents: int
    holder: str = ""
    names: tuple[str, ...] = ()
    households: int = 0
    given_at: datetime | None = None
    refundable_until: datetime | None = None
    refundable_cents: int | None = None
    own: bool = False
    #: Whether a bank was asked to take back what paid for it.
    disputed: bool = False
    #: Whether a bank has to write the holder's name.
    banked: bool = False


def signs(seen: Seen, *, most_cents: int, at: datetime) -> tuple[str, ...]:
    """Why somebody should look at a line; nothing for most.

    Args:
        seen: the line.
        most_cents: what one line may be before somebody looks.
        at: the moment of the lock.
    """
    holds = {
        "amount": seen.cents > most_cents,
        "shared_account": seen.households >= HOUSEHOLDS,
        "fresh_account": seen.given_at is not None and at - seen.given_at < FRESH,
        "other_name": bool(seen.holder) and not alike(seen.holder, seen.names),
        "unwritable_name": seen.banked and not latin.name(seen.holder),
        "card_late": seen.refundable_until is not None and seen.refundable_until <= at,
        "disputed": seen.disputed,
        "refunded": seen.refundable_cents is not None and seen.cents > seen.refundable_cents,
        "own": seen.own,
    }
    return tuple(sign for sign in SIGNS if holds[sign])


def is_looked_at(signs: Iterable[str], decided_at: datetime | None, noted_at: datetime) -> bool:
    """Whether whoever decided about a line with these signs knew that a bank takes back what paid for it.

    Args:
        signs: those of the line.
        decided_at: when it was decided about, if it was.
        noted_at: when it was noted that the bank does.
    """
    return DISPUTED in signs and decided_at is not None and decided_at >= noted_at


def alike(holder: str, names: Iterable[str]) -> bool:
    """Whether the name of an account's holder shares a word with what the household is called."""
    given = _words(holder)
    return any(given & _words(one) for one in names)


def _words(name: str) -> set[str]:
    bare = "".join(sign if sign.isalnum() else " " for sign in folded(name))
    return {word for word in bare.split() if len(word) > 1 and word not in _TITLES}


_TITLES = frozenset({
    "m", "mr", "mme", "mlle", "mrs", "ms", "monsieur", "madame", "mademoiselle", "et", "ou", "and", "de", "du", "des",
    "la", "le", "les",
})  # fmt: skip
