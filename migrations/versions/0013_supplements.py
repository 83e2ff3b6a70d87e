"""supplements

Admissions found after a campaign was opened: further credits of a household, agreed to by a second person.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_LIVE = sa.text("state <> 'void'")


def upgrade():
    op.create_table(
        "campaign_supplement",
        sa.Column("campaign_id", _REF, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("households", _JSON, nullable=False),
        sa.Column("cents", _REF, nullable=False),
        sa.Column("simulated_by", _REF, nullable=False),
        sa.Column("simulated_at", Moment(), nullable=False),
        sa.Column("approved_by", _REF, nullable=True),
        sa.Column("approved_at", Moment(), nullable=True),
        sa.Column("made_up_to", _REF, nullable=False),
        sa.Column("made_at", Moment(), nullable=True),
        sa.CheckConstraint("approved_by <> simulated_by", name=op.f("ck_campaign_supplement_second_person")),
        sa.CheckConstraint(
            "state = 'simulated' OR approved_by IS NOT NULL", name=op.f("ck_campaign_supplement_approved")
        ),
        sa.CheckConstraint("state IN ('simulated', 'making', 'made')", name=op.f("ck_campaign_supplement_state")),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_campaign_supplement_cents")),
        sa.CheckConstraint("number > 0", name=op.f("ck_campaign_supplement_number")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_campaign_supplement_approved_by")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_supplement_campaign_id")),
        sa.ForeignKeyConstraint(["simulated_by"], ["person.id"], name=op.f("fk_campaign_supplement_simulated_by")),
        sa.PrimaryKeyConstraint("campaign_id", "number", name=op.f("pk_campaign_supplement")),
    )
    op.add_column("credit", sa.Column("supplement", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.drop_index("uq_credit_live", table_name="credit")
    _live("campaign_id", "household_id", "supplement")


def downgrade():
    op.drop_index("uq_credit_live", table_name="credit")
    op.drop_column("credit", "supplement")
    _live("campaign_id", "household_id")
    op.drop_table("campaign_supplement")


def _live(*columns):
    op.create_index("uq_credit_live", "credit", columns, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
