"""HTML out of letters: cut into tags in linear time, capped in depth, and sanitised for the agent's page.

The caps come before the sanitiser, whose time grows with the square of the depth, of the attributes of one tag and of
the ampersands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import urlsplit

import nh3

#: Longer HTML is cut at a tag; the raw letter keeps the rest.
MAX_CHARS = 1_000_000
MAX_DEPTH = 100
MAX_FORMATTING = 10
MAX_TAG = 4_000
MAX_AMPERSANDS = 100_000

TAG, END, TEXT = "tag", "end", "text"

#: Text with lone brackets, or a tag, or what is skipped: comments, declarations, and a tag that never ends.
_MARKUP = re.compile(
    r"([^<]++(?:<(?![a-zA-Z!/?])[^<]*+)*+|(?:<(?![a-zA-Z!/?])[^<]*+)++)"
    r"|<(?:(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)>"
    r"|!--(?:-?>|.*?--!?>|.*+)|(?:[!?]|/(?![a-zA-Z]))[^>]*+(?:>|\Z)|.*+)",
    re.DOTALL,
)
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_FORMATTING = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
_ROWS = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
_IN_TABLES = _ROWS | {"td", "th", "caption", "colgroup", "col"}
_CLOSES_ITSELF = frozenset({
    "p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "tfoot", "colgroup",
})  # fmt: skip
#: Elements dropped together with what stands in them. The first ones hide their content even when never closed.
_RAW = frozenset({
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext",
})  # fmt: skip
_DROPPED = _RAW | frozenset({
    "svg", "math", "template", "noscript", "object", "applet", "audio", "video", "canvas", "select", "frameset",
})  # fmt: skip

_TAGS = frozenset({
    "a", "abbr", "address", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
    "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "font": {"color"},
}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")
#: A picture as the sanitiser writes it; one that is a dot at most; where one lies elsewhere.
_PICTURE = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
_DOT = re.compile(r' (?:width|height)="0*[01]"')
_FAR_SOURCE = ' src="https:'
#: An address that every reader takes for the same one; a host that is neither a number nor a machine of a house.
_PLAIN = re.compile(r"https://[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]|{}]{4,2000}", re.IGNORECASE)
_PUBLIC_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?")
_HOUSE_NAMES = frozenset({"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost"})
_NUMERIC = frozenset({"width", "height", "colspan", "rowspan", "start"})
_STYLES = frozenset({
    "color", "background-color", "font-weight", "font-style", "text-decoration", "text-align", "vertical-align",
    "white-space", "list-style-type", "direction",
})  # fmt: skip
_STYLE_VALUE = re.compile(r"[a-z0-9#.,% -]{1,60}|rgba?\([\d\s.,%]{1,60}\)", re.IGNORECASE)


#: A piece of HTML: its kind, the lower-case name of a tag, and the attributes or the text as written.
Token = tuple[str, str, str]


def safe(html: str) -> str:
    """HTML that may stand in the agent's page: no script, handler, remote source, nor style that loads or covers.

    Only pictures of the letter itself (``cid:``) stay; links carry a rel that tells the other side nothing.
    """
    return _cleaned(html, _CLEANER)


def asking_elsewhere(html: str) -> tuple[str, int]:
    """The same HTML with the pictures on other servers that a person may ask for, and how many they are.

    Only ``https`` and a name of the public internet: a letter must not have the reader's browser ask machines of the
    house. No drawing (SVG), and no picture of one dot, which shows nothing and only tells that it was fetched.
    """
    cleaned = _PICTURE.sub(lambda tag: "" if _DOT.search(tag[0]) else tag[0], _cleaned(html, _ASKING))
    return cleaned, sum(_FAR_SOURCE in tag for tag in _PICTURE.findall(cleaned))


def _cleaned(html: str, cleaner: nh3.Cleaner) -> str:
    if not html:
        return ""
    pieces = html[:MAX_CHARS].split("&", MAX_AMPERSANDS)
    return cleaner.clean(_well_formed("&".join(pieces[:MAX_AMPERSANDS]))).strip()


def tokens(html: str) -> Iterator[Token]:
    """Tags and text in order; comments, and elements that are dropped with their content, are left out.

    A tag or comment that never ends swallows the rest, as in every browser; each character is looked at once.
    """
    html = html[:MAX_CHARS]
    at = 0
    hopeless: set[str] = set()
    while found := _MARKUP.match(html, at):
        at = found.end()
        text, slash, name, attributes = found.groups()
        if text is not None:
            yield TEXT, "", text
        elif name is not None:
            name = name.lower()
            if name not in _DROPPED:
                yield END if slash else TAG, name, attributes
            elif not slash:
                at = _past(html, at, name, hopeless)


def _past(html: str, at: int, name: str, hopeless: set[str]) -> int:
    """The place after a dropped element; never closed, raw text drops the rest and others only themselves."""
    if name in hopeless:
        return at
    found = re.compile(rf"</{name}\b[^>]*+>?", re.IGNORECASE).search(html, at)
    if found:
        return found.end()
    hopeless.add(name)
    return len(html) if name in _RAW else at


def _well_formed(html: str) -> str:
    """The same HTML with every element closed in order, at most MAX_DEPTH deep, so that nothing is left to repair."""
    out: list[str] = []
    stack: list[str] = []
    for kind, name, source in tokens(html):
        if kind == TEXT:
            if stack and stack[-1] in _ROWS and not source.isspace():
                _cell(stack, out)
            out.append(escape(unescape(source), quote=False) if "&" in source or "<" in source else source)
        elif kind == TAG:
            _open(name, source, stack, out)
        elif name in stack:
            _close(name, stack, out)
    out.extend(f"</{name}>" for name in reversed(stack))
    return "".join(out)


def _open(name: str, source: str, stack: list[str], out: list[str]) -> None:
    if name not in _TAGS:
        return
    if name in _CLOSES_ITSELF and stack and stack[-1] == name:
        _close(name, stack, out)
    if stack and stack[-1] in _ROWS and name not in _IN_TABLES:
        _cell(stack, out)
    if len(stack) >= MAX_DEPTH or (name in _FORMATTING and _formatting(stack) >= MAX_FORMATTING):
        out.append(" " if name in _FORMATTING or name in _IN_TABLES else "<br>")
        return
    if name not in _VOID:
        stack.append(name)
    out.append(f"<{name}{source.rstrip('/')}>" if len(source) <= MAX_TAG else f"<{name}>")


def _cell(stack: list[str], out: list[str]) -> None:
    """Text straight in a table would be moved before it by the sanitiser, at a cost that grows with what is there."""
    missing = ("td",) if stack[-1] == "tr" else ("tr", "td")
    stack.extend(missing)
    out.extend(f"<{name}>" for name in missing)


def _formatting(stack: list[str]) -> int:
    return sum(1 for name in stack if name in _FORMATTING)


def _close(name: str, stack: list[str], out: list[str]) -> None:
    while stack:
        last = stack.pop()
        out.append(f"</{last}>")
        if last == name:
            return


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    """The attribute's value as it may stay; None removes the attribute."""
    if attribute == "style":
        return _style(value)
    if attribute == "href":
        return value if _SAFE_LINK.match(value.strip()) else None
    if tag == "img" and attribute == "src":
        return value.strip() if value.strip().lower().startswith("cid:") else None
    if attribute in _NUMERIC:
        return value if _NUMBER.fullmatch(value) else None
    return value


def _filtered_asking(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and _may_be_asked(value.strip()):
        return value.strip()
    return _filtered(tag, attribute, value)


def _may_be_asked(address: str) -> bool:
    # What a browser reads otherwise than we do, such as a backslash, must not decide which machine is asked.
    if not _PLAIN.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    public = _PUBLIC_HOST.fullmatch(host) and host.rstrip(".").rpartition(".")[2] not in _HOUSE_NAMES
    return bool(public) and "@" not in parts.netloc and not parts.path.lower().endswith((".svg", ".svgz"))


def _style(value: str) -> str | None:
    kept = []
    for declaration in value[:MAX_TAG].split(";"):
        prop, _colon, setting = declaration.partition(":")
        prop, setting = prop.strip().lower(), setting.strip()
        if prop in _STYLES and _STYLE_VALUE.fullmatch(setting):
            kept.append(f"{prop}:{setting}")
    return ";".join(kept) or None


def _cleaner(attribute_filter: Callable[[str, str, str], str | None]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


_CLEANER = _cleaner(_filtered)
_ASKING = _cleaner(_filtered_asking)
