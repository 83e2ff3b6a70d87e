"""export runs

Files of money that somebody asks for at the desk are made by the worker; what became of it is read there, with every step of the money.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "export_run",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("campaign_id", _REF, nullable=False),
        sa.Column("asked_by", _REF, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.CheckConstraint("problem = '' OR ended_at IS NOT NULL", name=op.f("ck_export_run_problem")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_export_run_asked_by")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_export_run_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_run")),
    )
    op.create_index(op.f("ix_export_run_campaign_id_id"), "export_run", ["campaign_id", "id"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_export_run_live", "export_run", ["campaign_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_index(op.f("ix_audit_entry_subject_serial"), "audit_entry", ["subject", "serial"])


def downgrade():
    op.drop_index(op.f("ix_audit_entry_subject_serial"), table_name="audit_entry")
    op.drop_table("export_run")
