"""Knowledge bases of other desks that come by the desk: rehearsed, brought in by the worker, told of, and undone.

A file is kept until it is brought in, a day at most. Each group of articles is one transaction with its lines of the
report: killed anywhere, the next run goes on after the last line.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from app.kernel import clock, faults, room, work
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from app.kernel.jobs import LeaseLost
from app.kernel.transaction import publish, transactional
from app.knowledge import bringing, folder, intake, loading, pictures, placing, unpacking
from app.knowledge import bringing_queries as queries
from app.knowledge import queries as shelf
from app.knowledge.comparison import Fate
from app.knowledge.events import BringingAsked, BringingUndone
from app.knowledge.foreign import Brought, Left
from app.knowledge.front_matter import ArticleFault
from app.knowledge.library import LANGUAGES, ArticleFile, parse, text_hash
from app.knowledge.media import FOLDER
from app.knowledge.models import Article, ArticleBringing, ArticleDraft, BroughtArticle
from app.venue import service as venue

log = logging.getLogger(__name__)

#: Articles of one transaction.
GROUP = 100
#: How long a file waits for somebody to bring it in.
KEPT = timedelta(days=1)
#: Bringings in the history, and lines of a report that are shown.
SHOWN, LINES = 20, 500
AUDIENCES = ("staff", "public")
_MARK = re.compile(r"[0-9a-f]{64}")
_PICTURE = re.compile(r"(!\[[^\]]*\]\()<?([^)\s>]+)>?((?:\s+\"[^\"]*\")?\))")
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}
#: What a file holds nothing of when it holds nothing else.
_NOTHING = {"other_file", "bad_json", "unknown_export"}


class _Store:
    """The folder of files that wait, once the factory has named it."""

    folder: Path = Path()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a knowledge base is to come in; validates itself."""

    lang: str
    audience: str = "staff"
    publishes: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be chosen.

        Raises:
            Invalid: per field.
        """
        wrong = {} if self.lang in LANGUAGES else {"lang": "unknown_choice"}
        wrong |= {} if self.audience in AUDIENCES else {"audience": "unknown_choice"}
        if wrong:
            raise Invalid(wrong)


@dataclass(frozen=True, slots=True)
class Line:
    """What became, or would become, of one thing that was read; `number` is its place in the file."""

    number: int
    origin: str
    line: int
    slug: str
    lang: str
    #: In words of `BroughtArticle`.
    fate: str
    code: str = ""
    draft_id: int | None = None
    undone: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would come of a file. Shape of `counts`: lines by fate, of the whole file; `lines` are cut."""

    mark: str
    file: str
    wanted: Wanted
    counts: dict[str, int]
    lines: tuple[Line, ...]
    pictures: int

    @property
    def brings(self) -> int:
        """Articles that would come in."""
        return sum(self.counts.get(fate, 0) for fate in ("new", "changed", "kept"))


@dataclass(frozen=True, slots=True)
class Card:
    """One bringing as people see it; `done` of `total` lines."""

    id: int
    file: str
    publishes: bool
    state: str
    reason: str
    by_id: int | None
    started_at: datetime
    ended_at: datetime | None
    undone_by_id: int | None
    undone_at: datetime | None
    total: int
    pictures: int
    counts: dict[str, int]

    @property
    def done(self) -> int:
        """Lines of its report so far."""
        return sum(self.counts.get(fate, 0) for fate in ("new", "changed", "kept", "unchanged", "refused"))

    @property
    def brought(self) -> int:
        """Articles that came in."""
        return sum(self.counts.get(fate, 0) for fate in ("new", "changed", "kept"))


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing read: an article and the pictures it shows here, or what is left out."""

    number: int
    origin: str
    line: int
    file: ArticleFile | None
    code: str = ""
    shows: tuple[Path, ...] = ()


def keep_in(place: Path) -> None:
    """Name the folder of files that wait."""
    _Store.folder = place


def rehearse(content: bytes, *, name: str, wanted: Wanted, by: Actor) -> Rehearsal:
    """Keep a file and say what would come of it; nothing else is written.

    Raises:
        Forbidden: the actor may not publish articles.
        Invalid: field `file`, or `mode` where the house asks for a second reader; the file is not kept.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    _forget_old()
    _agree(wanted)
    if not content:
        raise Invalid({"file": "file_empty"})
    if len(content) > unpacking.LARGEST:
        raise Invalid({"file": "bring_large"}, most=unpacking.MOST_MB)
    room.keep_folder(_Store.folder)
    path = _Store.folder / hashlib.sha256(content).hexdigest()
    room.keep(path, content)
    try:
        with unpacking.unpacked(path, name) as place:
            items = _items(place, wanted)
            shown = {pictures.name_of(one.read_bytes()) for item in items for one in item.shows}
    except Invalid:
        path.unlink(missing_ok=True)
        raise
    lines = [line for line, _file, _row in _judged(items, publishes=wanted.publishes)]
    counts = {fate: sum(line.fate == fate for line in lines) for fate in {line.fate for line in lines}}
    ordered = sorted(lines, key=lambda line: (line.fate != "refused", line.fate == "unchanged", line.number))
    return Rehearsal(path.name, name, wanted, counts, tuple(ordered[:LINES]), len(shown))


