"""One reading in a process of its own: the letter on stdin, the outcome as exit code; nothing is stored here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

try:
    import resource
except ImportError:  # another system than Unix: time alone bounds it
    resource = None  # type: ignore[assignment]

#: Exit codes: the reader raised an error, whose name is on stdout; the reader wanted too much memory.
FAULT, SWOLLEN = 3, 4
_HELD = Path("/proc/self/statm")


@contextmanager
def roomed(more: int) -> Iterator[None]:
    """Let this process take so many bytes more than it holds, and no further; where the system can tell."""
    if resource is None or not _HELD.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    held = int(_HELD.read_text().split()[0]) * resource.getpagesize()
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
