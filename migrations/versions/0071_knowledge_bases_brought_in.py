"""knowledge bases brought in

What editors brought in from other desks, and what became of each article of it, so that it can be told and undone.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0071"
down_revision = "0069"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "article_bringing",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=60), nullable=False),
        sa.Column("publishes", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("by_id", _KEY, nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("undone_by_id", _KEY, nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_article_bringing_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_article_bringing_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_bringing")),
    )
    op.create_index(op.f("ix_article_bringing_sha256"), "article_bringing", ["sha256"])
    op.create_table(
        "article_brought",
        sa.Column("bringing_id", _KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("fate", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("draft_id", _KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("undone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["bringing_id"], ["article_bringing.id"], name=op.f("fk_article_brought_bringing_id")),
        sa.PrimaryKeyConstraint("bringing_id", "number", name=op.f("pk_article_brought")),
    )


def downgrade():
    op.drop_table("article_brought")
    op.drop_table("article_bringing")
