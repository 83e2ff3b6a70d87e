"""The kinds of letters the house writes by itself or for a colleague, and what the words of each may name; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: What every letter may name.
OF_EVERY_LETTER = ("house", "phone", "contact")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: the variables of its own, and those without which its text makes no sense."""

    name: str
    own: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """Its own variables, then those of every letter."""
        return (*self.own, *OF_EVERY_LETTER)


_ANSWER = ("body", "signer", "subject", "number", "link", "quoted")

_OWED = ("title", "told", "credit", "amount", "until", "choice")

#: What every letter to holders of tickets may name.
_HELD = ("title", "told", "show", "date", "moved", "article")

_TOLD = ("headline", "name", "lines", "desk")

#: By name, in the order in which a request meets them; what a kind does not list, its words cannot tell.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("received", ("number", "promise", "link", "articles", "claim"), ("link",)),
        Kind(
            "incident", ("number", "title", "told", "place", "estimate", "article", "claim", "link"), ("told", "link")
        ),
        Kind("answer", _ANSWER, ("body", "link")),
        Kind("question", _ANSWER, ("body", "link")),
        Kind("solved", ("number", "opinion", "link"), ("link",)),
        Kind("awaited", ("number", "subject", "link", "quoted"), ("link",)),
        Kind("ending", ("number", "subject", "ends", "link", "quoted"), ("link",)),
        Kind("late", ("number", "subject", "promise", "note", "signer", "link"), ("promise", "link")),
        Kind("link", ("number", "link"), ("link",)),
        Kind("forward", ("note", "signer", "subject", "quoted"), ("quoted",)),
        Kind("choice_invite", (*_OWED, "occasion"), ("choice",)),
        Kind("choice_supplement", _OWED, ("choice",)),
        Kind("choice_reminder", _OWED, ("choice",)),
        Kind("choice_made", (*_OWED, "parts"), ("parts", "choice")),
        Kind("choice_code", ("title", "credit", "code"), ("code",)),
        Kind("choice_less", (*_OWED, "reason", "was", "state"), ("reason", "amount", "choice")),
        Kind("choice_void", ("title", "credit", "amount"), ("credit",)),
        Kind("companion_code", ("title", "credit", "code", "companion"), ("code",)),
        Kind("companion_invite", (*_OWED, "payer"), ("choice",)),
        Kind("companion_apart", (*_OWED, "companion", "was"), ("companion", "amount", "choice")),
        Kind("companion_back", ("title", "credit", "amount"), ("credit",)),
        Kind("money_done", (*_OWED, "parts"), ("parts", "choice")),
        Kind("voucher_issued", (*_OWED, "value", "validity", "voucher"), ("value", "voucher")),
        Kind("voucher_ending", (*_OWED, "value", "left", "last_day", "voucher"), ("left", "last_day", "voucher")),
        Kind("receipt_given", (*_OWED, "receipt"), ("receipt", "choice")),
        Kind("refund_returned", (*_OWED, "returned", "reason"), ("returned", "choice")),
        Kind("refund_corrected", (*_OWED, "returned", "account"), ("returned", "account")),
        Kind("choice_status", ("number", *_OWED, "state", "link"), ("choice",)),
        Kind("announcement", _HELD, ("told",)),
        Kind("offer", (*_HELD, "leave"), ("told", "leave")),
        Kind("correction", ("page", "address"), ("page",)),
        Kind("sign_in", ("sign_in",), ("sign_in",)),
        Kind("notice", _TOLD, ("lines", "desk")),
        Kind("articles", _TOLD, ("lines", "desk")),
        Kind("due", _TOLD, ("lines", "desk")),
        Kind("point", (*_TOLD, "late"), ("lines", "desk")),
        Kind("security", (*_TOLD, "when"), ("lines", "desk")),
        Kind("digest", _TOLD, ("lines", "desk")),
    )
}  # fmt: skip
