"""not learned from

Who objects to being sorted by a model, and which requests each kept model was learned from.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "sorting_objection",
        sa.Column("person_id", _REF, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("noted_by_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sorting_objection_person_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_sorting_objection_noted_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_sorting_objection")),
    )
    op.create_table(
        "model_lesson",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", _REF, nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("version", "ticket_id", name=op.f("pk_model_lesson")),
    )


def downgrade():
    op.drop_table("model_lesson")
    op.drop_table("sorting_objection")
