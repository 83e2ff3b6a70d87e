"""What becomes of a file beside the article it belongs to: a three-way comparison with what was last agreed; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What loading does with one file."""

    LOAD = "load"
    UNCHANGED = "unchanged"
    #: The desk has a newer text that is still to be written into the file.
    BEHIND = "behind"
    #: Both sides changed since they last agreed; nobody's words are thrown away.
    CONFLICT = "conflict"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows of an article: hashes of its text and of its file as last agreed."""

    text: str
    file: str | None
    from_desk: bool
    withdrawn: bool


def fate_of_file(found: str, known: Known | None) -> Fate:
    """What becomes of a file of the house's own folder, by the hash of its text."""
    if known is None:
        return Fate.LOAD
    if known.withdrawn:
        return _fate_of_withdrawn(found, known)
    if found == known.text:
        return Fate.UNCHANGED
    if found == known.file:
        return Fate.BEHIND
    return Fate.LOAD if known.text == known.file else Fate.CONFLICT


def fate_of_import(found: str, known: Known | None, *, once_published: bool) -> Fate:
    """What becomes of a file that comes from elsewhere, such as another house or a newer starter pack."""
    if known is None:
        return Fate.LOAD
    if found == known.text:
        return Fate.LOAD if known.withdrawn else Fate.UNCHANGED
    if once_published:
        return Fate.UNCHANGED
    return Fate.CONFLICT if known.from_desk else Fate.LOAD


def fate_without_file(known: Known) -> Fate:
    """What becomes of an article whose file is not in the folder."""
    if known.withdrawn:
        return Fate.UNCHANGED
    if known.file is None:
        return Fate.BEHIND
    return Fate.WITHDRAW if known.text == known.file else Fate.CONFLICT


def _fate_of_withdrawn(found: str, known: Known) -> Fate:
    if known.file is None:
        return Fate.LOAD  # its file had been removed, and somebody put one there again
    return Fate.BEHIND if found in {known.text, known.file} else Fate.CONFLICT
