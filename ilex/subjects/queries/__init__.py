"""Named reads. Loading is permission: see access."""

from ilex.subjects.queries.access import (
    circles_of,
    link_for,
    needs_reason,
    statement_for,
    subject_for,
    visible,
    visible_subjects,
)
from ilex.subjects.queries.finding import Found, FoundRow, captions, find, listed, search
from ilex.subjects.queries.imports import imports, trial_for, trials
from ilex.subjects.queries.page import SubjectPage, page_of
from ilex.subjects.queries.reading import consult, justified
from ilex.subjects.queries.statements import (
    links_of,
    members,
    merges_of,
    same_key,
    sharing_numbers,
    standing,
    statements_of,
)

__all__ = [
    "Found",
    "FoundRow",
    "SubjectPage",
    "captions",
    "circles_of",
    "consult",
    "find",
    "imports",
    "justified",
    "link_for",
    "links_of",
    "listed",
    "members",
    "merges_of",
    "needs_reason",
    "page_of",
    "same_key",
    "search",
    "sharing_numbers",
    "standing",
    "statement_for",
    "statements_of",
    "subject_for",
    "trial_for",
    "trials",
    "visible",
    "visible_subjects",
]
