"""The mirror of the ticketing system, written by connectors only; what we add ourselves is who belongs together."""

from app.boxoffice.models.bill import Performance, Production
from app.boxoffice.models.holders import Contact, ContactRef, Household, HouseholdMerge, HouseholdPair
from app.boxoffice.models.imports import ImportRun, OfficePull
from app.boxoffice.models.said import HouseholdNote, HouseholdWish
from app.boxoffice.models.sales import Admission, Order, Payment, PaymentDispute

__all__ = [
    "Admission", "Contact", "ContactRef", "Household", "HouseholdMerge", "HouseholdNote", "HouseholdPair",
    "HouseholdWish", "ImportRun", "OfficePull", "Order", "Payment", "PaymentDispute",
    "Performance", "Production",
]  # fmt: skip
