"""Quick answers for a probe, and the invariants that `flask doctor` checks one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.health import credit_queries, money, queries, resealing, worker
from app.kernel import clock, jobs
from app.kernel.db import session
from app.kernel.errors import Unavailable
from app.mail import authentication, lists, stoppage
from app.search import desk
from app.search import service as search
from app.triage import place

#: A house that took in no letter for so long takes in none.
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: what was found, what should be; `warns` when it holds and yet somebody should look."""

    id: str
    ok: bool
    found: object
    expected: object
    detail: str
    warns: bool = False


def quick() -> tuple[bool, dict[str, bool]]:
    """Whether this process can serve. Shape: (it can, check to outcome).

    That no e-mail leaves, or no worker works, stops no page.
    """
    try:
        queries.answers()
    except (Unavailable, queries.DatabaseError):
        session.rollback()
        return False, {"database": False}
    return True, {"database": True, "mail": _holds(_letters_leave), "worker": _holds(_somebody_works)}


def _letters_leave() -> bool:
    return stoppage.alarm() is None


def _somebody_works() -> bool:
    return worker.alarm() is None


def _holds(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except queries.DatabaseError:
        session.rollback()
        return False


def examine() -> list[Check]:
    """Every invariant of the house that its rows can prove."""
    return [check() for check in _CHECKS] + _credits() + _money()


def _letters_met_a_fate() -> Check:
    stored, met = queries.letters_stored(), queries.letters_accounted()
    waiting = queries.letters_waiting()
    return Check("letters", stored == met + waiting, met + waiting, stored, f"{waiting} still waiting to be filed")


def _no_letter_twice() -> Check:
    twice = queries.letters_filed_twice() + queries.same_letters_filed()
    return Check("letters-once", twice == 0, twice, 0, "letters that made two messages, or were filed twice")


def _no_place_twice() -> Check:
    twice = queries.places_taken_in_twice()
    return Check("mailboxes", twice == 0, twice, 0, "places or contents of a mailbox that made two messages")


def _senders_proven() -> Check:
    unproven = not authentication.is_trusting() and queries.letters_came_since(clock.now() - LATELY)
    detail = "letters come in, and nobody proves who wrote them: set MAIL_AUTHSERV_ID" if unproven else ""
    return Check("senders", True, "", "", detail, warns=unproven)


def _lists_named() -> Check:
    unnamed = lists.unnoticed()
    detail = "people seem to write through mailing lists whose letters count as automatic: see MAIL_OWN_LISTS"
    return Check("lists", True, unnamed, 0, detail if unnamed else "", warns=unnamed > 0)


def _outbox_states() -> Check:
    stuck = queries.letters_stuck(clock.now() - jobs.LEASE)
    return Check("outbox", stuck == 0, stuck, 0, "letters being sent beyond their lease, or sent without an answer")


def _answers() -> Check:
    stuck = queries.answers_stuck(clock.now() - jobs.LEASE)
    return Check("answers", stuck == 0, stuck, 0, "answers given that nobody says: no worker runs")


def _crowds() -> Check:
    wrong = queries.recipients_wrong()
    return Check("crowds", wrong == 0, wrong, 0, "people told an answer twice or lost from it, by rows and messages")


def _worker() -> Check:
    alarm = worker.alarm()
    if alarm is None:
        return Check("worker", True, "", "", "a worker works")
    found = alarm.since.isoformat()
    loop = f"workers ended by themselves {alarm.times} times since {found}: {alarm.why or 'killed without a word'}"
    return Check("worker", False, found, "", loop if alarm.times else f"no worker works since {found}")


def _sending() -> Check:
    alarm = stoppage.alarm()
    detail = f"{alarm.kind}: {alarm.answer}" if alarm else "letters leave"
    return Check("sending", alarm is None, alarm.kind if alarm else "", "", detail)


def _one_acknowledgement() -> Check:
    more = queries.tickets_acknowledged_twice()
    return Check("acknowledgements", more == 0, more, 0, "tickets with two of them")


def _turns() -> Check:
    wrong = queries.tickets_with_wrong_turn()
    return Check("turns", wrong == 0, wrong, 0, "tickets whose turn does not follow from their state")


def _due_moments() -> Check:
    wrong = queries.tickets_with_wrong_due()
    return Check("promises", wrong == 0, wrong, 0, "tickets whose due moment is not that of their next promise")


def _jobs() -> Check:
    lost = jobs.overdue_claims()
    return Check("jobs", lost == 0, lost, 0, "jobs held beyond their lease by nobody")


def _failed_jobs() -> Check:
    stuck = len(jobs.failed())
    return Check("failed-jobs", stuck == 0, stuck, 0, "jobs that failed five times and wait for a person")


def _index() -> Check:
    state = search.state()
    detail = f"{state.articles} articles; a stale index is refreshed by the worker within a minute"
    return Check("index", state.up_to_date, state.up_to_date, True, detail)


def _words() -> Check:
    state = desk.state()
    detail = f"{state.waiting} requests wait to be read; `flask reindex --requests` reads all of them again"
    if not state.sound:
        detail = "what requests are sought by is damaged; `flask reindex --requests` makes it again"
    return Check("words", state.sound and not state.amiss, state.amiss, 0, detail)


def _triage() -> Check:
    # A house without a model sorts by rules, as it is meant to; a file that is there and of no use is a disorder.
    now = place.standing()
    detail = now.trouble or ("the model in use" if now.version else "no model: rules sort alone; flask triage train")
    return Check("triage", not now.trouble, now.version or "none", "a model", detail)


def _orders() -> Check:
    wrong = queries.orders_paid_otherwise()
    return Check("orders", wrong == 0, wrong, 0, "orders whose payments do not make up their price")


def _households() -> Check:
    wrong = queries.households_astray()
    return Check("households", wrong == 0, wrong, 0, "customer records that lead to no household, or of three storeys")


def _credits() -> list[Check]:
    counted = [(name, ask(), told) for name, ask, told in _OWED]
    return [Check(name, found == 0, found, 0, told) for name, found, told in counted]


def _money() -> list[Check]:
    return [Check(name, found == 0, found, 0, told) for name, found, told in money.disorders()]


#: What must hold of credits: name, how many are wrong, what is counted.
_OWED: tuple[tuple[str, Callable[[], int], str], ...] = (
    ("credit-seats", credit_queries.other_than_items, "credits that are not the sum of their admissions"),
    ("credit-funds", credit_queries.other_than_funds, "credits that are not the sum of what they were paid with"),
    ("credit-payments", credit_queries.payments_overdrawn, "payments of which credits hold more than was paid"),
    ("credit-sums", credit_queries.other_than_chosen, "credits whose choice does not make up what is owed"),
    ("credit-choices", credit_queries.without_choice, "credits answered or locked without their choice"),
    ("credit-once", credit_queries.credited_twice, "admissions in two living credits, or marked as if they were not"),
    ("credit-numbers", credit_queries.years_with_gaps, "years in which numbers of credits have a gap"),
)


def _keys() -> Check:
    found = resealing.standing()
    told = [f"key {key} is missing from DATA_DIR/keys" for key in found.missing]
    told += [f"key {key} is not the one that sealed what is here" for key in found.wrong]
    counts = ", ".join(f"key {key}: {rows} rows" for key, rows in found.rows.items())
    return Check("keys", not told, "; ".join(told), "", counts or "nothing is sealed")


def _attachments() -> Check:
    missing = queries.attachments_missing()
    return Check("attachments", not missing, len(missing), 0, ", ".join(missing[:5]))


_CHECKS: tuple[Callable[[], Check], ...] = (
    _letters_met_a_fate,
    _no_letter_twice,
    _no_place_twice,
    _senders_proven,
    _lists_named,
    _outbox_states,
    _answers,
    _crowds,
    _worker,
    _sending,
    _one_acknowledgement,
    _turns,
    _due_moments,
    _jobs,
    _failed_jobs,
    _attachments,
    _keys,
    _orders,
    _households,
    _index,
    _words,
    _triage,
)
