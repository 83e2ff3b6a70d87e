"""One article file: front matter, then Markdown; read into plain values and written back; pure.

A file that was not changed is written back byte for byte; a changed value rewrites its own lines and no others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from app.knowledge import front_matter
from app.knowledge.front_matter import FENCED, ArticleFault

LANGUAGES = ("fr", "en")
#: Characters of one file; beyond this it is no article.
LONGEST = 100_000

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_AUDIENCE = re.compile(r"public|subscriber|staff|department:[a-z0-9][a-z0-9_-]{0,39}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """One article in one language, as its file says; `extra` holds keys the house does not know, kept as they are."""

    slug: str
    lang: str
    title: str
    brief: str = ""
    address: str = ""
    category: str = ""
    audience: str = "public"
    keywords: tuple[str, ...] = ()
    owner: str = ""
    reviewed: date | None = None
    order: int = 0
    related: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    #: The reference, in the ticketing system, of the performance it speaks of.
    performance: str = ""
    starts: date | None = None
    ends: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    #: The text it was read from; empty for an article that has no file yet.
    source: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.slug}.{self.lang}.md"


def text_hash(source: str) -> str:
    """What tells two texts of an article apart."""
    return hashlib.sha256(source.encode()).hexdigest()


def storable(text: str) -> str:
    """A text without what no database keeps: NUL characters and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def decoded(content: bytes) -> str:
    """The text of a file.

    Raises:
        ArticleFault: it is not UTF-8; the line is where that shows.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ArticleFault(line, "not_utf8", "the file is not written in UTF-8") from None


def parse(source: str) -> ArticleFile:
    """Read one article.

    Raises:
        ArticleFault: the front matter is missing, is no YAML, or a value cannot be what its key needs.
    """
    _refuse_unusable(source)
    fenced = FENCED.match(source)
    if fenced is None:
        raise ArticleFault(1, "no_front_matter", "the file does not begin with front matter between two lines of ---")
    found = front_matter.keys(fenced["head"])
    values = {name: _read(name, *found[name]) for name in _READERS if name in found}
    for name in ("slug", "lang", "title"):
        if not values.get(name):
            line = found[name][1] if name in found else 1
            raise ArticleFault(line, "missing_key", f"the key {name} is missing or empty")
    extra = {name: plain for name, (plain, _) in found.items() if name not in _READERS}
    values["address"] = values.get("address") or values["slug"]
    article = ArticleFile(**values, extra=extra, body=source[fenced.end() :], source=source)
    if article.starts and article.ends and article.ends < article.starts:
        raise ArticleFault(found["ends"][1], "ends_early", "ends lies before starts")
    return article


def dump(article: ArticleFile) -> str:
    """The text of an article's file; the lines of unchanged keys stay exactly as they were."""
    fenced = FENCED.match(article.source)
    if fenced is None:
        return _fresh(article)
    before = parse(article.source)
    if before == article:
        return article.source
    newline = "\r\n" if "\r\n" in fenced.group(0) else "\n"
    head = front_matter.rewritten(fenced["head"].replace("\r\n", "\n"), _said(before), _said(article))
    start, end = fenced.span("head")
    text = article.source[:start] + head.replace("\n", newline) + article.source[end : fenced.end()] + article.body
    # YAML can be laid out in ways that lines do not follow; then the whole front matter is written anew.
    return text if _reads_as(text, article) else _fresh(article)


def written(article: ArticleFile, **changes: Any) -> ArticleFile:  # noqa: ANN401 - values of the fields named
    """The article with some values changed, and its text with them.

    Raises:
        ArticleFault: a value cannot be what its key needs.
    """
    return parse(dump(replace(article, **changes)))


def line_of(article: ArticleFile, key: str) -> int:
    """The line of a key in the article's file; the first one where the file does not say it."""
    fenced = FENCED.match(article.source)
    return front_matter.keys(fenced["head"]).get(key, ("", 1))[1] if fenced else 1


def _fresh(article: ArticleFile) -> str:
    lines = (front_matter.line(name, value) for name, value in _said(article).items())
    return f"---\n{''.join(lines)}---\n{article.body}"


def _said(article: ArticleFile) -> dict[str, Any]:
    """What the article says beyond the defaults, in the order files are written."""
    said = {name: getattr(article, name) for name in _READERS if getattr(article, name) != _DEFAULTS[name]}
    return {**said, **article.extra}


def _reads_as(text: str, article: ArticleFile) -> bool:
    try:
        return parse(text) == article
    except ArticleFault:
        return False


def _refuse_unusable(source: str) -> None:
    if len(source) > LONGEST:
        raise ArticleFault(1, "too_long", f"the file is longer than {LONGEST} characters")
    if "\x00" in source:
        line = source.count("\n", 0, source.index("\x00")) + 1
        raise ArticleFault(line, "control_character", "the file holds a NUL character")


def _read(name: str, plain: Any, line: int) -> Any:  # noqa: ANN401 - the type is the key's
    try:
        return _READERS[name](plain)
    except ValueError as expected:
        raise ArticleFault(line, f"bad_{name}", f"{name} is {_shown(plain)}: expected {expected}") from None


def _shown(plain: object) -> str:
    text = json.dumps(plain, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _text(plain: object) -> str:
    if not isinstance(plain, str):
        raise ValueError("a text")
    # Only ordinary spaces fold: a no-break space is typography and stays.
    text = re.sub(r"[ \t\r\n]+", " ", plain).strip(" ")
    if _CONTROL.search(text):
        raise ValueError("a text without control characters")
    return text


def _like(pattern: re.Pattern[str], expected: str, *, default: str = "") -> Callable[[Any], str]:
    def read(plain: object) -> str:
        text = _text(plain)
        if text and not pattern.fullmatch(text):
            raise ValueError(expected)
        return text or default

    return read


def _title(plain: object) -> str:
    text = _text(plain)
    if len(text) > 200:
        raise ValueError("at most 200 characters")
    return text


def _reference(plain: object) -> str:
    text = _text(plain)
    if len(text) > 40:
        raise ValueError("a reference of at most 40 characters")
    return text


def _date(plain: object) -> date | None:
    text = _text(plain)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date such as 2026-09-30") from None


def _whole(plain: object) -> int:
    text = _text(plain) or "0"
    if not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise ValueError("a whole number")
    return int(text)


def _texts(plain: object) -> tuple[str, ...]:
    items = plain if isinstance(plain, list) else [] if plain == "" else None
    if items is None or not all(isinstance(item, str) for item in items):
        raise ValueError("a list of texts, such as [one, two]")
    return tuple(text for item in items if (text := _text(item)))


def _codes(plain: object) -> tuple[str, ...]:
    found = _texts(plain)
    wrong = next((code for code in found if not _CODE.fullmatch(code)), None)
    if wrong is not None:
        raise ValueError(f"a list of codes; {wrong} is none")
    return found


_WORD = "small letters, digits and hyphens"
_READERS: dict[str, Callable[[Any], Any]] = {
    "slug": _like(_CODE, _WORD), "lang": _like(re.compile("|".join(LANGUAGES)), "fr or en"), "title": _title,
    "brief": _text, "address": _like(_CODE, _WORD), "category": _like(re.compile(r"[a-z0-9_-]{1,40}"), _WORD),
    "audience": _like(_AUDIENCE, "public, subscriber, staff or department:code", default="public"), "keywords": _texts,
    "owner": _title, "reviewed": _date, "order": _whole, "related": _codes, "types": _codes,
    "performance": _reference, "starts": _date, "ends": _date,
}  # fmt: skip
_DEFAULTS = {item.name: item.default for item in fields(ArticleFile)}
