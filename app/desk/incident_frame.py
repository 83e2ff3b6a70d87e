"""What every page of the desk tells of live incidents: a script for the phone, proposals, answers that wait."""

from __future__ import annotations

from typing import Any

from app.incidents import held, surfaces
from app.incidents.held import Held
from app.incidents.surfaces import Told
from app.kernel.access import Actor, Permission, spectator
from app.knowledge import shelf
from app.mail.outgoing import address
from app.web.tongue import language

INCIDENTS, ANNOUNCEMENTS = "/regie/incidents", "/regie/annonces"


def bars(by: Actor) -> dict[str, Any]:
    """What the frame of a page shows, for those who read incidents."""
    if not by.may(Permission.INCIDENT_READ):
        return {}
    live = surfaces.live()
    return {
        "scripts": [script(one) for one in live if one.state == "declared"],
        "proposals": [
            {"title": one.title(language()), "url": f"{INCIDENTS}/{one.id}"} for one in live if one.state == "proposed"
        ],
        "waves": [
            {"title": one.title(language()), "url": _waits_at(one), "told": one.wave > 0}
            for one in (held.held(by=by) if by.may(Permission.CROWD_ANSWER) else ())
        ],
    }


def _waits_at(one: Held) -> str:
    """Where somebody looks at an answer that waits: at how it fares, or at its words before anybody was told."""
    at = f"{INCIDENTS}/{one.incident_id}"
    return f"{at}/reponses/{one.answer_id}" if one.wave else f"{at}/reponse?a={one.answer_id}"


def proposals(by: Actor) -> int:
    """How many are proposed and wait for somebody to decide."""
    if not by.may(Permission.INCIDENT_READ):
        return 0
    return sum(1 for one in surfaces.live() if one.state == "proposed")


def script(one: Told) -> dict[str, Any]:
    """What is said on the phone: the text in both languages, that of the page first, with the article to name."""
    lang = language()
    tongues = (lang, "en" if lang == "fr" else "fr")
    return {
        "id": one.id, "title": one.title(lang), "url": f"{INCIDENTS}/{one.id}",
        "said": [(tongue, one.title(tongue), one.text(tongue)) for tongue in tongues],
        "article": article_path(one.article, lang),
    }  # fmt: skip


def article_path(slug: str | None, lang: str) -> str:
    """Where anybody reads the article of an incident; empty when there is none."""
    card = shelf.find_either(spectator(None, door="portal"), slug, lang) if slug else None
    return card.path if card else ""


def answer_text(one: Told, lang: str) -> str:
    """The prepared answer for whoever belongs to an incident, in the reader's language."""
    path = article_path(one.article, lang)
    hello = "Bonjour," if lang == "fr" else "Hello,"
    return "\n\n".join(filter(None, (hello, one.text(lang), address(path) if path else "")))
