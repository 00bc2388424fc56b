"""What the journal can tell, a file for each noun."""

from ilex.journal.queries.heads import (
    Inclusion,
    consistency,
    head_note,
    inclusion,
    newest_head,
    newest_heads,
    verifier_keys,
)
from ilex.journal.queries.lines import Choice, lines_for, names_of, newest_lines, waiting
from ilex.journal.queries.report import Fault, Report, faults_of, verify
from ilex.journal.queries.witness import Watched, alarms, ask_for, newest, watched

__all__ = [
    "Choice",
    "Fault",
    "Inclusion",
    "Report",
    "Watched",
    "alarms",
    "ask_for",
    "consistency",
    "faults_of",
    "head_note",
    "inclusion",
    "lines_for",
    "names_of",
    "newest",
    "newest_head",
    "newest_heads",
    "newest_lines",
    "verifier_keys",
    "verify",
    "waiting",
    "watched",
]
