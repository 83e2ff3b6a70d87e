"""Which ticket a letter belongs to, by the rule of the house; pure, on what the caller has looked up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clues:
    """Tickets a letter points at, by how well it proves it; ids, None when it does not.

    `proven`: a valid keyed token (plus-address or Message-ID of ours). `named`: a Message-ID of a letter stored in a
    ticket. `numbered`: the number in the subject.
    """

    proven: int | None = None
    named: int | None = None
    numbered: int | None = None

    def all(self) -> tuple[int, ...]:
        """The tickets pointed at, best proof first."""
        return tuple(ticket for ticket in (self.proven, self.named, self.numbered) if ticket is not None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do: `join` a ticket, `hold` for an agent, or `open` a new one that may be linked to another."""

    action: str
    ticket_id: int | None = None
    why: str = ""


def decide(clues: Clues, takes_part: frozenset[int]) -> Verdict:
    """Join only where the sender takes part; a valid token from a stranger is held; all else is new."""
    for ticket, why in ((clues.proven, "token"), (clues.named, "reference"), (clues.numbered, "number")):
        if ticket is not None and ticket in takes_part:
            return Verdict("join", ticket, why)
    if clues.proven is not None:
        return Verdict("hold", clues.proven, "stranger_with_token")
    others = clues.all()
    return Verdict("open", others[0] if others else None, "perhaps_same" if others else "new")
