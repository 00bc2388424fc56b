"""The verbs of this room, by noun."""

from ilex.sharing.actions.consents import ask_consent, ask_for_letter, decide, record_consent, withdraw_consent
from ilex.sharing.actions.court import use_in_court
from ilex.sharing.actions.reading import attach_to_case, open_consent, open_release
from ilex.sharing.actions.releases import change_release, draft_release, drop_release, leave_out, put_forward

__all__ = [
    "ask_consent",
    "ask_for_letter",
    "attach_to_case",
    "change_release",
    "decide",
    "draft_release",
    "drop_release",
    "leave_out",
    "open_consent",
    "open_release",
    "put_forward",
    "record_consent",
    "use_in_court",
    "withdraw_consent",
]
