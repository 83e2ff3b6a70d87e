"""An IMAP server that says what a test wrote down: whole answers, half ones, or nothing at all."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

GREETING = b"* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n"
_COMMAND = re.compile(rb"(\S+) (UID )?(\S+) ?(.*)\r\n", re.DOTALL)


class HangUp(Exception):
    """End the connection here; what is carried is said before."""

    def __init__(self, last: bytes = b"") -> None:
        super().__init__()
        self.last = last


class FakeServer:
    """A mailbox of letters by UID; `script` may answer any command in its own way, or raise HangUp."""

    def __init__(self, letters: dict[int, bytes], uidvalidity: int = 7) -> None:
        self.letters = letters
        self.uidvalidity = uidvalidity
        self.uidnext: int | None = None
        self.sizes: dict[int, int] = {}
        self.script: Callable[[str, str], bytes | None] = lambda command, rest: None
        self.said: list[str] = []
        self.seen: set[int] = set()
        self.calls = 0

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Listen until the test is done; yields the port."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()
            yield server.getsockname()[1]
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                line, _from = server.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as heard, suppress(OSError):
            line.sendall(GREETING)
            while command := heard.readline():
                try:
                    answer = self._answered(command)
                    line.sendall(answer)
                    if answer.startswith(b"+ "):
                        said = heard.readline().strip()
                        line.sendall(command.split()[0] + b" " + self.script.credentials(said) + b"\r\n")  # type: ignore[attr-defined]
                except HangUp as end:
                    line.sendall(end.last)
                    return

    def _answered(self, said: bytes) -> bytes:
        found = _COMMAND.match(said)
        assert found is not None, said
        tag, command, rest = found[1], found[3].decode().upper(), found[4].decode()
        self.said.append(f"{command} {rest}")
        own = self.script(command, rest)
        if own is not None:
            return own.replace(b"{tag}", tag)
        return self._plain(command, rest) + tag + b" OK done\r\n"

    def _plain(self, command: str, rest: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n"
        if command == "SELECT":
            following = self.uidnext or max(self.letters, default=0) + 1
            text = f"* {len(self.letters)} EXISTS\r\n* OK [UIDVALIDITY {self.uidvalidity}] ok\r\n* OK [UIDNEXT {following}] ok\r\n"
            return text.encode()
        if command == "SEARCH":
            return f"* SEARCH {' '.join(map(str, self._asked(rest.rpartition(' ')[2])))}\r\n".encode()
        if command == "FETCH":
            uids, _blank, parts = rest.partition(" ")
            return b"".join(self.fetch(uid, parts) for uid in self._asked(uids))
        if command == "STORE":
            self.seen |= set(self._asked(rest.partition(" ")[0]))
        return b"* BYE\r\n" if command == "LOGOUT" else b""

    def fetch(self, uid: int, parts: str) -> bytes:
        """The answer for one letter."""
        place = sorted(self.letters).index(uid) + 1
        raw = self.letters[uid]
        if "SIZE" in parts:
            return f"* {place} FETCH (UID {uid} RFC822.SIZE {self.sizes.get(uid, len(raw))})\r\n".encode()
        if "HEADER" in parts:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            return f"* {place} FETCH (UID {uid} BODY[HEADER]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        return f"* {place} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"

    def _asked(self, words: str) -> list[int]:
        wanted: set[int] = set()
        for part in words.split(","):
            first, _colon, last = part.partition(":")
            end = max(self.letters, default=0) if last == "*" else int(last or first)
            span = range(int(first), end + 1) if end >= int(first) else [end]
            wanted |= {uid for uid in self.letters if uid in span}
        return sorted(wanted)
