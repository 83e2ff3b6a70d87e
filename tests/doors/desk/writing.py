"""Articles for the editors' pages, published with the desk's own verbs."""

from __future__ import annotations

from app.kernel.access import SYSTEM, Actor
from app.knowledge.editing import DraftInput, save_draft
from app.knowledge.library import ArticleFile, dump
from app.knowledge.publishing import publish_text

BRIEF = "Vous êtes remboursé du prix de vos billets."


def a_source(
    *, slug: str = "show-cancelled", lang: str = "fr", title: str = "Mon spectacle est annulé", brief: str = BRIEF,
    body: str = "## Que faire ?\n\nAttendez notre courriel.\n", category: str = "annulations", audience: str = "public",
    address: str = "",
) -> str:  # fmt: skip
    """The text of an article."""
    return dump(
        ArticleFile(
            slug=slug, lang=lang, title=title, brief=brief, body=body, category=category, audience=audience,
            address=address or slug,
        )
    )  # fmt: skip


def an_article(*, by: Actor = SYSTEM, base: int = 0, **words: str) -> int:
    """Publish an article. Returns its version."""
    source = a_source(**words)
    given = DraftInput(
        slug=words.get("slug", "show-cancelled"), lang=words.get("lang", "fr"), source=source, base_version=base
    )
    return publish_text(given, by=by)


def a_draft_of(*, by: Actor, base: int = 0, **words: str) -> int:
    """Save a draft. Returns its id."""
    given = DraftInput(
        slug=words.get("slug", "show-cancelled"), lang=words.get("lang", "fr"), source=a_source(**words),
        base_version=base,
    )  # fmt: skip
    return save_draft(given, by=by).draft_id
