"""sealed anew

What is only ever added may be sealed anew under a newer key, and nothing else of it may change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

#: Tables that are only ever added to, and which of their columns are sealed.
SEALED = {"settlement_file": ("sealed",), "voucher": ("code_sealed",), "gift_receipt": ("pdf_sealed", "page_sealed")}


def upgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, sealed in SEALED.items():
        columns = [one["name"] for one in sa.inspect(op.get_bind()).get_columns(table)]
        others = ", ".join(name for name in columns if name not in sealed)
        if postgresql:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OF {others} OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guichet_append_only()"
            )
        else:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {others} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )
        for name in sealed:
            _newer_only(table, name, postgresql=postgresql)


def _newer_only(table, name, *, postgresql):
    """What is sealed gives way only to what a newer key has sealed."""
    if postgresql:
        older = f"split_part(NEW.{name}, '.', 1)::int <= split_part(OLD.{name}, '.', 1)::int"
        op.execute(
            f"CREATE TRIGGER {table}_{name}_newer BEFORE UPDATE OF {name} ON {table} "
            f"FOR EACH ROW WHEN ({older}) EXECUTE FUNCTION guichet_append_only()"
        )
        return
    number = "CAST(substr({0}.{1}, 1, instr({0}.{1}, '.') - 1) AS INTEGER)"
    op.execute(
        f"CREATE TRIGGER {table}_{name}_newer BEFORE UPDATE OF {name} ON {table} "
        f"WHEN {number.format('NEW', name)} <= {number.format('OLD', name)} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
    )


def downgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, sealed in SEALED.items():
        for name in sealed:
            op.execute(f"DROP TRIGGER {table}_{name}_newer" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guichet_append_only()"
            )
        else:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )
