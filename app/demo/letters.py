"""Letters that left because of the demo's requests, as rows already sent; none of them will leave again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.demo.rows import Post
from app.kernel import keys
from app.mail import identity, texts
from app.mail.outgoing import address
from app.satisfaction.service import PURPOSE as OPINION
from app.tickets import links
from app.venue import moments
from app.venue import service as venue

TAKEN = "250 2.0.0 Ok"
#: One letter came back, so that the desk shows what that looks like.
BOUNCED = "5.1.1"


def letter_rows(posts: Sequence[Post], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Rows of letters in the order of time, each following those of its ticket; `names` are colleagues by person id."""
    before: dict[int, str] = {}
    rows = []
    for post in sorted(posts, key=lambda one: one.at):
        row = _row(post, names, before.get(post.ticket["id"], ""))
        before[post.ticket["id"]] = row["mid"]
        rows.append(row)
    return rows


def _row(post: Post, names: Mapping[int, str], before: str) -> dict[str, Any]:
    house, course, ticket = venue.house(), post.course, post.ticket
    link = address(f"/d/{keys.link_token(links.PURPOSE, ticket['link_nonce'], 1)}")
    values = texts.of_house(course.lang) | _values(post, names) | {"number": str(ticket["number"]), "link": link}
    kind = "question" if post.kind == "answer" and post.state == "waiting" else post.kind
    subject, text = texts.worded(kind, course.lang, values)
    return {
        "kind": kind, "ticket_id": ticket["id"], "message_id": post.message["id"] if post.message else None,
        "to_email": course.email, "to_name": course.asker_name, "language": course.lang,
        "subject": f"{subject} [#{ticket['number']}]"[:255], "text": text, "values": {"house": house.name},
        "mid": identity.new_mid(ticket["link_nonce"]), "references": before, "automatic": post.kind != "answer",
        "reply_to": identity.reply_address(keys.link_token(links.ADDRESS, ticket["link_nonce"], 1)), "state": "sent",
        "created_at": post.at, "next_at": post.at, "tries": 1, "fence": 1, "sent_at": post.at, "answer": TAKEN,
    }  # fmt: skip


def _values(post: Post, names: Mapping[int, str]) -> dict[str, str]:
    if post.kind == "received" and post.due_at is not None:
        promise = moments.promise(post.due_at, post.at, post.course.lang, venue.house().tz)
        return {"promise": promise, "articles": ""}
    if post.kind == "answer" and post.message is not None:
        return {
            "body": post.message["body"], "subject": post.ticket["subject"], "quoted": "",
            "signer": names.get(post.message["author_id"], ""),
        }  # fmt: skip
    return {"opinion": address(f"/avis/{keys.link_token(OPINION, post.nonce, 1)}")}
