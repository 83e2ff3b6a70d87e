"""A body cut at its headings into passages of plain words, for search and quotation; and what it links to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.knowledge.markup import HEADINGS, tree, words_of
from app.knowledge.variables import fill, names

_ENDS = (".", "!", "?", "…", ":", ";")
_LINES = {"p", "li", "tr", "pre", "blockquote"}


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading, as plain words; the words before the first heading have neither."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a body refers to: slugs, codes of request types, other addresses; and the texts it is made of."""

    articles: tuple[str, ...]
    requests: tuple[str, ...]
    addresses: tuple[str, ...]
    texts: tuple[str, ...]
    #: Pictures and films. Shape: pairs (address as written, what it says to whom cannot see it).
    pictures: tuple[tuple[str, str], ...] = ()

    @property
    def variables(self) -> list[str]:
        """Names of the facts it uses, each once, in order."""
        return names(self.texts)


def passages(body: str, said: Mapping[str, str] | None = None) -> list[Passage]:
    """The passages of a body, in order, with the facts of the house filled in."""
    values = said or {}
    found: list[Passage] = []
    anchor, heading = "", ""
    lines: list[str] = []
    root = tree(body)
    for picture in root.iter("img"):
        picture.text = picture.get("alt", "")  # what it says to whom cannot see it is looked for too
    for child in [*root, Element("h2")]:
        if child.tag not in HEADINGS:
            lines.extend(_lines(child))
            continue
        text = fill(_joined(lines), values)
        if text or heading:
            found.append(Passage(anchor, heading, text))
        anchor, heading, lines = child.get("id", ""), fill(words_of(child), values), []
    return found


def mentions(body: str) -> Mentions:
    """What a body refers to, each once, in order."""
    root = tree(body)
    targets = [link.get("href", "") for link in root.iter("a")]
    return Mentions(
        articles=_named(targets, "article:"),
        requests=_named(targets, "request:"),
        addresses=tuple(dict.fromkeys(t for t in targets if not t.startswith(("article:", "request:")))),
        texts=(*root.itertext(), *targets),
        pictures=tuple((one.get("src", ""), one.get("alt", "")) for one in root.iter("img")),
    )


def _named(targets: list[str], prefix: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.removeprefix(prefix).strip() for t in targets if t.startswith(prefix)))


def _is_button(element: Element) -> bool:
    """Whether a paragraph holds nothing but the way to a form: an invitation, not an answer."""
    link = element[0] if element.tag == "p" and len(element) == 1 else None
    return link is not None and link.get("href", "").startswith("request:") and words_of(element) == words_of(link)


def _joined(lines: list[str]) -> str:
    """Lines as one text: where a line has no end of its own, a dash keeps it apart from the next."""
    parts = [line if line.endswith(_ENDS) or line is lines[-1] else f"{line} –" for line in lines]
    return " ".join(parts)


def _lines(element: Element) -> Iterator[str]:
    if _is_button(element):
        return
    if element.tag == "tr":
        yield " · ".join(text for cell in element if (text := words_of(cell)))
    elif element.tag in _LINES and not any(child.tag in _LINES or child.tag in {"ul", "ol"} for child in element):
        if text := words_of(element).replace("\n", " "):
            yield text
    else:
        if own := (element.text or "").strip():
            yield own
        for child in element:
            yield from _lines(child)
