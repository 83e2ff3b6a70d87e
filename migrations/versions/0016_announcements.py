"""announcements

Telling everybody who holds tickets of a performance that changed, and by which way each household was told.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "announcement",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("performance_id", _REF, nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("new_starts_at", Moment(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("incident_id", _REF, nullable=True),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("title_fr", sa.String(length=255), nullable=False),
        sa.Column("title_en", sa.String(length=255), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=True),
        sa.Column("told_up_to", _REF, nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("started_by", _REF, nullable=True),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("purpose IN ('service', 'offer')", name=op.f("ck_announcement_purpose")),
        sa.ForeignKeyConstraint(["performance_id"], ["performance.id"], name=op.f("fk_announcement_performance_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_announcement_incident_id")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_announcement_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("performance_id", "mark", name=op.f("uq_announcement_performance_id_mark")),
    )
    op.create_index("ix_announcement_state", "announcement", ["state"], unique=False)
    op.create_table(
        "announcement_told",
        sa.Column("announcement_id", _REF, nullable=False),
        sa.Column("household_id", _REF, nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("letter_id", _REF, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_told_announcement_id")
        ),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_announcement_told_household_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter_out.id"], name=op.f("fk_announcement_told_letter_id")),
        sa.PrimaryKeyConstraint("announcement_id", "household_id", name=op.f("pk_announcement_told")),
    )
    op.create_index(
        "ix_announcement_told_announcement_id_way_household_id", "announcement_told",
        ["announcement_id", "way", "household_id"], unique=False,
    )
    op.create_index("ix_announcement_told_letter_id", "announcement_told", ["letter_id"], unique=False)


def downgrade():
    op.drop_table("announcement_told")
    op.drop_table("announcement")
