"""Opinions: asked once when a request is ended, given by one link and one button."""
