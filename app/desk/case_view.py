"""What the page of one request shows, gathered from the domains as plain values; no verb and no address is here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.boxoffice import service as boxoffice
from app.boxoffice.service import OrderCard
from app.cancellations import joining
from app.catalogue import service as catalogue
from app.catalogue.service import CannedCard, FieldCard, TypeCard
from app.desk import arrival_words, letter_words, prepared, reasons, wording
from app.desk.signature import signer
from app.kernel import clock
from app.kernel.access import Actor, Permission, spectator
from app.knowledge import shelf
from app.knowledge.cards import ArticleCard
from app.mail import filed, outgoing
from app.mail.incoming_queries import Filing
from app.mail.outgoing import Delivery
from app.people import colleagues
from app.people import service as people
from app.tickets import cases, departing, mentions
from app.tickets.cases import Beside, Case, Near, Said
from app.triage import service as triage
from app.triage.answered import CANNED
from app.triage.service import SortingCard
from app.venue import service as venue
from app.venue.moments import short_moment
from app.web.presentation import money, percent
from app.web.tongue import language
from app.web.wording import paragraphs

_NOTHING = (0, "", "")
#: Close requests from which what closed them is suggested: one alone is chance.
CLOSED_FROM = 2


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of the conversation, ready to be drawn; `letter` is the id of a letter that failed."""

    said: Said
    html: Markup
    channel: str
    delivery: str = ""
    mood: str = ""
    letter: int = 0
    #: The server's last word, what it means, and the address it spoke of.
    answer: str = ""
    why: str = ""
    to: str = ""
    #: The spectator's address that could not be reached, whose place `to` may take since the e-mail went there.
    wrong: str = ""
    #: Whether it can still be taken back.
    leaves: bool = False
    #: Colleagues whom a note names.
    named: tuple[str, ...] = ()
    #: Why its e-mail was filed here, or is held; empty when it did not come by e-mail.
    filed: str = ""
    doubtful: bool = False


def gathered(case: Case, *, by: Actor) -> dict[str, Any]:
    """Everything the page of a request shows."""
    sorting = triage.sorting_on(case.id)
    return {
        "case": case,
        "thread": _thread(case, sorting),
        "sorting": sorting,
        "why": reasons.sentences(sorting) if sorting else [],
        "tone": reasons.tone(sorting) if sorting else "",
        "kinds": kinds(case, sorting),
        "orders": orders(case, by),
        "emails": [box.email for box in case.requester.mailboxes],
        "near": cases.company(case, by=by),
        "beside": cases.beside(case.id, by=by),
        "articles": articles(case, by),
        "suggested": suggested(case, sorting, by),
        "answers": _answers(case),
        "people": _people(case),
        "awaited": joining.awaited(case.id) if by.may(Permission.CAMPAIGN_READ) else None,
        "late": case.state in {"new", "open"} and case.due_at is not None and case.due_at <= clock.now(),
        "departments": [(card.id, card.name(language())) for card in people.departments()],
        "words": wording,
        "link_words": link_words,
    }


def orders(case: Case, by: Actor) -> list[OrderCard]:
    """What its writer bought, the order it names first; nothing for those who may not see orders."""
    if not by.may(Permission.ORDER_READ):
        return []
    return boxoffice.orders_beside([box.email for box in case.requester.mailboxes], case.order_code)


def _thread(case: Case, sorting: SortingCard | None) -> list[Spoken]:
    told = [word.id for word in case.said if word.kind in {"agent", "note"}]
    delivered = outgoing.delivery(told) if told else {}
    leaving = departing.moments([word.id for word in case.said if word.kind == departing.KIND])
    first = next((word.id for word in case.said if word.kind == "spectator"), 0)
    why = filed.filings(word.letter_id for word in case.said)
    spoken = [
        _leaves(word, leaving[word.id])
        if word.id in leaving
        else _spoken(word, delivered.get(word.id), sorting if word.id == first else None)
        for word in case.said
    ]
    notes = [word.id for word in case.said if word.kind == "note" and "@" in word.body]
    named = mentions.named_in(notes) if notes else {}
    resent, right, wrong = _corrected(case, delivered)
    spoken = [replace(one, to=right, wrong=wrong) if one.said.id == resent else one for one in spoken]
    return [
        replace(_explained(one, why.get(one.said.letter_id or 0)), named=tuple(named.get(one.said.id, ())))
        for one in spoken
    ]


