"""barcode ends

The last four signs of what the barcode of an admission says: somebody who asks for their link knows them. Which part of
its fees the ticketing system kept for itself. From which date it came, and which date on the bill another moved into.
"""

from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    # Said in the words of the database: SQLite would make these tables anew otherwise, and much points to them.
    ref = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    show = f"{ref} CONSTRAINT {{}} REFERENCES performance (id)"
    op.execute("ALTER TABLE admission ADD COLUMN barcode_end VARCHAR(4) NOT NULL DEFAULT ''")
    op.execute(
        "ALTER TABLE admission ADD COLUMN ticketing_fee_cents INTEGER NOT NULL DEFAULT 0 "
        "CONSTRAINT ck_admission_ticketing_fee CHECK (ticketing_fee_cents BETWEEN 0 AND fee_cents)"
    )
    op.execute("ALTER TABLE admission ADD COLUMN came_from_id " + show.format("fk_admission_came_from_id"))
    op.execute("ALTER TABLE performance ADD COLUMN joins_id " + show.format("fk_performance_joins_id"))
    op.execute("ALTER TABLE announcement ADD COLUMN to_id " + show.format("fk_announcement_to_id"))


def downgrade():
    for table, names in (
        ("announcement", ("to_id",)), ("performance", ("joins_id",)),
        ("admission", ("came_from_id", "ticketing_fee_cents", "barcode_end")),
    ):  # fmt: skip
        for name in names:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
