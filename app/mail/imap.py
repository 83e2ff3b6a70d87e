"""One line to an IMAP server: what is said over it; nothing is stored here, and how one calls stands in `calling`."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from time import mktime
from typing import Any

from imap_tools.utils import encode_folder

from app.mail.calling import Call, Cord, connected, must, told

#: Seconds after which a server that says nothing is given up.
PATIENCE = 60.0
#: Bytes of a letter's header that are read when its whole is not.
HEADER_BYTES = 64 * 1024
_UID = re.compile(rb"\bUID (\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folder:
    """What a server says of a folder that is opened; `last` is the highest number it can have given so far."""

    uidvalidity: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Described:
    """How large a letter is, and since when it has lain there."""

    size: int
    since: datetime | None


class Line:
    """A line to one server, signed in."""

    def __init__(self, call: Call, *, timeout: float = PATIENCE, cord: Cord | None = None) -> None:
        """Call and sign in; `cord` holds the line from the first moment on.

        Raises:
            Trouble: host, tls, no_answer, sign_in, later or broken.
        """
        self._cord = cord or Cord()
        try:
            self._box = connected(call, timeout, self._cord)
            with told():
                # Asked again: many servers say only after signing in what they can do.
                said = b" ".join(self._client.capability()[1])
        except BaseException:
            self._cord.loose()
            raise
        self._can = frozenset(said.decode("ascii", "replace").upper().split())
        self._counts = 0

    @property
    def _client(self) -> imaplib.IMAP4:
        return self._box.client

    def open(self, name: str, *, looking: bool = False) -> Folder:
        """Open a folder; only `looking`, nothing in it can be changed.

        Raises:
            Trouble: folder, when there is none of this name.
        """
        with told():
            self._box.folder.set(name, readonly=looking)
            said = self._client.untagged_responses
            count = _number(said.get("EXISTS"))
            self._counts = len(said.get("EXISTS", ()))
            uidvalidity, following = _number(said.get("UIDVALIDITY")), _number(said.get("UIDNEXT"))
            last = following - 1 if following else max(self._search("ALL"), default=0)
            return Folder(uidvalidity, last, count)

    def after(self, uid: int) -> list[int]:
        """Numbers of the letters after one, lowest first; the list is made once and gone through as it is."""
        with told():
            # A server answers n:* with its last letter even when that one is lower than n: RFC 3501, 6.4.8.
            return sorted(one for one in self._search(f"UID {uid + 1}:*") if one > uid)

    def still_there(self, uids: Sequence[int]) -> set[int]:
        """Which of some letters nobody has removed meanwhile."""
        with told():
            return set(self._search(f"UID {_listed(uids)}")) & set(uids)

    def _search(self, criteria: str) -> list[int]:
        kind, data = self._client.uid("SEARCH", *criteria.split(" "))
        must(kind, data)
        return sorted({int(word) for part in data if part for word in part.split() if word.isdigit()})

    def described(self, uids: Sequence[int]) -> dict[int, Described]:
        """Size and age of letters; those that are gone are left out."""
        with told():
            answers = self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)")
            known: dict[int, Described] = {}
            for answer in answers:
                text = answer if isinstance(answer, bytes) else b" ".join(answer) if answer else b""
                uid, size = _UID.search(text), _SIZE.search(text)
                if uid and size:
                    known.setdefault(int(uid[1]), Described(int(size[1]), _moment(text)))
            return known

    def fetched(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Letters as they lie on the server, unmarked; told twice, the first telling counts."""
        with told():
            return self._literals(uids, "(UID BODY.PEEK[])")

    def header(self, uid: int) -> bytes:
        """The first lines of a letter whose whole is not read."""
        with told():
            return self._literals([uid], f"(UID BODY.PEEK[HEADER]<0.{HEADER_BYTES}>)").get(uid, b"")

    def _literals(self, uids: Sequence[int], parts: str) -> dict[int, bytes]:
        answers = self._fetch(uids, parts)
        kept: dict[int, bytes] = {}
        for place, answer in enumerate(answers):
            if not isinstance(answer, tuple):
                continue
            after = answers[place + 1] if place + 1 < len(answers) else b""
            # The number may stand before the letter or behind it: RFC 3501 leaves the order free.
            uid = _UID.search(answer[0]) or _UID.search(after if isinstance(after, bytes) else b"")
            if uid and int(uid[1]) in uids:
                kept.setdefault(int(uid[1]), answer[1])
        return kept

    def _fetch(self, uids: Sequence[int], parts: str) -> list[Any]:
        kind, data = self._client.uid("FETCH", _listed(uids), parts)
        must(kind, data)
        return list(data)

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark letters as seen; nothing is removed."""
        with told():
            must(*self._client.uid("STORE", _listed(uids), "+FLAGS.SILENT", r"(\Seen)"))

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move letters to another folder; what others marked for removal stays.

        Raises:
            Trouble: move, when the server does not let us.
        """
        with told(refusal="move"):
            target = encode_folder(folder)
            if "MOVE" in self._can:
                must(*self._client.uid("MOVE", _listed(uids), target))  # type: ignore[arg-type]
                return
            must(*self._client.uid("COPY", _listed(uids), target))  # type: ignore[arg-type]
            must(*self._client.uid("STORE", _listed(uids), "+FLAGS.SILENT", r"(\Seen \Deleted)"))
            if "UIDPLUS" in self._can:
                must(*self._client.uid("EXPUNGE", _listed(uids)))

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait until something may have come: by IDLE where the server offers it, else by time."""
        if self._told_meanwhile():
            return
        if "IDLE" not in self._can:
            stop.wait(seconds)
            return
        with told():
            idle: Any = self._box.idle
            idle.start()
            if not self._said_already():
                idle.poll(timeout=seconds)
            idle.stop()

    def _told_meanwhile(self) -> bool:
        """Whether news came with the answer to another command: said once, it is not said again by IDLE."""
        return len(self._client.untagged_responses.get("EXISTS", ())) > self._counts

    def _said_already(self) -> bool:
        """Whether news came together with the server's consent to wait: read already, it wakes nobody any more."""
        before = self._client.sock.gettimeout()
        self._client.sock.settimeout(0)
        try:
            heard: Any = self._client.file
            return bool(heard.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            self._client.sock.settimeout(before)

    def close(self) -> None:
        """Say goodbye, as far as the server listens."""
        with suppress(Exception):  # the line may be broken in any way: nothing is left to save on it
            self._client.sock.settimeout(2)
            self._client.logout()
        with suppress(Exception):
            self._client.shutdown()
        self._cord.loose()


def _listed(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _number(said: Sequence[object] | None) -> int:
    word = said[-1] if said else b""
    return int(word) if isinstance(word, bytes) and word.isdigit() else 0


def _moment(text: bytes) -> datetime | None:
    told_at = imaplib.Internaldate2tuple(text)  # in local time
    return datetime.fromtimestamp(mktime(told_at), UTC) if told_at else None
