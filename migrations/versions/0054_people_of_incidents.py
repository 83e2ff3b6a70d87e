"""people of incidents

People of an incident are counted from an index alone.
"""

from alembic import op

revision = "0054"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix_incident_ticket_person", table_name="incident_ticket")
    op.create_index("ix_incident_ticket_person", "incident_ticket", ["incident_id", "person_id", "id", "stands"])


def downgrade():
    op.drop_index("ix_incident_ticket_person", table_name="incident_ticket")
    op.create_index("ix_incident_ticket_person", "incident_ticket", ["incident_id", "person_id", "id"])
