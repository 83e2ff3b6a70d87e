"""How a letter is worded: variables filled in a subject and a text, and an HTML twin made from the same text.

A paragraph with a variable that stands for nothing is left out, unless the letter makes no sense without it. A line
that reads `=> label | address` is a button, lines behind `>` are a quotation, what follows the line `-- ` is the foot.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from app.catalogue.variables import fill, needed, unknown
from app.mail.letter_kinds import KINDS

LANGUAGES = ("fr", "en")
_BUTTON = re.compile(r"^=> ?(.+?) \| (https?://\S+)$")
#: What mail programs take for the beginning of a signature; only ours, at the foot, is one.
_SIGNED = re.compile(r"^-- +(?=\r?$)", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"]+")
_BETWEEN = re.compile(r"\n[ \t]*\n\s*")
#: What breaks a line, or might; the no-break spaces of French stay.
_BLANKS = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_SANS = "'Hanken Grotesk',system-ui,'Segoe UI',Roboto,Arial,sans-serif"
_SERIF = "Baskervville,Baskerville,Georgia,serif"
#: Mail colours are fixed: letters are read on paper-white whatever the theme.
_STYLE = {
    "page": "margin:0;padding:0;background:#f3ece0;color:#221624",
    "sheet": "width:100%;max-width:600px;background:#fffefb;border:1px solid #e4dacb;border-radius:8px",
    "head": "padding:20px 28px;background:#7d1734;border-bottom:3px solid #e8b44c;border-radius:8px 8px 0 0;"
    f"font:20px/1.2 {_SERIF};color:#ffffff",
    "p": f"margin:0 0 14px;font:16px/1.55 {_SANS};color:#221624",
    "quote": f"margin:0 0 14px;padding:0 0 0 14px;border-left:3px solid #e4dacb;font:15px/1.55 {_SANS};color:#534652",
    "button": "display:inline-block;padding:13px 22px;border-radius:8px;background:#7d1734;color:#ffffff;"
    f"font:600 16px/1.2 {_SANS};text-decoration:none",
    "foot": f"padding:16px 28px;border-top:1px solid #e4dacb;font:13px/1.5 {_SANS};color:#534652",
}


class Words(NamedTuple):
    """The words of a letter before anything is filled in."""

    subject: str
    text: str


class Unfillable(Exception):
    """Words that name what nobody fills, or that say nothing; the house has others to fall back on."""


@lru_cache(maxsize=64)
def shipped(kind: str, language: str) -> Words:
    """The words a house begins with; French for whoever reads neither language."""
    stem = Path(__file__).parent / "letters" / kind / (language if language in LANGUAGES else "fr")
    return Words(stem.with_suffix(".subject").read_text("utf-8").strip(), stem.with_suffix(".txt").read_text("utf-8"))


def filled(words: Words, values: Mapping[str, str], required: Collection[str] = ()) -> tuple[str, str]:
    """Subject and text with everything filled in.

    Raises:
        Unfillable: a variable is unknown, or nothing is left to read.
    """
    if missing := unknown(f"{words.subject}\n{words.text}", set(values)):
        raise Unfillable(", ".join(missing))
    # Below such a line a program greys what follows, or leaves it out: an answer must be read whole.
    said = {name: _SIGNED.sub("--", value) for name, value in values.items()}
    kept = [part for part in _BETWEEN.split(words.text.strip()) if _says(part, said, required)]
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(fill(part, said) for part in kept).strip())
    subject = _BLANKS.sub(" ", fill(words.subject, values)).strip()
    if not subject or not text:
        raise Unfillable("nothing to read")
    return subject, text + "\n"


def _says(paragraph: str, values: Mapping[str, str], required: Collection[str]) -> bool:
    names = needed(paragraph)
    return all(values[name].strip() for name in names) or not names.isdisjoint(required)


def worded(kind: str, language: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of one kind of letter in the shipped words."""
    return filled(shipped(kind, language), values, KINDS[kind].required)


def quotation(body: str, limit: int = 1_500) -> str:
    """Somebody's own words as they are quoted back, shortened."""
    body = body.strip()
    short = body if len(body) <= limit else f"{body[:limit].rstrip()} […]"
    return "\n".join(f"> {line}".rstrip() for line in short.splitlines())


def plain(text: str) -> str:
    """The text part: buttons become a label and the address below it."""
    return "\n".join(_BUTTON.sub(r"\1\n\2", line) for line in text.split("\n"))


def twin(text: str, *, language: str, house: str, title: str) -> str:
    """The HTML part of the same letter: one column, real text, no picture that is fetched."""
    body, mark, foot = text.rpartition("\n-- \n")
    if not mark:
        body, foot = text, ""
    contact, _, reason = foot.strip().partition("\n\n")
    blocks = "\n".join(_block(block) for block in [*_BETWEEN.split(body.strip()), contact] if block.strip())
    lines = "<br>".join(_inline(line) for line in reason.strip().split("\n"))
    below = f'<tr><td style="{_STYLE["foot"]}">{lines}</td></tr>' if lines else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>\n'
        f'<body style="{_STYLE["page"]}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0">'
        '<tr><td align="center" style="padding:24px 12px">'
        f'<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="{_STYLE["sheet"]}">'
        f'<tr><td style="{_STYLE["head"]}">{escape(house)}</td></tr>\n'
        f'<tr><td style="padding:28px 28px 14px">\n{blocks}\n</td></tr>{below}'
        "</table></td></tr></table></body></html>\n"
    )


def _block(block: str) -> str:
    lines = block.split("\n")
    if len(lines) == 1 and (found := _BUTTON.match(lines[0])):
        link = f'<a href="{escape(found[2])}" style="{_STYLE["button"]}">{escape(found[1])}</a>'
        return f'<p style="margin:22px 0">{link}</p>'
    if all(line.startswith(">") for line in lines):
        said = "<br>".join(_inline(line[1:].lstrip()) for line in lines)
        return f'<blockquote style="{_STYLE["quote"]}">{said}</blockquote>'
    return f'<p style="{_STYLE["p"]}">' + "<br>".join(_inline(line) for line in lines) + "</p>"


def _inline(line: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(line):
        parts.append(escape(line[end : found.start()]))
        parts.append(f'<a href="{escape(found[0])}" style="color:#7d1734;word-break:break-word">{escape(found[0])}</a>')
        end = found.end()
    return "".join(parts) + escape(line[end:])
