"""Room on the disk: whether an error says that there is none, and how a file is kept whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_lacking(problem: BaseException | None) -> bool:
    """Whether an error says that the disk is full, so that the same call may succeed once there is room."""
    return isinstance(problem, OSError) and problem.errno in _NO_ROOM


def keep(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; when this returns it outlives a power cut, its name included.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def keep_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing; each outlives a power cut, its name included."""
    if folder.is_dir():
        return
    keep_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # elsewhere a folder cannot be opened, and its names are kept by the system
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
