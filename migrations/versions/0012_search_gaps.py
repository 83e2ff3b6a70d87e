"""search gaps

Searches that found nothing, by day, for those who write articles.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "search_gap",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "lang", "words", name=op.f("pk_search_gap")),
    )
    op.create_index("ix_search_gap_lang_words", "search_gap", ["lang", "words"], unique=False)


def downgrade():
    op.drop_table("search_gap")
