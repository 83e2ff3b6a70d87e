"""notices

What colleagues are told, whom notes name, spectators who are awaited, and new moments of promises missed.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel import clock
from app.kernel.db import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "mention",
        sa.Column("message_id", _REF, nullable=False),
        sa.Column("person_id", _REF, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_mention_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_mention")),
    )
    op.create_table(
        "notice",
        sa.Column("id", _REF, autoincrement=True, nullable=False),
        sa.Column("person_id", _REF, nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("ticket_id", _REF, nullable=True),
        sa.Column("by_id", _REF, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("letter_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_notice_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notice_person_id_key")),
    )
    op.create_index("ix_notice_at", "notice", ["at"], unique=False)
    op.create_index(
        "ix_notice_waiting", "notice", ["due_at", "person_id"], unique=False,
        sqlite_where=sa.text("told_at IS NULL"), postgresql_where=sa.text("told_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "awaited",
        sa.Column("ticket_id", _REF, autoincrement=False, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.Column("letter_id", _REF, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_awaited_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_awaited")),
    )
    op.create_index("ix_awaited_step_since", "awaited", ["step", "since"], unique=False)
    op.create_index("ix_awaited_step_ends_at", "awaited", ["step", "ends_at"], unique=False)
    # Those who are awaited already are awaited from today on: nobody is reminded of a question of last year.
    now = sa.bindparam("now", type_=Moment())
    waiting = sa.text(
        "INSERT INTO awaited (ticket_id, since, step) SELECT id, :now, 'asked' FROM ticket WHERE state = 'waiting'"
    )
    op.get_bind().execute(waiting.bindparams(now), {"now": clock.now()})
    op.create_table(
        "waiting_rule",
        sa.Column("department_id", _REF, autoincrement=False, nullable=False),
        sa.Column("remind", sa.Integer(), nullable=True),
        sa.Column("warn", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_waiting_rule_department_id")),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_waiting_rule")),
    )
    op.add_column("promise", sa.Column("renewed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    op.drop_column("promise", "renewed")
    op.drop_table("waiting_rule")
    op.drop_table("awaited")
    op.drop_table("notice")
    op.drop_table("mention")
