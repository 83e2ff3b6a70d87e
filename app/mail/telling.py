"""What the house tells by letter: answers, new links, sign-in links; the words are in `letters/`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from app.kernel import clock, keys
from app.kernel.transaction import transactional
from app.mail import composing, outgoing, queries
from app.mail.outgoing import Letter, address
from app.people import entry_queries
from app.people import queries as people_rows
from app.people import service as people
from app.tickets import links, message_queries
from app.tickets import queries as tickets

#: How often one person may have the link of a ticket sent again.
LINKS_AN_HOUR = 3


@transactional
def answers(pairs: Iterable[tuple[int, int]], together: Collection[int] = ()) -> None:
    """Write agents' answers to the people they are for; one letter a message, however often this runs.

    `together` are the messages by which many are answered at once.
    """
    wanted = list(pairs)
    rows = tickets.cards(ticket for ticket, _ in wanted)
    # Held, and of the kind they have now: what was taken back meanwhile is written to nobody.
    kinds = message_queries.hold(message for _, message in wanted)
    wanted = [pair for pair in wanted if kinds.get(pair[1]) == "agent"]
    words = message_queries.messages(message for _, message in wanted)
    there = queries.of_messages(words)
    before = message_queries.answered_words(words)
    signers = people.cards_of({word.author_id for word in words.values() if word.author_id})
    outgoing.write(
        [
            Letter(
                kind="question" if rows[ticket_id].state == "waiting" else "answer",
                to_person=rows[ticket_id].requester_id,
                language=rows[ticket_id].language,
                ticket_id=ticket_id,
                message_id=message_id,
                automatic=False,
                together=message_id in together,
                values={
                    "body": words[message_id].body,
                    "subject": rows[ticket_id].subject,
                    "signer": signer.name if (signer := signers.get(words[message_id].author_id or 0)) else "",
                    "quoted": composing.quotation(before[message_id]) if message_id in before else "",
                },
            )
            for ticket_id, message_id in wanted
            if message_id not in there
        ]
    )


@transactional
def new_link(ticket_id: int) -> None:
    """Send the private link of a ticket again, to its requester only; the old one dies, and only so many an hour."""
    row = tickets.card(ticket_id)
    if row is None:
        return
    to = people.letters_go_to(row.requester_id) or ""
    recent = queries.letters_since([to], ("link",), clock.now() - timedelta(hours=1))
    if len(recent[to]) >= LINKS_AN_HOUR:
        return
    if clock.now() - row.link_used_at > links.LIFE:
        links.renew(ticket_id)
    outgoing.write([Letter(kind="link", to_person=row.requester_id, language=row.language, ticket_id=ticket_id)])


@transactional
def find_again(email: str) -> None:
    """Send somebody the links of their open requests; says nothing either way."""
    known = people_rows.addresses([email]).get(email)
    if known is None:
        return
    for row in tickets.recent_of(known.person_id, limit=3):
        new_link(row.id)


@transactional
def sign_in_links(pairs: Iterable[tuple[int, int]]) -> None:
    """Send sign-in links that colleagues asked for."""
    wanted = list(pairs)
    persons = people.cards_of([person for _, person in wanted])
    rows = entry_queries.sign_in_links(link for link, _ in wanted)
    tokens = {key: keys.link_token("sign-in", row.nonce, row.generation) for key, row in rows.items()}
    outgoing.write(
        [
            Letter(
                kind="sign_in",
                to_person=person_id,
                language=persons[person_id].language,
                values={"sign_in": address(f"/regie/connexion/{tokens[link_id]}")},
            )
            for link_id, person_id in wanted
            if link_id in tokens
        ]
    )
