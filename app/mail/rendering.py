"""HTML rendered as plain text in one pass: paragraphs, lists, table rows, and quotations marked as in plain letters."""

from __future__ import annotations

import re
from html import unescape

from app.mail.html import END, TAG, TEXT, tokens

_PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "figure", "hr",
    "center",
})  # fmt: skip
_LINES = frozenset({
    "div", "tr", "li", "dt", "dd", "address", "article", "section", "header", "footer", "main", "nav", "aside",
    "caption", "form", "fieldset", "body", "tbody",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_BLANKS = re.compile(r"[\s\xa0]+")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![\d.])|mso-hide\s*:\s*all|\shidden(?:\s|=|$)",
    re.IGNORECASE,
)
#: Gmail and Word indent with a quotation that quotes nobody.
_INDENT = re.compile(r"border(?:-left)?\s*:\s*(?:none|0|medium none)", re.IGNORECASE)
_VOID = frozenset({"br", "img", "hr", "wbr", "input", "meta", "link", "col"})
_MAX_QUOTE = 20


def to_text(html: str) -> str:
    """The readable text of HTML; quoted blocks get ``>`` before each line. Linear in the length of the input."""
    page = _Page()
    for kind, name, source in tokens(html):
        if page.hides(kind, name, source):
            continue
        if kind == TEXT:
            page.write(source)
        elif kind == END:
            page.end(name)
        else:
            page.begin(name, source)
    return page.text()


class _Page:
    """Lines already set, the line being set, and how deep in quotations, lists and hidden elements it stands."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._wants_blank = False
        self._quotes: list[bool] = []
        self._items: list[int] = []
        self._pre = 0
        self._hidden_name = ""
        self._hidden_depth = 0

    def hides(self, kind: str, name: str, source: str) -> bool:
        """Whether this stands in an element that the sender hid, such as a preview line."""
        if self._hidden_depth:
            if name == self._hidden_name:
                self._hidden_depth += -1 if kind == END else 1
            return True
        if kind != TAG or not source or name in _VOID or not _HIDDEN.search(source):
            return False
        self._hidden_name, self._hidden_depth = name, 1
        return True

    def write(self, source: str) -> None:
        text = unescape(source) if "&" in source else source
        if self._pre:
            first, *others = text.replace("\r", "").split("\n")
            self._line.append(first)
            for line in others:
                self._break(hard=True)
                self._line.append(line)
            return
        text = _BLANKS.sub(" ", text)
        if not self._line or self._line[-1].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self._line.append(text)

    def begin(self, name: str, source: str) -> None:
        if name == "br":
            self._break(hard=True)
        elif name == "li":
            self._break()
            self._line.append(self._bullet())
        elif name in _CELLS:
            self._line.extend([" "] if self._line and not self._line[-1].endswith(" ") else [])
        elif name in _PARAGRAPHS:
            self._paragraph()
            self._nest(name, source)
        elif name in _LINES:
            self._break()

    def end(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._paragraph()
            self._unnest(name)
        elif name in _LINES:
            self._break()

    def text(self) -> str:
        self._break()
        return "\n".join(self._lines).strip("\n")

    def _nest(self, name: str, source: str) -> None:
        if name == "blockquote":
            self._quotes.append(not _INDENT.search(source))
        elif name in {"ul", "ol"}:
            self._items.append(1 if name == "ol" else 0)
        elif name == "pre":
            self._pre += 1

    def _unnest(self, name: str) -> None:
        if name == "blockquote" and self._quotes:
            self._quotes.pop()
        elif name in {"ul", "ol"} and self._items:
            self._items.pop()
        elif name == "pre" and self._pre:
            self._pre -= 1

    def _bullet(self) -> str:
        indent = "  " * min(len(self._items) - 1, 8)
        if self._items and self._items[-1]:
            self._items[-1] += 1
            return f"{indent}{self._items[-1] - 1}. "
        return f"{indent}- "

    def _prefix(self) -> str:
        depth = min(sum(self._quotes[:_MAX_QUOTE]), _MAX_QUOTE)
        return ">" * depth

    def _paragraph(self) -> None:
        self._break()
        self._wants_blank = bool(self._lines)

    def _break(self, *, hard: bool = False) -> None:
        """Set the line; a hard break on an empty line sets an empty one."""
        line = "".join(self._line).rstrip()
        self._line = []
        if not line and not hard:
            return
        prefix = self._prefix()
        if self._wants_blank and self._lines[-1].strip("> "):
            last = self._lines[-1]
            self._lines.append(prefix[: len(last) - len(last.lstrip(">"))])
        self._wants_blank = False
        if line:
            self._lines.append(f"{prefix} {line}" if prefix else line)
        elif self._lines:
            self._lines.append(prefix)
