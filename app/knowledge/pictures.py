"""Pictures and films of articles: kept as files beside them, made small and bare first; the only home of Pillow.

A picture is written anew from its points, so that nothing hidden in it – where it was taken, other formats – is kept.
Its name is made of its content: the same picture is kept once, and a name never comes to mean another picture.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from app.kernel.access import Actor, Permission
from app.kernel.errors import Invalid, NotFound, Unavailable
from app.knowledge import folder, queries
from app.knowledge.media import FILMS, FOLDER, KINDS, NAME

#: Bytes of one file, as everywhere in the house.
LONGEST = 10 * 1024 * 1024
#: Points that may be unpacked: a small file may hold a picture that fills the memory.
POINTS = 30_000_000
#: Points of the longer side of what readers get: twice the widest column of an article.
SIDE = 1_600
QUALITY = 82
_NAMED = re.compile(rf"{FOLDER}/({NAME.pattern.replace('?P<ending>', '?:')})")
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or a film as lists show it; size in bytes."""

    name: str
    size: int

    @property
    def film(self) -> bool:
        """Whether it moves."""
        return self.name.rpartition(".")[2] in FILMS


def add(content: bytes, *, by: Actor) -> Medium:
    """Keep a picture or a film for articles.

    Raises:
        Invalid: field `file`: empty, too large, or neither a picture nor a film that can be shown.
        Unavailable: the house has no folder of articles.
    """
    by.must(Permission.ARTICLE_EDIT)
    place = _place()
    if not content:
        raise Invalid({"file": "empty_picture"})
    if len(content) > LONGEST:
        raise Invalid({"file": "large_picture"})
    ending = _film(content)
    kept = content if ending else remade(content)
    name = f"{hashlib.sha256(kept).hexdigest()[:20]}.{ending or 'webp'}"
    if not (place / name).exists():
        folder.write(place, name, kept)
    return Medium(name, len(kept))


def name_of(content: bytes) -> str:
    """How a picture that comes with articles is called here, told before it is kept; the same every time.

    Raises:
        Invalid: field `file`: it is no picture, too large, or would fill the memory.
    """
    if len(content) > LONGEST:
        raise Invalid({"file": "large_picture"})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as found:
                vast = found.width * found.height > POINTS
    except Image.DecompressionBombError:
        vast = True
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError, IndexError, KeyError, TypeError):
        raise Invalid({"file": "no_picture"}) from None
    if vast:
        raise Invalid({"file": "vast_picture"})
    return f"{hashlib.sha256(content).hexdigest()[:20]}.webp"


def adopt(content: bytes) -> str:
    """Keep a picture that comes with articles, under the name told for it; kept twice, it is there once.

    Raises:
        Invalid: field `file`: it is no picture.
        Unavailable: the house has no folder of articles.
    """
    place, name = _place(), name_of(content)
    if not (place / name).exists():
        folder.write(place, name, remade(content))
    return name


def remade(content: bytes) -> bytes:
    """A picture upright, no larger than readers need and without anything hidden in it, as WebP.

    Raises:
        Invalid: field `file`: it is no picture, is broken, or would fill the memory.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _remade(content)
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid({"file": "vast_picture"}) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError, IndexError, KeyError, TypeError):
        # Readers of broken files fail in every way there is.
        raise Invalid({"file": "no_picture"}) from None


def _remade(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as found:
        if found.width * found.height > POINTS:
            raise Invalid({"file": "vast_picture"})
        found.draft("RGB", (SIDE, SIDE))  # a photograph is unpacked no larger than it is needed
        upright = ImageOps.exif_transpose(found)
        bare = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    bare.thumbnail((SIDE, SIDE))
    bare.info.clear()
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()


def content_of(name: str) -> tuple[Path, str]:
    """Where a picture or a film lies, and its type.

    Raises:
        NotFound: there is none of this name.
    """
    fits, own = NAME.fullmatch(name), folder.own()
    path = own / FOLDER / name if own is not None and fits else None
    if path is None or fits is None or not path.is_file():
        raise NotFound("article_picture")
    return path, KINDS[fits["ending"]]


def there(name: str) -> bool:
    """Whether a picture or a film of this name is kept."""
    own = folder.own()
    return own is not None and NAME.fullmatch(name) is not None and (own / FOLDER / name).is_file()


def kept(*, by: Actor) -> list[Medium]:
    """Every picture and film, the newest first."""
    by.must(Permission.ARTICLE_EDIT)
    own = folder.own()
    found = [(path, path.stat()) for path in _files(own)] if own else []
    return [Medium(path.name, stat.st_size) for path, stat in sorted(found, key=lambda one: -one[1].st_mtime_ns)]


def shown_in(*, by: Actor) -> dict[str, set[str]]:
    """Which articles, or drafts of them, show a picture. Shape: name to slugs."""
    by.must(Permission.ARTICLE_EDIT)
    found: dict[str, set[str]] = {}
    for slug, source in queries.texts_with(f"{FOLDER}/"):
        for name in _NAMED.findall(source):
            found.setdefault(name, set()).add(slug)
    return found


def remove(name: str, *, by: Actor) -> None:
    """Forget a picture; whether anything shows it, the caller has asked.

    Raises:
        NotFound: there is none of this name.
    """
    by.must(Permission.ARTICLE_PUBLISH)
    path, _kind = content_of(name)
    folder.remove(path.parent, name)


def copied(source: Path, target: Path, *, dry_run: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Copy the pictures and films of one folder of articles into another, byte for byte; what is there already stays.

    Returns:
        Pair: names copied; names that are left out, because another file has their name or they are too large.
    """
    taken, left = [], []
    for path in _files(source):
        other = target / FOLDER / path.name
        if path.stat().st_size > LONGEST or (other.is_file() and other.read_bytes() != path.read_bytes()):
            left.append(path.name)
        elif not other.is_file():
            taken.append(path.name)
            if not dry_run:
                folder.write(target / FOLDER, path.name, path.read_bytes())
    return tuple(taken), tuple(left)


def _files(place: Path) -> list[Path]:
    return sorted(path for path in (place / FOLDER).glob("*") if path.is_file() and NAME.fullmatch(path.name))


def _place() -> Path:
    own = folder.own()
    if own is None:
        raise Unavailable("articles_folder")
    return own / FOLDER


def _film(content: bytes) -> str:
    if content[4:8] == b"ftyp":
        return "mp4"
    return "webm" if content[:4] == b"\x1a\x45\xdf\xa3" else ""
