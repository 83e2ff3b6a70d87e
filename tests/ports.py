"""Ports for the servers of the tests."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import suppress

#: Below what the system hands out by itself; each worker of a run has its own, so that a port found free stays free.
_FIRST, _EACH, _WORKERS = 20_000, 500, 20


def _mine() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _FIRST + worker % _WORKERS * _EACH
    return itertools.cycle(range(first, first + _EACH))


_PORTS = _mine()


def free_port() -> int:
    """A port nobody listens on, and that nobody else of this run is given.

    Raises:
        OSError: None is free.
    """
    for port in itertools.islice(_PORTS, _EACH):
        with socket.socket() as probe, suppress(OSError):
            # As servers do: what is left of a conversation that ended keeps nobody out.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")
