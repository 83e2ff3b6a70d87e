"""Words as the desk searches requests by: folded, without plural, numbers of accounts and cards left out; pure.

The same function makes what is kept and what is asked, on both databases, so that what was written is found as it is
typed: with or without accents, in the plural or not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from app.search.stopwords import STOP_WORDS

#: Letters of a word that are kept; words of one request; characters of one message that are read; words asked at once.
LONGEST, MOST, READ, ASKED = 40, 4_000, 20_000, 8
#: Before a word of the head of a request: its number, subject, order, and who asks.
HEAD: Final = "_"
#: From so many letters on, a word that is still being typed is also sought as a beginning, in what was said.
BEGINNING = 3
#: Words and their beginnings that are asked together: `(word, whether only its beginning is known)`.
Asked = list[tuple[str, bool]]

_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f]+")
_SILENT: Final = STOP_WORDS["fr"] | STOP_WORDS["en"]
_ACCOUNT: Final = re.compile(r"\b[a-z]{2}\d{2}(?:[ .\u00a0\u202f-]?[a-z0-9]){11,30}")
_CARD: Final = re.compile(r"\b\d(?:[ .\u00a0\u202f-]?\d){12,18}\b")
_MANY_DIGITS: Final = re.compile(r"\d\d(?:[ .\u00a0\u202f-]?[a-z0-9]){9}")
_BETWEEN: Final = re.compile(r"[^a-z0-9]+")
_SHORTEST_ACCOUNT = 15


def folded(text: str) -> str:
    """A text in small letters without accents; ligatures are written out."""
    low = text.lower()
    if low.isascii():
        return low
    low = low.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return _MARKS.sub("", unicodedata.normalize("NFKD", low))


def words(text: str) -> list[str]:
    """The words of a text in their order, some perhaps more than once."""
    return [_light(word) for word in _parted(text)]


def telling(text: str) -> list[str]:
    """The words of a text that say something, in either language."""
    return [_light(word) for word in dict.fromkeys(_parted(text)) if word not in _SILENT]


def _parted(text: str) -> Iterator[str]:
    flat = folded(text)
    if _MANY_DIGITS.search(flat):
        flat = _masked(flat)
    return (word[:LONGEST] for word in _WORD.findall(flat) if len(word) > 1 or word.isdigit())


def kept(head: Iterable[str], said: Iterable[str]) -> str:
    """What is kept of a request: every word once, those of its head also with their mark, parted by blanks."""
    found: dict[str, None] = {}
    for text in head:
        for word in (*words(text), *_joined(text)):
            found[HEAD + word] = None
            found[word] = None
    # In one piece, each word once: reading a letter must cost hardly anything beside filing it.
    found.update(dict.fromkeys(telling("\n".join(text[:READ] for text in said))))
    return " ".join(list(found)[:MOST])


def in_head(text: str) -> Asked:
    """What is asked of heads: each word, the last perhaps only begun."""
    every = words(text)[:ASKED]
    return [(HEAD + word, place == len(every) - 1) for place, word in enumerate(every)]


def in_words(text: str) -> Asked:
    """What is asked of all words: those that tell something; none where none does."""
    every = telling(text)[:ASKED]
    last = len(every) - 1
    return [(word, place == last and len(word) >= BEGINNING) for place, word in enumerate(every)]


def _light(word: str) -> str:
    return word[:-1] if len(word) > len("les") and word[-1] in "sx" and word.isalpha() else word


def _joined(text: str) -> Iterator[str]:
    """A code that stands alone is also found when it is typed in one piece."""
    if " " not in text and "@" not in text and (whole := _BETWEEN.sub("", folded(text))):
        yield _light(whole[:LONGEST])


def _masked(flat: str) -> str:
    flat = _CARD.sub(_unless_card, flat)
    return _ACCOUNT.sub(_unless_account, flat)


def _unless_card(found: re.Match[str]) -> str:
    digits = [int(sign) for sign in found[0] if sign.isdigit()][::-1]
    total = sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return " " if total % 10 == 0 else found[0]


def _unless_account(found: re.Match[str]) -> str:
    # What follows a number of an account may read like more of it: the longest beginning that fits is taken out.
    text = found[0]
    for end in range(len(text), _SHORTEST_ACCOUNT - 1, -1):
        flat = _BETWEEN.sub("", text[:end])
        if len(flat) >= _SHORTEST_ACCOUNT and int("".join(str(int(c, 36)) for c in flat[4:] + flat[:4])) % 97 == 1:
            return " " + text[end:]
    return text
