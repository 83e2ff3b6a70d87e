"""The knowledge base of another desk brought in: turned into article files, then imported like any other folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.errors import Invalid
from app.knowledge import folder, foreign, loading
from app.knowledge.foreign import Brought, Left
from app.knowledge.loading import Report

#: Bytes of one file of another desk, and files looked at.
LONGEST, MOST = 50 * 1024 * 1024, 10_000
_PAGES, _TEXTS = {".html", ".htm"}, {".md", ".markdown"}


@dataclass(frozen=True, slots=True)
class Brief:
    """What came in and what did not. Shape of `origins`: name of our file to where it was read."""

    report: Report
    left: tuple[Left, ...]
    origins: dict[str, str]


def bring(source: Path, *, lang: str, audience: str = "staff", dry_run: bool = False, by: Actor = SYSTEM) -> Brief:
    """Bring in a folder of Markdown, pages of Zendesk Guide, or an export in JSON of Zendesk Guide or Zammad.

    What editors changed since an earlier time is not replaced; bringing the same twice changes nothing.

    Raises:
        Invalid: field `folder`: it holds nothing that can be read.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    found, left = read(source, lang, audience)
    if not found:
        if not left:
            raise Invalid({"folder": "no_article_files"}, folder=str(source))
        return Brief(Report(), tuple(left), {})
    with TemporaryDirectory() as place:
        for one in found:
            folder.write(Path(place), one.name, one.source)
        report = loading.import_folder(Path(place), dry_run=dry_run, by=by)
    return Brief(report, tuple(left), {one.name: one.origin for one in found})


def read(source: Path, lang: str, audience: str) -> tuple[list[Brought], list[Left]]:
    """What another desk gave away as files of ours, and what is left out; always in the same order."""
    left: list[Left] = []
    texts = dict(_texts(source, left))
    pages = [(name, text) for name, text in texts.items() if Path(name).suffix.lower() in _PAGES]
    plain = [(name, text) for name, text in texts.items() if Path(name).suffix.lower() in _TEXTS]
    read = [
        foreign.markdown_folder(plain, lang, audience), foreign.zendesk_pages(pages, lang, audience),
        *(foreign.of_json(name, texts[name], lang, audience) for name in texts if name.lower().endswith(".json")),
    ]  # fmt: skip
    found: dict[str, Brought] = {}
    for some, others in read:
        left += others
        for one in some:
            if one.name in found:
                left.append(Left(one.origin, one.line, "twice", f"another article is called {one.name} already"))
            found.setdefault(one.name, one)
    return list(found.values()), left


def _texts(source: Path, left: list[Left]) -> Iterator[tuple[str, str]]:
    single = source.is_file()
    for number, path in enumerate([source] if single else sorted(source.rglob("*"))):
        name = path.name if single else path.relative_to(source).as_posix()
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix.lower() not in {*_PAGES, *_TEXTS, ".json"}:
            left.append(Left(name, 1, "other_file", "it is neither Markdown, HTML nor JSON"))
        elif number >= MOST or path.stat().st_size > LONGEST:
            left.append(Left(name, 1, "too_large", "it is larger than 50 MB, or one file too many"))
        else:
            content = path.read_bytes()
            try:
                yield name, content.decode("utf-8-sig")
            except UnicodeDecodeError as problem:
                line = content.count(b"\n", 0, problem.start) + 1
                left.append(Left(name, line, "not_utf8", "it is not written in UTF-8"))
