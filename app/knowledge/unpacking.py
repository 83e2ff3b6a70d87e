"""A file that an editor hands in, laid out in a folder of its own: archives within bounds, whole or not at all."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.kernel import room
from app.kernel.errors import Invalid

#: Bytes and MB of what is handed in, as of every request; of all it holds; of its texts, which are read whole.
MOST_MB, MOST_WITHIN_MB, MOST_TEXTS_MB = 25, 100, 25
LARGEST: Final = MOST_MB * 1_000_000
WITHIN: Final = MOST_WITHIN_MB * 1_000_000
TEXTS: Final = MOST_TEXTS_MB * 1_000_000
#: Files of one archive.
FILES = 2_000
#: How many times larger than packed a file may be, once it is large: text packs ten times smaller, a bomb a thousand.
RATIO, LARGE = 200, 1_000_000
#: Bytes of the list of files at an archive's end: thousands of names, not a memory full of them.
_LIST = 2_000_000
#: Bytes of a name and of a whole path that every disk takes.
_NAME, _PATH = 200, 800
_PIECE = 1 << 16
_SINGLE = {".html", ".htm", ".md", ".markdown", ".json"}
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
#: What systems add to archives without being asked.
_ADDED = ("__MACOSX/", "Thumbs.db", "desktop.ini")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, UnicodeError, IndexError, OverflowError,
)  # fmt: skip


@contextmanager
def unpacked(path: Path, name: str) -> Iterator[Path]:
    """Lay a file out in a folder that is gone afterwards.

    Args:
        path: where its bytes lie.
        name: how its owner called it.

    Raises:
        Invalid: field `file`: it is no archive and no export, or an archive that must not be opened.
    """
    with TemporaryDirectory(prefix="bringing-") as place:
        folder = Path(place)
        if zipfile.is_zipfile(path) or _begins_as_zip(path):
            _unpack(path, folder)
        else:
            _lay(path, name, folder)
        yield folder


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _lay(path: Path, name: str, folder: Path) -> None:
    ending = Path(name).suffix.lower()
    if ending == ".zip":
        raise Invalid({"file": "bring_broken"})
    if ending not in _SINGLE:
        raise Invalid({"file": "bring_unknown"})
    stem = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in Path(name).stem)[:60].strip(". ")
    (folder / f"{stem or 'file'}{ending}").write_bytes(path.read_bytes())


def _unpack(path: Path, folder: Path) -> None:
    try:
        _measure(path)
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_added(_name(one))]
            _check(members)
            left = WITHIN
            for one in members:
                left -= _extract(archive, one, folder / _name(one), left)
    except Invalid:
        raise
    except _BROKEN:
        raise Invalid({"file": "bring_broken"}) from None
    except OSError as problem:
        if room.is_lacking(problem):
            raise
        # A file that is a folder as well, or a name that this disk does not take.
        raise Invalid({"file": "bring_broken"}) from None


def _measure(path: Path) -> None:
    # Read before the list of files is, since reading it is what would fill the memory. Source: APPNOTE.TXT 4.3.16.
    content = path.read_bytes()[-(1 << 16) - 22 :]
    at = content.rfind(b"PK\x05\x06")
    if at < 0 or content[max(at - 20, 0) : at].startswith(b"PK\x06\x07"):
        raise zipfile.BadZipFile
    (size,) = struct.unpack_from("<L", content, at + 12)
    if size > _LIST:
        raise Invalid({"file": "bring_many"}, most=FILES)


def _check(members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise Invalid({"file": "bring_empty"})
    if len(members) > FILES:
        raise Invalid({"file": "bring_many"}, most=FILES)
    seen: set[str] = set()
    for one in members:
        name = _name(one)
        if problem := _problem(one, name, seen):
            raise Invalid({"file": problem}, name=_shown(name), most=MOST_WITHIN_MB)
        seen.add(name)
    if sum(one.file_size for one in members) > WITHIN:
        raise Invalid({"file": "bring_vast"}, most=MOST_WITHIN_MB)
    if sum(one.file_size for one in members if Path(_name(one)).suffix.lower() in _SINGLE) > TEXTS:
        raise Invalid({"file": "bring_texts"}, most=MOST_TEXTS_MB)


def _problem(one: zipfile.ZipInfo, name: str, seen: set[str]) -> str:
    parts = name.split("/")
    if not name or name.startswith("/") or "\\" in name or name[1:2] == ":" or ".." in parts or "" in parts:
        return "bring_outside"
    if stat.S_ISLNK(one.external_attr >> 16):
        return "bring_link"
    if one.flag_bits & 0x1:
        return "bring_locked"
    if name.lower().endswith(_ARCHIVES):
        return "bring_nested"
    if len(name.encode()) > _PATH or any(len(part.encode()) > _NAME for part in parts):
        return "bring_name"
    if name in seen or any(not sign.isprintable() for sign in name):
        return "bring_broken"
    return "bring_vast" if one.file_size > LARGE and one.file_size > RATIO * max(one.compress_size, 1) else ""


def _extract(archive: zipfile.ZipFile, one: zipfile.ZipInfo, path: Path, left: int) -> int:
    # What an archive says of its sizes is not believed: bytes are counted as they come.
    path.parent.mkdir(parents=True, exist_ok=True)
    done, most = 0, min(left, max(LARGE, RATIO * one.compress_size))
    with archive.open(one) as packed, path.open("wb") as file:
        while piece := packed.read(_PIECE):
            done += len(piece)
            if done > most:
                raise Invalid({"file": "bring_vast"}, most=MOST_WITHIN_MB)
            file.write(piece)
    return done


def _is_added(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return name.startswith(_ADDED) or last in _ADDED or last.startswith((".DS_Store", "._"))


def _name(one: zipfile.ZipInfo) -> str:
    if one.flag_bits & 0x800:
        return one.filename
    try:  # without the mark of UTF-8 a name is read as that of an old machine; most are UTF-8 all the same
        return one.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return one.filename


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:120]
