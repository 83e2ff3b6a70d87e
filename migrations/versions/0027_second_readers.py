"""second readers

How far a draft has been read by a second person, who read a version before it went online, and whether the house
asks for that.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("article_draft") as table:
        table.add_column(sa.Column("review", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("review_by_id", _REF, nullable=True))
        table.add_column(sa.Column("review_at", Moment(), nullable=True))
        table.add_column(sa.Column("review_words", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_article_draft_review_by_id"), "person", ["review_by_id"], ["id"])
    with op.batch_alter_table("article_version") as table:
        table.add_column(sa.Column("reader_id", _REF, nullable=True))
        table.create_foreign_key(op.f("fk_article_version_reader_id"), "person", ["reader_id"], ["id"])
    op.add_column(
        "house", sa.Column("articles_need_two", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade():
    op.drop_column("house", "articles_need_two")
    with op.batch_alter_table("article_version") as table:
        table.drop_constraint(op.f("fk_article_version_reader_id"), type_="foreignkey")
        table.drop_column("reader_id")
    with op.batch_alter_table("article_draft") as table:
        table.drop_constraint(op.f("fk_article_draft_review_by_id"), type_="foreignkey")
        for name in ("review_words", "review_at", "review_by_id", "review"):
            table.drop_column(name)
