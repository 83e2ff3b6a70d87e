"""The labels triage may give: 21 categories, the 40 types under them, 4 priorities; no rule that chooses one."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["fr", "en"]
Priority = Literal["urgent", "high", "normal", "low"]

PRIORITIES: Final[tuple[Priority, ...]] = ("urgent", "high", "normal", "low")

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "refund_cancelled": ("refund_cancelled", "refund_status", "interrupted_show", "credit_change"),
    "refund_personal": ("refund_personal",),
    "postponement": ("postponed_cannot_attend",),
    "exchange": ("exchange_date",),
    "ticket_not_received": ("eticket_missing", "scan_refused"),
    "ticket_lost_or_name_change": ("ticket_lost", "name_change", "resale_fraud"),
    "payment_problem": ("double_charge", "payment_failed", "special_tender"),
    "accessibility": ("accessibility",),
    "group_booking": ("group_school",),
    "subscription": ("subscription",),
    "gift_voucher": ("gift_voucher", "credit_voucher"),
    "invoice": ("invoice_request",),
    "seating": ("wrong_seat",),
    "complaint": ("complaint_experience", "formal_claim"),
    "lost_property": ("lost_property",),
    "venue_info": (
        "practical_info",
        "parking_transport",
        "age_children",
        "event_status",
        "booking_help",
        "reduced_price",
    ),
    "account_access": ("account_access",),
    "data_privacy": ("privacy",),
    "donation": ("credit_donation", "donation_receipt"),
    "technical_staff": ("staff_it", "staff_hr", "staff_ops"),
    "other": ("praise", "press_pro"),
}
"""Category slug → its types; ``other`` may also go without a type."""

CATEGORIES: Final[tuple[str, ...]] = tuple(TYPES)
CATEGORY_OF: Final[dict[str, str]] = {kind: category for category, kinds in TYPES.items() for kind in kinds}
