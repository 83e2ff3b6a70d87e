"""Facts in the past tense and the table that says who reacts; an upward call is always an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

#: More events than this in one transaction is a storm, and is refused.
STORM = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact: frozen, in the past tense, ids and plain values only.

    Fields are only ever added, with defaults: rows of yesterday's shape may be waiting as jobs.
    """

    kinds: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        """Keep the class under its name, by which journal and jobs know it."""
        # slots=True builds the class twice; the second one is the one that lives.
        Event.kinds[cls.__name__] = cls

    @property
    def subject_id(self) -> int | None:
        """The ticket the fact is about, if it is about one."""
        return getattr(self, "ticket_id", None)

    def values(self) -> dict[str, Any]:
        """The fields as plain values, for journal and jobs."""
        return {item.name: getattr(self, item.name) for item in fields(self)}  # plain values: nothing to copy

    def entries(self) -> Iterable[tuple[int | None, dict[str, Any]]]:
        """What the journal keeps of it: one line, unless it is about many at once. Shape: (subject, plain values)."""
        return ((self.subject_id, self.values()),)


def revived(kind: str, values: Mapping[str, Any]) -> Event:
    """An event as it was when it was written down; fields unknown today are left out.

    Raises:
        KeyError: no event has this name any more; the worker refuses to start on it.
    """
    cls = Event.kinds[kind]
    known = {item.name for item in fields(cls)}
    return cls(**{key: value for key, value in values.items() if key in known})


Reaction = Callable[[Sequence[Any]], None]


@dataclass(frozen=True, slots=True)
class Reactions:
    """Who reacts to one kind of event: at once, in the same transaction; later, each in its own.

    A reaction takes all the events of its kind that one transaction published, in order. What `gathers` may wait some
    seconds when it comes thick, so that later reactions take more of it at once.
    """

    at_once: tuple[Reaction, ...] = ()
    later: tuple[Reaction, ...] = ()
    gathers: bool = False


class _Table:
    """The wiring page, as the factory handed it down."""

    rows: Mapping[type[Event], Reactions] = {}
    by_name: Mapping[str, Reaction] = {}
    #: Whether nobody reacts to a kind that is not there; else nobody here knows.
    whole: bool = True


def name_of(reaction: Reaction) -> str:
    """The name under which a waiting job remembers its reaction, such as `triage.sort`."""
    package = reaction.__module__.split(".")[1]
    return f"{package}.{reaction.__name__}"


def connect(rows: Mapping[type[Event], Reactions], jobs: Iterable[Reaction] = (), *, whole: bool = True) -> None:
    """Install the wiring page; `jobs` are reactions that verbs ask for by name rather than by event.

    A process that has only a part of the page tells nothing else: it does not know who reacts to it.
    """
    _Table.rows, _Table.whole = rows, whole
    later = [reaction for row in rows.values() for reaction in row.later]
    _Table.by_name = {name_of(reaction): reaction for reaction in [*later, *jobs]}


def reactions_to(kind: type[Event]) -> Reactions:
    """Who reacts to this kind of event.

    Raises:
        LookupError: this process has only a part of the wiring page, and the kind is not on it.
    """
    if not _Table.whole and kind not in _Table.rows:
        raise LookupError(f"{kind.__name__} is not for this process to tell")
    return _Table.rows.get(kind, Reactions())


def reaction_named(name: str) -> Reaction:
    """The reaction a waiting job names.

    Raises:
        KeyError: the wiring page knows no such name.
    """
    return _Table.by_name[name]


def known_names() -> frozenset[str]:
    """Every name a waiting job may carry."""
    return frozenset(_Table.by_name)
