"""Facts about letters."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStored(Event):
    """A letter lies safely in the database; nobody has read it yet."""

    letter_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFiled(Event):
    """A letter met its fate."""

    letter_id: int
    fate: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBounced(Event):
    """A letter of ours came back."""

    letter_out_id: int
    ticket_id: int | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRefused(Event):
    """A letter that carried a message was refused for good, or could not be handed over for days."""

    letter_out_id: int
    ticket_id: int | None
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSentAgain(Event):
    """A letter of ours that failed or came back is tried once more, perhaps to a corrected address."""

    letter_out_id: int
    ticket_id: int | None
    corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedLettersDue(Event):
    """Of the letters that failed and are all sent again, those after one number and up to another are still to come."""

    after_id: int
    last_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingStopped(Event):
    """No letter can leave; `kind` says why: auth, tls, sender or down."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingResumed(Event):
    """Letters leave again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxStopped(Event):
    """The server of a mailbox refused the sign-in; nobody tries again until a person has looked."""

    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRenumbered(Event):
    """The server gave the letters of a mailbox new numbers: each is looked at again, none is filed twice."""

    mailbox_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPutAside(Event):
    """Somebody decided that nothing comes of a letter that cannot be read, or took that back."""

    letter_id: int
    aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReread(Event):
    """A stored letter was read again and says something else now than is shown."""

    letter_id: int
    message_id: int
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersMissing(Event):
    """The letters of a day (ISO) do not balance: some are unaccounted for, or wait although the day is over."""

    day: str
    fetched: int
    accounted: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowLettersLetThrough(Event):
    """Somebody had letters filed that let others pass, the first of them `letter_id`."""

    letter_id: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowLettersPutAside(Event):
    """Somebody decided that nothing comes of letters that let others pass, or took that back."""

    letter_id: int
    count: int
    aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLettersLetIn(Event):
    """Somebody had letters filed that came by a list before it was one of ours, the first of them `letter_id`."""

    letter_id: int
    count: int
