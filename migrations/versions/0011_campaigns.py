"""campaigns

What cancelled performances owe to households, and what households choose.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel.db import Moment

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
#: What was chosen is never changed and never taken away; another version is added.
APPEND_ONLY = ("choice", "choice_line")


def upgrade():
    op.create_table('credit_serial',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_credit_serial'))
    )
    op.create_table('legal_regime',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title_fr', sa.String(length=255), nullable=False),
    sa.Column('title_en', sa.String(length=255), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('max_validity_months', sa.Integer(), nullable=False),
    sa.Column('refund_at_expiry', sa.Boolean(), nullable=False),
    sa.CheckConstraint('from_on <= to_on', name=op.f('ck_legal_regime_span')),
    sa.CheckConstraint('max_validity_months > 0', name=op.f('ck_legal_regime_validity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_regime')),
    sa.UniqueConstraint('code', name=op.f('uq_legal_regime_code'))
    )
    op.create_table('campaign',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('title_fr', sa.String(length=255), nullable=False),
    sa.Column('title_en', sa.String(length=255), nullable=False),
    sa.Column('text_fr', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('rule', _JSON, nullable=False),
    sa.Column('min_split_cents', sa.Integer(), nullable=False),
    sa.Column('gifts_of_titres', sa.Boolean(), nullable=False),
    sa.Column('reminders', _JSON, nullable=False),
    sa.Column('deadline_at', Moment(), nullable=False),
    sa.Column('claim_until', Moment(), nullable=False),
    sa.Column('default_option', sa.String(length=40), nullable=False),
    sa.Column('receipts_mode', sa.String(length=40), nullable=False),
    sa.Column('regime_id', _REF, nullable=True),
    sa.Column('simulation', _JSON, nullable=True),
    sa.Column('created_by', _REF, nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('edited_by', _REF, nullable=False),
    sa.Column('approved_by', _REF, nullable=True),
    sa.Column('approved_cents', sa.Integer(), nullable=True),
    sa.Column('opened_by', _REF, nullable=True),
    sa.Column('opened_at', Moment(), nullable=True),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('locked_at', Moment(), nullable=True),
    sa.Column('made_up_to', _REF, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("default_option <> 'voucher' OR regime_id IS NOT NULL", name=op.f('ck_campaign_default_voucher')),
    sa.CheckConstraint("default_option IN ('', 'refund_card', 'carryover', 'keep_ticket', 'voucher')", name=op.f('ck_campaign_default_option')),
    sa.CheckConstraint("kind IN ('cancel', 'postpone', 'interrupt', 'goodwill')", name=op.f('ck_campaign_kind')),
    sa.CheckConstraint("state IN ('draft', 'simulated', 'approved', 'opening', 'open', 'closed', 'processing', 'settled', 'archived', 'abandoned')", name=op.f('ck_campaign_state')),
    sa.CheckConstraint('approved_by <> created_by', name=op.f('ck_campaign_second_person')),
    sa.CheckConstraint('approved_by IS NULL OR approved_cents IS NOT NULL', name=op.f('ck_campaign_approved_amount')),
    sa.CheckConstraint('claim_until > deadline_at', name=op.f('ck_campaign_claim')),
    sa.CheckConstraint('min_split_cents >= 0', name=op.f('ck_campaign_min_split')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_campaign_approved_by')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_campaign_created_by')),
    sa.ForeignKeyConstraint(['edited_by'], ['person.id'], name=op.f('fk_campaign_edited_by')),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_campaign_opened_by')),
    sa.ForeignKeyConstraint(['regime_id'], ['legal_regime.id'], name=op.f('fk_campaign_regime_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign'))
    )
    op.create_index('ix_campaign_state', 'campaign', ['state'], unique=False)
    op.create_table('campaign_option',
    sa.Column('campaign_id', _REF, nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label_fr', sa.String(length=255), nullable=False),
    sa.Column('label_en', sa.String(length=255), nullable=False),
    sa.Column('help_fr', sa.Text(), nullable=False),
    sa.Column('help_en', sa.Text(), nullable=False),
    sa.Column('min_cents', sa.Integer(), nullable=False),
    sa.Column('max_cents', sa.Integer(), nullable=True),
    sa.Column('only_kinds', _JSON, nullable=False),
    sa.Column('only_tenders', _JSON, nullable=False),
    sa.Column('validity_months', sa.Integer(), nullable=True),
    sa.Column('season', sa.String(length=40), nullable=False),
    sa.CheckConstraint("code IN ('refund_card', 'refund_transfer', 'refund_cheque', 'refund_cash', 'refund_local', 'donation', 'voucher', 'carryover', 'keep_ticket', 'exchange')", name=op.f('ck_campaign_option_code')),
    sa.CheckConstraint('max_cents >= min_cents', name=op.f('ck_campaign_option_max')),
    sa.CheckConstraint('min_cents >= 0', name=op.f('ck_campaign_option_min')),
    sa.CheckConstraint('validity_months > 0', name=op.f('ck_campaign_option_validity')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_option_campaign_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'code', name=op.f('pk_campaign_option'))
    )
    op.create_table('campaign_performance',
    sa.Column('campaign_id', _REF, nullable=False),
    sa.Column('performance_id', _REF, nullable=False),
    sa.Column('ratio_bp', sa.Integer(), nullable=True),
    sa.CheckConstraint('ratio_bp BETWEEN 0 AND 10000', name=op.f('ck_campaign_performance_ratio')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_performance_campaign_id')),
    sa.ForeignKeyConstraint(['performance_id'], ['performance.id'], name=op.f('fk_campaign_performance_performance_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'performance_id', name=op.f('pk_campaign_performance'))
    )
    op.create_index('ix_campaign_performance_performance_id', 'campaign_performance', ['performance_id'], unique=False)
    op.create_table('credit',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('campaign_id', _REF, nullable=False),
    sa.Column('household_id', _REF, nullable=False),
    sa.Column('person_id', _REF, nullable=True),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('reach', sa.String(length=40), nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('external_cents', sa.Integer(), nullable=False),
    sa.Column('vat', _JSON, nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('link_nonce', sa.String(length=32), nullable=False),
    sa.Column('link_generation', sa.Integer(), nullable=False),
    sa.Column('issued_at', Moment(), nullable=False),
    sa.Column('invited_at', Moment(), nullable=True),
    sa.Column('opened_at', Moment(), nullable=True),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('locked_at', Moment(), nullable=True),
    sa.Column('settled_at', Moment(), nullable=True),
    sa.Column('choice_version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('issued', 'invited', 'opened', 'answered', 'unclaimed', 'locked', 'settled', 'void')", name=op.f('ck_credit_state')),
    sa.CheckConstraint("state NOT IN ('answered', 'locked', 'settled') OR choice_version > 0", name=op.f('ck_credit_chosen')),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_credit_amount')),
    sa.CheckConstraint('external_cents >= 0', name=op.f('ck_credit_external')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_credit_campaign_id')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_credit_household_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_credit_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit')),
    sa.UniqueConstraint('link_nonce', name=op.f('uq_credit_link_nonce')),
    sa.UniqueConstraint('number', name=op.f('uq_credit_number')),
    sa.UniqueConstraint('year', 'serial', name=op.f('uq_credit_year_serial'))
    )
    op.create_index('ix_credit_campaign', 'credit', ['campaign_id', 'state', 'id'], unique=False)
    op.create_index('ix_credit_household_id', 'credit', ['household_id'], unique=False)
    op.create_index('ix_credit_person_id', 'credit', ['person_id'], unique=False)
    op.create_index('uq_credit_live', 'credit', ['campaign_id', 'household_id'], unique=True, sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'"))
    op.create_table('choice',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('agent_id', _REF, nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('said', sa.String(length=64), nullable=False),
    sa.Column('consent', sa.String(length=64), nullable=False),
    sa.CheckConstraint("author <> 'agent' OR agent_id IS NOT NULL", name=op.f('ck_choice_agent')),
    sa.CheckConstraint("author IN ('holder', 'agent', 'default', 'import')", name=op.f('ck_choice_author')),
    sa.ForeignKeyConstraint(['agent_id'], ['person.id'], name=op.f('fk_choice_agent_id')),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_choice_credit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_choice')),
    sa.UniqueConstraint('credit_id', 'form', name=op.f('uq_choice_credit_id_form')),
    sa.UniqueConstraint('credit_id', 'version', name=op.f('uq_choice_credit_id_version'))
    )
    op.create_table('credit_payee',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('print', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('iban_sealed', sa.Text(), nullable=False),
    sa.Column('iban_masked', sa.String(length=20), nullable=False),
    sa.Column('account_print', sa.String(length=64), nullable=False),
    sa.Column('details', _JSON, nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('proven_at', Moment(), nullable=True),
    sa.CheckConstraint("kind IN ('account', 'address', 'identity')", name=op.f('ck_credit_payee_kind')),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_payee_credit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_payee')),
    sa.UniqueConstraint('credit_id', 'print', name=op.f('uq_credit_payee_credit_id_print'))
    )
    op.create_index('ix_credit_payee_account_print', 'credit_payee', ['account_print'], unique=False)
    op.create_table('credit_ticket',
    sa.Column('ticket_id', _REF, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('joined_at', Moment(), nullable=False),
    sa.Column('solved_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_ticket_credit_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_credit_ticket_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_credit_ticket'))
    )
    op.create_index('ix_credit_ticket_credit_id', 'credit_ticket', ['credit_id'], unique=False)
    op.create_table('choice_line',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('choice_id', _REF, nullable=False),
    sa.Column('option', sa.String(length=40), nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('payee_id', _REF, nullable=True),
    sa.Column('donor_id', _REF, nullable=True),
    sa.Column('season', sa.String(length=40), nullable=False),
    sa.CheckConstraint("author <> 'default' OR option <> 'donation'", name=op.f('ck_choice_line_express_gift')),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_choice_line_amount')),
    sa.ForeignKeyConstraint(['choice_id'], ['choice.id'], name=op.f('fk_choice_line_choice_id')),
    sa.ForeignKeyConstraint(['donor_id'], ['credit_payee.id'], name=op.f('fk_choice_line_donor_id')),
    sa.ForeignKeyConstraint(['payee_id'], ['credit_payee.id'], name=op.f('fk_choice_line_payee_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_choice_line')),
    sa.UniqueConstraint('choice_id', 'option', name=op.f('uq_choice_line_choice_id_option'))
    )
    op.create_table('credit_code',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('payee_id', _REF, nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', Moment(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('used_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_code_credit_id')),
    sa.ForeignKeyConstraint(['payee_id'], ['credit_payee.id'], name=op.f('fk_credit_code_payee_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_code'))
    )
    op.create_index('ix_credit_code_credit_id_id', 'credit_code', ['credit_id', 'id'], unique=False)
    op.create_table('credit_letter',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('occasion', sa.String(length=40), nullable=False),
    sa.Column('letter_id', _REF, nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_letter_credit_id')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter_out.id'], name=op.f('fk_credit_letter_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_letter')),
    sa.UniqueConstraint('credit_id', 'occasion', name=op.f('uq_credit_letter_credit_id_occasion'))
    )
    op.create_index('ix_credit_letter_letter_id', 'credit_letter', ['letter_id'], unique=False)
    op.create_table('credit_bucket',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('payment_id', _REF, nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('tender', sa.String(length=40), nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('refundable_until', Moment(), nullable=True),
    sa.CheckConstraint("kind IN ('card', 'cashable', 'titre', 'external')", name=op.f('ck_credit_bucket_kind')),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_credit_bucket_amount')),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_bucket_credit_id')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_credit_bucket_payment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_bucket'))
    )
    op.create_index('ix_credit_bucket_credit_id', 'credit_bucket', ['credit_id'], unique=False)
    op.create_index('ix_credit_bucket_payment_id', 'credit_bucket', ['payment_id'], unique=False)
    op.create_table('credit_item',
    sa.Column('id', _REF, autoincrement=True, nullable=False),
    sa.Column('credit_id', _REF, nullable=False),
    sa.Column('admission_id', _REF, nullable=False),
    sa.Column('amount_cents', sa.Integer(), nullable=False),
    sa.Column('external_cents', sa.Integer(), nullable=False),
    sa.Column('vat_bp', sa.Integer(), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_credit_item_amount')),
    sa.CheckConstraint('external_cents >= 0', name=op.f('ck_credit_item_external')),
    sa.ForeignKeyConstraint(['admission_id'], ['admission.id'], name=op.f('fk_credit_item_admission_id')),
    sa.ForeignKeyConstraint(['credit_id'], ['credit.id'], name=op.f('fk_credit_item_credit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_item'))
    )
    op.create_index('ix_credit_item_credit_id', 'credit_item', ['credit_id'], unique=False)
    op.create_index('uq_credit_item_live', 'credit_item', ['admission_id'], unique=True, sqlite_where=sa.text('live = 1'), postgresql_where=sa.text('live'))
    op.create_table('credit_left_out',
    sa.Column('campaign_id', _REF, nullable=False),
    sa.Column('admission_id', _REF, nullable=False),
    sa.Column('household_id', _REF, nullable=False),
    sa.Column('why', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['admission_id'], ['admission.id'], name=op.f('fk_credit_left_out_admission_id')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_credit_left_out_campaign_id')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_credit_left_out_household_id')),
    sa.PrimaryKeyConstraint('campaign_id', 'admission_id', name=op.f('pk_credit_left_out'))
    )
    op.create_index('ix_credit_left_out_campaign_id_household_id', 'credit_left_out', ['campaign_id', 'household_id'], unique=False)
    _guard()


def _guard():
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guichet_append_only()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guichet_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )


def downgrade():
    op.drop_table('credit_left_out')
    op.drop_table('credit_item')
    op.drop_table('credit_bucket')
    op.drop_table('credit_letter')
    op.drop_table('credit_code')
    op.drop_table('choice_line')
    op.drop_table('credit_ticket')
    op.drop_table('credit_payee')
    op.drop_table('choice')
    op.drop_table('credit')
    op.drop_table('campaign_performance')
    op.drop_table('campaign_option')
    op.drop_table('campaign')
    op.drop_table('legal_regime')
    op.drop_table('credit_serial')
