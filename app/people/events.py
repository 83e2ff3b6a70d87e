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
