"""What happened to a request and why its deadlines are what they are, in words, from the journal and the promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.desk import wording
from app.kernel import clock, journal
from app.people import service as people
from app.sla.promised import PromiseCard
from app.venue import service as venue
from app.venue.moments import duration, moment
from app.web.tongue import language

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, who, what."""

    at: datetime
    who: str
    what: str


def lines(ticket_id: int) -> list[Line]:
    """What happened to a request, oldest first."""
    entries = list(journal.about(ticket_id))
    named = {entry.actor_id for entry in entries} | {entry.data.get("assignee_id") for entry in entries}
    names = {key: card.name for key, card in people.cards_of({key for key in named if key}).items()}
    made = []
    for entry in entries:
        what = _what(entry.name, entry.data, names)
        if what:
            made.append(Line(entry.at, names.get(entry.actor_id or 0, _("the house")), what))
    return made


def _what(name: str, data: Data, names: Mapping[int, str]) -> str:
    if name == "TicketAssigned":
        return _assigned(data, names)
    said = _SAID.get(name)
    return said(data) if said else ""


def _assigned(data: Data, names: Mapping[int, str]) -> str:
    if data.get("assignee_id") is None:
        return _("assigned to nobody")
    return _("assigned to %(name)s", name=names.get(data["assignee_id"], _("a colleague")))


def _sorted(data: Data) -> str:
    kind, level = wording.kind_name(data.get("category"), data.get("type")), wording.priority_name(data["priority"])
    if data.get("by_person"):
        return _("sorted: %(kind)s, priority %(level)s", kind=kind or _("no reason"), level=level.lower())
    return _("sorting proposed: %(kind)s, priority %(level)s", kind=kind or _("no reason"), level=level.lower())


def _solved(data: Data) -> str:
    return _("ended by the spectator") if data.get("by_requester") else _("ended")


def _moved(data: Data) -> str:
    name = next((d.name(language()) for d in people.departments() if d.id == data["department_id"]), "")
    return _("given to the department %(name)s", name=name)


def _tagged(data: Data) -> str:
    words = [f"+{tag}" for tag in data.get("added", ())] + [f"−{tag}" for tag in data.get("removed", ())]
    return _("tags: %(tags)s", tags=", ".join(words))


def _put_off(data: Data) -> str:
    return _("put off until %(moment)s", moment=_moment(datetime.fromisoformat(data["until"])))


def _kept(data: Data) -> str:
    taken = duration(data.get("minutes") or 0, language())
    if data.get("kind") == "first":
        late, kept = _("first answer late, after %(time)s"), _("first answer in time, after %(time)s")
    else:
        late, kept = _("solution late, after %(time)s"), _("solution in time, after %(time)s")
    return (late if data.get("late") else kept) % {"time": taken}


def _decided(how: str) -> str:
    words = {
        "accept": _("a held message was let in, and its sender takes part"), "once": _("a held message was let in"),
        "note": _("a held message was kept for the team"), "refuse": _("a held message was refused"),
        "hold": _("a message is held again"),
    }  # fmt: skip
    return words.get(how, how)


def _broken(data: Data) -> str:
    first = data.get("kind") == "first"
    return _("deadline of the first answer passed") if first else _("deadline of the solution passed")


def _came_back(data: Data) -> str:
    status = data.get("status", "")
    if status.startswith("4"):
        return _("an e-mail is late on its way (%(status)s)", status=status)
    return _("an e-mail came back (%(status)s)", status=status)


def _sent_again(data: Data) -> str:
    corrected = _("sent the e-mail again, to a corrected address")
    return corrected if data.get("corrected") else _("sent the e-mail again")


def _reached_again(data: Data) -> str:
    words = {
        "wrote": _("the address is no longer marked as undeliverable: its owner wrote"),
        "arrived": _("the address is no longer marked as undeliverable: it took an e-mail, and nothing came back"),
        "again": _("the address is no longer marked as undeliverable: it took an e-mail sent again"),
    }
    return words.get(data.get("why", ""), _("noted that the address takes e-mails again"))


def _reminded(data: Data) -> str:
    warned = _("reminded the spectator, and told of the end")
    return warned if data.get("warned") else _("reminded the spectator")


def _taken_back(data: Data) -> str:
    reasons = {
        "spam": _("an answer about to leave became a draft again: the request was marked as spam"),
        "merged": _("an answer about to leave became a draft again: the request was merged"),
    }
    return reasons.get(data.get("why", ""), _("took an answer back before it left"))


