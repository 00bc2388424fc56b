"""What may be stated of whom, and how it must be evaluated. Plain Python."""

from ilex.subjects.rules.caption import Caption, best
from ilex.subjects.rules.checking import (
    checked,
    checked_category,
    checked_evaluation,
    checked_reason,
    checked_value,
    country_of,
    is_permitted,
    special_of,
)
from ilex.subjects.rules.errors import Invalid, NotNow, Unconfirmed
from ilex.subjects.rules.keys import folded_text, key_of, name_key, number_key
from ilex.subjects.rules.said import CATEGORIES, FACT, Evaluation, Said, Stated

__all__ = [
    "CATEGORIES",
    "FACT",
    "Caption",
    "Evaluation",
    "Invalid",
    "NotNow",
    "Said",
    "Stated",
    "Unconfirmed",
    "best",
    "checked",
    "checked_category",
    "checked_evaluation",
    "checked_reason",
    "checked_value",
    "country_of",
    "folded_text",
    "is_permitted",
    "key_of",
    "name_key",
    "number_key",
    "special_of",
]
