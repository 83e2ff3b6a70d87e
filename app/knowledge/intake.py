"""A folder of files read into articles; what is broken is named with file and line, and the rest is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.kernel.errors import Invalid
from app.knowledge import folder, performances
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, ArticleFile, decoded, line_of, parse


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that could not be taken in, and why."""

    file: str
    line: int
    problem: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a folder holds: articles, what is broken, and the names of all files that are there."""

    articles: tuple[ArticleFile, ...]
    broken: tuple[Broken, ...]
    present: frozenset[str]


def read(path: Path) -> Intake:
    """Read every article file of a folder.

    Raises:
        Invalid: there is none at all, which is a wrong folder rather than an empty shelf.
    """
    articles: list[ArticleFile] = []
    broken: list[Broken] = []
    present: set[str] = set()
    for name, content in folder.files(path):
        present.add(name)
        try:
            articles.append(_article(name, content))
        except ArticleFault as fault:
            broken.append(Broken(name, fault.line, fault.sentence, fault.code))
    if not present:
        raise Invalid({"folder": "no_article_files"}, folder=str(path))
    return Intake(tuple(articles), tuple(broken), frozenset(present))


def taken_addresses(files: Iterable[ArticleFile], held: Mapping[tuple[str, str], str]) -> list[Broken]:
    """Files whose address belongs to somebody else; `held` says which slug answers at (language, address)."""
    holders = dict(held)
    found = []
    for file in files:
        holder = holders.setdefault((file.lang, file.address), file.slug)
        if holder != file.slug:
            problem = f"address {file.address} is already that of {holder}"
            found.append(Broken(file.name, line_of(file, "address"), problem, "address_taken"))
    return found


def unknown_performances(files: Sequence[ArticleFile]) -> list[Broken]:
    """Files that speak of a performance which is not on the bill: neither its date nor its end could be told."""
    known = performances.billed(file.performance for file in files)
    return [
        Broken(
            file.name, line_of(file, "performance"), f"no performance has the reference {file.performance}",
            "unknown_performance",
        )
        for file in files
        if file.performance and file.performance not in known
    ]  # fmt: skip


def _article(name: str, content: bytes) -> ArticleFile:
    article = parse(decoded(content))
    if article.name != name:
        slug, _, lang = name.removesuffix(".md").rpartition(".")
        key = "slug" if lang in LANGUAGES and slug != article.slug else "lang"
        problem = f"{key} does not fit the file's name: it should be {article.name}"
        raise ArticleFault(line_of(article, key), "bad_name", problem)
    return article
