"""The standing season cancelled: its campaign written, approved by a second person, opened, and answered in every way.

Everything goes through the verbs that colleagues and households use; asked for again, it goes on where it was.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from app.cancellations import accounts, answering, campaign_queries, choosing, links, looking, making, managing
from app.cancellations.amounts import said
from app.cancellations.choosing import ChoicePage, Wish
from app.cancellations.plans import OptionPlan, Plan
from app.demo import answers_queries as queries
from app.demo.dividing import FREE, GIFT, MONEY, Answer, account, divided, home, kept
from app.demo.standing import COLLEAGUE, DEAD
from app.demo.standing_season import SYSTEM_NAME
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor
from app.kernel.errors import Conflict
from app.kernel.transaction import transactional
from app.people import colleagues, staff
from app.people.staff import Newcomer
from app.venue import service as venue

#: How many households had answered in the season that this one is like.
ANSWERS = 5_500
TITLE = "Annulation de la saison 2026-2027"
#: The campaign about dates that only moved.
MOVED = "Dates déplacées de la saison 2026-2027"
#: What is given back of an evening that was broken off after its first third, in hundredths of a per cent.
BROKEN_OFF_BP = 6_667
#: Who writes the campaign down, who approves it, who answers for others: name, address, roles.
PEOPLE = (
    ("Claire Vasseur", "campagne@saison.example", ("staff", "manager")),
    ("Denis Aubry", "comptes@saison.example", ("staff", "finance")),
    (" ".join(COLLEAGUE[:2]), COLLEAGUE[2], ("staff", "agent")),
)
_OPTIONS = (
    OptionPlan(code="refund_card"), OptionPlan(code="refund_transfer"), OptionPlan(code="refund_cheque"),
    OptionPlan(code="refund_cash"), OptionPlan(code="refund_local"), OptionPlan(code="donation"),
    OptionPlan(code="voucher", validity_months=18),
    OptionPlan(code="carryover", season="2027-2028"),
)  # fmt: skip
_OPTIONS_MOVED = (
    OptionPlan(code="keep_ticket"), OptionPlan(code="exchange"), OptionPlan(code="refund_card"),
    OptionPlan(code="refund_transfer"),
)  # fmt: skip
#: Of a hundred: how many whom an e-mail reaches choose themselves, how many of the rest do it before a colleague, how
#: many change their mind.
_THEMSELVES, _BEFORE_SOMEBODY, _CHANGE = 85, 60, 7
#: What each household that gives agreed to; a gift of another amount than before wants the word again.
_AGREED = "Je donne ce montant, et n’en demande pas le remboursement."
#: The code of a letter, alone on its line.
_CODE = re.compile(r"^\d{6}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who writes the campaign down, who approves it, and who answers for households."""

    maker: Actor
    approver: Actor
    agent: Actor


def answer_season(answers: int = ANSWERS, *, system: str = SYSTEM_NAME) -> dict[str, Any]:
    """Cancel what was sold and let so many households answer; what is there already stays.

    Returns:
        What the rows add up to, in cents; `agree` says whether everything does.

    Raises:
        Conflict: `no_season` where nothing of it was brought in; what a campaign refuses.
    """
    people = crew()
    campaign_id = opened(people, TITLE, lambda: plan(system))
    _come_back(campaign_id)
    told = let_answer(campaign_id, queries.credits_of(campaign_id), answers, people.agent)
    return {**told, "moved": _moved(people, system)}


def let_answer(campaign_id: int, rows: Sequence[Any], answers: int, agent: Actor) -> dict[str, Any]:
    """Let so many of the households answer, in every way. Returns what the rows of the campaign add up to, in cents."""
    chance = Random("réponses de la saison")  # noqa: S311 - a story, not a secret
    chosen = sorted(chance.sample(range(len(rows)), min(answers, len(rows))))
    paper = [line for place in chosen for line in _answered(rows[place], agent)]
    refused = [one for one in answering.bring(_file(paper), by=agent) if one.wrong] if paper else []
    return _told(campaign_id, len(refused))


