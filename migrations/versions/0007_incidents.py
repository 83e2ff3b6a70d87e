"""incidents

What concerns a crowd at once: incidents, who belongs to each, and answers to all of it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_LIVE = sa.text("performance_id IS NOT NULL AND state IN ('proposed', 'declared')")


def upgrade():
    op.create_table('incident_arrival',
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('minute', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('senders', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'key', 'minute', name=op.f('pk_incident_arrival'))
    )
    op.create_index(op.f('ix_incident_arrival_minute'), 'incident_arrival', ['minute'])
    op.create_table('incident',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('performance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title_fr', sa.String(length=255), nullable=False),
    sa.Column('title_en', sa.String(length=255), nullable=False),
    sa.Column('text_fr', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('words', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('article', sa.String(length=40), nullable=True),
    sa.Column('evidence', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('noticed_at', Moment(), nullable=False),
    sa.Column('declared_at', Moment(), nullable=True),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['performance_id'], ['performance.id'], name=op.f('fk_incident_performance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    op.create_index(op.f('ix_incident_state'), 'incident', ['state'])
    op.create_index('uq_incident_live', 'incident', ['performance_id'], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_table('crowd_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('incident_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('filters', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('then', sa.String(length=40), nullable=False),
    sa.Column('by_itself', sa.Boolean(), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('fixed_up_to', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('started_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('roles', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('started_at', Moment(), nullable=True),
    sa.Column('wave_at', Moment(), nullable=True),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_crowd_answer_created_by')),
    sa.ForeignKeyConstraint(['started_by'], ['person.id'], name=op.f('fk_crowd_answer_started_by')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_crowd_answer_incident_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crowd_answer'))
    )
    op.create_index(op.f('ix_crowd_answer_incident_id_id'), 'crowd_answer', ['incident_id', 'id'])
    op.create_table('incident_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('incident_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('values', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_step_incident_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_incident_step_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_step'))
    )
    op.create_index(op.f('ix_incident_step_incident_id_id'), 'incident_step', ['incident_id', 'id'])
    op.create_table('incident_ticket',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('incident_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('joined_at', Moment(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('stands', sa.String(length=40), nullable=False),
    sa.Column('exceptions', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('novelty', sa.Double(), nullable=True),
    sa.Column('lifted', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('apart', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_ticket_incident_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_incident_ticket_person_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_incident_ticket_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_ticket')),
    sa.UniqueConstraint('incident_id', 'ticket_id', name=op.f('uq_incident_ticket_incident_id_ticket_id'))
    )
    op.create_index('ix_incident_ticket_person', 'incident_ticket', ['incident_id', 'person_id', 'id'])
    op.create_index('ix_incident_ticket_stands', 'incident_ticket', ['incident_id', 'stands', 'rank', 'id'])
    op.create_index(op.f('ix_incident_ticket_ticket_id'), 'incident_ticket', ['ticket_id'])
    op.create_table('crowd_recipient',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('answer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('why', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('said_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['answer_id'], ['crowd_answer.id'], name=op.f('fk_crowd_recipient_answer_id')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_crowd_recipient_message_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_crowd_recipient_person_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_crowd_recipient_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crowd_recipient')),
    sa.UniqueConstraint('answer_id', 'person_id', name=op.f('uq_crowd_recipient_answer_id_person_id'))
    )
    op.create_index(op.f('ix_crowd_recipient_message_id'), 'crowd_recipient', ['message_id'])
    op.create_index('ix_crowd_recipient_next', 'crowd_recipient', ['answer_id', 'state', 'wave', 'id'])
    op.create_table('crowd_text',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('answer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('text_fr', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['crowd_answer.id'], name=op.f('fk_crowd_text_answer_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_crowd_text_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crowd_text')),
    sa.UniqueConstraint('answer_id', 'revision', name=op.f('uq_crowd_text_answer_id_revision'))
    )
    op.add_column('ticket', sa.Column('crowd', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    with op.batch_alter_table('ticket') as batch:
        batch.drop_column('crowd')
    op.drop_table('crowd_text')
    op.drop_table('crowd_recipient')
    op.drop_table('incident_ticket')
    op.drop_table('incident_step')
    op.drop_table('crowd_answer')
    op.drop_table('incident')
    op.drop_table('incident_arrival')
