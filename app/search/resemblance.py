"""Articles that say much the same as a text being written, so that nobody writes an article twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log, sqrt

from app.kernel.access import Actor
from app.knowledge.library import LANGUAGES, ArticleFile
from app.search import finding, reader
from app.search.analysis import stems
from app.search.collection import Collection
from app.search.documents import Document
from app.search.results import Alike

#: From here on two texts say much the same; of the shipped articles no two do.
ALIKE = 0.5
#: What a word of the title counts for, how many articles are compared, and how many told.
TITLE, COMPARED, TOLD = 3, 10, 3


def alike(text: ArticleFile, *, by: Actor) -> list[Alike]:
    """Articles of the same language that say much the same as a text or begin much like it, the closest first."""
    collection = reader.held().collections[text.lang if text.lang in LANGUAGES else LANGUAGES[0]]
    hits = finding.search(f"{text.title} {text.brief}", collection.lang, by=by, limit=COMPARED, typing=True).hits
    near = {hit.slug for hit in hits if hit.lang == collection.lang and hit.slug != text.slug}
    others = [(one, _share(text, one, collection)) for one in collection.documents if one.slug in near]
    found = [Alike(one.slug, one.lang, one.title, share) for one, share in others if share >= ALIKE]
    return sorted(found, key=lambda one: (-one.share, one.slug))[:TOLD]


def _share(text: ArticleFile, other: Document, collection: Collection) -> float:
    # A text just begun has little more than a title and a brief; its body is not held against it.
    bodies = [(text.body, other.body), ("", "")]
    return max(cosine(weighed(text, mine, collection), weighed(other, its, collection)) for mine, its in bodies)


def weighed(text: ArticleFile | Document, body: str, collection: Collection) -> dict[str, float]:
    """The words of a text's title and brief and of a body, by their weight: how often, and how rare on the shelf."""
    counts = Counter(stems(f"{text.brief}\n{body}", collection.lang))
    for word in stems(text.title, collection.lang):
        counts[word] += TITLE
    return {word: (1 + log(count)) * collection.rarity(word) for word, count in counts.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two weighed texts are, from 0 to 1."""
    size = sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return sum(weight * other.get(word, 0.0) for word, weight in one.items()) / size if size else 0.0
