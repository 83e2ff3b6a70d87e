"""sources of answers

What closed a request, what is suggested from that, and the words that were tried before they sort.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0046"
down_revision = "0041"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "answer_source",
        sa.Column("ticket_id", _REF, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_answer_source_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "ref", name=op.f("pk_answer_source")),
    )
    op.create_table(
        "sorting_trial",
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sorting_trial_by_id")),
        sa.PrimaryKeyConstraint("category", "digest", name=op.f("pk_sorting_trial")),
    )
    op.add_column("sorting", sa.Column("suggested", sa.JSON(), nullable=True))


def downgrade():
    op.drop_column("sorting", "suggested")
    op.drop_table("sorting_trial")
    op.drop_table("answer_source")
