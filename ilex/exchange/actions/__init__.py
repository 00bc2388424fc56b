"""The verbs of the exchange, a file for each noun."""

from ilex.exchange.actions.answers import answer, refuse, report_outcome
from ilex.exchange.actions.corrections import correct, mendable, recall
from ilex.exchange.actions.delays import delay
from ilex.exchange.actions.drafts import drop_draft, keep_draft
from ilex.exchange.actions.handling import assign, close, note, set_access, take
from ilex.exchange.actions.information import inform
from ilex.exchange.actions.other_channels import record_entry, record_incoming
from ilex.exchange.actions.questions import give_clarification, question
from ilex.exchange.actions.requests import ask
from ilex.exchange.actions.twins import judge_twin

__all__ = [
    "answer",
    "ask",
    "assign",
    "close",
    "correct",
    "delay",
    "drop_draft",
    "give_clarification",
    "inform",
    "judge_twin",
    "keep_draft",
    "mendable",
    "note",
    "question",
    "recall",
    "record_entry",
    "record_incoming",
    "refuse",
    "report_outcome",
    "set_access",
    "take",
]
