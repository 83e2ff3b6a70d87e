"""Which letters leave before others when many wait; pure.

What a letter is decides it: nobody who writes one names a rank.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Somebody sits before a screen and waits for it: a code, a link to sign in with or to read on, a warning.
AWAITED = 0
#: Written to one person: an agent's answer, an acknowledgement.
ONE_PERSON = 1
#: Tells how something stands.
STATUS = 2
#: One of many alike: an answer to a crowd, an invitation of a campaign, a reminder, news for holders of tickets.
CROWD = 3

#: By kind of letter, when it is written to one person alone.
_RANKS: Mapping[str, int] = {
    **dict.fromkeys(("sign_in", "security", "link", "choice_code", "companion_code"), AWAITED),
    **dict.fromkeys(
        (
            "received", "incident", "answer", "question", "late", "forward", "choice_invite", "choice_made",
            "choice_status", "companion_invite", "companion_apart", "companion_back", "test",
        ),
        ONE_PERSON,
    ),
    **dict.fromkeys(
        (
            "solved", "awaited", "ending", "choice_supplement", "choice_less", "choice_void", "money_done",
            "voucher_issued", "receipt_given", "refund_returned", "refund_corrected", "correction",
            "notice", "articles", "due", "point", "digest",
        ),
        STATUS,
    ),
    **dict.fromkeys(("choice_reminder", "voucher_ending", "announcement", "offer"), CROWD),
}  # fmt: skip


def is_ranked(kind: str) -> bool:
    """Whether somebody decided where letters of a kind stand."""
    return kind in _RANKS


def rank_of(kind: str, *, together: bool) -> int:
    """Where a letter stands, 0 to 3, the lowest first; `together` when the same is written to many at once."""
    return CROWD if together else _RANKS.get(kind, ONE_PERSON)
