"""Facts about people."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLinkAsked(Event):
    """A colleague asked for a sign-in link by letter."""

    link_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged(Event):
    """A colleague's roles or departments changed, or their account was closed."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInElsewhere(Event):
    """A colleague signed in from a network, or with a browser, that was not theirs before."""

    person_id: int
    session_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """A colleague's password was changed; `generation` is that of the account since."""

    person_id: int
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLifted(Event):
    """An address counts as reachable again; `why` says so: wrote, arrived, again or hand."""

    person_id: int
    address_id: int
    status: str
    why: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressMarkedAgain(Event):
    """A colleague undid it: the address is marked as undeliverable as before."""

    person_id: int
    address_id: int
    status: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressCorrected(Event):
    """A colleague had letters to a person go to another address than the one that could not be reached."""

    person_id: int
    address_id: int
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressCorrectionUndone(Event):
    """A colleague undid it: letters go to the address of before."""

    person_id: int
    address_id: int
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresExported(Event):
    """A colleague took figures or lists out of the house; `mark` tells this time from every other."""

    person_id: int
    what: str
    mark: str