_SAID: Mapping[str, Callable[[Data], str]] = {
    "TicketOpened": lambda data: _("received %(channel)s", channel=wording.channel_name(data["channel"])),
    "TicketSorted": _sorted,
    "SpectatorWrote": lambda data: _("the spectator wrote, %(channel)s", channel=wording.channel_name(data["channel"])),
    "MessageHeld": lambda data: _("a message from somebody else was held"),
    "MessageDecided": lambda data: _decided(data["how"]),
    "MessageTakenAway": lambda data: _("an e-mail was moved to another request"),
    "MessageBrought": lambda data: _("an e-mail was moved here from another request"),
    "TicketForwarded": lambda data: _("forwarded by e-mail"),
    "TicketAnswered": lambda data: _("answered"),
    "AnswerTakenBack": _taken_back,
    "AnswersUnsaid": lambda data: _("an answer to all was taken back before it left"),
    "AnswerMissed": lambda data: _("an answer to all did not reach them"),
    "NoteAdded": lambda data: _("left a note"),
    "TicketSolved": _solved,
    "TicketReopened": lambda data: _("reopened"),
    "TicketPaused": lambda data: _("waiting for the spectator"),
    "SpectatorReminded": _reminded,
    "TicketResumed": lambda data: _("taken up again"),
    "TicketSnoozed": _put_off,
    "TicketMoved": _moved,
    "TicketTagged": _tagged,
    "TicketMerged": lambda data: _("merged into another request"),
    "TicketMarkedSpam": lambda data: _("marked as spam") if data.get("spam") else _("taken out of spam"),
    "PromiseKept": _kept,
    "PromiseBroken": _broken,
    "PromiseRenewed": lambda data: _(
        "set a new deadline: %(moment)s", moment=_moment(datetime.fromisoformat(data["due"]))
    ),
    "NewDeadlinePassed": lambda data: _("the new deadline passed"),
    "LetterReread": lambda data: _("an e-mail was read again and says something else"),
    "LetterBounced": _came_back,
    "LetterSentAgain": _sent_again,
    "AddressLifted": _reached_again,
    "AddressCorrected": lambda data: _("corrected the spectator’s address"),
    "AddressCorrectionUndone": lambda data: _("undid the correction of the address"),
    "AddressMarkedAgain": lambda data: _("marked the address as undeliverable again"),
    "OpinionGiven": lambda data: _("opinion: %(mark)s out of 5", mark=data.get("mark")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A promise in words: what, how it stands, and each step that moved it."""

    name: str
    state: str
    owed: bool
    due_at: datetime
    steps: tuple[Line, ...]


def promises(cards: Iterable[PromiseCard]) -> list[Told]:
    """Why deadlines are what they are, line by line."""
    return [
        Told(
            _("First answer") if card.kind == "first" else _("Solution"), _standing(card.state), card.owed, card.due_at,
            tuple(Line(at, "", _step(what, minutes, due)) for at, what, _sla_class, minutes, due in card.steps),
        )
        for card in cards
    ]  # fmt: skip


def _standing(state: str) -> str:
    names = {
        "running": _("running"), "paused": _("on hold"), "kept": _("kept"), "late": _("kept late"),
        "broken": _("late"), "void": _("nothing owed"),
    }  # fmt: skip
    return names.get(state, state)


def _step(what: str, minutes: int, due_at: datetime) -> str:
    due, length = _moment(due_at), duration(minutes, language())
    sentences = {
        "started": _("Promised within %(time)s of opening: %(due)s.", time=length, due=due),
        "tightened": _("Sorted as more pressing, %(time)s instead: %(due)s.", time=length, due=due),
        "unchanged": _("Sorted; the promise already told stands: %(due)s.", due=due),
        "paused": _("We wait for the spectator: the clock stops."),
        "resumed": _("The clock runs again: %(due)s.", due=due),
        "kept": _("Kept in time."),
        "late": _("Done after the deadline."),
        "broken": _("The deadline passed."),
        "owed": _("The answer was taken back before it left; due as before: %(due)s.", due=due),
        "reopened": _("Reopened, a solution is promised anew: %(due)s.", due=due),
        "void": _("Nothing is owed any more."),
        "renewed": _("A colleague set a new deadline; the first stays missed: %(due)s.", due=due),
        "missed": _("The new deadline passed too."),
    }
    return sentences.get(what, due)


def _moment(at: datetime) -> str:
    return moment(at, clock.now(), language(), venue.house().tz)
