"""Tells a course: replays its acts by the rules of tickets and promises and gives the rows they would have left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from app.catalogue import defaults
from app.demo.clocks import Clocks
from app.demo.courses import Act, Course
from app.demo.ledger import SYSTEM, Ledger, Telling, Who
from app.demo.rows import Row, Rows, opinion_row, sorting_row
from app.kernel.events import Event
from app.satisfaction.events import OpinionAsked, OpinionGiven
from app.sla.targets import target_for
from app.tickets import events
from app.tickets.opening import excerpt_of
from app.tickets.states import State, after_answer, after_spectator_wrote, turn_of

#: Acts that leave a message.
SPOKEN = frozenset({"note", "asked", "answered", "finished", "wrote", "held"})
_DOORS = {"email": "mailroom", "web": "portal", "api": "api"}
_CLASS_OF = {row["code"]: row["sla_class"] for row in defaults.types()}
_ASKED_AFTER = timedelta(seconds=40)


class Teller:
    """Tells one course into rows."""

    def __init__(self, house: Telling, rows: Rows, course: Course, told: Mapping[str, Row]) -> None:
        self._house, self._rows, self._course, self._told = house, rows, course, told
        role = "staff" if course.internal else "spectator"
        self._asker = (role, course.asker_id, _DOORS.get(course.channel, "desk"))
        self._opinion: Row | None = None
        self._ledger = Ledger(house, rows, course)
        self.ticket = self._ledger.ticket
        self._clocks = Clocks(house.timetable, target_for(house.targets, self._class(), "normal"), course.opened_at)
        self._acts: dict[str, Callable[[Act], None]] = {
            "sorted": self._sorted, "corrected": self._corrected, "confirmed": self._confirmed,
            "assigned": self._assigned, "tagged": self._tagged, "note": self._note, "asked": self._asked,
            "answered": self._answered, "finished": self._finished, "ended": self._ended, "wrote": self._wrote,
            "held": self._held, "snoozed": self._snoozed, "spam": self._spam, "merged": self._merged,
            "judged": self._judged,
        }  # fmt: skip

    def tell(self) -> None:
        """Everything from the first word on."""
        self._opened()
        for act in self._course.acts:
            self._acts[act.what](act)
        self._clocks.passed(self._house.now)
        self.ticket["due_at"] = self._clocks.next_due
        self._ledger.keep_promises(self._clocks)
        if self._course.draft:
            self._ledger.keep_draft()

    def _opened(self) -> None:
        course, ticket = self._course, self.ticket
        word = self._ledger.message("spectator", course.asker_id, course.channel, course.opened_at, course.body)
        who = self._asker if course.opened_by is None else self._colleague(course.opened_by)
        self._ledger.note(who, course.opened_at, events.TicketOpened(
            ticket_id=ticket["id"], message_id=word["id"], channel=course.channel, type=course.type, priority="normal",
            performance_id=course.performance_id, internal=course.internal,
        ))  # fmt: skip
        if course.tie is not None:
            other = self._told[course.tie[1]]["id"]
            self._rows.links.append({"ticket_id": ticket["id"], "other_id": other, "kind": course.tie[0]})

    def _sorted(self, act: Act) -> None:
        verdict, ticket = self._course.verdict, self.ticket
        if ticket["type"] is None:
            ticket["category"], ticket["type"] = verdict.category, verdict.type or None
        self._follow(act, verdict.priority, by_person=False)
        self._rows.sortings.append(sorting_row(ticket["id"], self._course, act.at))
        if not self._course.internal and self._course.channel in {"web", "email"}:
            first = self._clocks.pledges[0]
            self._ledger.post("received", act.at + timedelta(seconds=20), due_at=first.due_at)

    def _corrected(self, act: Act) -> None:
        category, kind, priority = act.value
        self.ticket["category"], self.ticket["type"] = category, kind or None
        self._settled(act, "corrected", (category, kind, priority))
        self._follow(act, priority, by_person=True)
        self.ticket["version"] += 1

    def _confirmed(self, act: Act) -> None:
        ticket = self.ticket
        self._settled(act, "confirmed", (ticket["category"], ticket["type"] or "", ticket["priority"]))

    def _settled(self, act: Act, outcome: str, right: tuple[str, str, str]) -> None:
        self._rows.sortings[-1].update(
            outcome=outcome, settled_by=act.by, settled_at=act.at, right_category=right[0], right_type=right[1],
            right_priority=right[2],
        )  # fmt: skip

    def _follow(self, act: Act, priority: str, *, by_person: bool) -> None:
        ticket = self.ticket
        ticket["priority"] = priority
        if not self._course.internal:
            ticket["department_id"] = self._house.departments[ticket["category"]]
        self._ledger.note(self._who(act), act.at, events.TicketSorted(
            ticket_id=ticket["id"], category=ticket["category"], type=ticket["type"], priority=priority,
            by_person=by_person,
        ))  # fmt: skip
        self._clocks.tighten(target_for(self._house.targets, self._class(), priority), act.at)

    def _assigned(self, act: Act) -> None:
        self.ticket.update(assignee_id=act.value, unread=False)
        self.ticket["version"] += 1
        self._say(act, events.TicketAssigned(ticket_id=self.ticket["id"], assignee_id=act.value))

    def _tagged(self, act: Act) -> None:
        self._rows.tags += [{"ticket_id": self.ticket["id"], "tag": tag} for tag in act.value]
        self._say(act, events.TicketTagged(ticket_id=self.ticket["id"], added=list(act.value), removed=[]))

    def _note(self, act: Act) -> None:
        word = self._ledger.message("note", act.by, "desk", act.at, act.text)
        self.ticket["activity_at"] = act.at
        self._say(act, events.NoteAdded(ticket_id=self.ticket["id"], message_id=word["id"]))

    def _asked(self, act: Act) -> None:
        self._reply(act, State.WAITING)
        self._clocks.paused(act.at)
        self._say(act, events.TicketPaused(ticket_id=self.ticket["id"]))

    def _answered(self, act: Act) -> None:
        self._reply(act, None)

    def _finished(self, act: Act) -> None:
        self._reply(act, State.SOLVED)
        self._solved(act)

    def _ended(self, act: Act) -> None:
        self._leave(State.SOLVED, act.at)
        self._solved(act)

    def _reply(self, act: Act, then: State | None) -> None:
        ticket = self.ticket
        word = self._ledger.message("agent", act.by, "desk", act.at, act.text)
        self._leave(after_answer(State(ticket["state"]), then), act.at)
        ticket["excerpt"] = excerpt_of(act.text)
        if ticket["assignee_id"] is None:
            ticket["assignee_id"] = act.by
        self._say(act, events.TicketAnswered(ticket_id=ticket["id"], message_id=word["id"], state=ticket["state"]))
        self._ledger.settled(act.at, self._clocks.answered(act.at))
        if not self._course.internal:
            self._ledger.post("answer", act.at + timedelta(seconds=25), message=word, state=ticket["state"])

    def _solved(self, act: Act) -> None:
        self.ticket["solved_at"] = act.at
        self._ledger.settled(act.at, self._clocks.solved(act.at))
        self._say(act, events.TicketSolved(ticket_id=self.ticket["id"]))
        if self._opinion is None and not self._course.internal:
            at = act.at + _ASKED_AFTER
            self._opinion = opinion_row(self.ticket["id"], at)
            self._rows.opinions.append(self._opinion)
            self._ledger.note(SYSTEM, at, OpinionAsked(ticket_id=self.ticket["id"]))
            self._ledger.post("solved", at, nonce=self._opinion["nonce"])

    def _wrote(self, act: Act) -> None:
        ticket, before = self.ticket, State(self.ticket["state"])
        channel = self._course.channel if self._course.channel in {"web", "email"} else "web"
        word = self._ledger.message("spectator", self._course.asker_id, channel, act.at, act.text)
        self._leave(after_spectator_wrote(before), act.at)
        ticket.update(unread=True, excerpt=excerpt_of(act.text))
        if before is State.SOLVED:
            self._clocks.reopened(act.at)
            self._ledger.note(self._asker, act.at, events.TicketReopened(ticket_id=ticket["id"]))
        if before is State.WAITING:
            self._clocks.resumed(act.at)
        self._ledger.note(self._asker, act.at, events.SpectatorWrote(
            ticket_id=ticket["id"], message_id=word["id"], channel=channel, reopened=before is State.SOLVED,
            was_waiting=before is State.WAITING,
        ))  # fmt: skip

    def _held(self, act: Act) -> None:
        word = self._ledger.message("spectator", act.by, "email", act.at, act.text)
        word["held"] = True
        who = ("spectator", act.by, "mailroom")
        self._ledger.note(who, act.at, events.MessageHeld(ticket_id=self.ticket["id"], message_id=word["id"]))

    def _snoozed(self, act: Act) -> None:
        self._leave(State.SNOOZED, act.at)
        self.ticket["snoozed_until"] = act.value
        self._say(act, events.TicketSnoozed(ticket_id=self.ticket["id"], until=act.value.isoformat()))

    def _spam(self, act: Act) -> None:
        self.ticket.update(spam=True, turn=turn_of(State(self.ticket["state"]), away=True).value, unread=False)
        self._clocks.voided(act.at)
        self._say(act, events.TicketMarkedSpam(ticket_id=self.ticket["id"], spam=True))

    def _merged(self, act: Act) -> None:
        into = self._told[self._course.tie[1]]["id"] if self._course.tie else None
        self.ticket.update(merged_into_id=into, turn=turn_of(State.SOLVED, away=True).value)
        self._clocks.voided(act.at)
        self._say(act, events.TicketMerged(ticket_id=self.ticket["id"], into_id=into or 0))

    def _judged(self, act: Act) -> None:
        if self._opinion is not None:
            self._opinion.update(mark=act.value, words=act.text, given_at=act.at)
            who = ("spectator", None, "portal")
            self._ledger.note(who, act.at, OpinionGiven(ticket_id=self.ticket["id"], mark=act.value))

    def _leave(self, state: State, at: datetime) -> None:
        solved_at = at if state is State.SOLVED else None
        self.ticket.update(
            state=state.value, turn=turn_of(state).value, activity_at=at, unread=False, snoozed_until=None,
            solved_at=solved_at,
        )  # fmt: skip
        self.ticket["version"] += 1

    def _say(self, act: Act, event: Event) -> None:
        self._ledger.note(self._who(act), act.at, event)

    def _who(self, act: Act) -> Who:
        return SYSTEM if act.by is None else self._colleague(act.by)

    def _colleague(self, person_id: int) -> Who:
        return self._house.roles[person_id], person_id, "desk"

    def _class(self) -> str | None:
        return _CLASS_OF.get(self.ticket["type"] or "")
