"""How Alembic meets the house: same engine, same metadata, batch mode for SQLite."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.kernel.db import Base, db
from app.search.models import ours


def run() -> None:
    """Run migrations on the application's own database."""
    engine = db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            include_name=lambda name, kind, _of: ours(name, kind),
            **_quiet(),
        )
        with context.begin_transaction():
            context.run_migrations()


def _quiet() -> dict[str, object]:
    options = dict(current_app.extensions["migrate"].configure_args)
    return {key: value for key, value in options.items() if key not in {"render_as_batch", "compare_type"}}


run()
