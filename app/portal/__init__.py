"""La salle: what the public sees and presses. Every public page is listed here."""

from __future__ import annotations

from app.portal.articles import article_pages
from app.portal.asking import request_pages
from app.portal.choices import choice_pages
from app.portal.choices_account import choice_account
from app.portal.choices_companions import choice_companions
from app.portal.choices_links import choice_links, watch
from app.portal.choices_papers import choice_papers
from app.portal.correcting import correction_pages
from app.portal.finding import finding_pages
from app.portal.frame import room
from app.portal.home import home_pages
from app.portal.leaving import leaving_pages
from app.portal.media import media_pages
from app.portal.opinions import opinion_pages
from app.portal.proposing import proposal_pages
from app.portal.searching import search_pages
from app.portal.sending import send_pages
from app.portal.standing import standing_pages
from app.portal.tracking import tracking_pages
from app.portal.votes import vote_pages

PAGES = (
    room,
    home_pages,
    search_pages,
    proposal_pages,
    article_pages,
    vote_pages,
    correction_pages,
    media_pages,
    request_pages,
    send_pages,
    tracking_pages,
    finding_pages,
    choice_pages,
    choice_account,
    choice_companions,
    choice_papers,
    choice_links,
    leaving_pages,
    opinion_pages,
    standing_pages,
)

for _linked in (choice_pages, choice_account, choice_companions, choice_papers):
    watch(_linked)