def _corrected(case: Case, delivered: Mapping[int, Delivery]) -> tuple[int, str, str]:
    """The last answer if it was sent again elsewhere. Shape: its message, where it went, the address in place of it."""
    boxes = case.requester.mailboxes
    told = [word.id for word in case.said if word.kind == "agent" and word.id in delivered]
    if not told or not boxes or boxes[0].undeliverable is None:
        return _NOTHING
    last = delivered[told[-1]]
    if last.state not in letter_words.LEFT or last.to in {box.email for box in boxes}:
        return _NOTHING
    return told[-1], last.to, boxes[0].email


def _explained(spoken: Spoken, filing: Filing | None) -> Spoken:
    if filing is None:
        return spoken
    words = arrival_words.held if spoken.said.held else arrival_words.filed
    return replace(spoken, filed=words(filing.reason), doubtful=filing.auth == "fail")


def _leaves(word: Said, moment: datetime) -> Spoken:
    left = max(1, math.ceil((moment - clock.now()).total_seconds()))
    words = _("Leaves in %(seconds)s s", seconds=left)
    return Spoken(word, paragraphs(word.body), wording.channel_name(word.channel), words, leaves=True)


def _spoken(word: Said, delivered: Delivery | None, sorting: SortingCard | None) -> Spoken:
    html = reasons.marked(word.body, sorting.spans) if sorting else paragraphs(word.body)
    channel = wording.channel_name(word.channel)
    if delivered is None:
        return Spoken(word, html, channel, delivery=_("Not sent yet") if word.kind == "agent" else "")
    words, mood = _fate(delivered)
    if mood != "bad":
        return Spoken(word, html, channel, words, mood)
    return Spoken(
        word, html, channel, words, mood, letter=delivered.letter_id, answer=delivered.answer,
        why=letter_words.cause(delivered.answer), to=delivered.to,
    )  # fmt: skip


def _fate(delivered: Delivery) -> tuple[str, str]:
    state = delivered.state
    if state == "waiting" and delivered.tries:
        return _("Put off: tried again %(moment)s", moment=_soon(delivered.next_at)), "warn"
    fates = {
        "waiting": (_("Leaving"), ""), "sending": (_("Leaving"), ""), "sent": (_("Sent"), "ok"),
        "shown": (_("Shown on the e-mails page"), "ok"), "failed": (_("Could not be delivered"), "bad"),
        "bounced": (_("Came back"), "bad"),
    }  # fmt: skip
    return fates.get(state, (state, ""))


def _soon(moment: datetime) -> str:
    return short_moment(moment, clock.now(), language(), venue.house().tz)


def kinds(case: Case, sorting: SortingCard | None) -> list[tuple[str, str, str]]:
    """Every reason a request may have: what triage thought of first, then the order of the house.

    Shape: triples (category:type, name, what triage thought of it).
    """
    shares = dict(sorting.top3) if sorting else {}
    guess = sorting.type if sorting else ""
    found = sorted(_kinds(language()), key=lambda kind: (-shares.get(kind[0], 0.0), kind[1] != guess))
    told: set[str] = set()
    choices = []
    for slug, code, name in found:
        share = percent(shares[slug], language()) if slug in shares and slug not in told else ""
        told.add(slug)
        choices.append((f"{slug}:{code}", name, _("triage: %(share)s", share=share) if share else ""))
    return choices


