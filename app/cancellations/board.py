"""A campaign as those who lead it see it: how far it is, what was chosen, who must be reached otherwise, who is out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from statistics import median

from app.boxoffice import holdings
from app.boxoffice.holdings import SeatShown
from app.boxoffice.reaches import Reach
from app.cancellations import board_queries as queries
from app.cancellations import campaign_queries
from app.cancellations.choices import GIFT
from app.cancellations.inviting import INVITE, SPACED
from app.cancellations.joining import CATEGORY
from app.cancellations.managing import BEFORE
from app.cancellations.page import ChosenCard, page_for
from app.cancellations.planning import known
from app.cancellations.surveying import Scope, owed, scope_of
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.people import service as people
from app.people.service import PersonCard
from app.venue import service as venue

__all__ = [
    "Board", "CreditRow", "LeftOut", "Owed", "board", "credit_numbered", "left_out", "listing", "names", "owed_to",
    "rates", "regimes",
]  # fmt: skip

#: Credits whose household has chosen, or had chosen for it by silence.
ANSWERED = ("answered", "locked", "settled")
SILENT = ("issued", "invited", "opened", "unclaimed")
LIVING = (*SILENT, *ANSWERED)
#: Rows of a list at once.
ROWS = 50
#: Households looked at together.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of one campaign; cents. Days are those of the house; `by_option` has the most cents first.

    `days_to_answer` is the median, None before the first answer; `contacts` are requests
    about its credits; `bounced` letters that came back and `unproven` accounts that nobody proved are its rejects.
    """

    credits: int
    cents: int
    answered: int
    answered_cents: int
    by_option: tuple[tuple[str, int, int], ...]
    donors: int
    whole_donors: int
    by_day: tuple[tuple[date, int], ...]
    days_to_answer: float | None
    days_to_settle: float | None
    reaches: Mapping[str, int]
    bounced: int
    unproven: int
    contacts: int
    letters: Mapping[str, tuple[int, datetime]]
    left_out: Mapping[str, int]
    #: Households by e-mail that no invitation was written to, and from when on whoever heard of the change gets theirs.
    to_invite: int = 0
    spaced_until: datetime | None = None
    #: Requests for a refund, since it opened, of people to whom no credit could be tied.
    untied: int = 0

    @property
    def response(self) -> float:
        """The share of households that have answered."""
        return self.answered / self.credits if self.credits else 0.0

    @property
    def unmatched(self) -> int:
        """Credits whose household has not answered and cannot be reached by e-mail."""
        return sum(count for reach, count in self.reaches.items() if reach != "email")


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One credit in a list, with how its household may be reached."""

    id: int
    number: str
    campaign_id: int
    household_id: int
    household: str
    code: str
    cents: int
    state: str
    reach: str
    answered_at: datetime | None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One admission that no credit holds; `why` is a code of `crediting.OUT`."""

    seat: SeatShown
    why: str
    code: str
    household: str


def board(campaign_id: int, *, by: Actor) -> Board:
    """The figures of one campaign as they are now.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.CAMPAIGN_READ)
    row = known(campaign_id)
    states = queries.by_state(campaign_id)
    donors, whole = queries.gifts(campaign_id, GIFT)
    moments = queries.answer_moments(campaign_id)
    return Board(
        *_sum(states, LIVING), *_sum(states, ANSWERED),
        tuple((row[0], row[1], int(row[2])) for row in queries.by_option(campaign_id)), donors, whole,
        _by_day([row[1] for row in moments]), _days([row[1] - row[0] for row in moments]),
        _days([row[1] - row[0] for row in queries.settled_moments(campaign_id) if row[0]]),
        queries.by_reach(campaign_id, SILENT), queries.bounced(campaign_id), queries.unproven(campaign_id),
        queries.contacts(campaign_id), queries.letters(campaign_id),
        queries.left_out_counts(campaign_id),
        campaign_queries.to_invite(campaign_id, INVITE, SILENT) if row.state == "open" else 0,
        row.opened_at + SPACED if row.opened_at else None,
        queries.untied(campaign_id, CATEGORY, row.opened_at) if row.opened_at else 0,
    )  # fmt: skip


def rates(*, by: Actor) -> dict[int, tuple[int, int, int]]:
    """How far each campaign is. Shape: campaign to (credits, answered, cents owed)."""
    by.must(Permission.CAMPAIGN_READ)
    found = {}
    for campaign_id, states in queries.states_of_all().items():
        count, cents = _sum(states, LIVING)
        found[campaign_id] = (count, _sum(states, ANSWERED)[0], cents)
    return found


def listing(
    campaign_id: int, *, states: Sequence[str] = LIVING, reaches: Sequence[str] = (), after: int = 0,
    limit: int = ROWS, by: Actor,
) -> list[CreditRow]:  # fmt: skip
    """Credits of a campaign by number, with how their households are reached.

    Raises:
        Forbidden: the actor may not read who spectators are.
    """
    by.must(Permission.CAMPAIGN_READ)
    by.must(Permission.PERSON_READ)
    rows = queries.credits_listed(campaign_id, states=states, reaches=reaches, after=after, limit=limit)
    contacts = holdings.reaches([row.household_id for row in rows])
    return [_row(row, contacts.get(row.household_id)) for row in rows]


def credit_numbered(number: str, *, by: Actor) -> CreditRow:
    """One credit by its number.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.CAMPAIGN_READ)
    by.must(Permission.PERSON_READ)
    row = queries.credit_numbered(number)
    if row is None:
        raise NotFound("credit")
    return _row(row, holdings.reaches([row.household_id]).get(row.household_id))


