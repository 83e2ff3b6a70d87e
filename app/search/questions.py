"""Questions written by hand for the shipped articles, and how they are parted; nothing is searched here.

The development part is for looking at and tuning on, the report part for figures only; near-duplicates stay together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

#: The questions that come with the project.
SHIPPED: Final = Path(__file__).with_name("questions.jsonl")
KINDS: Final = (
    "paraphrase", "keywords", "typo", "sms", "no_accent", "angry", "cross_language", "long_rambling", "unanswerable",
)  # fmt: skip
#: What an article may be to a question: the answer, or acceptable beside it.
BEST, ACCEPTABLE = 2, 1
#: Tenths of the groups that nothing is ever tuned on.
REPORT_TENTHS: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the articles expected, each `BEST` or `ACCEPTABLE`; none where none answers.

    `author` is one of six manners of writing; questions of one `group` ask nearly the same.
    """

    id: str
    text: str
    lang: str
    kind: str
    expected: Mapping[str, int]
    audience: str
    author: str
    group: str

    @property
    def page(self) -> str:
        """The language of the page it is asked on."""
        other = "fr" if self.lang == "en" else "en"
        return other if self.kind == "cross_language" else self.lang

    @property
    def reported(self) -> bool:
        """Whether it belongs to the report part; its group falls there by the digest of its name, for ever."""
        return int(sha256(self.group.encode()).hexdigest()[:8], 16) % 10 < REPORT_TENTHS


class BadQuestion(ValueError):
    """A line of a file of questions that nothing can be measured with."""


def read(path: Path = SHIPPED) -> list[Question]:
    """The questions of a file of JSON lines.

    Raises:
        BadQuestion: names the file and the line.
    """
    lines = path.read_text("utf-8").splitlines()
    return [_question(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _question(line: str, place: str) -> Question:
    try:
        row: dict[str, Any] = json.loads(line)
        made = Question(**{name: row[name] for name in Question.__slots__})
    except (ValueError, KeyError, TypeError) as error:
        raise BadQuestion(f"{place}: {error}") from error
    if made.kind not in KINDS or made.lang not in ("fr", "en") or made.audience not in ("public", "staff"):
        raise BadQuestion(f"{place}: unknown kind, language or audience")
    if not set(made.expected.values()) <= {BEST, ACCEPTABLE} or (made.kind == "unanswerable") == bool(made.expected):
        raise BadQuestion(f"{place}: expected articles do not fit")
    return made
