"""folders and runs

How the letters of a mailbox come: from a server, or from a folder in which other programs leave them. And each time a
worker began, with how it ended.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("mailbox", sa.Column("kind", sa.String(length=40), server_default="imap", nullable=False))
    op.create_table(
        "run",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )


def downgrade():
    op.drop_table("run")
    op.drop_column("mailbox", "kind")
