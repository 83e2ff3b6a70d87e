"""Figures: what the journal adds up to, for those who lead the box office."""
