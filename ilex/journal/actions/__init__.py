"""The verbs of the journal, a file for each noun: lines, growth of the tree, witnessed heads, export."""

from ilex.journal.actions.export import export
from ilex.journal.actions.growth import grow, sign_heads_with
from ilex.journal.actions.lines import Act, act, erase, line_of, write, write_many
from ilex.journal.actions.witness import explain, remember, remember_many, settle

__all__ = [
    "Act",
    "act",
    "erase",
    "explain",
    "export",
    "grow",
    "line_of",
    "remember",
    "remember_many",
    "settle",
    "sign_heads_with",
    "write",
    "write_many",
]
