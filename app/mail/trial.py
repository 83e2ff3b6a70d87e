"""One reading in a process of its own: the letter on stdin, the outcome as exit code; nothing is stored here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path

try:
    import resource
except ImportError:  # another system than Unix: time alone bounds it
    resource = None  # type: ignore[assignment]

#: Exit codes: the reader raised an error, whose name is on stdout; the reader wanted too much memory.
FAULT, SWOLLEN = 3, 4
#: More than the kernel ever says in that line.
_LINE = 256


@lru_cache(maxsize=1)
def _told(pid: int) -> int | None:
    # Opened once a process, as it is read for each letter; a fork that read its parent's would know nothing of itself.
    path = Path(f"/proc/{pid}/statm")
    return os.open(path, os.O_RDONLY) if path.exists() else None


@contextmanager
def roomed(more: int) -> Iterator[None]:
    """Let this process take so many bytes more than it holds, and no further; where the system can tell."""
    if resource is None or (told := _told(os.getpid())) is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    held = int(os.pread(told, _LINE, 0).split(maxsplit=1)[0]) * resource.getpagesize()
    wanted = held + more if hard == resource.RLIM_INFINITY else min(held + more, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def main() -> int:
    """Read what stands on stdin with the reader named; returns the exit code."""
    try:
        with roomed(int(sys.argv[2])):
            import_module(sys.argv[1]).read(sys.stdin.buffer.read())
    except MemoryError:
        return SWOLLEN
    except Exception as problem:
        with suppress(OSError):
            sys.stdout.write(type(problem).__name__)
        return FAULT
    return 0


if __name__ == "__main__":
    sys.exit(main())
