"""HTML of other desks as Markdown of ours: what has no counterpart gives its words, what runs gives nothing; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SILENT = {"script", "style", "template", "head", "noscript", "svg", "iframe", "object", "form", "button"}
_BLOCKS = {"p", "div", "section", "article", "blockquote", "figure", "pre", "dl", "dd", "dt", "table", "header", "main"}
_AROUND = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_HEADING = re.compile(r"h([1-6])")
_SPECIAL = re.compile(r"([\\`*_\[\]<])")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its title, its language where it says one, the HTML of its body, its keywords."""

    title: str
    lang: str
    body: str
    keywords: tuple[str, ...] = ()


def page(html: str) -> Page:
    """Read the head of a page; a first-level heading of the body is the better title, and leaves the body."""
    head = _Head()
    head.feed(html)
    body = re.search(r"<body[^>]*>(.*?)(?:</body>|\Z)", html, re.S | re.I)
    text = body[1] if body else re.sub(r"<head\b.*?</head>", "", html, flags=re.S | re.I)
    first = re.search(r"<h1\b[^>]*>(.*?)</h1>", text, re.S | re.I)
    if first is None:
        return Page(head.title.strip(), head.lang, text, head.keywords)
    title = " ".join(markdown(first[1]).replace("\\", "").split())
    return Page(title, head.lang, text[: first.start()] + text[first.end() :], head.keywords)


def markdown(html: str) -> str:
    """The body of a page as Markdown."""
    reader = _Body()
    reader.feed(html)
    reader.close()
    text = "".join(reader.parts).replace("\u00ad", "")
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n ") + "\n" if text.strip() else ""


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title, self.lang, self.inside = "", "", False
        self.keywords: tuple[str, ...] = ()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside = tag == "title"
        if tag == "html":
            self.lang = given.get("lang") or ""
        elif tag == "meta" and given.get("name") == "keywords":
            self.keywords = tuple(word for one in (given.get("content") or "").split(",") if (word := one.strip()))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "title"

    def handle_data(self, data: str) -> None:
        self.title += data if self.inside else ""


@dataclass(slots=True)
class _List:
    ordered: bool
    count: int = 0


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)


class _Body(HTMLParser):
    """Writes Markdown as it reads; tables are written when they end."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0
        self.lists: list[_List] = []
        self.links: list[str] = []
        self.tables: list[tuple[_Table, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        if self.silent:
            return
        if tag in {"ul", "ol"}:
            self.parts.append("\n" if self.lists else "\n\n")
            self.lists.append(_List(tag == "ol"))
        elif tag == "li":
            self._item()
        else:
            self._inline(tag, given)

    def _inline(self, tag: str, given: dict[str, str]) -> None:
        if tag in _AROUND:
            self.parts.append(_AROUND[tag])
        elif found := _HEADING.fullmatch(tag):
            self.parts.append(f"\n\n{'#' * max(2, int(found[1]))} ")
        elif tag == "a":
            self.links.append(given.get("href", ""))
            self.parts.append("[")
        elif tag == "img" and given.get("alt", "").strip():
            self.parts.append(_SPECIAL.sub(r"\\\1", given["alt"].strip()))
        elif tag in {"br", "hr"}:
            self.parts.append("\n\n" if not self.tables else " ")
        else:
            self._open(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
            return
        if not self.silent:
            self._close(tag)

    def _close(self, tag: str) -> None:
        if tag in _AROUND:
            self.parts.append(_AROUND[tag])
        elif _HEADING.fullmatch(tag):
            self.parts.append("\n\n")
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self.parts.append("\n" if self.lists else "\n\n")
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.parts.append(f"]({address})" if re.match(r"https?:|mailto:|tel:", address) else "](#)")
        elif tag == "table":
            self._close_table()
        elif tag in _BLOCKS and not self.tables:
            self.parts.append("\n\n" if not self.lists else "\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            words = re.sub(r"[ \t\r\n]+", " ", data)
            self.parts.append(_SPECIAL.sub(r"\\\1", words) if words.strip() else words)

    def _open(self, tag: str) -> None:
        if tag == "table":
            self.tables.append((_Table(), self.parts))
            self.parts = []
        elif tag == "tr" and self.tables:
            self._close_cell()
            self.tables[-1][0].rows.append([])
        elif tag in {"td", "th"} and self.tables:
            self._close_cell()
            if not self.tables[-1][0].rows:
                self.tables[-1][0].rows.append([])
            self.tables[-1][0].rows[-1].append("")
        elif tag in _BLOCKS and not self.tables and not self.lists:
            self.parts.append("\n\n")

    def _item(self) -> None:
        if not self.lists:
            self.lists.append(_List(ordered=False))
        mine = self.lists[-1]
        mine.count += 1
        self.parts.append(f"\n{'    ' * (len(self.lists) - 1)}{f'{mine.count}.' if mine.ordered else '-'} ")

    def _close_cell(self) -> None:
        table = self.tables[-1][0]
        if table.rows and table.rows[-1]:
            table.rows[-1][-1] = " ".join("".join(self.parts).split()).replace("|", "\\|")
        self.parts = []

    def _close_table(self) -> None:
        if not self.tables:
            return
        self._close_cell()
        table, before = self.tables.pop()
        rows = [row for row in table.rows if any(row)]
        width = max((len(row) for row in rows), default=0)
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
        if lines:
            lines.insert(1, "|" + "---|" * width)
        self.parts = [*before, "\n\n", "\n".join(lines), "\n\n"]
