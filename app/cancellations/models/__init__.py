"""Campaigns, what they owe to households, and what households chose."""

from app.cancellations.models.campaigns import (
    Campaign,
    CampaignDifference,
    CampaignOption,
    CampaignPerformance,
    CampaignSpare,
    CampaignSupplement,
    LegalRegime,
)
from app.cancellations.models.choices import Choice, ChoiceLine, Counter, CreditCode, CreditCorrection, Payee
from app.cancellations.models.credits import (
    Credit,
    CreditBucket,
    CreditCompanion,
    CreditErrand,
    CreditItem,
    CreditLeftOut,
    CreditLetter,
    CreditSerial,
    CreditTicket,
)

__all__ = [
    "Campaign", "CampaignDifference", "CampaignOption", "CampaignPerformance", "CampaignSpare",
    "CampaignSupplement", "Choice", "ChoiceLine", "Counter", "Credit", "CreditBucket", "CreditCode",
    "CreditCompanion", "CreditCorrection", "CreditErrand", "CreditItem", "CreditLeftOut", "CreditLetter",
    "CreditSerial", "CreditTicket", "LegalRegime", "Payee",
]  # fmt: skip
