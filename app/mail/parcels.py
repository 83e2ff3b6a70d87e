"""A letter ready to leave, the ways in which it may not, and what a transport must do; plain values, no socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.tickets.files import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A letter ready to leave: plain values for the transport; `envelope` is where it comes back to."""

    envelope: str
    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    mid: str
    reply_to: str
    references: str
    headers: dict[str, str]
    files: tuple[StoredFile, ...] = ()


class Refused(Exception):
    """This letter was not taken; another one may be.

    `permanent` when asking again is useless, `unknown` when it is the address that takes nothing, `hung` when the
    server did not say no but went silent.
    """

    def __init__(self, answer: str, *, permanent: bool, unknown: bool = False, hung: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent
        self.unknown = unknown
        self.hung = hung


class Stopped(Exception):
    """No letter can leave at present; `kind` is auth, tls, sender or down."""

    def __init__(self, kind: str, answer: str) -> None:
        super().__init__(answer)
        self.kind = kind
        self.answer = answer


class Transport(Protocol):
    """The way letters leave; a true border with a fake for tests."""

    def send(self, parcel: Parcel) -> str:
        """Hand a letter over; returns the server's answer.

        Raises:
            Refused: it was not taken.
            Stopped: none would be.
        """

    def rest(self) -> None:
        """Nothing more leaves for now: let go of the server."""

    @property
    def shows(self) -> bool:
        """Whether letters only show on the letters page instead of leaving."""
