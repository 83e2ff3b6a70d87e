"""The only home of lxml: reads XML that strangers wrote, without entities or network, and checks it by a schema."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: A report about many thousand transfers; nothing larger is read.
LARGEST = 25_000_000


class BadXml(ValueError):
    """What was given is no XML, or not of its schema; `told` says where, without any of its values."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


def parsed(data: bytes) -> Any:  # noqa: ANN401 - an element of lxml, which has no types
    """The root element.

    Raises:
        BadXml: it is no XML, too large, or declares entities.
    """
    from lxml import etree  # noqa: PLC0415 - docs/decisions/0018

    if len(data) > LARGEST or b"<!DOCTYPE" in data[:4096]:
        raise BadXml("file_form")
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, reader)
    except etree.XMLSyntaxError as problem:
        raise BadXml(f"line {problem.lineno}") from None


def validate(data: bytes, version: str) -> None:
    """Check a file against the schema of its version, as ISO 20022 publishes it.

    Raises:
        BadXml: it does not keep to it.
    """
    root, schema = parsed(data), _schema(version)
    if not schema.validate(root):
        last = schema.error_log.last_error
        raise BadXml(f"line {last.line}, {last.type_name}" if last is not None else version)


def name_of(element: Any) -> str:  # noqa: ANN401 - an element of lxml
    """The name of an element without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


@cache
def _schema(version: str) -> Any:  # noqa: ANN401 - a schema of lxml
    from lxml import etree  # noqa: PLC0415 - docs/decisions/0018

    return etree.XMLSchema(etree.parse(str(_folder() / f"{version}.xsd")))


def _folder() -> Path:
    """Where the schemas lie: docs/decisions/0020. The package beside them is never loaded."""
    found = find_spec("sepaxml")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the schemas of ISO 20022 are missing: install the package sepaxml")
    return Path(next(iter(found.submodule_search_locations))) / "schemas"
