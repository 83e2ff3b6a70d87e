"""Guichet: domains by what a box office does, doors by who enters, consequences on one page."""
