"""The parameters of Content-Type and Content-Disposition, RFC 2231 included, as real mailers write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.mail.charsets import decode
from app.mail.headers import decode_words, percent_decoded

_MAX = 20_000
_PARAMETER = re.compile(r";\s*+([^\s=;\"]{1,60})\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|\"?([^;\r\n]*+))", re.DOTALL)
_ESCAPED = re.compile(r"\\([\"\\])")
_NUMBERED = re.compile(r"([^*]+)\*(\d{1,3})(\*?)$")
_FOLDED = re.compile(r"\r?\n[ \t]?")


class _Segment(NamedTuple):
    order: int
    value: str
    encoded: bool


def parameters(value: str) -> dict[str, str]:
    """Parameters by lower-case name, decoded; the first spelling that says something wins, RFC 2231 before plain.

    Only what can be a token is cut at blanks by the caller: an unquoted file name keeps them here.
    """
    plain: dict[str, str] = {}
    extended: dict[str, list[_Segment]] = {}
    for found in _PARAMETER.finditer(value[:_MAX]):
        name = found[1].lower()
        text = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3].strip().rstrip('"')
        text = _FOLDED.sub(" ", text)
        if "*" in name:
            _collect(extended, name, text)
        elif not plain.get(name):
            plain[name] = text
    result = {name: decode_words(text) for name, text in plain.items()}
    for name, segments in extended.items():
        result[name] = _assembled(segments) or result.get(name, "")
    return result


def _collect(extended: dict[str, list[_Segment]], name: str, text: str) -> None:
    numbered = _NUMBERED.match(name)
    if numbered:
        extended.setdefault(numbered[1], []).append(_Segment(int(numbered[2]), text, bool(numbered[3])))
    elif name.endswith("*") and len(name) > 1:
        extended.setdefault(name[:-1], []).append(_Segment(0, text, encoded=True))


def _assembled(segments: list[_Segment]) -> str:
    """Continuations in their order, percent-encoded and plain ones mixed, decoded as one run of bytes."""
    charset = ""
    data = b""
    for segment in sorted(segments, key=lambda piece: piece.order):
        text = segment.value
        if segment.encoded and not data and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        data += percent_decoded(text) if segment.encoded else text.encode("utf-8", "surrogateescape")
    text = decode(data, charset)
    return decode_words(text) if "=?" in text else text
