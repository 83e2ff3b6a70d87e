"""An article's Markdown into HTML of the design: anchors, steps, notices, tables that scroll, buttons; then sanitised.

Links are resolved by whoever shows the article; facts of the house are put in as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from xml.etree.ElementTree import Element, SubElement, tostring

import nh3

from app.knowledge.films import Film, film
from app.knowledge.markup import HEADINGS, Heading, headings, tree, words_of
from app.knowledge.media import FILMS, FOLDER, NAME, SERVED
from app.knowledge.variables import fill

#: Words an adult reads in a minute, on a screen, of a text with steps and figures.
WORDS_A_MINUTE = 200
Resolve = Callable[[str], str | None]

_BLOCKS = {"p", "ul", "ol", "table", "pre", "blockquote", "div", "hr", *HEADINGS}
_TAGS = _BLOCKS | {
    "a", "li", "thead", "tbody", "tr", "th", "td", "span", "strong", "em", "code", "br", "del", "sub", "img", "video",
    "iframe", "figure", "figcaption", "details", "summary",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "rel", "target"}, "div": {"role", "tabindex", "aria-label"}, "ol": {"start"}, "th": {"scope"},
    "img": {"src", "alt", "loading"}, "video": {"src", "controls", "preload", "aria-label"},
    # A frame has no address of its own: it stays empty until a reader follows the link that fills it.
    "iframe": {"name", "title", "allowfullscreen"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}  # fmt: skip
_CLASSES = {
    "a": {"btn", "main"}, "ol": {"steps"}, "div": {"scroll-x", "alert", "info", "warn"}, "td": {"num"}, "th": {"num"},
    "figure": {"film"}, "details": {"fold"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_SAFE = re.compile(r"(?:https?:|mailto:|tel:|/(?!/)|#)[^\s]", re.I)
_WARNINGS = ("attention", "important", "warning", "caution")
_FOLD = "+ "
_FILM = {
    "fr": ("Regarder «\u00a0{}\u00a0» ici", "Le film vient de {}, qui saura alors que vous le regardez."),
    "en": ("Watch “{}” here", "The film comes from {}, who will then know that you watch it."),
}
_TABLE = {"fr": "Tableau\u00a0: {}", "en": "Table: {}"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body ready for a page: safe HTML, its contents list (second level only), minutes to read."""

    html: str
    contents: tuple[Heading, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class _Links:
    """How the two kinds of links of the house are resolved."""

    article: Resolve
    request: Resolve

    def resolved(self, target: str) -> str | None:
        """The address behind a link, or None when there is nothing to go to."""
        kind, _, name = target.partition(":")
        if kind == "article":
            return self.article(name.strip())
        if kind == "request":
            return self.request(name.strip())
        return target if is_safe(target) else None


def is_safe(address: str) -> bool:
    """Whether a link may lead there: the web, a letter, a call, or a place of this site."""
    return _SAFE.match(address) is not None


def render(
    body: str, *, title: str, lang: str, said: Mapping[str, str], article: Resolve, request: Resolve
) -> Rendered:
    """Render a body; `article` and `request` give the address behind a slug or a type's code, or None for no link."""
    root = tree(body)
    links = _Links(article, request)
    _fill(root, said)
    _show_buttons(root, links)
    _resolve_links(root, links)
    _show_pictures(root, lang)
    _wrap_tables(root, title, lang)
    for place, child in enumerate(list(root)):
        if child.tag == "ol" and child.get("start", "1") == "1":
            _make_steps(child)
        elif child.tag == "blockquote" and _is_notice(child):
            root[place] = _fold(child) or _notice(child)
    contents = tuple(heading for heading in headings(root) if heading.level == 2)
    minutes = max(1, ceil(len(words_of(root).split()) / WORDS_A_MINUTE))
    return Rendered(_clean(root), contents, minutes)


def _clean(root: Element) -> str:
    markup = "\n".join(tostring(child, encoding="unicode", method="html").strip() for child in root)
    return nh3.clean(
        markup, tags=set(_TAGS), attributes=_ATTRIBUTES, allowed_classes=_CLASSES, url_schemes=_SCHEMES,
        link_rel=None,
    )  # fmt: skip


def _fill(root: Element, said: Mapping[str, str]) -> None:
    for element in root.iter():
        element.text = fill(element.text, said) if element.text else None
        element.tail = fill(element.tail, said) if element.tail else None
        if element.tag == "a":
            element.set("href", fill(element.get("href", ""), said).strip())


def _show_buttons(root: Element, links: _Links) -> None:
    for paragraph in list(root):
        link = _only_link(paragraph)
        if link is None or not link.get("href", "").startswith("request:"):
            continue
        if links.resolved(link.get("href", "")) is None:
            # The words of a button that leads nowhere say nothing.
            root.remove(paragraph)
        else:
            link.set("class", "btn main")


def _only_link(element: Element) -> Element | None:
    alone = element.tag == "p" and len(element) == 1 and not (element.text or "").strip()
    if not alone or element[0].tag != "a" or (element[0].tail or "").strip():
        return None
    return element[0]


def _resolve_links(root: Element, links: _Links) -> None:
    for link in root.iter("a"):
        link.attrib.pop("title", None)
        target = links.resolved(link.get("href", ""))
        if target is None:
            link.tag = "span"
            link.attrib.clear()
        else:
            link.set("href", target)
            link.set("rel", "noopener noreferrer")


def _show_pictures(root: Element, lang: str) -> None:
    count = 0
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag != "img":
                continue
            count += 1
            shown = _shown(child.get("src", ""), child.get("alt", ""), count, lang)
            shown.tail = child.tail
            parent[place] = shown
    for paragraph in root.iter("p"):
        # A film is no part of a sentence: a paragraph cannot hold it.
        if any(child.tag == "figure" for child in paragraph):
            paragraph.tag = "div"


def _shown(address: str, words: str, number: int, lang: str) -> Element:
    name = address.removeprefix(f"{FOLDER}/")
    found = NAME.fullmatch(name)
    if address != name and found is not None and found["ending"] in FILMS:
        return Element("video", {"src": SERVED + name, "controls": "", "preload": "none", "aria-label": words})
    if address != name and found is not None:
        return Element("img", {"src": SERVED + name, "alt": words, "loading": "lazy"})
    other = film(address)
    if other is not None:
        return _framed(other, words or other.site, f"film-{number}", lang)
    plain = Element("span")
    plain.text = words
    return plain


def _framed(shown: Film, words: str, name: str, lang: str) -> Element:
    press, from_whom = _FILM[lang]
    figure = Element("figure", {"class": "film"})
    caption = SubElement(figure, "figcaption")
    # Its player wants to know which site frames it; nothing else is told.
    link = SubElement(caption, "a", {"href": shown.player, "target": name, "rel": "noopener"})
    link.text, link.tail = press.format(words), " "
    SubElement(caption, "span").text = from_whom.format(shown.site)
    SubElement(figure, "iframe", {"name": name, "title": words, "allowfullscreen": ""})
    return figure


def _wrap_tables(root: Element, title: str, lang: str) -> None:
    name, count = title, 0
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag in HEADINGS:
                name, count = words_of(child), 0
            if child.tag != "table":
                continue
            count += 1
            label = _TABLE[lang].format(name if count == 1 else f"{name} ({count})")
            region = Element("div", {"class": "scroll-x", "tabindex": "0", "role": "region", "aria-label": label})
            region.append(child)
            region.tail, child.tail = child.tail, None
            _name_cells(child)
            parent[place] = region


def _name_cells(table: Element) -> None:
    rows = list(table.iter("tr"))
    named = bool(rows and len(rows[0]) and words_of(rows[0][0]))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if "right" in cell.attrib.pop("style", ""):
                cell.set("class", "num")
            if number == 0:
                cell.set("scope", "col")
            elif place == 0 and named:
                cell.tag = "th"
                cell.set("scope", "row")


def _make_steps(steps: Element) -> None:
    steps.set("class", "steps")
    steps.attrib.pop("start", None)
    for item in steps:
        # Each step is a grid of number and text, so that its text must be one element.
        inside = Element("div" if any(child.tag in _BLOCKS for child in item) else "p")
        inside.text, item.text = item.text, None
        inside.extend(list(item))
        for child in list(item):
            item.remove(child)
        item.append(inside)


def _is_notice(quote: Element) -> bool:
    first = quote[0] if len(quote) else None
    return (
        first is not None and first.tag == "p" and not (first.text or "").strip()
        and len(first) > 0 and first[0].tag == "strong"
    )  # fmt: skip


def _fold(quote: Element) -> Element | None:
    """A quotation whose bold beginning starts with a plus is folded away under it; None for any other."""
    head = quote[0][0]
    title = words_of(head)
    if not title.startswith(_FOLD):
        return None
    fold = Element("details", {"class": "fold"})
    SubElement(fold, "summary").text = title.removeprefix(_FOLD).strip()
    inside = SubElement(fold, "div")
    first = quote[0]
    first.text = (head.tail or "").lstrip()
    first.remove(head)
    inside.extend(child for child in quote if child is not first or words_of(first) or len(first))
    return fold


def _notice(quote: Element) -> Element:
    mood = "warn" if words_of(quote[0][0]).lower().startswith(_WARNINGS) else "info"
    notice = Element("div", {"class": f"alert {mood}", "role": "note"})
    SubElement(notice, "div").extend(list(quote))
    return notice
