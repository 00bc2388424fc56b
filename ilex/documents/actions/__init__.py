"""The verbs of the room, a file for each noun."""

from ilex.documents.actions.freeing import free
from ilex.documents.actions.giving import give, record_given, show
from ilex.documents.actions.keeping import keep, move, remove, remove_papers

__all__ = ["free", "give", "keep", "move", "record_given", "remove", "remove_papers", "show"]
