"""fewer index entries

Indexes hold only the rows that are looked for by them, and those that nothing asks are gone: every letter and every form
writes all of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: (name, table, columns, the rows it holds now); the name before where it differs.
_PARTIAL = (
    ("ix_ticket_mine", "ticket", ["assignee_id", "department_id", "turn", "due_at", "id"], "assignee_id"),
    ("ix_ticket_performance", "ticket", ["performance_id", "department_id", "turn", "due_at", "id"], "performance_id"),
    ("ix_ticket_snoozed", "ticket", ["snoozed_until"], "snoozed_until"),
    ("ix_ticket_order", "ticket", ["order_code"], "order_code"),
    ("ix_promise_settled", "promise", ["settled_at"], "settled_at"),
)
_RENAMED = {"ix_ticket_order": "ix_ticket_order_code", "ix_promise_settled": "ix_promise_settled_at"}
_GONE = (
    ("ix_promise_started_at", "promise", ["started_at"]),
    ("ix_sorting_at", "sorting", ["at"]),
    ("ix_sorting_outcome_at", "sorting", ["outcome", "at"]),
)


def upgrade():
    for name, table, columns, column in _PARTIAL:
        op.drop_index(_RENAMED.get(name, name), table_name=table)
        op.create_index(name, table, columns, **_only(column))
    for name, table, _columns in _GONE:
        op.drop_index(name, table_name=table)
    op.create_index("ix_sorting_settled", "sorting", ["settled_at"], **_only("settled_at"))


def downgrade():
    op.drop_index("ix_sorting_settled", table_name="sorting")
    for name, table, columns in _GONE:
        op.create_index(name, table, columns)
    for name, table, columns, _column in _PARTIAL:
        op.drop_index(name, table_name=table)
        op.create_index(_RENAMED.get(name, name), table, columns)


def _only(column):
    there = sa.text(f"{column} IS NOT NULL")
    return {"sqlite_where": there, "postgresql_where": there}
