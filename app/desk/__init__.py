"""La régie: what colleagues see and press. Every page of the desk is listed here."""

from __future__ import annotations

from app.desk.actions import actions
from app.desk.announcement_form import announcement_form
from app.desk.announcements import announcements
from app.desk.answers import answers
from app.desk.article_board import article_board
from app.desk.articles import articles
from app.desk.as_sent import as_sent
from app.desk.bringing import bringing
from app.desk.bulk import bulk
from app.desk.campaign_changes import campaign_changes
from app.desk.campaign_form import campaign_form
from app.desk.campaign_laws import campaign_laws
from app.desk.campaign_people import campaign_people
from app.desk.campaigns import campaigns
from app.desk.consent import consent
from app.desk.corrections import corrections
from app.desk.credit_accounts import credit_accounts
from app.desk.credit_choices import credit_choices
from app.desk.credit_companions import credit_companions
from app.desk.credit_links import credit_links
from app.desk.credits import credits
from app.desk.crowd_answers import crowd_answers
from app.desk.crowd_progress import crowd_progress
from app.desk.crowd_reach import crowd_reach
from app.desk.dashboard import dashboard
from app.desk.deadline import deadline
from app.desk.disputes import disputes
from app.desk.drafts import drafts
from app.desk.editing import editing
from app.desk.forwarding import forwarding
from app.desk.held import held
from app.desk.hours import hours
from app.desk.household_notes import household_notes
from app.desk.households import households
from app.desk.imports import imports
from app.desk.incident_form import incident_form
from app.desk.incident_report import incident_report
from app.desk.incidents import incidents
from app.desk.internal import internal
from app.desk.journal import journal
from app.desk.kinds import kinds
from app.desk.letter_texts import letter_texts
from app.desk.letters import letters
from app.desk.mailboxes import mailboxes
from app.desk.me import mine
from app.desk.media import media
from app.desk.money import money
from app.desk.money_agreeing import money_agreeing
from app.desk.money_bank import money_bank
from app.desk.money_batches import money_batches
from app.desk.money_change import money_change
from app.desk.money_codes import money_codes
from app.desk.money_counters import money_counters
from app.desk.money_files import money_files
from app.desk.money_house import money_house
from app.desk.money_legal import money_legal
from app.desk.money_office import money_office
from app.desk.money_receipts import money_receipts
from app.desk.money_review import money_review
from app.desk.money_trail import money_trail
from app.desk.notices import notices
from app.desk.opening import opening
from app.desk.pairs import pairs
from app.desk.people import people
from app.desk.queue import queue
from app.desk.refiling import refiling
from app.desk.rehearsals import rehearsals
from app.desk.robots import robots
from app.desk.said import said
from app.desk.search import search
from app.desk.sections import sections
from app.desk.settings import settings
from app.desk.sign_in import sign_in_page
from app.desk.slow_lane import slow
from app.desk.sorting_board import sorting_board
from app.desk.spectators import spectators
from app.desk.suggesting import suggesting
from app.desk.ticket import ticket
from app.desk.tonight import tonight
from app.desk.unparsed import unparsed
from app.desk.versions import versions
from app.desk.views import views
from app.desk.waiting import waiting
from app.desk.word_groups import word_groups

PAGES = (
    sign_in_page,
    queue,
    views,
    bulk,
    ticket,
    said,
    refiling,
    forwarding,
    actions,
    suggesting,
    deadline,
    drafts,
    opening,
    spectators,
    search,
    tonight,
    campaigns,
    campaign_changes,
    campaign_form,
    campaign_laws,
    campaign_people,
    money,
    money_agreeing,
    money_bank,
    money_batches,
    money_change,
    money_codes,
    money_counters,
    money_files,
    money_house,
    money_legal,
    money_office,
    money_receipts,
    money_review,
    money_trail,
    credits,
    credit_accounts,
    credit_choices,
    credit_companions,
    credit_links,
    households,
    household_notes,
    disputes,
    pairs,
    imports,
    announcement_form,
    announcements,
    incidents,
    incident_form,
    incident_report,
    internal,
    mine,
    notices,
    letters,
    unparsed,
    slow,
    robots,
    as_sent,
    held,
    dashboard,
    rehearsals,
    sorting_board,
    crowd_answers,
    crowd_progress,
    crowd_reach,
    article_board,
    articles,
    corrections,
    bringing,
    word_groups,
    media,
    editing,
    versions,
    sections,
    hours,
    settings,
    waiting,
    kinds,
    mailboxes,
    consent,
    answers,
    letter_texts,
    people,
    journal,
)