def _row(row: queries.Columns, reach: Reach | None) -> CreditRow:
    return CreditRow(
        row.id, row.number, row.campaign_id, row.household_id, row.name, row.code, row.amount_cents, row.state,
        row.reach, row.answered_at, reach.phone if reach else "", reach.email if reach else "",
    )  # fmt: skip


def left_out(campaign_id: int, why: str, *, after: int = 0, limit: int = ROWS, by: Actor) -> list[LeftOut]:
    """Admissions that are left out for one reason, by number; before it is opened as they would be, by household.

    Raises:
        Forbidden: the actor may not read who spectators are.
    """
    by.must(Permission.CAMPAIGN_READ)
    by.must(Permission.PERSON_READ)
    row = known(campaign_id)
    if row.state in BEFORE:
        some = list(islice(_apart(scope_of(row), why, after), limit))
    else:
        some = [(one[0], one[1]) for one in queries.left_out(campaign_id, why, after=after, limit=limit)]
    homes, seats = queries.households({home for _, home in some}), holdings.shown([seat for seat, _ in some])
    return [LeftOut(seats[seat], why, *homes[home]) for seat, home in some]


def _apart(scope: Scope, why: str, after: int) -> Iterator[tuple[int, int]]:
    """Admissions that would be left out, household by household, after one; only as many are read as are taken."""
    home = holdings.household_of(after) if after else 0
    # That of the last one seen may have more of them.
    beyond = home - 1 if home else 0
    while due := holdings.owners(scope.shows, after=beyond, limit=_AT_ONCE):
        for one in owed(scope, due):
            seats = sorted(out.admission_id for out in one.left_out if out.why == why)
            yield from ((seat, one.household_id) for seat in seats if one.household_id != home or seat > after)
        beyond = due[-1]


def regimes(*, by: Actor) -> list[tuple[str, str, str]]:
    """Laws that a campaign may name. Shape: (code, title in French, title in English)."""
    by.must(Permission.CAMPAIGN_READ)
    return [(row.code, row.title_fr, row.title_en) for row in queries.regimes()]


def names(person_ids: Sequence[int | None]) -> dict[int, PersonCard]:
    """Colleagues who wrote or approved a campaign."""
    return people.cards_of([key for key in person_ids if key is not None])


def _sum(states: Mapping[str, tuple[int, int]], wanted: Sequence[str]) -> tuple[int, int]:
    some = [states[state] for state in wanted if state in states]
    return sum(count for count, _ in some), sum(cents for _, cents in some)


def _by_day(moments: Sequence[datetime]) -> tuple[tuple[date, int], ...]:
    """Answers by day, from the first day with one to today, none left out."""
    if not moments:
        return ()
    zone = venue.house().tz
    counts = Counter(moment.astimezone(zone).date() for moment in moments)
    first, last = min(counts), max(*counts, clock.now().astimezone(zone).date())
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return tuple((one, counts[one]) for one in days)


def _days(spans: Sequence[timedelta]) -> float | None:
    return median(span / timedelta(days=1) for span in spans) if spans else None


@dataclass(frozen=True, slots=True)
class Owed:
    """A credit of a household with every version of its choice, the newest first."""

    credit: CreditRow
    issued_at: datetime
    title_fr: str
    title_en: str
    versions: tuple[ChosenCard, ...]

    def title(self, language: str) -> str:
        """The campaign's title in one of the two languages."""
        return self.title_fr if language == "fr" else self.title_en


def owed_to(household_ids: Sequence[int], *, by: Actor) -> list[Owed]:
    """Everything some households are or were owed, the newest first.

    Raises:
        Forbidden: the actor may not read campaigns, or who spectators are.
    """
    by.must(Permission.CAMPAIGN_READ)
    by.must(Permission.PERSON_READ)
    found = []
    for row in queries.credits_of(household_ids):
        page = page_for(row.id, by=by)
        versions = (*((page.chosen,) if page.chosen else ()), *page.earlier)
        found.append(Owed(_row(row, None), row.issued_at, page.title_fr, page.title_en, versions))
    return found
