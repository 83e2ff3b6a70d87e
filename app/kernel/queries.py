"""How any table is written and read without the ORM in between, and what its indexes leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Insert,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.kernel.db import Base, session

#: Where a session keeps the connection of its transaction.
_CONNECTION: Final = "guichet_connection"
#: Rows from which PostgreSQL is given them column by column.
MANY: Final = 20
T = TypeVar("T")


def only(condition: str, *, sqlite: str = "") -> dict[str, Any]:
    """The options of an index that holds only some rows, on both databases: what it leaves out costs no writing.

    `sqlite` is the condition as SQLite must read it in the statement to take the index: a flag there is `held = 1`.
    """
    return {"sqlite_where": text(sqlite or condition), "postgresql_where": text(condition)}


def unsought(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """A column to be compared without an index: the rows are sought by a longer list beside it.

    Without statistics SQLite takes the index of the shorter list, and three states may be half of a table.
    """
    return column.concat("")


class flat(FunctionElement[str]):  # noqa: N801 - reads as a function of SQL
    """A text in lower case without accents, as `kernel.flattening` makes it, on both databases."""

    type = String()
    inherit_cache = True
    name = "flat"


@compiles(flat, "sqlite")
def _flat_sqlite(element: flat, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f"guichet_flat({compiler.process(element.clauses, **options)})"


@compiles(flat, "postgresql")
def _flat_postgresql(element: flat, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    said = compiler.process(element.clauses, **options)
    whole = f"replace(replace({said}, 'œ', 'oe'), 'Œ', 'oe')"
    return f"regexp_replace(lower(normalize({whole}, NFKD)), '[\\u0300-\\u036f]', '', 'g')"


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """The answer of a statement that asks for columns; half the time of asking the session, which may make objects.

    Rows that the session holds and has not written yet are not seen.
    """
    return _connection().execute(statement, values)


def _connection() -> Connection:
    # The session finds its connection anew at each question, which takes as long as a quarter of a short question.
    own = session()
    found: Connection | None = own.info.get(_CONNECTION)
    if found is None or found.closed:
        found = own.info[_CONNECTION] = own.connection()
    return found


def fixed(values: Iterable[T]) -> list[ColumnElement[T]]:
    """Values of an `IN` that belong to a statement kept for long; any other list is spelled out at each execution."""
    return [literal(value) for value in values]


def slices(values: Iterable[T], most: int = 10_000) -> Iterator[list[T]]:
    """Values in lists that one statement can be given: databases take no more than some thousands at once."""
    found = iter(values)
    while some := list(islice(found, most)):
        yield some


def write(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of one table, all with the same columns; none of them becomes an object."""
    if rows:
        _written(model, rows, ())


def write_numbered(model: type[Base], rows: Sequence[Mapping[str, Any]], *, by: tuple[str, ...] = ()) -> list[int]:
    """Write rows of a table with a key of its own; returns their ids in the order given.

    `by` names columns whose values tell the rows apart, where there are any: with them all rows leave in one statement.
    """
    if not rows:
        return []
    if not by:
        made = session.connection().execute(_numbered(model), rows if len(rows) > 1 else rows[0])
        return [row[0] for row in made.all()]
    ids = {tuple(told): number for number, *told in _written(model, rows, ("id", *by)).all()}
    return [ids[tuple(row[name] for name in by)] for row in rows]


def _written(
    model: type[Base], rows: Sequence[Mapping[str, Any]], told: tuple[str, ...]
) -> CursorResult[*tuple[Any, ...]]:
    """Write rows, and ask for columns of them in any order."""
    connection, statement = session.connection(), _insert(model, told)
    if len(rows) < MANY or connection.dialect.name != "postgresql":
        return connection.execute(statement, rows if len(rows) > 1 else rows[0])
    names = tuple(rows[0])
    return connection.execute(_by_column(model, names, told), {name: [row[name] for row in rows] for name in names})


# On the table, not on its class: writing a form or a letter takes a third less time without the ORM in between.
@cache
def _insert(model: type[Base], told: tuple[str, ...] = ()) -> Insert:
    table = cast(Table, model.__table__)
    return insert(table).returning(*(table.c[name] for name in told)) if told else insert(table)


@cache
def _numbered(model: type[Base]) -> Insert:
    return _insert(model).returning(cast(Table, model.__table__).c.id, sort_by_parameter_order=True)


# A list for each column instead of a value for each field: half the time on both sides where thousands are written.
@cache
def _by_column(model: type[Base], names: tuple[str, ...], told: tuple[str, ...]) -> Insert:
    table = cast(Table, model.__table__)
    lists = [func.unnest(bindparam(name, type_=_list_of(table.c[name].type))).label(name) for name in names]
    return _insert(model, told).from_select(names, select(*lists))


def _list_of(kind: TypeEngine[Any]) -> ARRAY[Any]:
    # Of one dimension, or a list of JSON's own lists is taken for a table. Without a length, or a text that is too long
    # for its column is cut short instead of refused.
    return ARRAY(String() if isinstance(kind, String) else kind, dimensions=1)