def _moved(people: Crew, system: str) -> dict[str, Any] | None:
    """The dates that only moved: every household a mail reaches says whether it comes. None where no date moved."""
    if "postponed" not in queries.performances(system).values():
        return None
    campaign_id = opened(people, MOVED, lambda: plan_of_moved(system))
    _come_back(campaign_id)
    for row in queries.credits_of(campaign_id):
        if row.reach != "email":
            continue
        chance = Random(f"report {row.serial}")  # noqa: S311 - a story, not a secret
        token = links.token_of(row.link_nonce, row.link_generation)
        page = choosing.page_of(token)
        lines = kept(page.amount_cents, {option.code: option.most for option in page.options}, chance)
        wanted = Answer(lines, account(chance) if "refund_transfer" in lines else "")
        choosing.choose(token, _by_holder(token, page, wanted, "saison", row.name))
    return _told(campaign_id, 0)


@transactional
def _come_back(campaign_id: int) -> None:
    """Letters to mail servers that are gone come back: those households are reached otherwise."""
    dead = [row.id for row in queries.credits_of(campaign_id) if row.reach == "email" and row.email.endswith(DEAD)]
    campaign_queries.set_reach(dead, "bounced")


def crew() -> Crew:
    """The colleagues of the story, made if they are new."""
    return Crew(*(_colleague(*one) for one in PEOPLE))


def _colleague(name: str, email: str, roles: tuple[str, ...]) -> Actor:
    return actor_of(queries.colleague(email) or staff.invite(Newcomer(email=email, name=name, roles=roles), by=SYSTEM))


def actor_of(person_id: int | None) -> Actor:
    """Who signs in as a person.

    Raises:
        Conflict: `account_closed` where nobody does.
    """
    found = colleagues.told(person_id) if person_id is not None else None
    if found is None:
        raise Conflict("account_closed")
    return found.actor


def opened(people: Crew, title: str, written: Callable[[], Plan]) -> int:
    """A campaign, brought from wherever it stands to where households answer."""
    found = queries.campaign_titled(title) or (managing.create(written(), by=people.maker), "draft", 1)
    campaign_id, state, version = found
    if state in managing.BEFORE:
        owed = managing.simulate(campaign_id, by=people.maker)["cents"]
        managing.approve(campaign_id, said(owed, "fr"), seen_version=version, by=people.approver)
        managing.start(campaign_id, seen_version=version, by=people.maker)
    while (queries.campaign_titled(title) or found)[1] == "opening":
        making.go(campaign_id)
    return campaign_id


def plan(system: str) -> Plan:
    """The campaign about everything that a ticketing system sold, but for what only moved.

    Raises:
        Conflict: `no_season` where it sold nothing.
    """
    shows = {key: status for key, status in queries.performances(system).items() if status != "postponed"}
    if not shows:
        raise Conflict("no_season")
    deadline = last_minute(60)
    return Plan(
        title_fr=TITLE, title_en="The 2026-2027 season is cancelled",
        performances={key: BROKEN_OFF_BP if status == "interrupted" else None for key, status in shows.items()},
        options=_OPTIONS,
        text_fr="La saison est annulée. Dites-nous ce que doit devenir ce que vous avez payé.",
        text_en="The season is cancelled. Tell us what should become of what you paid.", deadline_at=deadline,
        claim_until=deadline + timedelta(days=365 * 5), rule={"fees": "all"}, receipts_mode="waiver",
    )  # fmt: skip


def last_minute(days: int) -> datetime:
    """The end of a day to come, as people choose deadlines."""
    zone = venue.house().tz
    day = clock.now().astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


def plan_of_moved(system: str) -> Plan:
    """The campaign about dates that only moved."""
    shows = [key for key, status in queries.performances(system).items() if status == "postponed"]
    deadline = last_minute(60)
    return Plan(
        kind="postpone", title_fr=MOVED, title_en="Dates of the 2026-2027 season that moved",
        performances=dict.fromkeys(shows), options=_OPTIONS_MOVED,
        text_fr="Vos billets restent valables à la nouvelle date. Dites-nous si vous préférez autre chose.",
        text_en="Your tickets stay valid on the new date. Tell us if you prefer something else.", deadline_at=deadline,
        claim_until=deadline + timedelta(days=365 * 5), rule={"fees": "all"}, default_option="keep_ticket",
    )  # fmt: skip


