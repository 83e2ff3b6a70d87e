"""How a letter is worded: a subject and a text from files, and an HTML twin made from the same text.

A line of a letter's text that reads `=> label | address` is its button.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_BUTTON = re.compile(r"^=> ?(.+?) \| (https?://\S+)$")
#: What mail programs take for the beginning of a signature; only ours, at the foot, is one.
_SIGNED = re.compile(r"^-- +(?=\r?$)", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s<>\"]+")
#: Mail colours are fixed: letters are read on paper-white whatever the theme.
_STYLE = {
    "p": "margin:0 0 16px;font:16px/1.55 Georgia,serif;color:#221624",
    "button": "display:inline-block;padding:12px 22px;border-radius:8px;background:#7d1734;color:#ffffff;"
    "font:600 16px/1.2 Arial,sans-serif;text-decoration:none",
    "foot": "margin:24px 0 0;padding-top:16px;border-top:1px solid #e4dacb;font:14px/1.5 Arial,sans-serif;"
    "color:#6b5e69",
}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Letters are plain text: escaping belongs to the HTML twin, which is made from the finished text.
    options: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    return Environment(loader=FileSystemLoader(Path(__file__).parent / "letters"), autoescape=False, **options)  # noqa: S701  # fmt: skip


def worded(kind: str, language: str, values: dict[str, object]) -> tuple[str, str]:
    """Subject and text of one kind of letter in one language."""
    lang = language if language in {"fr", "en"} else "fr"
    subject = _environment().get_template(f"{kind}/{lang}.subject").render(values)
    # Below such a line a program greys what follows, or leaves it out: an answer must be read whole.
    said = {name: _SIGNED.sub("--", one) if isinstance(one, str) else one for name, one in values.items()}
    text = _environment().get_template(f"{kind}/{lang}.txt").render(said)
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


def plain(text: str) -> str:
    """The text part: buttons become a label and the address below it."""
    return "\n".join(_BUTTON.sub(r"\1\n\2", line) for line in text.split("\n"))


def twin(text: str, *, language: str, house: str, title: str) -> str:
    """The HTML part of the same letter: one column, real text, no picture that is fetched."""
    body, _, foot = text.rpartition("\n-- \n")
    blocks = "\n".join(_block(block) for block in re.split(r"\n\s*\n", body.strip()) if block.strip())
    lines = "<br>".join(_inline(line) for line in foot.strip().split("\n"))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>\n'
        '<body style="margin:0;padding:0;background:#faf6ef">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" '
        'style="padding:24px 12px"><table role="presentation" width="600" cellpadding="0" cellspacing="0" '
        'style="width:100%;max-width:600px;background:#fffefb;border:1px solid #e4dacb;border-radius:14px">'
        f'<tr><td style="padding:20px 28px;background:#7d1734;border-radius:14px 14px 0 0;font:20px/1.2 Georgia,serif;'
        f'color:#ffffff">{escape(house)}</td></tr>\n<tr><td style="padding:28px">\n{blocks}\n'
        f'<p style="{_STYLE["foot"]}">{lines}</p></td></tr></table></td></tr></table></body></html>\n'
    )


def _block(block: str) -> str:
    lines = block.split("\n")
    if len(lines) == 1 and (found := _BUTTON.match(lines[0])):
        link = f'<a href="{escape(found[2])}" style="{_STYLE["button"]}">{escape(found[1])}</a>'
        return f'<p style="margin:0 0 20px">{link}</p>'
    return f'<p style="{_STYLE["p"]}">' + "<br>".join(_inline(line) for line in lines) + "</p>"


def _inline(line: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(line):
        parts.append(escape(line[end : found.start()]))
        parts.append(f'<a href="{escape(found[0])}" style="color:#7d1734;word-break:break-word">{escape(found[0])}</a>')
        end = found.end()
    return "".join(parts) + escape(line[end:])
