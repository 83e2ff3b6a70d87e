"""Where an article begins: a slug from its title and a first draft, or a translation begun from its twin."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional
from app.knowledge import baring, editing, queries, reviews
from app.knowledge.editing import DraftInput
from app.knowledge.events import ReviewSaid
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, LONGEST, ArticleFile, dump, parse, storable
from app.knowledge.models import ArticleDraft
from app.people.names import folded

#: Characters of a title, and of the word made from it.
LONGEST_TITLE, LONGEST_WORD = 200, 60
#: Characters of a proposal, and how many may wait.
LONGEST_PROPOSAL, WAITING = 4_000, 50
_HEADS = {"fr": ("La question", "La réponse"), "en": ("The question", "The answer")}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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


@transactional
def suggest(
    title: str, lang: str, said: tuple[str, str], *, names: Collection[str] = (), types: tuple[str, ...] = (), by: Actor
) -> int:
    """Suggest an article from a request to those who write them: a draft for the team that waits for its reader.

    Args:
        title: the subject of the request.
        lang: its language.
        said: what was asked, and what was answered.
        names: of whom it is about; they and every number and address are taken out.
        types: the type of the request.
        by: who suggests it.

    Returns:
        The draft's id.
    """
    if not by.may(Permission.ARTICLE_EDIT):
        by.must(Permission.TICKET_ANSWER)
    heads = _HEADS[lang]
    question, answer = (baring.bare(text, names) for text in said)
    told = baring.bare(title, names).strip(f" {baring.GONE}") or heads[0]
    body = f"## {heads[0]}\n\n{question}\n\n## {heads[1]}\n\n{answer}\n"
    return _for_a_reader(told, lang, body, origin="request", types=types, by=by)


@transactional
def propose(title: str, lang: str, words: str, *, by: Actor) -> int:
    """Propose an article from the portal: a draft for the team, without addresses and numbers, that waits for a reader.

    Returns:
        The draft's id.

    Raises:
        Invalid: fields `title`, `text`: empty or too long; `form`: too many proposals wait already.
    """
    wrong = {} if title.strip() else {"title": "required"}
    wrong |= {"title": "too_long"} if len(title) > LONGEST_TITLE else {}
    wrong |= {} if words.strip() else {"text": "required"}
    wrong |= {"text": "too_long"} if len(words) > LONGEST_PROPOSAL else {}
    if wrong:
        raise Invalid(wrong)
    # Whoever fills the list with rubbish must not hide what editors have to read.
    if sum(row.origin == "reader" for row in queries.drafts()) >= WAITING:
        raise Invalid({"form": "proposals_full"})
    return _for_a_reader(baring.bare(title, ()), lang, baring.bare(words, ()) + "\n", origin="reader", types=(), by=by)


def _for_a_reader(title: str, lang: str, body: str, *, origin: str, types: tuple[str, ...], by: Actor) -> int:
    told = " ".join(_CONTROL.sub(" ", storable(title)).split())[:LONGEST_TITLE] or _HEADS[lang][0]
    slug = _free(word_of(told))
    article = ArticleFile(
        slug=slug, lang=lang, title=told, address=slug, category="autres", audience="staff", types=types,
        body=storable(body)[: LONGEST - 2_000],
    )  # fmt: skip
    row = ArticleDraft(
        slug=slug, lang=lang, source=dump(article), base_version=0, author_id=by.person_id, saved_at=clock.now(),
        revision=1, origin=origin, review=reviews.ASKED, review_by_id=by.person_id, review_at=clock.now(),
        review_words="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    publish(ReviewSaid(draft_id=row.id, revision=1, review=reviews.ASKED, by_id=by.person_id), by=by)
    return row.id


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
