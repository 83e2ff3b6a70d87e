"""Markdown into a tree of elements without any HTML of the author's; the only home of Markdown. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: `html` and `html_block` would let raw HTML through; a mangled address has no place in an article, and a picture says
#: where it lies at its own place.
_FORBIDDEN = ("html", "entity", "automail", "image_reference", "short_image_ref")
_EXTENSIONS = ("tables", "sane_lists", "pymdownx.betterem", "pymdownx.saneheaders", "pymdownx.tilde")
#: Opening brackets of one block beyond which none of them begins a link: looking for their ends costs the square.
_BRACKETS = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an article: its anchor, its words, and how deep it lies below the title (2 to 6)."""

    anchor: str
    text: str
    level: int


def tree(body: str) -> Element:
    """The elements of a body: headings below the page's title, each with an anchor as `id`; texts are plain."""
    try:
        root = _parsed(_tamed(body))
    except RecursionError:
        # Lists within lists without end are no writing; they are shown as they were typed.
        root = Element("div")
        SubElement(root, "pre").text = body
    _plain_texts(root)
    _number_headings(root)
    return root


def headings(root: Element) -> Iterator[Heading]:
    """The headings of a tree, in order."""
    for element in root.iter():
        if element.tag in HEADINGS:
            yield Heading(element.get("id", ""), words_of(element), int(element.tag[1]))


def words_of(element: Element) -> str:
    """The words of an element, without its marks."""
    return " ".join("".join(element.itertext()).split(" ")).strip()


def _tamed(body: str) -> str:
    blocks = re.split(r"(\n[ \t]*\n)", body)
    return "".join(block.replace("[", "\\[") if block.count("[") > _BRACKETS else block for block in blocks)


def _parsed(body: str) -> Element:
    machine = Markdown(extensions=list(_EXTENSIONS))
    for name in _FORBIDDEN:
        machine.inlinePatterns.deregister(name)
    machine.preprocessors.deregister("html_block")
    machine.treeprocessors.deregister("prettify")
    lines = body.split("\n")
    for step in machine.preprocessors:
        lines = step.run(lines)
    root: Element = machine.parser.parseDocument(lines).getroot()
    for treatment in machine.treeprocessors:
        changed = treatment.run(root)
        root = root if changed is None else changed
    return root


def _plain_texts(root: Element) -> None:
    # Markdown leaves entities for a browser to read; here a text is what a person reads.
    for element in root.iter():
        element.text = _CONTROL.sub("", html.unescape(element.text)) if element.text else None
        element.tail = _CONTROL.sub("", html.unescape(element.tail)) if element.tail else None
        if element.tag == "a":
            element.set("href", _plain(element, "href"))
        elif element.tag == "img":
            shown = {name: _plain(element, name) for name in ("src", "alt")}
            element.attrib.clear()
            element.attrib.update(shown)


def _plain(element: Element, name: str) -> str:
    return _CONTROL.sub("", html.unescape(element.get(name, ""))).strip()


def _number_headings(root: Element) -> None:
    found = [element for element in root.iter() if element.tag in HEADINGS]
    shift = 1 if any(element.tag == "h1" for element in found) else 0
    used: dict[str, int] = {}
    above = 1
    for element in found:
        # No level is skipped on the way down: people who move by headings count on it.
        above = min(int(element.tag[1]) + shift, above + 1, 6)
        element.tag = f"h{above}"
        element.set("id", _anchor(words_of(element), used))


def _anchor(text: str, used: dict[str, int]) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore").decode()
    word = "-".join(re.findall(r"[a-z0-9]+", plain.lower().replace("'", "")))[:60].strip("-") or "partie"
    used[word] = used.get(word, 0) + 1
    # The prefix keeps an author's heading from taking the name of a part of the page around it.
    return f"s-{word}" if used[word] == 1 else f"s-{word}-{used[word]}"
