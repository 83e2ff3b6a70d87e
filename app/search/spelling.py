"""“Did you mean”: words nobody wrote, replaced by the nearest ones somebody did; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.search.analysis import stem, tokens
from app.search.stopwords import STOP_WORDS

#: Shorter words have too many neighbours.
SHORTEST = 4
#: A word seen this often may stand in for one that only a list of keywords knows.
COMMON = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of some texts: how often each was written in sentences, how it is spelt, and what else is known."""

    counts: Mapping[str, int]
    spelt: Mapping[str, str]
    stems: frozenset[str]
    keywords: frozenset[str]
    lang: str

    def knows(self, word: str) -> bool:
        """Whether a folded word needs no mending."""
        return word in self.counts or word in STOP_WORDS[self.lang] or stem(word, self.lang) in self.stems


def vocabulary(texts: Iterable[str], keywords: Iterable[str], lang: str) -> Vocabulary:
    """The vocabulary of some texts; keywords may be misspelt on purpose, so they are known but never suggested."""
    spellings: Counter[tuple[str, str]] = Counter()
    for text in texts:
        spellings.update((token.word, text[token.start : token.end].lower()) for token in tokens(text))
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for (word, spelling), count in spellings.most_common():
        counts[word] += count
        spelt.setdefault(word, spelling)
    listed = frozenset(token.word for text in keywords for token in tokens(text))
    return Vocabulary(counts, spelt, frozenset(stem(word, lang) for word in counts), listed, lang)


def mended(question: str, vocabularies: Iterable[Vocabulary]) -> str | None:
    """The question with its unknown words replaced, in the first vocabulary's language; None when all is well."""
    known = list(vocabularies)
    pieces, last, changed = [], 0, False
    for token in tokens(question):
        better = _better(token.word, known)
        if better is not None:
            pieces += [question[last : token.start], better]
            last, changed = token.end, True
    return "".join([*pieces, question[last:]]).strip() if changed else None


def _better(word: str, known: list[Vocabulary]) -> str | None:
    if len(word) < SHORTEST or word.isdigit() or any(one.knows(word) for one in known):
        return None
    first = known[0]
    floor = COMMON if any(word in one.keywords for one in known) else 1
    far = 1 if len(word) < 6 else 2
    near = process.extract(word, first.counts.keys(), scorer=OSA.distance, score_cutoff=far, limit=8)
    fitting = [
        (distance, -first.counts[found], found) for found, distance, _ in near if _fits(first, found, word, floor)
    ]
    return first.spelt[min(fitting)[2]] if fitting else None


def _fits(first: Vocabulary, found: str, word: str, floor: int) -> bool:
    # A wrong first letter is rare, and short words become others by two changes.
    return len(found) >= SHORTEST and first.counts[found] >= floor and (found[0] == word[0] or len(word) >= 7)
