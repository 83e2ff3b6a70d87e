"""Knowledge bases of other desks read into article files: what comes in, and what is left out and why.

Nothing is read from a disk here. Sources: Zendesk Guide, Help Center API, Articles, as saved or exported, `{"articles":
[{"id", "title", "body", "locale", "draft", "label_names"}]}`, or pages of HTML with a title and a body. Zammad, `GET
/api/v1/knowledge_bases/init`: `{"KnowledgeBaseAnswer": {id: {"published_at"}}, "KnowledgeBaseAnswerTranslation": {id:
{"answer_id", "title", "kb_locale_id", "content_id"}}, "KnowledgeBaseAnswerTranslationContent": {id: {"body"}},
"KnowledgeBaseLocale": {id: {"system_locale_id"}}, "Locale": {id: {"locale"}}}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.knowledge import hypertext
from app.knowledge.beginning import word_of
from app.knowledge.front_matter import FENCED, ArticleFault
from app.knowledge.library import LANGUAGES, LONGEST, ArticleFile, dump, parse

#: Characters of the first words of a text that stand for its brief.
BRIEF = 240


@dataclass(frozen=True, slots=True)
class Brought:
    """One article of another desk as a file of ours: where it was read, its name and its text."""

    origin: str
    line: int
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Left:
    """What is not taken: where it was read, a stable code and a sentence."""

    origin: str
    line: int
    code: str
    problem: str


@dataclass(frozen=True, slots=True)
class _Found:
    origin: str
    line: int
    title: str
    lang: str
    html: str
    keywords: tuple[str, ...] = ()
    #: What tells its twin: the same in every language; empty where nothing does.
    key: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was taken and left so far, and the names in use."""

    found: list[Brought]
    left: list[Left]
    used: set[str]


