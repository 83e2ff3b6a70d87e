"""The door of programs; today it only describes itself, endpoints come with the issue that asks for them."""

from app.api.description import description

PAGES = (description,)