@transactional
def ask(mark: str, *, name: str, wanted: Wanted, by: Actor) -> int:
    """Have a rehearsed file brought in by the worker. Returns the bringing; one that runs already is not begun twice.

    Raises:
        Forbidden: the actor may not publish articles.
        Invalid: field `mode`: the house asks for a second reader meanwhile.
        NotFound: the file no longer waits.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    _path(mark)
    _agree(wanted)
    row = queries.begun(mark)
    if row is None:
        row = ArticleBringing(
            file_name=name[:255], sha256=mark, lang=wanted.lang, audience=wanted.audience, publishes=wanted.publishes,
            state="running", by_id=by.person_id, started_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        publish(BringingAsked(bringing_id=row.id), by=by)
    return row.id


def bring_in(bringing_id: int) -> None:
    """Bring a file in, from where an earlier run stopped, and delete it."""
    row = _row(bringing_id)
    state, mark, name = row.state, row.sha256, row.file_name
    wanted = Wanted(lang=row.lang, audience=row.audience, publishes=row.publishes)
    session.rollback()
    if state == "running":
        try:
            with unpacking.unpacked(_path(mark), name) as place:
                _bring(bringing_id, _items(place, wanted))
        except (Unavailable, LeaseLost, OSError):
            raise  # the worker tries again, or another one is at it
        except (Invalid, NotFound) as problem:
            _refuse(bringing_id, next(iter(problem.fields.values())) if isinstance(problem, Invalid) else "bring_gone")
        except Exception:  # whoever asked reads that it ended, and may undo what came in
            log.exception("bringing %s ended too early", bringing_id)
            _refuse(bringing_id, "bring_failed")
    if _MARK.fullmatch(mark):
        (_Store.folder / mark).unlink(missing_ok=True)


@transactional
def undo(bringing_id: int, *, by: Actor) -> None:
    """Have what was there before put back by the worker; what somebody worked on since stays.

    Raises:
        Forbidden: the actor may not publish articles.
        NotFound: there is no such bringing.
        Conflict: it runs, or is undone already, or nothing was brought in.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = _row(bringing_id, locked=True)
    if row.state not in {"done", "refused"} or not _card(row, queries.counts([row.id])[row.id]).brought:
        raise Conflict("bringing_state")
    row.state, row.undone_by_id = "undoing", by.person_id
    publish(BringingUndone(bringing_id=row.id), by=by)


def put_back(bringing_id: int) -> None:
    """Put back what was there before, in groups; goes on where an earlier run stopped."""
    while _put_back_group(bringing_id):
        work.go_on()
        faults.point("articles put back")


def history(*, by: Actor) -> list[Card]:
    """Bringings, the newest first."""
    by.must(Permission.ARTICLE_PUBLISH)
    rows = queries.bringings(SHOWN)
    counts = queries.counts([row.id for row in rows])
    return [_card(row, counts[row.id]) for row in rows]