def markdown_folder(files: Iterable[tuple[str, str]], lang: str, audience: str) -> tuple[list[Brought], list[Left]]:
    """Markdown files without front matter of ours: the first heading is the title. Shape: pairs (name, text)."""
    found: list[Brought] = []
    left: list[Left] = []
    used: set[str] = set()
    for name, text in files:
        if FENCED.match(text):
            left.append(Left(name, 1, "ours", "it has front matter: flask knowledge import reads it"))
            continue
        said = _language(name, lang)
        heading = re.search(r"^#[ \t]+(.+?)[ \t]*#*$", text, re.M)
        stem = re.sub(rf"[._-]({'|'.join(LANGUAGES)})$", "", name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
        title = heading[1] if heading else stem.replace("-", " ").replace("_", " ").strip().capitalize()
        body = (text[: heading.start()] + text[heading.end() :]).strip() + "\n" if heading else text
        _take(_Found(name, 1, title, said, "", key=word_of(stem)), body, audience, _Shelf(found, left, used))
    return found, left


def zendesk_pages(files: Iterable[tuple[str, str]], lang: str, audience: str) -> tuple[list[Brought], list[Left]]:
    """Pages of HTML, one an article. Shape: pairs (name, HTML)."""
    pages = (
        _Found(name, 1, page.title, _language(page.lang or name, lang), page.body, page.keywords, key=_number(name))
        for name, text in files
        for page in [hypertext.page(text)]
    )
    return _all(pages, audience)


def of_json(name: str, text: str, lang: str, audience: str) -> tuple[list[Brought], list[Left]]:
    """An export of Zendesk Guide or Zammad in JSON."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", 1)
        return [], [Left(name, line, "bad_json", "this is no JSON")]
    if isinstance(given, dict) and isinstance(given.get("articles"), list):
        return _all(_of_zendesk(name, given["articles"], lang), audience)
    if isinstance(given, dict) and isinstance(given.get("KnowledgeBaseAnswerTranslation"), dict):
        return _all(_of_zammad(name, given, lang), audience)
    return [], [Left(name, 1, "unknown_export", "this is an export of neither Zendesk Guide nor Zammad")]


def _of_zendesk(name: str, articles: list[Any], lang: str) -> Iterator[_Found]:
    for number, one in enumerate(articles, 1):
        given = one if isinstance(one, dict) else {}
        labels = given.get("label_names")
        yield _Found(
            f"{name}#{_text(given, 'id') or number}", number, _text(given, "title"),
            _language(_text(given, "locale"), lang), _text(given, "body"),
            tuple(label for label in labels if isinstance(label, str)) if isinstance(labels, list) else (),
            key=_text(given, "id"), hidden=given.get("draft") is True,
        )  # fmt: skip


def _of_zammad(name: str, given: Mapping[str, Any], lang: str) -> Iterator[_Found]:
    answers, contents = _table(given, "KnowledgeBaseAnswer"), _table(given, "KnowledgeBaseAnswerTranslationContent")
    locales, systems = _table(given, "KnowledgeBaseLocale"), _table(given, "Locale")
    for number, (key, row) in enumerate(_table(given, "KnowledgeBaseAnswerTranslation").items(), 1):
        answer = answers.get(_text(row, "answer_id"), {})
        content = contents.get(_text(row, "content_id") or key, {})
        locale = locales.get(_text(row, "kb_locale_id"), {})
        code = _text(systems.get(_text(locale, "system_locale_id"), {}), "locale") or _text(row, "locale")
        shown = answer.get("published_at") and not answer.get("archived_at")
        yield _Found(
            f"{name}#{key}", number, _text(row, "title"), _language(code, lang),
            _text(content, "body"), key=_text(row, "answer_id"), hidden=not shown,
        )  # fmt: skip


def _all(some: Iterable[_Found], audience: str) -> tuple[list[Brought], list[Left]]:
    found: list[Brought] = []
    left: list[Left] = []
    used: set[str] = set()
    names: dict[str, str] = {}
    for one in some:
        # Twins have one name: that of the first language met.
        word = names.setdefault(one.key, word_of(one.title)) if one.key else word_of(one.title)
        try:
            body = hypertext.markdown(one.html)
        except RecursionError:
            left.append(Left(one.origin, one.line, "too_deep", "its HTML is nested too deeply"))
            continue
        _take(_named(one, word), body, audience, _Shelf(found, left, used))
    return found, left


def _named(one: _Found, word: str) -> _Found:
    return _Found(one.origin, one.line, one.title, one.lang, one.html, one.keywords, word, one.hidden)


def _take(one: _Found, body: str, audience: str, shelf: _Shelf) -> None:
    problem = _problem(one, body)
    name = f"{one.key}.{one.lang}.md"
    if problem is None and name in shelf.used:
        problem = "twice", f"another article is called {name} already"
    if problem is not None:
        shelf.left.append(Left(one.origin, one.line, *problem))
        return
    article = ArticleFile(
        slug=one.key, lang=one.lang, title=" ".join(one.title.split())[:200], brief=_brief(body), address=one.key,
        category="autres", audience=audience, keywords=one.keywords, body=body,
    )  # fmt: skip
    try:
        source = dump(article)
        parse(source)
    except ArticleFault as fault:
        shelf.left.append(Left(one.origin, one.line, fault.code, fault.sentence))
        return
    shelf.used.add(name)
    shelf.found.append(Brought(one.origin, one.line, name, source))


def _problem(one: _Found, body: str) -> tuple[str, str] | None:
    if one.hidden:
        return "not_published", "it was not published there"
    if not one.title.strip():
        return "no_title", "it has no title"
    if one.lang not in LANGUAGES:
        return "other_language", f"its language, {one.lang}, is none of the house's"
    if not body.strip():
        return "no_text", "it has no text"
    return ("too_long", f"it is longer than {LONGEST} characters") if len(body) > LONGEST - 2_000 else None


def _brief(body: str) -> str:
    for block in re.split(r"\n\s*\n", body):
        words = " ".join(re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*`]", lambda m: m[1] or "", block).split())
        if words and not block.lstrip().startswith(("#", "|", ">", "-", "1.", "!")):
            return words if len(words) <= BRIEF else words[: BRIEF - 1].rsplit(" ", 1)[0] + "…"
    return ""


def _language(said: str, usual: str) -> str:
    """The language a name or a locale ends or begins with, such as `en-us` or `faq.fr.md`."""
    locale = re.fullmatch(r"([a-z]{2})(?:[-_][A-Za-z]{2,4})?", said)
    if locale is not None:
        return locale[1]
    within = re.search(rf"(?:^|[./_-])({'|'.join(LANGUAGES)})(?:[-_][A-Za-z]{{2}})?(?:[./]|$)", said)
    return within[1] if within else usual


def _number(name: str) -> str:
    found = re.match(r"(\d{4,})", name.rsplit("/", 1)[-1])
    return found[1] if found else ""


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _table(given: Mapping[str, Any], key: str) -> dict[str, Mapping[str, Any]]:
    rows = given.get(key)
    return {name: row for name, row in rows.items() if isinstance(row, dict)} if isinstance(rows, dict) else {}
