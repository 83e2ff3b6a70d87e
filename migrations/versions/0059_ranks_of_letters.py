"""ranks of letters

Which letters leave before others: codes before answers, answers before what tells how something stands, crowds last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0062"
branch_labels = None
depends_on = None

# As they were on the day of this migration; everything else is written to one person.
_RANKS = {
    0: ("sign_in", "security", "link", "choice_code", "companion_code"),
    2: (
        "solved", "awaited", "ending", "choice_less", "choice_void", "money_done", "voucher_issued", "receipt_given",
        "refund_returned", "refund_corrected", "notice", "articles", "due", "point", "digest",
    ),
    3: ("choice_invite", "choice_supplement", "choice_reminder", "voucher_ending", "announcement", "offer"),
}  # fmt: skip
#: What may still leave; nobody looks at the rank of what has left.
_LEAVES = "state IN ('waiting', 'sending', 'failed', 'bounced')"


def upgrade():
    op.add_column("letter_out", sa.Column("rank", sa.Integer(), server_default="1", nullable=False))
    for rank, kinds in _RANKS.items():
        named = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(f"UPDATE letter_out SET rank = {rank} WHERE {_LEAVES} AND kind IN ({named})")
    op.execute(
        f"UPDATE letter_out SET rank = 3 WHERE {_LEAVES} AND message_id IN"
        " (SELECT message_id FROM crowd_recipient WHERE message_id IS NOT NULL)"
    )
    condition = sa.text("state = 'waiting'")
    op.create_index(
        "ix_letter_out_rank", "letter_out", ["rank", "next_at", "id"],
        sqlite_where=condition, postgresql_where=condition,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_letter_out_rank", table_name="letter_out")
    op.drop_column("letter_out", "rank")
