"""Papers that came under a code which keeps them from others do not leave with a letter to somebody else.

Known again by their content, whatever they are called and wherever they were kept in between. What an officer types
anew nobody recognises: there the code beside the text and the second person stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from ilex.exchange.models import Entry, Way
from ilex.exchange.rules import Invalid
from ilex.gate.models import Attachment
from ilex.words.uses import that_asks

Allows = Callable[[Entry, str], bool]  # whether the owner of an entry lets this unit have it

_allows: list[Allows] = []


def allow_by(allows: Allows) -> None:
    """Handed in by the room that keeps the owners' consents; without it nothing is allowed."""
    _allows[:] = [allows]


def check_papers(papers: Sequence[Attachment], to: Sequence[str]) -> None:
    """Raises Invalid("to") that names paper, owner and code."""
    if sentences := list(dict.fromkeys(_forbidden(papers, to))):
        raise Invalid({"to": " ".join(sentences)})


def _forbidden(papers: Sequence[Attachment], to: Sequence[str]) -> Iterator[str]:
    names = {bytes(paper.digest): paper.name for paper in papers}
    if not names:
        return
    came = Entry.objects.filter(way=Way.IN, papers__documents__digest__in=names)
    for entry in came.select_related("request__partner").distinct():
        code = that_asks(entry.handling, "forward")
        others = [unit for unit in to if unit != entry.request.partner_id]
        if code is None or all(_is_allowed(entry, unit) for unit in others):
            continue
        words = {"partner": entry.request.partner.name, "code": code.code, "ref": entry.request.our_ref}
        for paper in entry.papers.all():
            if name := names.get(bytes(paper.digest)):
                sentence = _("%(name)s came from %(partner)s under %(code)s (%(ref)s): ask them first.")
                yield sentence % {**words, "name": name}


def _is_allowed(entry: Entry, unit: str) -> bool:
    return any(allows(entry, unit) for allows in _allows)
