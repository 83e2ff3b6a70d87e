"""The full queue: thousands of invented requests, three messages each, in chunks that are transactions of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo import populate, queries, wording
from app.demo.audience import LETTERS
from app.demo.courses import Act, Course, Verdict
from app.demo.pages import page
from app.demo.plot import House
from app.demo.writing import tell, write_rows
from app.kernel import clock
from app.kernel.errors import Conflict
from app.kernel.transaction import transactional
from app.triage.labels import TYPES

#: Submissions of bulk tickets begin so, which tells them from all others.
MARK = "bulk-"
CHUNK = 2_000
SPREAD = timedelta(days=30)
#: The newest is at least so old, so that its three messages fit before now.
LEAST = timedelta(minutes=20)
#: Shares of states, priorities, channels and languages; of open ones, how many nobody answered; of ended ones, judged.
STATES = {"open": 35, "waiting": 5, "solved": 60}
PRIORITIES = {"urgent": 5, "high": 15, "normal": 50, "low": 30}
CHANNELS = {"web": 60, "email": 40}
FRENCH, UNANSWERED, JUDGED = 0.55, 0.4, 0.12
_QUEUES = (
    ("refund_cancelled", "refund_personal", "postponement", "payment_problem"),
    ("ticket_not_received", "exchange", "ticket_lost_or_name_change"),
    ("accessibility", "seating"),
    ("venue_info", "subscription", "lost_property", "other"),
)
_WHY = {"urgent": "blocked", "high": "loses_value", "normal": "to_do", "low": "question"}


def seed_bulk(count: int) -> int:
    """Insert so many further tickets, spread over the last thirty days. Returns how many were inserted.

    Each chunk is a transaction of its own, so that an interrupted run is resumed by asking for what is missing.

    Raises:
        Conflict: the demo house is not there.
    """
    now = clock.now().replace(microsecond=0)
    if not queries.titles():
        raise Conflict("no_demo_house")
    house = populate.described(now, Random(0), {}, {})  # noqa: S311 - invented requests, not secrets
    there, done = queries.bulk_count(MARK), 0
    while done < count:
        size = min(CHUNK, count - done)
        start = now - SPREAD + (SPREAD - LEAST) * (done / count)
        _write_chunk(house, there + done, [start + (SPREAD - LEAST) * (place / count) for place in range(size)])
        done += size
    return done


@transactional
def _write_chunk(house: House, serial: int, moments: list[datetime]) -> None:
    maker = _Maker(house, Random(serial), queries.titles())  # noqa: S311 - invented requests, not secrets
    pairs = [maker.person(serial + place) for place in range(0, len(moments), 2)]
    ids = populate.write_others(pairs, moments[0])
    people = [(ids[mail], name, mail) for name, mail in pairs]
    courses = [
        maker.course(serial + place + 1, people[place // 2], moment.replace(microsecond=0))
        for place, moment in enumerate(moments)
    ]
    write_rows(tell(house, courses))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes one invented request after another."""

    house: House
    chance: Random
    #: Performances. Shape: (id, title in French, title in English).
    shows: list[tuple[int, str, str]]

    def person(self, serial: int) -> tuple[str, str]:
        """A name and an address nobody else has."""
        names = page("names")
        lang = "fr" if self.chance.random() < FRENCH else "en"
        first = self.chance.choice(names[self.chance.choice(("madame", "monsieur") if lang == "fr" else ("mrs", "mr"))])
        last = self.chance.choice(names[f"surnames_{lang}"])
        return f"{first} {last}", f"p{serial}@public.example"

    def course(self, serial: int, writer: tuple[int, str, str], opened_at: datetime) -> Course:
        """One request with three messages."""
        lang = "fr" if self.chance.random() < FRENCH else "en"
        category = self.chance.choice(self.chance.choice(_QUEUES))
        show_id, french, english = self.chance.choice(self.shows)
        slots = {
            "show": french if lang == "fr" else english, "name": writer[1], "order": self._order(),
            "amount": wording.amount(self.chance.randrange(1_200, 28_800, 100), lang),
        }  # fmt: skip
        first = self._said("first", category, lang, slots)
        subject = first if len(first) < 78 else first[:77] + "…"
        return Course(
            key=str(serial), opened_at=opened_at, asker_id=writer[0], asker_name=writer[1], email=writer[2], lang=lang,
            channel=self.chance.choices(list(CHANNELS), list(CHANNELS.values()))[0], type=None, category=None,
            department_id=self.house.departments["billetterie"], subject=subject, body=self._letter(first, lang, slots),
            verdict=self._verdict(category), acts=self._acts(opened_at, lang, slots), order_code=slots["order"],
            performance_id=show_id, submission=f"{MARK}{serial:07}",
        )  # fmt: skip

    def _letter(self, first: str, lang: str, slots: dict[str, str]) -> str:
        hello = "Bonjour,\n\n" if lang == "fr" else "Hello,\n\n"
        details = self.chance.sample(page("bulk")["details"][lang], self.chance.randint(1, 4))
        closing = self.chance.choice(page("bulk")["closing"][lang])
        return f"{hello}{first} {' '.join(details)}\n\n{closing}\n{{name}}".format_map(slots)

    def _acts(self, opened_at: datetime, lang: str, slots: dict[str, str]) -> tuple[Act, ...]:
        left = (self.house.now - opened_at).total_seconds() / 4
        answered = opened_at + timedelta(seconds=60 + int(min(left, self.chance.randint(300, 54_000))))
        wrote = answered + timedelta(seconds=60 + int(min(left, self.chance.randint(120, 36_000))))
        ended = wrote + timedelta(seconds=60 + int(min(left, self.chance.randint(120, 36_000))))
        agent = self.house.on_duty("billetterie")
        state = self.chance.choices(list(STATES), list(STATES.values()))[0]
        begun = Act(opened_at + timedelta(seconds=5), "sorted")
        answer = self._said("answers", "", lang, slots)
        again = self._said("again", "", lang, slots)
        if state == "waiting":
            return begun, Act(answered, "wrote", text=again), Act(wrote, "asked", agent, answer)
        if state == "solved":
            asked, back = Act(answered, "asked", agent, answer), Act(wrote, "wrote", text=again)
            return (begun, asked, back, Act(ended, "ended", agent), *self._judgement(ended))
        if self.chance.random() < UNANSWERED:
            note = self.chance.choice(page("bulk")["notes"])
            return begun, Act(answered, "note", agent, note), Act(wrote, "wrote", text=again)
        return begun, Act(answered, "asked", agent, answer), Act(wrote, "wrote", text=again)

    def _judgement(self, ended: datetime) -> tuple[Act, ...]:
        at = ended + timedelta(hours=2)
        if self.chance.random() > JUDGED or at > self.house.now:
            return ()
        return (Act(at, "judged", value=self.chance.choices((1, 2, 3, 4, 5), (4, 6, 12, 33, 45))[0]),)

    def _verdict(self, category: str) -> Verdict:
        priority = self.chance.choices(list(PRIORITIES), list(PRIORITIES.values()))[0]
        sure = round(min(0.99, self.chance.betavariate(8, 1.5)), 3)
        return Verdict(
            category=category, type=self.chance.choice(TYPES[category]), priority=priority, confidence=sure,
            reason=_WHY[priority], others=("complaint", "account_access"), wants_refund=category.startswith("refund"),
        )  # fmt: skip

    def _said(self, kind: str, category: str, lang: str, slots: dict[str, str]) -> str:
        book = page("bulk")[kind]
        texts = book[category][lang] if category else book[lang]
        return str(self.chance.choice(texts)).format_map(slots)

    def _order(self) -> str:
        return f"{page('house')['order_prefix']}-{''.join(self.chance.choices(LETTERS, k=5))}"
