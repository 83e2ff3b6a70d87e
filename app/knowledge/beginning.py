"""Where an article begins: a slug from its title and a first draft, or a translation begun from its twin."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid
from app.kernel.transaction import transactional
from app.knowledge import editing, queries
from app.knowledge.editing import DraftInput
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, ArticleFile, dump, parse
from app.people.names import folded

#: Characters of a title, and of the word made from it.
LONGEST_TITLE, LONGEST_WORD = 200, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """An article to come; validates itself."""

    title: str
    lang: str
    category: str
    audience: str = "public"

    def __post_init__(self) -> None:
        """Refuse what no article can begin with.

        Raises:
            Invalid: per field.
        """
        wrong = {} if self.title.strip() else {"title": "required"}
        wrong |= {"title": "too_long"} if len(self.title) > LONGEST_TITLE else {}
        wrong |= {} if self.lang in LANGUAGES else {"lang": "unknown_choice"}
        wrong |= {} if self.category else {"category": "choose_one"}
        if wrong:
            raise Invalid(wrong)


@transactional
def begin(given: Beginning, *, by: Actor) -> tuple[str, int]:
    """Begin an article as a draft. Shape: pair (slug, id of the draft).

    Raises:
        Invalid: the category or the audience cannot be one.
    """
    by.must(Permission.ARTICLE_EDIT)
    slug = _free(word_of(given.title))
    article = ArticleFile(
        slug=slug, lang=given.lang, title=" ".join(given.title.split()), address=slug, category=given.category,
        audience=given.audience,
    )  # fmt: skip
    source = dump(article)
    try:
        parse(source)
    except ArticleFault as fault:
        raise Invalid({fault.code.removeprefix("bad_"): "unknown_choice"}) from None
    saved = editing.save_draft(DraftInput(slug=slug, lang=given.lang, source=source), by=by)
    return slug, saved.draft_id


def first_text(slug: str, lang: str, *, by: Actor) -> str:
    """The text a translation begins with: where its twin stands, for whom it is, and of its words only the title."""
    by.must(Permission.ARTICLE_EDIT)
    source = next((queries.current_source(slug, other) for other in LANGUAGES if other != lang), None)
    if source is None:
        return editing.text_to_edit(slug, lang, by=by)[0]
    twin = parse(source)
    return dump(replace(twin, lang=lang, brief="", address=slug, keywords=(), body="", extra={}, source=""))


def word_of(title: str) -> str:
    """A title as one word of an address."""
    words = re.findall(r"[a-z0-9]+", folded(title).replace("'", " ").replace("’", " "))
    word = "-".join(words)[:LONGEST_WORD].strip("-")
    return word or "article"


def _free(word: str) -> str:
    taken = queries.slugs_like(word)
    names = (word, *(f"{word}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
