"""Which ticket a letter belongs to, by the rule of the house; pure, on what the caller has looked up."""

from __future__ import annotations

from dataclasses import dataclass

#: Reasons that rest on what anybody may write into a letter, so that a forged sender could use them.
UNPROVEN = frozenset({"reference", "number"})


@dataclass(frozen=True, slots=True)
class Clues:
    """Tickets a letter points at, by how well it proves it; ids, None when it does not.

    `placed`: the nearest letter it answers was put there by an agent. `addressed`: a plus-address with a valid token.
    `answering`: a Message-ID of ours with a valid proof. `named`: a Message-ID of a letter stored in a ticket.
    `numbered`: the number in the subject.
    """

    addressed: int | None = None
    answering: int | None = None
    named: int | None = None
    numbered: int | None = None
    placed: int | None = None

    def told(self) -> tuple[tuple[int | None, str], ...]:
        """Each clue with its word, the best first."""
        return (
            (self.placed, "reference"), (self.addressed, "token"), (self.answering, "answer"),
            (self.named, "reference"), (self.numbered, "number"),
        )  # fmt: skip

    def all(self) -> tuple[int, ...]:
        """The tickets pointed at, best proof first."""
        return tuple(ticket for ticket, _ in self.told() if ticket is not None)

    @property
    def proven(self) -> int | None:
        """The ticket of a valid token, if there is one."""
        return self.addressed if self.addressed is not None else self.answering


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do: `join` a ticket, `hold` for an agent, or `open` a new one that may be linked to another."""

    action: str
    ticket_id: int | None = None
    why: str = ""


def decide(
    clues: Clues, takes_part: frozenset[int], *, asked: frozenset[int] = frozenset(), forged: bool = False
) -> Verdict:
    """Join only where the sender takes part; a valid token from a stranger is held; all else is new.

    Args:
        clues: the tickets pointed at.
        takes_part: those of them in which the sender takes part.
        asked: those of them that were forwarded to the sender.
        forged: our own mail server found that the sender is not who the letter says.
    """
    for ticket, why in clues.told():
        if ticket is not None and ticket in takes_part:
            doubtful = forged and why in UNPROVEN
            return Verdict("hold", ticket, "not_authentic") if doubtful else Verdict("join", ticket, why)
    if clues.proven is not None:
        return Verdict("hold", clues.proven, "third_party" if clues.proven in asked else "stranger_with_token")
    others = clues.all()
    return Verdict("open", others[0] if others else None, "perhaps_same" if others else "new")
