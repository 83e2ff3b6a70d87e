"""From files to the shelf and back: the house's folder, folders of others, exports; a report says what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.transaction import transactional
from app.knowledge import folder, intake, pictures, placing, queries
from app.knowledge.comparison import Fate, Known, fate_of_file, fate_of_import, fate_without_file
from app.knowledge.intake import Broken, Intake
from app.knowledge.library import ArticleFile, text_hash
from app.knowledge.media import FOLDER
from app.knowledge.models import Article

#: Files changed in one transaction.
GROUP = 500
_REFUSED = "another picture has this name already, or it is larger than 10 MB"
T = TypeVar("T")
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """What loading did, by names of files."""

    loaded: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    #: The desk has a newer text that its file still waits for.
    behind: tuple[str, ...] = ()
    #: Changed on both sides: the file's text is kept as a draft, the desk's text stays.
    conflicts: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    #: Pictures and films that came along; a name that belongs to another file is among `broken`.
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to become of each file, and of articles without one."""

    files: Mapping[Fate, tuple[ArticleFile, ...]]
    gone: Mapping[Fate, tuple[_Key, ...]]
    broken: tuple[Broken, ...]


def load_folder(path: Path, *, by: Actor = SYSTEM, dry_run: bool = False) -> Report:
    """Make the shelf agree with the house's own folder; an article whose file is gone is withdrawn.

    Raises:
        Invalid: the folder holds no article file at all, which is a wrong folder rather than an empty shelf.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    found, rows = intake.read(path), queries.articles()
    gone = {key: row for key, row in rows.items() if f"{key[0]}.{key[1]}.md" not in found.present}
    plan = _plan(found, rows, _fate_of_own, {key: fate_without_file(_known(row)) for key, row in gone.items()})
    if not dry_run:
        _carry_out(plan, own=True, by=by)
    return _report(plan)


def import_folder(path: Path, *, by: Actor = SYSTEM, dry_run: bool = False) -> Report:
    """Take in the articles of another folder; nothing is withdrawn, and what the desk wrote is not replaced.

    Raises:
        Invalid: the folder holds no article file at all.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    plan = _plan(intake.read(path), queries.articles(), fate_of_theirs, {})
    if not dry_run:
        _carry_out(plan, own=False, by=by)
    return _with_pictures(_report(plan), path, dry_run=dry_run)


def export_folder(path: Path, *, by: Actor = SYSTEM) -> int:
    """Write every published article into a folder, byte for byte as published. Returns how many."""
    by.must(Permission.ARTICLE_EDIT)
    sources = queries.current_sources()
    for slug, lang, source in sources:
        folder.write(path, f"{slug}.{lang}.md", source)
    own = folder.own()
    if own is not None and own != path:
        pictures.copied(own, path)
    return len(sources)


def _with_pictures(report: Report, path: Path, *, dry_run: bool) -> Report:
    own = folder.own()
    if own is None or own == path:
        return report
    taken, left = pictures.copied(path, own, dry_run=dry_run)
    refused = (Broken(f"{FOLDER}/{name}", 1, _REFUSED, "picture_differs") for name in left)
    return replace(report, pictures=taken, broken=(*report.broken, *refused))


def _plan(
    found: Intake,
    rows: Mapping[_Key, Article],
    judge: Callable[[ArticleFile, Article | None], Fate],
    gone: Mapping[_Key, Fate],
) -> _Plan:
    fates = {_key(file): judge(file, rows.get(_key(file))) for file in found.articles}
    loading = [file for file in found.articles if fates[_key(file)] is Fate.LOAD]
    moving = {_key(file) for file in loading} | {key for key, fate in gone.items() if fate is Fate.WITHDRAW}
    held = {(r.lang, r.address): r.slug for key, r in rows.items() if r.address is not None and key not in moving}
    taken = [*intake.taken_addresses(loading, held), *intake.unknown_performances(loading)]
    refused = {broken.file for broken in taken}
    kept = [file for file in found.articles if file.name not in refused]
    files = {fate: tuple(file for file in kept if fates[_key(file)] is fate) for fate in Fate}
    keys = {fate: tuple(key for key, its in gone.items() if its is fate) for fate in Fate}
    return _Plan(files, keys, tuple(sorted([*found.broken, *taken], key=lambda b: b.file)))


def _fate_of_own(file: ArticleFile, row: Article | None) -> Fate:
    return fate_of_file(text_hash(file.source), _known(row) if row else None)


def fate_of_theirs(file: ArticleFile, row: Article | None) -> Fate:
    """What becomes of a file from elsewhere beside the article of its name."""
    digest = text_hash(file.source)
    if row is None:
        return fate_of_import(digest, None, once_published=False)
    return fate_of_import(digest, _known(row), once_published=queries.was_published(row.id, digest))


def _known(row: Article) -> Known:
    return Known(row.text_hash, row.file_hash, row.from_desk, row.withdrawn_at is not None)


def _carry_out(plan: _Plan, *, own: bool, by: Actor) -> None:
    for keys in _groups(plan.gone[Fate.WITHDRAW]):
        _withdraw(keys, by=by)
    for files in _groups(plan.files[Fate.LOAD]):
        _load(files, own=own, by=by)
    for files in _groups(plan.files[Fate.CONFLICT]):
        _keep_both(files, own=own)
    if own:
        for files in _groups(plan.files[Fate.UNCHANGED]):
            _agree(files)


@transactional
def _load(files: Sequence[ArticleFile], *, own: bool, by: Actor) -> None:
    rows = queries.articles(_key(file) for file in files)
    placing.free_addresses((file, rows.get(_key(file))) for file in files)
    for file in files:
        row = placing.place(file, rows.get(_key(file)), from_desk=False, by=by)
        if own:
            row.file_hash, row.conflict_hash = row.text_hash, None


@transactional
def _keep_both(files: Sequence[ArticleFile], *, own: bool) -> None:
    rows = queries.articles(_key(file) for file in files)
    for file in files:
        row = rows[_key(file)]
        placing.keep_as_draft(file.source, row)
        if own:
            row.conflict_hash = text_hash(file.source)


@transactional
def _agree(files: Sequence[ArticleFile]) -> None:
    rows = queries.articles(_key(file) for file in files)
    for file in files:
        rows[_key(file)].file_hash = text_hash(file.source)
        rows[_key(file)].conflict_hash = None


@transactional
def _withdraw(keys: Sequence[_Key], *, by: Actor) -> None:
    for row in queries.articles(keys).values():
        row.file_hash = None
        placing.take_down(row, by=by)


def _report(plan: _Plan) -> Report:
    def names(fate: Fate) -> tuple[str, ...]:
        kept = [file.name for file in plan.files[fate]]
        return tuple(sorted([*kept, *(f"{slug}.{lang}.md" for slug, lang in plan.gone[fate])]))

    return Report(
        loaded=names(Fate.LOAD),
        unchanged=names(Fate.UNCHANGED),
        behind=names(Fate.BEHIND),
        conflicts=names(Fate.CONFLICT),
        withdrawn=names(Fate.WITHDRAW),
        broken=plan.broken,
    )


def _key(file: ArticleFile) -> _Key:
    return file.slug, file.lang


def _groups(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + GROUP] for start in range(0, len(items), GROUP))
