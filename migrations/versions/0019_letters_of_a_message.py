"""letters of a message

How each message of a conversation left is looked up by its letters; without an index every page of a request read all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    condition = sa.text("message_id IS NOT NULL")
    op.create_index(
        "ix_letter_out_message", "letter_out", ["message_id"], sqlite_where=condition, postgresql_where=condition
    )


def downgrade():
    op.drop_index("ix_letter_out_message", table_name="letter_out")
