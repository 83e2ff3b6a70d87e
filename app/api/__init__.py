"""The door of programs: it describes itself, and hears hints of a linked ticketing system."""

from app.api.description import description
from app.api.hints import hints

PAGES = (description, hints)
