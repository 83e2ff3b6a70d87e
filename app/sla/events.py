"""Facts about promises."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseNear(Event):
    """A promise ends soon, at `due` (ISO, UTC)."""

    ticket_id: int
    kind: str
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken(Event):
    """A promise was not kept in time: its moment was `due` (ISO, UTC)."""

    ticket_id: int
    kind: str
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(Event):
    """A promise was settled; `late` when after its moment."""

    ticket_id: int
    kind: str
    late: bool
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRenewed(Event):
    """A person set a new moment (ISO, UTC) for what was promised and missed."""

    ticket_id: int
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeadlinePassed(Event):
    """The new moment a person had set passed as well."""

    ticket_id: int
    kind: str
    due: str
