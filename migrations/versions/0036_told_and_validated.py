"""told and validated

Who has the ticketing system told of a batch, and how far it is; each figure of a law and each account as it was said,
with who said it, when and from where.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Moment

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("money_fact", "account_word")


def upgrade():
    op.create_table(
        "mark_run",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("batch_id", _REF, nullable=False),
        sa.Column("asked_by", _REF, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.CheckConstraint("problem = '' OR ended_at IS NOT NULL", name=op.f("ck_mark_run_problem")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_mark_run_asked_by")),
        sa.ForeignKeyConstraint(["batch_id"], ["settlement_batch.id"], name=op.f("fk_mark_run_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_run")),
    )
    op.create_index(op.f("ix_mark_run_batch_id_id"), "mark_run", ["batch_id", "id"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_mark_run_live", "mark_run", ["batch_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "money_fact",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("looked_up", sa.Date(), nullable=False),
        sa.Column("validated", sa.Boolean(), nullable=False),
        sa.Column("by_id", _REF, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_money_fact_value")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_money_fact_source")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_money_fact_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_fact")),
    )
    op.create_index(op.f("ix_money_fact_code_id"), "money_fact", ["code", "id"])
    op.create_table(
        "account_word",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("validated", sa.Boolean(), nullable=False),
        sa.Column("by_id", _REF, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_account_word_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_word")),
    )
    op.create_index(op.f("ix_account_word_purpose_key_id"), "account_word", ["purpose", "key", "id"])
    _guard()


def _guard():
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guichet_append_only()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guichet_append_only()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )


def downgrade():
    op.drop_table("account_word")
    op.drop_table("money_fact")
    op.drop_table("mark_run")
