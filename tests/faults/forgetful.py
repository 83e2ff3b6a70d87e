"""A disk that forgets what was not synced: records every write and sync of SQLite in a process, and cuts the power later.

No test is here. `install` puts itself between SQLite and the system in the process that calls it (SQLite's own layer of
files, https://www.sqlite.org/vfs.html); what it records is read by `Disk` in the process of the test, which makes the files
as a disk would hold them had the power gone at some moment: all that was synced, and of the rest whatever chance left.
"""

from __future__ import annotations

import ctypes
import os
import random
import struct
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("<cBqi")
#: A sector is written whole or not at all; what is longer may be torn between two.
SECTOR = 512
_KINDS = ("-wal", "-journal", "")


class _Methods(Structure):
    """`sqlite3_io_methods`, up to what is changed here; the rest is copied behind it."""

    _fields_ = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p), ("truncate", c_void_p),
        ("sync", c_void_p), ("rest", c_void_p * 13),
    ]  # fmt: skip


class _File(Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    """`sqlite3_vfs`, up to the function that opens a file."""

    _fields_ = [
        ("version", c_int), ("size", c_int), ("longest", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("open", c_void_p),
    ]  # fmt: skip


#: The name goes on as the address it came at: SQLite keeps it, and reads it long after the call.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(_File), c_int, POINTER(c_int))
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
#: What must not be collected while SQLite calls it.
_held: list[object] = []


class _Recorder:
    """Stands between SQLite and the system, for the files of one database."""

    def __init__(self, record: str, database: str) -> None:
        self._handle = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._names = {f"{database}{end}".encode(): place for place, end in enumerate(_KINDS)}
        self._opened: dict[int, int] = {}
        self._changed: dict[int, _Methods] = {}

    def stand_between(self, vfs: _Vfs) -> None:
        first = _OPEN(vfs.open)

        def on_open(this: int, where: int | None, file: object, flags: int, out: object) -> int:
            answer = int(first(this, where, file, flags, out))
            name = ctypes.string_at(where) if where else b""
            if answer == 0 and name in self._names:
                self._take_over(file.contents, self._names[name])  # type: ignore[attr-defined]
            return answer

        mine = _OPEN(on_open)
        _held.extend([mine, first, self])
        vfs.open = ctypes.cast(mine, c_void_p).value

    def _take_over(self, file: _File, place: int) -> None:
        self._opened[ctypes.addressof(file)] = place
        theirs = file.methods.contents
        where = ctypes.addressof(theirs)
        if where not in self._changed:
            self._changed[where] = self._between(theirs)
        file.methods = ctypes.pointer(self._changed[where])

    def _note(self, kind: bytes, file: int, offset: int, data: bytes = b"") -> None:
        if file in self._opened:
            os.write(self._handle, _HEAD.pack(kind, self._opened[file], offset, len(data)) + data)

    def _between(self, theirs: _Methods) -> _Methods:
        ours = _Methods.from_buffer_copy(theirs)
        write, truncate, sync = _WRITE(theirs.write), _TRUNCATE(theirs.truncate), _SYNC(theirs.sync)

        def on_write(file: int, data: int, size: int, offset: int) -> int:
            self._note(b"W", file, offset, ctypes.string_at(data, size))
            return int(write(file, data, size, offset))

        def on_truncate(file: int, size: int) -> int:
            self._note(b"T", file, size)
            return int(truncate(file, size))

        def on_sync(file: int, flags: int) -> int:
            answer = int(sync(file, flags))
            self._note(b"S", file, 0)  # after it: until then nothing is promised
            return answer

        kept = (_WRITE(on_write), _TRUNCATE(on_truncate), _SYNC(on_sync))
        ours.write, ours.truncate, ours.sync = (ctypes.cast(one, c_void_p).value for one in kept)
        _held.extend([*kept, write, truncate, sync, ours])
        return ours


def install(record: str, database: str) -> None:
    """From now on, write down in `record` what SQLite does to one database of this process."""
    library = ctypes.CDLL("libsqlite3.so.0")
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    _Recorder(record, database).stand_between(library.sqlite3_vfs_find(None).contents)


@dataclass
class Disk:
    """The files of one database as they lay before, and what was done to them since."""

    before: dict[int, bytes]
    record: bytes
    _steps: list[tuple[bytes, int, int, bytes]] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = 0
        while place + _HEAD.size <= len(self.record):
            kind, file, offset, size = _HEAD.unpack_from(self.record, place)
            place += _HEAD.size
            self._steps.append((kind, file, offset, self.record[place : place + size]))
            place += size
            self._ends.append(place)

    def __len__(self) -> int:
        return len(self._steps)

    def steps_until(self, size: int) -> int:
        """How many steps a record of so many bytes holds."""
        return sum(end <= size for end in self._ends)

    def cut(self, at: int, folder: Path, chance: random.Random, *, deaf: bool = False) -> Path:
        """The database as it lies after the power went at a step; `deaf` is a disk that syncs nothing at all."""
        steps = self._steps[:at]
        synced = {file: max((n for n, (kind, one, *_) in enumerate(steps) if kind == b"S" and one == file), default=-1)
                  for file in range(len(_KINDS))}  # fmt: skip
        files = {file: bytearray(data) for file, data in self.before.items()}
        for number, (kind, file, offset, data) in enumerate(steps):
            safe = number < synced[file] and not deaf
            if kind == b"S" or not (safe or chance.random() < 0.5):
                continue
            if kind == b"T":
                del files.setdefault(file, bytearray())[offset:]
                continue
            torn = data if safe or chance.random() < 0.7 else data[: chance.randrange(0, len(data) + 1, SECTOR)]
            there = files.setdefault(file, bytearray())
            there.extend(bytes(max(0, offset + len(torn) - len(there))))
            there[offset : offset + len(torn)] = torn
        folder.mkdir(parents=True)
        for file, content in files.items():
            (folder / f"cut.sqlite3{_KINDS[file]}").write_bytes(content)
        return folder / "cut.sqlite3"


def before(database: Path) -> dict[int, bytes]:
    """The files of a database that nobody writes to at present."""
    there = {place: Path(f"{database}{end}") for place, end in enumerate(_KINDS)}
    return {place: path.read_bytes() for place, path in there.items() if path.exists()}
