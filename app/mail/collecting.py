"""One round of one mailbox: what is new there is stored, and only then is its server told; may break off anywhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event

from app.kernel import faults, sealing
from app.mail import dropping, fetching, mailboxes, oauth
from app.mail.calling import Call, Cord, Trouble
from app.mail.fetching import Fetched, Progress
from app.mail.imap import PATIENCE, Described, Line
from app.mail.intake import LETTER_BYTES
from app.mail.mailbox_draft import FOLDER, PASSWORD
from app.mail.mailboxes import Duty

log = logging.getLogger(__name__)

#: Letters, and bytes, that are stored in one transaction.
LETTERS, BYTES = 50, 5 * 1024 * 1024
#: Letters whose sizes are asked for at once.
_ASKED = 200


@dataclass(slots=True)
class Round:
    """What a round brought."""

    letters: int = 0
    refused: int = 0


def line_to(duty: Duty, *, timeout: float = PATIENCE, cord: Cord | None = None) -> Line:
    """Call the server of a mailbox and sign in; `cord` holds the line from outside.

    Raises:
        Trouble: whatever stood in the way.
    """
    call = call_of(duty)
    try:
        return Line(call, timeout=timeout, cord=cord)
    except Trouble as trouble:
        if trouble.code != "sign_in" or duty.auth == PASSWORD:
            raise
        oauth.forget(_secret(duty))  # it may have ended before its time; only a fresh one tells whether consent did
        now = next((one for one in mailboxes.duties() if one.id == duty.id), duty)
        return Line(call_of(now), timeout=timeout, cord=cord)


def call_of(duty: Duty) -> Call:
    """Whom to call for a mailbox and how to sign in there; its secret is opened here and nowhere else.

    Raises:
        Trouble: no_secret, key (it cannot be opened), or what the provider of a consent said.
    """
    secret = _secret(duty)
    if duty.auth == PASSWORD:
        return Call(duty.host, duty.port, duty.security, duty.user, password=secret)
    token, following = oauth.access_token(duty.auth, secret)
    if following != secret:
        mailboxes.keep_consent(duty.id, following)
    return Call(duty.host, duty.port, duty.security, duty.user, token=token)


def _secret(duty: Duty) -> str:
    if not duty.secret:
        raise Trouble("no_secret")
    try:
        return sealing.opened(duty.secret, bound=mailboxes.seal_of(duty.id))
    except sealing.Unreadable:
        raise Trouble("key") from None


def collect(duty: Duty, line: Line, *, stop: Event | None = None) -> Round:
    """Take in what is new, in groups; each is stored, with how far one has come, before its server is told.

    Raises:
        Trouble: whatever stood in the way; what was stored until then stays, the rest comes next time.
    """
    folder = line.open(duty.folder)
    progress = fetching.met(duty.id, folder.uidvalidity, folder.last)
    done = Round()
    settling = _Settling(duty, line, progress.uidvalidity)
    settling.settle()
    new = line.after(progress.last_uid)
    for start in range(0, len(new), _ASKED):
        for group in _groups(new[start : start + _ASKED], line, progress):
            if stop is not None and stop.is_set():
                return done
            _take(duty, line, progress, group, done)
            settling.settle()
    settling.complain()
    fetching.went_well(duty.id)
    return done


def visited(duty: Duty) -> dict[str, object]:
    """Call, go one round, say goodbye. Shape: {mailbox, name, letters, refused, error}; no error is an empty one."""
    said: dict[str, object] = {"mailbox": duty.id, "name": duty.name, "letters": 0, "refused": 0, "error": ""}
    try:
        done = _folder_visited(duty) if duty.kind == FOLDER else _server_visited(duty)
    except Trouble as trouble:
        fetching.failed(duty.id, trouble.code, trouble.words)
        return {**said, "error": trouble.code}
    return {**said, "letters": done.letters, "refused": done.refused}


def _server_visited(duty: Duty) -> Round:
    line = line_to(duty)
    try:
        return collect(duty, line)
    finally:
        line.close()


def _folder_visited(duty: Duty) -> Round:
    done = Round(*dropping.collect_once(duty))
    fetching.went_well(duty.id)
    return done


class _Settling:
    """Telling the server; one that refuses to be told gives its letters all the same."""

    def __init__(self, duty: Duty, line: Line, uidvalidity: int) -> None:
        self._duty, self._line, self._uidvalidity = duty, line, uidvalidity
        self._trouble: Trouble | None = None

    def settle(self) -> None:
        """Mark or move what is safe here."""
        uids = [] if self._trouble else fetching.unsettled(self._duty.id)
        try:
            for start in range(0, len(uids), _ASKED):
                some = uids[start : start + _ASKED]
                if self._duty.after == "move":
                    self._line.move(some, self._duty.move_to)
                else:
                    self._line.mark_seen(some)
                fetching.settle(self._duty.id, self._uidvalidity, some[-1])
        except Trouble as trouble:
            if trouble.code not in {"move", "refused"}:
                raise
            self._trouble = trouble

    def complain(self) -> None:
        """Say that the server refused."""
        if self._trouble is not None:
            raise self._trouble


@dataclass(frozen=True, slots=True)
class _Group:
    """Letters fetched and stored together; `up_to` is how far one has come with them."""

    uids: tuple[int, ...]
    up_to: int
    too_large: int = 0


def _groups(uids: Sequence[int], line: Line, progress: Progress) -> Iterator[_Group]:
    """Letters in groups of bounded size; those that are gone, or were never meant for us, only move the mark."""
    described = line.described(uids)
    some: list[int] = []
    weight = 0
    for uid in uids:
        letter = described.get(uid)
        size = letter.size if letter and not _too_old(uid, letter, progress) else 0
        if some and (size > LETTER_BYTES or weight + size > BYTES or len(some) >= (1 if progress.singly else LETTERS)):
            yield _Group(tuple(some), some[-1])
            some, weight = [], 0
        if size > LETTER_BYTES:
            yield _Group((uid,), uid, too_large=size)
        elif size or uid not in described:
            some.append(uid)
            weight += size
    yield _Group(tuple(some), uids[-1])


def _too_old(uid: int, letter: Described, progress: Progress) -> bool:
    before = progress.since is not None and letter.since is not None and letter.since < progress.since
    return before and uid <= progress.relisted_uid


def _take(duty: Duty, line: Line, progress: Progress, group: _Group, done: Round) -> None:
    if group.too_large:
        _refuse(duty, line, progress, group, "too_large")
        done.refused += 1
        return
    if progress.hopeless and group.uids == (progress.hopeless,):
        _refuse(duty, line, progress, group, "unreadable")
        done.refused += 1
        return
    try:
        letters = _fetched(line, group.uids)
    except Trouble:
        fetching.stumbled(duty.id, group.uids[0])
        raise
    done.letters += fetching.take_in(duty.id, progress.uidvalidity, letters, up_to=group.up_to)
    faults.point("e-mail stored")


def _fetched(line: Line, uids: Sequence[int]) -> list[Fetched]:
    got: Mapping[int, bytes] = line.fetched(uids) if uids else {}
    missing = [uid for uid in uids if not got.get(uid)]
    # What another program removed meanwhile is gone; what the server keeps to itself is asked for once more.
    again = line.fetched(sorted(line.still_there(missing))) if missing and line.still_there(missing) else {}
    kept = {**got, **again}
    silent = [uid for uid in missing if not kept.get(uid) and uid in line.still_there([uid])]
    if silent:
        raise Trouble("broken", f"no answer for {silent[0]}")
    return [Fetched(uid, kept[uid]) for uid in uids if kept.get(uid)]


def _refuse(duty: Duty, line: Line, progress: Progress, group: _Group, reason: str) -> None:
    try:
        header = line.header(group.uids[0])
    except Trouble:
        if reason == "too_large":
            raise
        header = b""  # a letter nobody can read may break even this; the next round passes over it all the same
    letter = Fetched(group.uids[0], header)
    fetching.refuse(duty.id, progress.uidvalidity, letter, size=group.too_large or len(header), reason=reason)
