"""The files of earlier models beside the one in use: kept, put in use again, and forgotten; no table here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from os import replace
from pathlib import Path

from app.triage import place
from app.triage.habit_card import Habit, habits_of


@dataclass(frozen=True, slots=True)
class InUse:
    """What the JSON beside the model in use says of it."""

    version: str
    labelled: int
    house: int
    held: float
    #: What the house sorts its own way.
    habits: tuple[Habit, ...] = ()


def folder() -> Path:
    """Where the files of all models that can be put in use lie."""
    return place.model_file().parent / "learned"


def fresh() -> Path:
    """Where a new model is learned into, before anybody knows its version."""
    return folder() / ".fresh.npz"


def in_use() -> InUse | None:
    """The model in use, told without loading it; None where there is none, or one of an older kind or damaged."""
    try:
        card = json.loads(place.model_file().with_suffix(".json").read_bytes())
        labelled, house = int(card["examples"]) - int(card["house"]), int(card["house"])
        own = habits_of(card.get("habits", []))
        return InUse(str(card["version"]), labelled, house, float(card["held"]), own)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def kept() -> frozenset[str]:
    """The versions whose files are there."""
    return frozenset(path.stem for path in folder().glob("[!.]*.npz"))


def is_usable(version: str) -> bool:
    """Whether a kept model is whole and made for this version of the product; it is read for that, once."""
    try:
        return _is_read(_file(version), _file(version).stat().st_mtime_ns)
    except OSError:
        return False


@lru_cache(maxsize=64)
def _is_read(path: Path, _changed_ns: int) -> bool:
    from app.triage.model_files import ModelUnusable, load  # noqa: PLC0415 - docs/decisions/0015

    try:
        load(path)
    except ModelUnusable:
        return False
    return True


def keep_used(version: str) -> None:
    """Keep a copy of the model in use under its version."""
    if version not in kept():
        _copy(place.model_file(), _file(version))


def keep_fresh(version: str) -> None:
    """Give what was learned its name."""
    for suffix in (".json", ".npz"):
        replace(fresh().with_suffix(suffix), _file(version).with_suffix(suffix))


def put(version: str) -> None:
    """Put a kept model in use; every process takes it up within half a minute."""
    _copy(_file(version), place.model_file())
    place.look_again()


def forget_others(versions: Collection[str]) -> None:
    """Forget the files of all other versions."""
    for version in kept() - set(versions):
        for suffix in (".npz", ".json"):
            _file(version).with_suffix(suffix).unlink(missing_ok=True)


def _file(version: str) -> Path:
    return folder() / f"{version}.npz"


def _copy(source: Path, target: Path) -> None:
    # The model last, for its date is what others watch.
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in (".json", ".npz"):
        part = target.with_name(f".{target.name}{suffix}.new")
        shutil.copyfile(source.with_suffix(suffix), part)
        replace(part, target.with_suffix(suffix))
