"""forecasts

Forecasts of requests, how the crowds of ended incidents thinned out, and words heard that editors should know of.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade():
    op.create_table(
        "forecast",
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("department_id", _REF, autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        *[sa.Column(name, _JSON, nullable=False) for name in ("counts", "lows", "highs", "crowds")],
        *[
            sa.Column(name, kind, nullable=False)
            for start in ("tried", "kept")
            for name, kind in (
                (f"{start}_days", sa.Integer()),
                (f"{start}_mape", sa.Float()),
                (f"{start}_inside", sa.Float()),
            )
        ],
        sa.PrimaryKeyConstraint("made_on", "department_id", name=op.f("pk_forecast")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incident_curve",
        sa.Column("incident_id", _REF, autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("holders", sa.Integer(), nullable=False),
        sa.Column("people", _JSON, nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_curve_incident_id_incident")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_curve")),
    )
    op.create_table(
        "heard_word",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("title_fr", sa.String(length=255), nullable=False),
        sa.Column("title_en", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "lang", "words", name=op.f("pk_heard_word")),
    )
    op.create_index("ix_heard_word_day", "heard_word", ["day"], unique=False)


def downgrade():
    op.drop_table("heard_word")
    op.drop_table("incident_curve")
    op.drop_table("forecast")
