"""Plain text made whole lines again: line ends, format=flowed, text/enriched."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n?")
_QUOTED = re.compile(r"(>+)( ?)")
_SIGNATURE = "-- "
_COMMAND = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>")
_PARAM = re.compile(r"<param>[^<]*+</param>", re.IGNORECASE)


def plain(text: str) -> str:
    """Text with LF line ends and without NUL."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return text.replace("\0", "") if "\0" in text else text


def unflowed(text: str, *, delsp: bool) -> str:
    """Paragraphs of format=flowed joined again, quoted ones under their own depth.

    Args:
        text: the decoded body with LF line ends.
        delsp: whether the blank that marks a soft break is to be taken away.

    Source: RFC 3676.
    """
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks = _QUOTED.match(line)
        level = len(marks[1]) if marks else 0
        body = line[level:].removeprefix(" ")
        if paragraph and (level != depth or body == _SIGNATURE):
            out.append(_quoted(paragraph, depth))
            paragraph = []
        depth = level
        soft = body.endswith(" ") and body != _SIGNATURE
        paragraph.append(body[:-1] if soft and delsp else body)
        if not soft:
            out.append(_quoted(paragraph, depth))
            paragraph = []
    if paragraph:
        out.append(_quoted(paragraph, depth))
    return "\n".join(out)


def _quoted(paragraph: list[str], depth: int) -> str:
    text = "".join(paragraph)
    if not depth:
        return text
    return f"{'>' * depth} {text}" if text else ">" * depth


def unenriched(text: str) -> str:
    """The words of text/enriched or text/richtext, its commands taken out.

    Source: RFC 1896.
    """
    text = _PARAM.sub("", text).replace("<<", "\0")
    return _COMMAND.sub("", text).replace("\0", "<")
