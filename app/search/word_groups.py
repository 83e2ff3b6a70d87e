"""Words that mean the same in this house: kept by editors, tried on real questions before they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.kernel import changes, clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.remembered import Remembered
from app.kernel.transaction import transactional
from app.knowledge.library import LANGUAGES
from app.search import everyday, learned_queries
from app.search.models import WordGroup

#: Words of a group, characters of one, and groups of the house.
MOST, LONGEST, GROUPS = 20, 40, 500
#: A group has that many telling words at least.
LEAST = 2
#: What stems mean in this house beside themselves, by language.
Meanings: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
#: A house that has said nothing.
NONE: Final[Meanings] = {}


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same, in one language; no number before it is kept."""

    lang: str
    words: tuple[str, ...]
    id: int = 0


def listed(*, by: Actor) -> list[Group]:
    """Every group of the house."""
    by.must(Permission.ARTICLE_EDIT)
    return _read()


def typed(lang: str, text: str) -> Group:
    """A group as an editor types it: words between commas or on lines of their own.

    Raises:
        Invalid: fields `lang` or `words`.
    """
    parts = (" ".join(part.split()) for part in text.replace("\x00", "").replace("\n", ",").split(","))
    words = tuple(dict.fromkeys(part.lower() for part in parts if part))
    wrong = {} if lang in LANGUAGES else {"lang": "unknown_choice"}
    if len(words) > MOST or any(len(word) > LONGEST for word in words):
        wrong["words"] = "group_long"
    elif lang in LANGUAGES and len(everyday.alike([words], lang)) < LEAST:
        wrong["words"] = "group_short"
    if wrong:
        raise Invalid(wrong)
    return Group(lang, words)


@transactional
def keep(group: Group, *, by: Actor) -> int:
    """Keep a group, a new one or one that exists. Returns its number.

    Raises:
        NotFound: it was taken away meanwhile.
        Invalid: field `words`: the house has too many.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = learned_queries.group(group.id) if group.id else WordGroup(words=[])
    if row is None:
        raise NotFound("word_group")
    if not group.id and len(learned_queries.groups()) >= GROUPS:
        raise Invalid({"words": "groups_many"})
    changes.note("words", {"words": ", ".join(row.words)}, {"words": ", ".join(group.words)}, by=by)
    row.lang, row.words = group.lang, list(group.words)
    row.changed_at, row.changed_by_id = clock.now(), by.person_id
    session.add(row)
    session.flush()
    meanings.forget()
    return row.id


@transactional
def take_away(group_id: int, *, by: Actor) -> None:
    """Let words of a group mean only themselves again.

    Raises:
        NotFound: there is no such group.
    """
    by.must(Permission.ARTICLE_EDIT)
    row = learned_queries.group(group_id)
    if row is None:
        raise NotFound("word_group")
    changes.note("words", {"words": ", ".join(row.words)}, {"words": ""}, by=by)
    session.delete(row)
    meanings.forget()


def with_group(group: Group) -> Meanings:
    """What words would mean if a group were kept."""
    return _meanings([*(one for one in _read() if one.id != group.id), group])


def _read() -> list[Group]:
    return [Group(row.lang, tuple(row.words), row.id) for row in learned_queries.groups()]


def _meanings(groups: Iterable[Group]) -> Meanings:
    known = list(groups)
    return {lang: everyday.alike([one.words for one in known if one.lang == lang], lang) for lang in LANGUAGES}


meanings = Remembered(lambda: _meanings(_read()))
