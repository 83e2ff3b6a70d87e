"""Folders in which other programs leave letters: which are whole, their bytes, taking them away; no database here.

A letter is a file that ends in `.eml`, or any file in `new` of a Maildir. Nothing is followed that is a link, and no
folder is named but by its one name below the operator's own.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.kernel import clock
from app.mail.calling import Trouble

try:
    import fcntl
except ImportError:  # another system than Unix: that a file lies still must do
    fcntl = None  # type: ignore[assignment]

#: Seconds for which a file must lie unchanged under our eyes before it is taken for whole.
QUIET = 2.0
#: Seconds after which a file that is no letter is told of.
STRANGE = 600.0
#: Where letters are moved to, in the folder itself, and where a Maildir has those that nobody has read.
TAKEN, NEW = "taken", "new"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,99}(?<![. ])")
#: How programs name what they have not finished.
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")


class _Base:
    """The folder below which all of them lie, as the operator's setting names it."""

    folder = Path()
    ours = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as it was listed. `inode` and `changed_ns` make it out, under whatever name, until it is written anew."""

    path: Path
    inode: int
    changed_ns: int
    size: int


def keep_in(folder: Path, *, ours: bool) -> None:
    """Name the folder below which all of them lie; one that is `ours` is made where it is missing.

    Another one may be a share that is not there at present: an empty folder in its place would hide that.
    """
    _Base.folder, _Base.ours = folder, ours


def base() -> Path:
    """The folder below which all of them lie."""
    return _Base.folder


def may_be_named(name: str) -> bool:
    """Whether a mailbox may name this folder: one plain name, no way to anywhere else."""
    return bool(_NAME.fullmatch(name))


class Drop:
    """One folder, watched: it remembers since when each file has lain unchanged."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._since: dict[Dropped, float] = {}
        self._strange: dict[str, float] = {}

    def look(self) -> list[Dropped]:
        """The files that are whole, the oldest first; what is still being written comes another time.

        Raises:
            Trouble: folder (there is none, or it lies elsewhere) or access.
        """
        try:
            here = list(self._files())
        except FileNotFoundError:
            raise Trouble("folder", self._name) from None
        except OSError as problem:
            raise Trouble("access", problem.strerror or "") from None
        moment = clock.monotonic()
        self._since = {file: self._since.get(file, moment) for file in here}
        whole = [file for file in here if self._is_whole(file, moment)]
        return sorted(whole, key=lambda file: (file.changed_ns, file.path.name))

    def count(self) -> int:
        """How many letters lie here, whole or not.

        Raises:
            Trouble: as of `look`.
        """
        self.look()
        return len(self._since)

    @property
    def waits(self) -> bool:
        """Whether files lie here that were not yet whole at the last look."""
        moment = clock.monotonic()
        return any(not self._is_whole(file, moment) for file in self._since)

    @property
    def stranger(self) -> str:
        """A file that has lain here for long and is no letter; empty when there is none."""
        moment = clock.monotonic()
        return next((name for name, since in self._strange.items() if moment - since > STRANGE), "")

    def _is_whole(self, file: Dropped, moment: float) -> bool:
        # Into a Maildir's `new` a letter is moved when it is complete: https://cr.yp.to/proto/maildir.html
        return file.path.parent.name == NEW or moment - self._since[file] >= QUIET

    def _files(self) -> Iterator[Dropped]:
        place = self._place()
        _usable(place)
        strange = set()
        for folder in (place, place / NEW):
            if folder != place and not _is_folder(folder):
                continue
            with os.scandir(folder) as entries:
                for entry in entries:
                    kind = _kind(entry, maildir=folder != place)
                    if kind == "letter" and (found := _described(Path(entry.path))):
                        yield found
                    elif kind == "strange":
                        strange.add(entry.name)
        moment = clock.monotonic()
        self._strange = {name: self._strange.get(name, moment) for name in strange}

    def _place(self) -> Path:
        if not may_be_named(self._name):
            raise Trouble("folder", self._name)
        place = _Base.folder / self._name
        if _Base.ours or _Base.folder.is_dir():
            place.mkdir(parents=_Base.ours, exist_ok=True)
        if not _is_folder(place):
            raise FileNotFoundError(self._name)
        return place

    def read(self, file: Dropped, most: int) -> bytes | None:
        """The bytes of a letter, no more than so many; None when somebody writes it, changed it or took it away.

        Raises:
            Trouble: access, when it may not be read.
        """
        try:
            handle = os.open(file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise Trouble("access", f"{file.path.name}: {problem.strerror}") from None
        with open(handle, "rb") as opened:
            if _is_written(handle) or not _same(file, os.fstat(handle)):
                return None
            raw = opened.read(most)
            return raw if _same(file, os.fstat(handle)) else None

    def take_away(self, file: Dropped, *, move: bool) -> None:
        """Remove a letter that is safe, or move it to where taken ones lie.

        Raises:
            Trouble: access.
        """
        try:
            if move:
                folder = self._place() / TAKEN
                folder.mkdir(exist_ok=True)
                os.rename(file.path, _free(folder, file))
            else:
                os.unlink(file.path)
        except FileNotFoundError:
            pass  # somebody else did
        except OSError as problem:
            raise Trouble("access", f"{file.path.name}: {problem.strerror}") from None
        self._since.pop(file, None)


def _usable(place: Path) -> None:
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(0, "may not be read and written")


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return stat.S_ISDIR(os.lstat(path).st_mode)
    return False


def _kind(entry: os.DirEntry[str], *, maildir: bool) -> str:
    """`letter`, `strange`, or nothing for what is unfinished, hidden, or a folder."""
    name = entry.name
    if name.startswith(".") or not entry.is_file(follow_symlinks=False):
        return ""
    if maildir or name.lower().endswith(".eml"):
        return "letter"
    return "" if name.lower().endswith(_UNFINISHED) else "strange"


def _described(path: Path) -> Dropped | None:
    with suppress(FileNotFoundError):
        known = os.lstat(path)
        return Dropped(path, known.st_ino & 0x7FFFFFFFFFFFFFFF, known.st_mtime_ns, known.st_size)
    return None


def _same(file: Dropped, now: os.stat_result) -> bool:
    there = (now.st_ino & 0x7FFFFFFFFFFFFFFF, now.st_mtime_ns, now.st_size)
    return stat.S_ISREG(now.st_mode) and there == (file.inode, file.changed_ns, file.size)


def _is_written(handle: int) -> bool:
    """Whether anybody on this machine has the file open to write it; where the system cannot tell, nobody has."""
    if fcntl is None or not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # A lease for reading is given only while nobody may write: fcntl(2).
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # a file system without leases, or a file of somebody else's
    return False


def _free(folder: Path, file: Dropped) -> Path:
    """A name that nothing has there yet: the numbers of files come back, so one may be there under it."""
    wanted = folder / file.path.name
    for number in range(1000):
        found = wanted if not number else wanted.with_name(f"{wanted.stem}-{file.inode}-{number}{wanted.suffix}")
        if not os.path.lexists(found):
            return found
    raise FileExistsError(17, "too many of one name", str(wanted))
