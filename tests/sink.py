"""The mail server of the world with switchable faults; it keeps what it takes, and counts who knocks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """A mail server that speaks just enough SMTP to misbehave at any word.

    `says` maps a word (CONNECT, AUTH, MAIL, RCPT, DATA, END) to what is said instead of yes; a rule keyed by (word,
    part of an address) holds for that recipient only. `silent` and `slow` name words after which nothing more, or one
    byte now and then, is said; `drops` names those after which the line goes dead. `at` is called at a word.
    """

    says: dict[str | tuple[str, str], str] = field(default_factory=dict)
    silent: set[str | tuple[str, str]] = field(default_factory=set)
    slow: set[str | tuple[str, str]] = field(default_factory=set)
    drops: set[str | tuple[str, str]] = field(default_factory=set)
    at: dict[str, Callable[[], None]] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    #: Whether a letter counts only once it was answered for.
    forgets: bool = False
    raw: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def taken(self) -> list[EmailMessage]:
        """Letters taken, in order."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    def count(self, marker: str) -> int:
        """How many letters taken hold a marker, whatever our database believes."""
        return sum(
            marker in str(part.get_content()) for one in self.taken if (part := one.get_body(("plain",))) is not None
        )

    def knocks(self) -> int:
        """How many connections were made."""
        return self.heard.count("CONNECT")

    @property
    def url(self) -> str:
        """Its address, as SMTP_URL says it."""
        return f"smtp://127.0.0.1:{self.port}"


class _Line:
    """One conversation."""

    def __init__(self, sink: Sink, line: socket.socket, over: threading.Event) -> None:
        self.sink, self.line, self.over = sink, line, over
        self.file = line.makefile("rb")
        self.to = ""

    def run(self) -> None:
        if not self.answer("CONNECT", "220 sink"):
            return
        while raw := self.file.readline():
            word, _, rest = raw.decode("utf-8", "replace").strip().partition(" ")
            if not self.heed(word.upper(), rest):
                return

    def heed(self, word: str, rest: str) -> bool:
        if word in {"EHLO", "HELO"}:
            return self.answer(
                "EHLO", "".join(f"250-{offer}\r\n" for offer in ("sink", *self.sink.offers)) + "250 8BITMIME"
            )
        if word == "QUIT":
            self.say("221 bye")
            return False
        if word in {"RSET", "NOOP"}:
            return self.answer(word, "250 ok")
        if word == "DATA":
            return self.answer("DATA", "354 go on") and ("DATA" in self.refused or self.letter())
        if word in {"MAIL", "RCPT"}:
            address = rest[rest.index("<") + 1 : rest.index(">")]
            if word == "RCPT":
                self.to = address
            (self.sink.senders if word == "MAIL" else self.sink.recipients).append(address)
        return self.answer(word, "235 hello" if word == "AUTH" else "250 ok")

    def letter(self) -> bool:
        lines = []
        while (line := self.file.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            return False
        gone = self.sink.forgets and self.rule(self.sink.drops, "END")
        if self.rule(self.sink.says, "END") is None and not gone:
            self.sink.raw.append(b"".join(lines))
        return self.answer("END", "250 2.0.0 kept")

    refused: frozenset[str] = frozenset()

    def rule(self, table: object, word: str) -> str | None:
        """What a table says of a word, or of a word about this recipient."""
        for key in table:  # type: ignore[attr-defined]
            name, part = (key, "") if isinstance(key, str) else key
            if name == word and part in self.to:
                return table[key] if isinstance(table, dict) else word
        return None

    def answer(self, word: str, yes: str) -> bool:
        sink = self.sink
        sink.heard.append(word)
        if word in sink.at:
            sink.at[word]()
        if self.rule(sink.drops, word):
            return False
        if self.rule(sink.silent, word):
            self.over.wait()
            return False
        if self.rule(sink.slow, word):
            return self.drip()
        said = self.rule(sink.says, word)
        self.refused = frozenset({word} if said else ())
        self.say(said or yes)
        if f"after {word}" in sink.at:
            sink.at[f"after {word}"]()
        return not (said or "").startswith("421") and not (said and word == "CONNECT")

    def drip(self) -> bool:
        for _ in range(10_000):
            self.line.sendall(b"2")
            if self.over.wait(0.05):
                return False
        return False

    def say(self, words: str) -> None:
        self.line.sendall(words.encode() + b"\r\n")


@contextmanager
def sinking(sink: Sink | None = None) -> Iterator[Sink]:
    """A sink at a port of its own, open for the length of a block."""
    sink, over = sink or Sink(), threading.Event()
    door = socket.create_server(("127.0.0.1", sink.port))
    sink.port = int(door.getsockname()[1])
    lines: list[socket.socket] = []

    def serve(line: socket.socket) -> None:
        with suppress(OSError):
            _Line(sink, line, over).run()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()

    def accept() -> None:
        while not over.is_set():
            try:
                line, _ = door.accept()
            except OSError:
                return
            lines.append(line)
            threading.Thread(target=serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield sink
    finally:
        over.set()
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
