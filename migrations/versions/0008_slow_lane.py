"""slow lane

Who wrote each letter, and the lane of those that let others pass first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("letter_in") as table:
        table.add_column(sa.Column("sender", sa.String(length=320), nullable=True))
        table.add_column(sa.Column("domain", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("lane", sa.String(length=321), nullable=True))
    op.create_index(
        "ix_letter_in_sender", "letter_in", ["domain", "received_at", "sender", "lane"],
        sqlite_where=sa.text("domain IS NOT NULL"), postgresql_where=sa.text("domain IS NOT NULL"),
    )
    op.create_index(
        "ix_letter_in_lane", "letter_in", ["lane", "aside_at", "mailbox_id"],
        sqlite_where=sa.text("fate = 'slow'"), postgresql_where=sa.text("fate = 'slow'"),
    )
    with op.batch_alter_table("letter_day") as table:
        table.add_column(sa.Column("slow", sa.Integer(), server_default="0", nullable=False))


def downgrade():
    with op.batch_alter_table("letter_day") as table:
        table.drop_column("slow")
    op.drop_index("ix_letter_in_lane", table_name="letter_in")
    op.drop_index("ix_letter_in_sender", table_name="letter_in")
    with op.batch_alter_table("letter_in") as table:
        table.drop_column("lane")
        table.drop_column("domain")
        table.drop_column("sender")
