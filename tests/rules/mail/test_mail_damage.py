"""Whatever happens to the bytes of a letter, its reading keeps the contract's types and nothing dangerous gets through."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.mail.reading import parse, read, safe_html

LETTERS = [path.read_bytes() for path in sorted((Path(__file__).resolve().parents[2] / "letters").glob("*.eml"))]
#: Pieces by which real letters and attackers break parsers.
PIECES = [
    b"\r\n", b"\r", b"\n\n", b"--", b"\n--", b"=?utf-8?b?", b"?=", b'"', b"'", b"<", b">", b";", b",", b"(", b"=", b"%",
    b"\xff", b"\xc3", b"\0", b"\x1b$B", b"charset=", b"utf-7", b"multipart/mixed; ", b"text/html; ", b"base64", b"&#",
    b"<script>", b"</style>", b"<svg>", b"<!--", b"-->", b"<![CDATA[", b"<img src=//x.example/a ", b" onload=alert(1) ",
    b'<a href="javascript:', b"<table>", b"<base href=", b"style='background:url(//x.example)'", b"\nFrom: ", b"> ", b"a \xc3\xa9crit :\n",
]  # fmt: skip
TEXTS = ("from_email", "from_name", "subject", "text", "reply_text", "html", "message_id", "in_reply_to")
LISTS = ("to", "cc", "reply_to", "references")
ACTIVE = frozenset({
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "button", "select",
    "textarea", "meta", "base", "link", "svg", "math", "template", "noscript", "audio", "video", "source", "picture",
    "portal", "xmp", "plaintext", "title", "body", "html", "head",
})  # fmt: skip
LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
LOADS_OR_COVERS = re.compile(
    r"url|position|expression|behavio|binding|import|image-set|transform|z-index|\\|/\*|@", re.I
)


class Watchman(HTMLParser):
    """Reads HTML as a browser does and writes down what must not be in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE:
            self.found.append(tag)
        self.found.extend(f"{tag} {name}={value}" for name, value in attrs if not harmless(tag, name, value or ""))

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")


def harmless(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and bool(LINK.match(value.strip()))
    if name == "src":
        return tag == "img" and value.lower().startswith("cid:")
    if name == "style":
        return not LOADS_OR_COVERS.search(value)
    return name in {
        "dir", "lang", "title", "align", "valign", "alt", "width", "height", "colspan", "rowspan", "start", "color",
        "rel", "target",
    }  # fmt: skip


def dangers(html: str) -> list[str]:
    watchman = Watchman()
    watchman.feed(html)
    watchman.close()
    return watchman.found


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(LETTERS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        kind = draw(st.sampled_from(["cut", "write", "insert", "repeat", "splice"]))
        length = draw(st.integers(0, 60))
        if kind == "cut":
            raw = raw[:at] + raw[at + length :]
        elif kind == "write":
            raw = raw[:at] + draw(st.binary(min_size=1, max_size=4)) + raw[at + 1 :]
        elif kind == "insert":
            raw = raw[:at] + draw(st.sampled_from(PIECES)) + raw[at:]
        elif kind == "repeat":
            raw = raw[:at] + raw[at : at + length] * draw(st.integers(2, 30)) + raw[at:]
        else:
            other = draw(st.sampled_from(LETTERS))
            raw = raw[:at] + other[draw(st.integers(0, len(other))) :]
    return raw


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(damaged())
def test_a_damaged_letter_is_read_without_a_fault_of_ours(raw: bytes) -> None:
    reading = read(raw)
    assert dangers(safe_html(reading)) == []


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(damaged())
def test_a_damaged_letter_keeps_the_types_of_the_contract(raw: bytes) -> None:
    got = parse(raw)
    assert json.loads(json.dumps(got, ensure_ascii=False).encode("utf-8")) == got
    assert all(isinstance(got[key], str) and "\0" not in str(got[key]) and "\r" not in str(got[key]) for key in TEXTS)
    for key in LISTS:
        items = got[key]
        assert isinstance(items, list)
        assert all(isinstance(item, str) and item for item in items)
    files = got["attachments"]
    assert isinstance(files, list)
    for file in files:
        assert set(file) == {"name", "type", "size"}
        assert file["name"]
        assert file["type"]
        assert file["size"] >= 0
        assert not re.search(r"[\x00-\x1f\x7f/\\\u202a-\u202e]", file["name"])
    assert isinstance(got["is_auto_reply"], bool)
    assert isinstance(got["is_bounce"], bool)
    assert got["is_auto_reply"] or not got["is_bounce"]
    assert got["message_id"]
    assert got["from_email"] == str(got["from_email"]).lower()
    assert not re.search(
        r"[\x00-\x1f\x7f]", f"{got['subject']}{got['from_name']}{got['from_email']}{got['message_id']}"
    )
    assert got["date"] is None or datetime.fromisoformat(str(got["date"])).utcoffset() is not None
    assert parse(raw) == got


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace"))),
        max_size=40,
    )
)
def test_html_made_of_nothing_but_tricks_comes_out_harmless(pieces: list[bytes]) -> None:
    raw = b"From: a@exemple.fr\nContent-Type: text/html; charset=utf-8\n\n" + b"".join(pieces)
    assert dangers(safe_html(read(raw))) == []


def test_the_watchman_sees_what_is_dangerous() -> None:
    for html in (
        "<script>x</script>",
        "<p onclick=x>",
        "<img src=//x.example>",
        "<a href='javascript:x'>",
        "<p style='background:url(x)'>",
        "<td background=x>",
        "<!-- x -->",
    ):
        assert dangers(html)
