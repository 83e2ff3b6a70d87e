"""spared performances

Performances that take place after all inside a campaign, and what somebody must tell households by hand.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "campaign_spare",
        sa.Column("campaign_id", _REF, nullable=False),
        sa.Column("performance_id", _REF, nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("by_id", _REF, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("why IN ('plays', 'moved', 'mistake')", name=op.f("ck_campaign_spare_why")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_campaign_spare_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_spare_campaign_id")),
        sa.ForeignKeyConstraint(["performance_id"], ["performance.id"], name=op.f("fk_campaign_spare_performance_id")),
        sa.PrimaryKeyConstraint("campaign_id", "performance_id", name=op.f("pk_campaign_spare")),
    )
    op.create_table(
        "credit_errand",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("credit_id", _REF, nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", _REF, nullable=True),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_credit_errand_credit_id")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_credit_errand_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_errand")),
        sa.UniqueConstraint("credit_id", "occasion", name=op.f("uq_credit_errand_credit_id_occasion")),
    )
    # Twenty-one million euros are not out of the world, and do not go into 32 bits.
    _wide(sa.BigInteger())
    op.add_column("credit_item", sa.Column("spared_at", Moment(), nullable=True))


def _wide(kind):
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("campaign", "approved_cents", type_=kind)


def downgrade():
    _wide(sa.Integer())
    op.drop_column("credit_item", "spared_at")
    op.drop_table("credit_errand")
    op.drop_table("campaign_spare")
