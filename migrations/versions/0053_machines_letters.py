"""letters of machines

Letters that no machine may answer, and what had become of one before somebody made a request of it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0053"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("letter_in") as table:
        table.add_column(sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(
            sa.Column(
                "before", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
            )
        )


def downgrade():
    with op.batch_alter_table("letter_in") as table:
        table.drop_column("before")
        table.drop_column("silent")
