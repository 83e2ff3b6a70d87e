"""words of the house

Phrases by which a house says what belongs under a reason.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "sorting_phrases",
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("phrases", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_sorting_phrases_changed_by_id")),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_sorting_phrases")),
    )


def downgrade():
    op.drop_table("sorting_phrases")
