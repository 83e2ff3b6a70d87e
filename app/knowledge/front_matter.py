"""The YAML between two fences at the head of an article file: keys with their lines, and lines rewritten; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

FENCED = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<head>.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_DEEPEST = 8
_LINES = re.compile(r"[^\n]*\n|[^\n]+\Z")
_KEY_LINE = re.compile(r"(?P<quote>[\"']?)(?P<key>[^\s#\"'\-\[{:][^\"':]*)(?P=quote)[ \t]*:(?:\s|\Z)")
_BARE = re.compile(r"[A-Za-zÀ-ÿ](?:[\w ’-]*\w)?")
_NULLS = {"~", "null", "Null", "NULL"}
#: Words that YAML readers other than ours take for something else than text.
_TRAPS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
# Plain texts only: what a date or a number is, the key decides and not the look of the value.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class ArticleFault(ValueError):
    """What keeps a file from being an article: a line, a stable code and a sentence."""

    def __init__(self, line: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.code = code
        self.sentence = sentence


def keys(head: str) -> dict[str, tuple[Any, int]]:
    """Shape: key to pair (value as texts, lists and mappings; line in the file).

    Raises:
        ArticleFault: it is no YAML mapping, a key comes twice, or it uses what articles do not need.
    """
    found: dict[str, tuple[Any, int]] = {}
    for key, value in _pairs(head):
        name, line = str(key.value), key.start_mark.line + 2
        if name in found:
            raise ArticleFault(line, "twice", f"the key {name} is written twice")
        found[name] = (_plain(value), line)
    return found


def rewritten(head: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The lines of `head` where what was said before gives way to what is said after; the others stay."""
    kept: list[str] = []
    seen: set[str] = set()
    for name, lines in _blocks(head):
        seen.add(name)
        if not name or before.get(name) == after.get(name):
            kept.append(lines)
        elif name in after:
            kept.append(line(name, after[name]))
    # A default that was never written down stays unwritten.
    fresh = (n for n in after if n not in seen and before.get(n) != after[n])
    return "".join([*kept, *(line(name, after[name]) for name in fresh)])


def line(name: str, value: object) -> str:
    """One key with its value, as a line."""
    return f"{name}: {_written(value)}\n"


def _pairs(head: str) -> list[tuple[yaml.Node, yaml.Node]]:
    try:
        _refuse_tricks(head)
        root = yaml.compose(head, Loader=_LOADER)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        reason = getattr(problem, "problem", None) or "it cannot be read"
        where = mark.line + 2 if mark else 2
        raise ArticleFault(where, "bad_yaml", f"the front matter is not YAML: {reason}") from None
    if not isinstance(root, yaml.MappingNode):
        raise ArticleFault(2, "bad_yaml", "the front matter is not made of keys and values")
    return list(root.value)


def _refuse_tricks(head: str) -> None:
    # Read as a stream, before anything is built: nesting and references are how a small text becomes a large one.
    depth = 0
    for event in yaml.parse(head, Loader=_LOADER):
        where = event.start_mark.line + 2
        if isinstance(event, yaml.AliasEvent):
            raise ArticleFault(where, "bad_yaml", "references (*name) are not used in articles")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ArticleFault(where, "bad_yaml", "values are nested too deeply")


def _plain(node: yaml.Node) -> Any:  # noqa: ANN401 - whatever a person wrote
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    bare = node.style in {None, ""}
    return "" if bare and node.value in _NULLS else str(node.value)


def _blocks(head: str) -> list[tuple[str, str]]:
    """Shape: pairs (key, its lines), in order; lines before the first key have an empty one."""
    blocks: list[tuple[str, str]] = []
    for text in _LINES.findall(head):
        key = _KEY_LINE.match(text)
        if key is not None:
            blocks.append((key["key"].strip(), text))
        elif blocks:
            blocks[-1] = (blocks[-1][0], blocks[-1][1] + text)
        else:
            blocks.append(("", text))
    return blocks


def _written(value: object) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, date | int):
        return str(value)
    if isinstance(value, str) and _BARE.fullmatch(value) and value.lower() not in _TRAPS:
        return value
    # JSON is YAML, so nested and awkward values need no writer of their own.
    return json.dumps(value, ensure_ascii=False)
