"""corrections of readers

What readers would have articles say otherwise, what colleagues say of articles among themselves, and the answers that
were sent with one.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "article_correction",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", _KEY, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", _KEY, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("thanked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_correction_article_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_article_correction_person_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_article_correction_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_correction")),
    )
    for column in ("article_id", "state", "person_id"):
        op.create_index(op.f(f"ix_article_correction_{column}"), "article_correction", [column])
    op.create_table(
        "article_comment",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("author_id", _KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_article_comment_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_comment")),
    )
    op.create_index(op.f("ix_article_comment_slug"), "article_comment", ["slug"])
    op.create_table(
        "article_sending",
        sa.Column("article_id", _KEY, nullable=False),
        sa.Column("message_id", _KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_sending_article_id")),
        sa.PrimaryKeyConstraint("article_id", "message_id", name=op.f("pk_article_sending")),
    )


def downgrade():
    op.drop_table("article_sending")
    op.drop_table("article_comment")
    op.drop_table("article_correction")
