"""Performances, orders and admissions: our read-only copy of the house's ticketing."""
