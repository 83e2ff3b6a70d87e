"""The one home of Flask-SQLAlchemy: session, Base, column types, and relationships that never load by surprise."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Relationship, mapped_column, relationship

from app.kernel.flattening import flattened

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
#: Letters of a moment as SQLite keeps it: "2026-11-10 13:30:00.000000", which sorts as time does.
TEXT_OF_MOMENT = 26
#: Execution option of a connection whose transaction means to write.
WRITING = "guichet_writing"


class Moment(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, stored in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """How a moment is sent; SQLite keeps it as text, without the zone."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """How a moment is read, its zone given back."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone of the house's code back, whatever the connection's is."""
        return None if value is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:TEXT_OF_MOMENT]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


_Id = BigInteger().with_variant(Integer(), "sqlite")
_Json = JSON().with_variant(JSONB(), "postgresql")

Key = Annotated[int, mapped_column(_Id, primary_key=True, autoincrement=True)]
Ref = Annotated[int, mapped_column(_Id)]
#: A sum of many amounts, which may be more than 32 bits hold.
Sum = Annotated[int, mapped_column(_Id)]
#: A short word of a closed vocabulary: a state, a code, a language.
Code = Annotated[str, mapped_column(String(40))]
Line = Annotated[str, mapped_column(String(255))]


class Base(DeclarativeBase):
    """What every table of the house is made of."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: Moment(),
        date: Date(),
        str: Text(),
        int: Integer(),
        dict[str, Any]: _Json,
        list[str]: _Json,
        list[int]: _Json,
        list[float]: _Json,
        list[dict[str, Any]]: _Json,
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": False})
session = db.session


def related(target: str, **options: Any) -> Relationship[Any]:  # noqa: ANN401 - handed through to SQLAlchemy
    """A relationship that raises instead of loading by surprise; a query says what it loads."""
    return relationship(target, lazy="raise_on_sql", **options)


def prepare(engine: Engine) -> None:
    """Give an engine the habits of the house: on SQLite a write-ahead log, foreign keys, writers that begin at once."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _sqlite_habits)
    event.listen(engine, "begin", _sqlite_begin)


def _sqlite_habits(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    # So that whoever is sought without accents is found as on PostgreSQL; see `kernel.queries.flat`.
    connection.create_function("guichet_flat", 1, _flat, deterministic=True)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _flat(said: str | None) -> str | None:
    return None if said is None else flattened(said)


def _sqlite_begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes loses half its attempts under load; see docs/decisions/0014.
    if connection.get_execution_options().get(WRITING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # every page reads, and a plain BEGIN, which waits for nobody, costs a fifth when the driver itself is asked
        connection.connection.cursor().execute("BEGIN")
