"""moved performances

Which seats an import took from one date to another, what the box office says otherwise than a campaign, and what
credits came to where that is not what was approved.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade():
    op.add_column("import_run", sa.Column("moves", _JSON, nullable=False, server_default="{}"))
    op.add_column("campaign", sa.Column("made_cents", sa.BigInteger(), nullable=True))
    op.create_table(
        "campaign_difference",
        sa.Column("campaign_id", _REF, nullable=False),
        sa.Column("performance_id", _REF, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("new_starts_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("looked_by", _REF, nullable=True),
        sa.Column("looked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_difference_campaign_id")),
        sa.ForeignKeyConstraint(
            ["performance_id"], ["performance.id"], name=op.f("fk_campaign_difference_performance_id")
        ),
        sa.ForeignKeyConstraint(["looked_by"], ["person.id"], name=op.f("fk_campaign_difference_looked_by")),
        sa.PrimaryKeyConstraint("campaign_id", "performance_id", name=op.f("pk_campaign_difference")),
    )


def downgrade():
    op.drop_table("campaign_difference")
    op.drop_column("campaign", "made_cents")
    op.drop_column("import_run", "moves")
