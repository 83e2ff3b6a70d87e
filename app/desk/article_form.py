"""An article as fields of a form, and the fields as the text of its file; nothing is saved here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import ArticleFile, dump, parse

#: Fields of the form, in the order of the page; the text of a file that is no article is one field, `source`.
FIELDS = (
    "title", "brief", "body", "category", "audience", "reviewed", "address", "keywords", "related", "types", "owner",
    "order", "performance", "starts", "ends",
)  # fmt: skip
SOURCE = "source"
_FAULTS = {"missing_key": "title", "ends_early": "ends", "control_character": "body"}


@dataclass(frozen=True, slots=True)
class Written:
    """What an editor typed: the text it makes, the values as typed, and codes of what could not be taken, by field."""

    source: str
    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)


def opened(source: str) -> Written:
    """A text as fields; one that is no article stays whole, with what is wrong with it."""
    try:
        article = parse(source)
    except ArticleFault as fault:
        return Written(source, {SOURCE: source}, {SOURCE: fault.code})
    return Written(source, {name: _typed(getattr(article, name)) for name in FIELDS})


def written(base: str, given: Mapping[str, str], *, slug: str, lang: str) -> Written:
    """What was typed as a text: lines of the front matter that did not change stay exactly as they were.

    A value that its key cannot take is left as it was in `base` and named.
    """
    if SOURCE in given:
        text = _lines(given[SOURCE])
        return replace(opened(text), source=text)
    values = {name: _lines(given.get(name, "")) for name in FIELDS}
    before = _before(base, slug, lang)
    changes = {name: _READERS.get(name, _line)(value) for name, value in values.items()}
    text, wrong = _taken(before, changes)
    return Written(text, values, wrong)


def _before(base: str, slug: str, lang: str) -> ArticleFile:
    try:
        return replace(parse(base), slug=slug, lang=lang)
    except ArticleFault:
        return ArticleFile(slug=slug, lang=lang, title=slug)


def _taken(before: ArticleFile, changes: dict[str, Any]) -> tuple[str, dict[str, str]]:
    wrong: dict[str, str] = {}
    while True:
        text = dump(replace(before, **changes))
        try:
            parse(text)
        except ArticleFault as fault:
            name = _blamed(fault.code, changes)
            if name not in changes:
                raise
            wrong[name] = fault.code
            del changes[name]
        else:
            return text, wrong


def _blamed(code: str, changes: Mapping[str, Any]) -> str:
    """The field that a fault of the whole text lies with; of a text that is too long, its longest one."""
    if code == "too_long" and changes:
        return max(changes, key=lambda name: len(str(changes[name])))
    return _FAULTS.get(code, code.removeprefix("bad_"))


def _typed(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value in {None, 0} else str(value)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _line(text: str) -> str:
    # As the file's own reader folds it; a no-break space is typography and stays.
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")


def _items(text: str) -> tuple[str, ...]:
    return tuple(item for part in re.split(r"[,\n]", text) if (item := part.strip()))


def _day(text: str) -> date | str | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _whole(text: str) -> int | str:
    bare = text.strip()
    return int(bare or 0) if re.fullmatch(r"-?[0-9]{0,6}", bare) and bare != "-" else text


def _same(text: str) -> str:
    return text


_READERS: Mapping[str, Callable[[str], Any]] = {
    "body": _same, "keywords": _items, "related": _items, "types": _items, "reviewed": _day, "starts": _day,
    "ends": _day, "order": _whole,
}  # fmt: skip
