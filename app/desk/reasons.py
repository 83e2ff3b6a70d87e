"""Why triage decided as it did, worded for the page; at most four reasons, and the words they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from app.triage.reasons import SENTENCES, Reason, describe
from app.triage.service import SortingCard
from app.web.wording import paragraphs

#: What a person can take in at a glance.
MOST = 4
#: Private signs around words to mark, until the text has been escaped.
_OPEN, _CLOSE = "\ue000", "\ue001"
_TAG = re.compile(r"<[^>]*>")
_DROP = {ord(_OPEN): None, ord(_CLOSE): None}


def sentences(sorting: SortingCard) -> list[str]:
    """The reasons of a decision as sentences."""
    # A decision may be older than the list of reasons; what is no longer said is left out.
    known = [describe(Reason(code, values), _) for code, values in sorting.reasons if code in SENTENCES][:MOST]
    return [sentence[:1].upper() + sentence[1:] for sentence in known]


def tone(sorting: SortingCard) -> str:
    """How the message sounds."""
    return {0: _("Polite"), 1: _("Impatient"), 2: _("Angry")}.get(sorting.anger, _("Polite"))


def marked(body: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """A message as paragraphs, with the words that decided marked. Units: spans in characters of the body."""
    html = str(paragraphs(_signed(body, _apart(spans, len(body)))))
    # Within a tag, such as the address of a link, a sign is only in the way.
    html = _TAG.sub(lambda tag: tag.group().translate(_DROP), html)
    return Markup(html.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))  # noqa: S704 - escaped by paragraphs


def _signed(body: str, spans: Sequence[tuple[int, int]]) -> str:
    clean = body.replace(_OPEN, " ").replace(_CLOSE, " ")
    parts, done = [], 0
    for start, end in spans:
        words = clean[start:end]
        if "\n" in words or not words.strip():
            continue
        parts += [clean[done:start], _OPEN, words, _CLOSE]
        done = end
    return "".join([*parts, clean[done:]])


def _apart(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if 0 <= start < end <= length and (not found or start >= found[-1][1]):
            found.append((start, end))
    return found
