"""lists of letters

The mailing list that alone makes a letter a machine's, so that a house sees when people write to it through one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("letter_in", sa.Column("list_id", sa.String(length=255), nullable=True))
    condition = sa.text("list_id IS NOT NULL")
    op.create_index(
        "ix_letter_in_list", "letter_in", ["list_id", "received_at"],
        sqlite_where=condition, postgresql_where=condition,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_letter_in_list", table_name="letter_in")
    op.drop_column("letter_in", "list_id")
