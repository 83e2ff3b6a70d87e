"""Campaigns, what they owe to households, and what households chose."""

from app.cancellations.models.campaigns import Campaign, CampaignOption, CampaignPerformance, LegalRegime
from app.cancellations.models.choices import Choice, ChoiceLine, CreditCode, CreditCorrection, Payee
from app.cancellations.models.credits import (
    Credit,
    CreditBucket,
    CreditItem,
    CreditLeftOut,
    CreditLetter,
    CreditSerial,
    CreditTicket,
)

__all__ = [
    "Campaign", "CampaignOption", "CampaignPerformance", "Choice", "ChoiceLine", "Credit", "CreditBucket",
    "CreditCode", "CreditCorrection", "CreditItem", "CreditLeftOut", "CreditLetter", "CreditSerial", "CreditTicket",
    "LegalRegime", "Payee",
]  # fmt: skip