def _answered(row: Any, agent: Actor) -> Iterator[Mapping[str, str]]:  # noqa: ANN401 - a row of columns
    """Let one household answer, perhaps twice; yields the lines of a file where it did so on paper."""
    chance = Random(f"avoir {row.serial}")  # noqa: S311 - a story, not a secret
    themselves, before, change = (chance.randrange(100) for _ in range(3))
    # Nobody chooses for their own household: the colleague who bought seats uses her link.
    if row.reach == "email" and (themselves < _THEMSELVES or row.email == COLLEAGUE[2]):
        token = links.token_of(row.link_nonce, row.link_generation)
        looking.look(row.id)
        for time in range(2 if change < _CHANGE else 1):
            page = choosing.page_of(token)
            choosing.choose(token, _by_holder(token, page, _wanted(page, row.name, chance), f"saison-{time}", row.name))
        return
    page = choosing.page_for(row.id, by=agent)
    wanted = _wanted(page, row.name, chance)
    if before >= _BEFORE_SOMEBODY:
        yield from _lines(row.number, row.name, wanted)
        return
    card = accounts.give_for(row.id, wanted.iban, _holder(row.name), by=agent) if wanted.iban else None
    wish = Wish(lines=wanted.lines, form="saison", account_id=card.id if card else None, address=wanted.address,
                consent=_AGREED)  # fmt: skip
    choosing.choose_for(row.id, wish, channel=chance.choice(("counter", "phone", "post")), by=agent)


def _wanted(page: ChoicePage, name: str, chance: Random) -> Answer:
    rooms = dict.fromkeys((GIFT, *MONEY, *FREE), 0) | {option.code: option.most for option in page.options}
    lines = divided(page.amount_cents, rooms, chance)
    return Answer(
        lines, account(chance) if "refund_transfer" in lines else "",
        home(name, chance) if "refund_cheque" in lines else None,
    )  # fmt: skip


def _by_holder(token: str, page: ChoicePage, wanted: Answer, form: str, name: str) -> Wish:
    """What a household's own form says; the code that proves its account is read in its mailbox."""
    card = accounts.give(token, wanted.iban, _holder(name)) if wanted.iban else None
    if card is not None and not card.proven:
        accounts.prove(token, card.id, _CODE.findall(queries.letter_with_code(page.credit_id))[0])
    return Wish(lines=wanted.lines, form=form, account_id=card.id if card else None, address=wanted.address,
                consent=_AGREED)  # fmt: skip


def _holder(name: str) -> str:
    """Whose account it is: the household's, unless nobody knows what it is called."""
    return name[:70] if any(sign.isalpha() for sign in name) else "Titulaire du compte"


def _lines(number: str, name: str, wanted: Answer) -> Iterator[Mapping[str, str]]:
    for option, cents in wanted.lines.items():
        line = {"avoir": number, "choix": option, "montant": f"{cents // 100},{cents % 100:02}"}
        if option == "refund_transfer":
            line |= {"iban": wanted.iban, "titulaire": _holder(name)}
        if option == "refund_cheque" and wanted.address is not None:
            to = wanted.address
            line |= {"nom": to.name, "adresse": to.line1, "codepostal": to.postcode, "ville": to.city}
        yield line


def _file(lines: list[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    head = ("avoir", "choix", "montant", "iban", "titulaire", "nom", "adresse", "codepostal", "ville")
    writer = csv.DictWriter(out, head, restval="", delimiter=";")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def _told(campaign_id: int, refused: int) -> dict[str, Any]:
    sums, counts = queries.sums(campaign_id), queries.counts(campaign_id)
    agree = sums["credits"] == sums["items"] == sums["buckets"] and sums["answered"] == sums["lines"]
    return {
        "campaign": campaign_id, "credits": counts["all"], "answered": counts["answered"],
        "changed": counts["changed"], "giving": counts["giving"], "refused": refused,
        "options": queries.by_option(campaign_id), "authors": queries.by_author(campaign_id), "cents": sums,
        "agree": agree,
    }  # fmt: skip
