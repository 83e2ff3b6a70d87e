"""Keeps the catalogues true to the sources; nothing here runs while pages are served, and no language is chosen here.

python -m app.web.catalogues            gather, update both catalogues, tell what is left to do
python -m app.web.catalogues --check    tell only; exit 1 when something is left
"""

from __future__ import annotations

import sys
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.web.tongue import FOLDER, LANGUAGES

#: What the sources are written in; its catalogue repeats them.
SOURCE: Final = "en"
ROOT: Final = Path(__file__).resolve().parents[2]
_APP: Final = ROOT / "app"
#: No date and no name: a catalogue changes only when its texts do.
_HEAD: Final = """\
# What the pages of Guichet say; kept true to the sources by app/web/catalogues.py.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a catalogue lacks or holds too much of, as source texts: untranslated, doubtful, no longer said."""

    missing: tuple[str, ...]
    fuzzy: tuple[str, ...]
    obsolete: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.missing or self.fuzzy or self.obsolete)


def gathered() -> Catalog:
    """Every text of the sources, templates and Python alike."""
    methods, options = _mapping()
    found = Catalog(charset="utf-8")
    lines = extract_from_dir(
        ROOT, methods, options, keywords=DEFAULT_KEYWORDS,
        directory_filter=lambda name: Path(name).is_relative_to(_APP),
    )  # fmt: skip
    for _file, _line, text, _comments, context in lines:
        found.add(text, context=context)
    return found


def place(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def kept(language: str) -> Catalog:
    """The catalogue of a language as it lies there, an empty one when there is none."""
    if not place(language).exists():
        return Catalog(locale=language, charset="utf-8")
    with place(language).open("rb") as given:
        return read_po(given, locale=language, charset="utf-8")


def keep(catalogue: Catalog) -> None:
    """Write a catalogue in its place, sorted, without what is no longer said."""
    goal = place(str(catalogue.locale))
    goal.parent.mkdir(parents=True, exist_ok=True)
    part = goal.with_suffix(".part")
    with part.open("wb") as made:
        made.write(_HEAD.format(language=catalogue.locale, plurals=catalogue.plural_forms).encode())
        write_po(made, catalogue, width=120, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    part.replace(goal)


def update(language: str, found: Catalog) -> Gaps:
    """Join what was gathered to a catalogue and write it; the language of the sources is filled from them."""
    catalogue = kept(language)
    # New messages are taken as they are, not copied: without a copy, one language would fill those of the next.
    catalogue.update(deepcopy(found), no_fuzzy_matching=True)
    if language == SOURCE:
        _fill(catalogue)
    dropped = tuple(_name(message) for message in catalogue.obsolete.values())
    keep(catalogue)
    left = gaps(kept(language), found)
    return Gaps(left.missing, left.fuzzy, dropped)


def gaps(catalogue: Catalog, found: Catalog) -> Gaps:
    """What a catalogue lacks beside what was gathered."""
    held, said = texts(catalogue), texts(found)
    known = {_key(message) for message in held if _translated(message)}
    wanted = {_key(message) for message in said}
    return Gaps(
        tuple(_name(message) for message in said if _key(message) not in known),
        tuple(_name(message) for message in held if message.fuzzy),
        tuple(_name(message) for message in (*held, *catalogue.obsolete.values()) if _key(message) not in wanted),
    )


def texts(catalogue: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [message for message in catalogue if message.id]


def forms(message: Message) -> list[tuple[str, str]]:
    """Source and translation of each form of a message; its second and later forms translate the plural."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[min(place, 1)], text) for place, text in enumerate(tuple(message.string or ()))]


def main(*, check: bool) -> int:
    """Update or check both catalogues, and tell what is left. Shape: exit code."""
    found, left = gathered(), False
    for language in LANGUAGES:
        gap = gaps(kept(language), found) if check else update(language, found)
        left = left or bool(gap if check else gap.missing or gap.fuzzy)
        click.echo(f"{language}: {len(texts(found))} texts, {len(gap.missing)} missing, {len(gap.fuzzy)} fuzzy, "
                   f"{len(gap.obsolete)} no longer said", err=True)  # fmt: skip
        for name, lines in (("missing", gap.missing), ("fuzzy", gap.fuzzy), ("no longer said", gap.obsolete)):
            for line in lines:
                click.echo(f"  {name}: {line}", err=True)
    return int(left)


def _mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    # A section of the file is called after its method and the files it reads: [python: app/**.py].
    told = ConfigParser()
    told.read_string((FOLDER / "babel.cfg").read_text("utf-8"))
    methods, options = [], {}
    for section in told.sections():
        method, pattern = (word.strip() for word in section.split(":", 1))
        methods.append((pattern, method))
        options[pattern] = dict(told[section])
    return methods, options


def _fill(catalogue: Catalog) -> None:
    for message in texts(catalogue):
        message.string = message.id
        message.flags.discard("fuzzy")


def _translated(message: Message) -> bool:
    return not message.fuzzy and all(text for _source, text in forms(message))


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, "\0".join(message.id) if not isinstance(message.id, str) else message.id


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else " | ".join(message.id)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