def _kinds(lang: str) -> list[tuple[str, str, str]]:
    by_category: dict[str, list[TypeCard]] = {slug: [] for slug in catalogue.categories()}
    for card in catalogue.types().values():
        by_category.setdefault(card.category, []).append(card)
    found = []
    for slug, category in catalogue.categories().items():
        types, name = by_category[slug], category.name(lang)
        if len(types) == 1:
            found.append((slug, types[0].code, name))
        else:
            found += [(slug, card.code, f"{name} › {card.name(lang)}") for card in types]
        if slug == "other" or not types:
            found.append((slug, "", name))
    return found


def canned(case: Case, by: Actor) -> list[CannedCard]:
    """Canned answers: those of its category first, and among them those that leave nothing to fill in."""
    own = {box.email for box in case.requester.mailboxes}
    order = next((card for card in orders(case, by) if card.code == case.order_code and card.email in own), None)
    values = prepared.values(case, order, signer())

    def rank(card: CannedCard) -> tuple[bool, bool]:
        return case.category not in card.categories, card.lacks(case.language, values)

    return sorted(catalogue.canned(), key=rank)


def articles(case: Case, by: Actor, limit: int = 4) -> list[ArticleCard]:
    """Articles that may settle the request, in the spectator's language."""
    return shelf.answering(by, case.type, case.language)[:limit] if case.type else []


@dataclass(frozen=True, slots=True)
class Suggested:
    """A canned answer or an article that closed requests close to this one: `ref` is its id or slug."""

    kind: str
    ref: str
    name: str
    why: str
    path: str = ""


def suggested(case: Case, sorting: SortingCard | None, by: Actor) -> list[Suggested]:
    """What closed the solved requests nearest to this one, in departments one works in; at most one of each kind.

    Only what may still be used: a canned answer in use, an article that its reader may read.
    """
    if sorting is None or not by.may(Permission.TICKET_ANSWER) or case.state == "solved":
        return []
    closed: Counter[tuple[str, str]] = Counter()
    for one in sorting.suggested:
        if one.category == case.category and one.department in by.departments:
            closed[one.kind, one.ref] += one.closed
    found: dict[str, Suggested] = {}
    for (kind, ref), many in closed.most_common():
        named = _named(kind, ref, case) if many >= CLOSED_FROM and kind not in found else None
        if named is not None:
            why = ngettext("Closed %(num)s close request", "Closed %(num)s close requests", many)
            found[kind] = Suggested(kind, ref, named[0], why, named[1])
    return list(found.values())


def _named(kind: str, ref: str, case: Case) -> tuple[str, str] | None:
    """The name of what is suggested and where it is read; None where it may not be used any more."""
    if kind == CANNED:
        card = next((one for one in catalogue.canned() if str(one.id) == ref), None)
        return (card.title(language()), "") if card else None
    article = shelf.find(spectator(None, door="portal"), ref, case.language)
    return (article.title, article.path) if article else None


def _answers(case: Case) -> list[tuple[str, str]]:
    card = catalogue.request_type(case.type)
    fields = {field.name: field for field in card.fields} if card else {}
    return [
        (fields[name].label(language()), _option(fields[name], value)) if name in fields else (name, str(value))
        for name, value in case.answers.items()
        if value not in (None, "")
    ]


def _option(field: FieldCard, value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.kind == "money" and isinstance(value, int):
        return money(value, venue.house().currency, language())
    names = {key: (french if language() == "fr" else english) for key, french, english in field.options}
    return names.get(str(value), str(value))


def _people(case: Case) -> list[tuple[int, str]]:
    return [(card.id, card.name) for card in colleagues.answering_in([case.department_id])]


def link_words(near: Near) -> str:
    """How another request belongs to this one."""
    words = {
        "perhaps_same": _("perhaps the same"), "follows": _("follows this one"), "merged": _("merged"),
        "other": wording.state_name(near.state),
    }  # fmt: skip
    return words.get(near.kind, near.kind)


def draft_of(beside: Beside, kind: str) -> str:
    """What the agent has typed of one kind."""
    typed = beside.drafts.get(kind)
    return typed.body if typed else ""
