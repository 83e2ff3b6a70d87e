"""search learns

Words that mean the same in this house, and which answers readers opened after which questions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade():
    op.create_table(
        "word_group",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", _JSON, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_word_group_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_group")),
    )
    op.create_table(
        "search_click",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "visitor", "slug", "lang", "words", name=op.f("pk_search_click")),
    )


def downgrade():
    op.drop_table("search_click")
    op.drop_table("word_group")
