"""Who is told of what happened in requests: whoever has the request, and whoever is named."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.access import Permission
from app.knowledge.reviews import ASKED
from app.notices import knowledge, service
from app.notices.service import News
from app.people import colleagues
from app.tickets import message_queries
from app.tickets import queries as tickets


def assigned(given: Sequence[tuple[int, int, int | None, int]]) -> None:
    """Requests were given to colleagues. Shape: (ticket, to whom, by whom, version of the ticket)."""
    service.note(
        News(person_id, "assigned", f"assigned:{ticket_id}:{version}", ticket_id, by_id)
        for ticket_id, person_id, by_id, version in given
    )


def mentioned(named: Sequence[tuple[int, int, Sequence[int]]]) -> None:
    """Notes name colleagues. Shape: (ticket, message, whom)."""
    words = message_queries.messages(message_id for _, message_id, _ in named)
    service.note(
        News(person_id, "mentioned", f"mentioned:{message_id}", ticket_id, words[message_id].author_id)
        for ticket_id, message_id, persons in named
        for person_id in persons
        if message_id in words
    )


def replied(pairs: Sequence[tuple[int, int]]) -> None:
    """Spectators wrote. Shape: (ticket, message)."""
    cards = tickets.cards(ticket_id for ticket_id, _ in pairs)
    words = message_queries.messages(message_id for _, message_id in pairs)
    service.note(
        News(assignee, "replied", f"replied:{message_id}", ticket_id, words[message_id].author_id)
        for ticket_id, message_id in pairs
        if message_id in words and (assignee := cards[ticket_id].assignee_id) is not None
    )


def held(answers: Sequence[tuple[int, int, int, str]]) -> None:
    """Waves of answers to a crowd were told, and the next wait. Shape: (who started it, answer, wave, why it waits)."""
    service.note(
        News(person_id, "held", f"held:{answer_id}:{wave}:{why}") for person_id, answer_id, wave, why in answers
    )


def promised(how: str, promises: Sequence[tuple[int, str, str]]) -> None:
    """Promises are near, or late. Shape: (ticket, kind of promise, its moment)."""
    cards = tickets.cards(ticket_id for ticket_id, _, _ in promises)
    watching = colleagues.watching()
    news: list[News] = []
    for ticket_id, kind, due in promises:
        card, key = cards[ticket_id], f"{how}:{ticket_id}:{kind}:{due}"
        if card.assignee_id is not None:
            news.append(News(card.assignee_id, "due", key, ticket_id))
        # Whoever has the request hears of it as theirs; under the same key nobody hears twice.
        others = (one.id for one in watching if card.department_id in one.departments and one.id != card.assignee_id)
        news += [News(person_id, "team_due", key, ticket_id) for person_id in others]
    service.note(news)


def reading(said: Sequence[tuple[int, int, str, int | None]]) -> None:
    """Second readers were asked for, or decided. Shape: (draft, its revision, how far it is, who said so)."""
    readers = colleagues.holding(Permission.ARTICLE_PUBLISH)
    news: list[News] = []
    for draft_id, revision, review, by_id in said:
        author = knowledge.author_of(draft_id)
        # Nobody agrees with their own text: whoever wrote it is not asked to read it.
        whom = [key for key in readers if key != author] if review == ASKED else [author]
        key = f"reading:{draft_id}:{revision}:{review}"
        news += [News(person_id, "reading", key, by_id=by_id) for person_id in whom if person_id is not None]
    service.note(news)


def disputed(held: Sequence[tuple[int, int, int]]) -> None:
    """Lines wait for a look, for a bank takes back what paid for them. Shape: (campaign, the first line, dispute)."""
    whom = colleagues.holding(Permission.MONEY_APPROVE)
    service.note(
        News(person_id, "disputed", f"disputed:{campaign_id}:{line_id}:{dispute_id}")
        for campaign_id, line_id, dispute_id in held
        for person_id in whom
    )


def articles() -> int:
    """Note for every editor what the knowledge base needs; under one key nobody is told twice. Returns how many."""
    people = [told for key in colleagues.holding(Permission.ARTICLE_EDIT) if (told := colleagues.told(key)) is not None]
    keys = list(knowledge.needs(people[0].actor)) if people else []
    return service.note(News(one.actor.person_id or 0, "articles", key) for one in people for key in keys)