def report(bringing_id: int, *, by: Actor) -> tuple[Card, list[Line]]:
    """One bringing and the lines of its report, those that ask for something first.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    row = _row(bringing_id)
    lines = [
        Line(one.number, one.origin, one.line, one.slug, one.lang, one.fate, one.code, one.draft_id, one.undone)
        for one in queries.lines(bringing_id, LINES)
    ]  # fmt: skip
    return _card(row, queries.counts([row.id])[row.id]), lines


def _items(place: Path, wanted: Wanted) -> list[_Item]:
    found, left = bringing.read(place, wanted.lang, wanted.audience)
    if not found and all(one.code in _NOTHING for one in left):
        raise Invalid({"file": "bring_unknown"})
    items: list[_Item] = []
    used: set[str] = set()
    for number, one in enumerate(found):
        file, shows = _with_pictures(one, place)
        used |= {path.relative_to(place).as_posix() for path in shows}
        items.append(_Item(number, one.origin, one.line, file, shows=shows))
    others = [one for one in left if one.origin not in used]
    return [*items, *(_left(len(items) + at, one) for at, one in enumerate(others))]


def _left(number: int, one: Left) -> _Item:
    picture = one.code == "other_file" and PurePosixPath(one.origin).suffix.lower() in _PICTURES
    return _Item(number, one.origin, one.line, None, "loose_picture" if picture else one.code)


def _with_pictures(one: Brought, place: Path) -> tuple[ArticleFile, tuple[Path, ...]]:
    file = parse(one.source)
    if folder.own() is None or not one.origin.lower().endswith((".md", ".markdown")):
        return file, ()
    shows: list[Path] = []

    def named(match: re.Match[str]) -> str:
        path = _beside(place, one.origin, match[2])
        try:
            name = pictures.name_of(path.read_bytes()) if path is not None else ""
        except Invalid:
            return match[0]
        if path is None:
            return match[0]
        shows.append(path)
        return f"{match[1]}{FOLDER}/{name}{match[3]}"

    text = _PICTURE.sub(named, one.source)
    try:
        return (parse(text) if shows else file), tuple(dict.fromkeys(shows))
    except ArticleFault:  # names of ours are longer, and the text has become too long by them
        return file, ()


def _beside(place: Path, origin: str, address: str) -> Path | None:
    """The file that an address means, as seen from the text that names it; only within what was handed in."""
    if ":" in address or address.startswith(("/", "#")) or PurePosixPath(address).suffix.lower() not in _PICTURES:
        return None
    root = place.resolve()
    path = (root / origin).parent.joinpath(address.replace("%20", " ")).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


def _judged(items: Sequence[_Item], *, publishes: bool) -> list[tuple[Line, ArticleFile | None, Article | None]]:
    files = [item.file for item in items if item.file is not None]
    rows = shelf.articles([(file.slug, file.lang) for file in files])
    fates = {(file.slug, file.lang): loading.fate_of_theirs(file, rows.get((file.slug, file.lang))) for file in files}
    loads = [file for file in files if fates[file.slug, file.lang] is Fate.LOAD]
    moving = {(file.slug, file.lang) for file in loads}
    held = {(r.lang, r.address): r.slug for r in queries.held_addresses() if (r.slug, r.lang) not in moving}
    clashes = {one.file for one in intake.taken_addresses(loads, held)} if publishes else set()
    judged: list[tuple[Line, ArticleFile | None, Article | None]] = []
    for item in items:
        file = item.file
        if file is None:
            judged.append((Line(item.number, item.origin, item.line, "", "", "refused", item.code), None, None))
            continue
        row = rows.get((file.slug, file.lang))
        fate, code = _fate(file, row, fates[file.slug, file.lang], publishes=publishes)
        if file.name in clashes:
            fate, code = "refused", "address_taken"
        judged.append((Line(item.number, item.origin, item.line, file.slug, file.lang, fate, code), file, row))
    return judged


def _fate(file: ArticleFile, row: Article | None, fate: Fate, *, publishes: bool) -> tuple[str, str]:
    if fate is Fate.UNCHANGED:
        return "unchanged", ""
    if (not publishes or fate is Fate.CONFLICT) and shelf.is_drafted(file.slug, file.lang, file.source):
        return "unchanged", "drafted"
    if publishes and fate is Fate.CONFLICT:
        return "kept", ""
    return ("new" if row is None or row.withdrawn_at is not None else "changed"), ""


def _bring(bringing_id: int, items: list[_Item]) -> None:
    done = queries.numbers(bringing_id)
    session.rollback()
    waiting = [item for item in items if item.number not in done]
    shown = {path for item in items for path in item.shows}
    # Kept before the texts that show them: a picture too many harms nobody, one that lacks does.
    names = {pictures.adopt(path.read_bytes()) for path in sorted(shown)}
    _tell_size(bringing_id, len(items), len(names))
    for group in _groups(waiting):
        _bring_group(bringing_id, group)
        work.go_on()
        faults.point("articles brought")
    _end(bringing_id)


@transactional
def _bring_group(bringing_id: int, items: Sequence[_Item]) -> None:
    bringing_row = _row(bringing_id)
    judged = _judged(items, publishes=bringing_row.publishes)
    goes_online = bringing_row.publishes
    online = [(file, row) for line, file, row in judged if file and goes_online and line.fate in {"new", "changed"}]
    placing.free_addresses(online)
    for line, file, row in judged:
        told = BroughtArticle(
            bringing_id=bringing_id, number=line.number, origin=line.origin[:1_000], line=line.line, slug=line.slug,
            lang=line.lang, fate=line.fate, code=line.code,
        )  # fmt: skip
        if file is not None and line.fate in {"new", "changed", "kept"}:
            told.text_hash = text_hash(file.source)
            told.before = row.version if row is not None and row.withdrawn_at is None else 0
            if goes_online and line.fate != "kept":
                hands = placing.Hands(bringing_row.by_id)
                placed = placing.place(
                    file, row, from_desk=False, by=SYSTEM, note=f"← {bringing_row.file_name}", hands=hands
                )
                told.version = placed.version
            else:
                told.draft_id = _draft(file, row, bringing_row.by_id)
        session.add(told)
    session.flush()
    faults.point("articles written")


def _draft(file: ArticleFile, row: Article | None, by_id: int | None) -> int:
    draft = ArticleDraft(
        slug=file.slug, lang=file.lang, source=file.source, base_version=row.version if row else 0, author_id=by_id,
        saved_at=clock.now(), revision=1, origin="brought",
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft.id


@transactional
def _tell_size(bringing_id: int, total: int, shown: int) -> None:
    row = _row(bringing_id)
    row.total, row.pictures = total, shown


@transactional
def _end(bringing_id: int) -> None:
    row = _row(bringing_id)
    row.state, row.ended_at = "done", clock.now()


@transactional
def _refuse(bringing_id: int, code: str) -> None:
    row = _row(bringing_id)
    row.state, row.reason, row.ended_at = "refused", code, clock.now()


@transactional
def _put_back_group(bringing_id: int) -> bool:
    """Whether anything may be left to put back."""
    row = _row(bringing_id)
    if row.state != "undoing":
        return False
    some = queries.to_undo(bringing_id, GROUP)
    for one in some:
        back = _drop(one) if one.draft_id is not None else _return(one, row.undone_by_id)
        one.undone = "back" if back else "stays"
    if not some:
        row.state, row.undone_at = "undone", clock.now()
    session.flush()
    return bool(some)


def _drop(one: BroughtArticle) -> bool:
    draft = queries.untouched_draft(one.draft_id or 0)
    if draft is None or text_hash(draft.source) != one.text_hash:
        return False
    shelf.drop_draft(draft.id)
    return True


def _return(one: BroughtArticle, by_id: int | None) -> bool:
    row = shelf.article(one.slug, one.lang, locked=True)
    if row is None or row.withdrawn_at is not None or (row.version, row.text_hash) != (one.version, one.text_hash):
        return False
    before = shelf.version(row.id, one.before) if one.before else None
    if before is None:
        placing.take_down(row, by=SYSTEM)
        return True
    file = parse(before.source)
    placing.free_addresses([(file, row)])
    placing.place(file, row, from_desk=True, by=SYSTEM, hands=placing.Hands(by_id or before.author_id))
    return True


def _agree(wanted: Wanted) -> None:
    if wanted.publishes and venue.house().articles_need_two:
        raise Invalid({"mode": "bring_two"})


def _path(mark: str) -> Path:
    path = _Store.folder / mark
    if not _MARK.fullmatch(mark) or not path.is_file():
        raise NotFound("file")
    return path


def _row(bringing_id: int, *, locked: bool = False) -> ArticleBringing:
    row = queries.bringing(bringing_id, locked=locked)
    if row is None:
        raise NotFound("article_bringing")
    return row


def _card(row: ArticleBringing, counts: dict[str, int]) -> Card:
    return Card(
        row.id, row.file_name, row.publishes, row.state, row.reason, row.by_id, row.started_at, row.ended_at,
        row.undone_by_id, row.undone_at, row.total, row.pictures, counts,
    )  # fmt: skip


def _groups(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + GROUP] for start in range(0, len(items), GROUP))


def _forget_old() -> None:
    if not _Store.folder.exists():
        return
    oldest = (clock.now() - KEPT).timestamp()
    # A file that is being brought in is kept until that ends, however long nobody works.
    for path in _Store.folder.iterdir():
        if path.stat().st_mtime < oldest and queries.begun(path.name) is None:
            path.unlink(missing_ok=True)
