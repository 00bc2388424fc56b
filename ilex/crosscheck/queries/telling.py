"""What of confirmed hits may be told to the unit that asks, and what must stay, with the reason for the officer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ilex.crosscheck.models import Hit
from ilex.crosscheck.queries.hits import held_now, hits_of
from ilex.crosscheck.rules import SAME
from ilex.exchange.models import Request, Way
from ilex.exchange.rules.state import OPEN_IN
from ilex.holdings.models import Source
from ilex.matching.facts import Facts
from ilex.sharing.models import Use
from ilex.sharing.queries.uses import barriers, conditions
from ilex.subjects import queries as subjects
from ilex.subjects.models import Statement, Subject
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.words import kinds, uses

FIELDS_SAID = frozenset({"personal", "identification", "legal", "identity"})  # groups of properties: who or what it is


@dataclass
class Said:
    """What can be told of confirmed hits, and what cannot, with the reason for the officer."""

    lines: list[str] = field(default_factory=list)
    handlings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    withheld: list[tuple[Hit, str]] = field(default_factory=list)


def waits_for_answer(request: Request) -> bool:
    return request.way == Way.IN and request.state in OPEN_IN and request.kind == Request.Kind.REQUEST


def may_draft(officer: Officer, request: Request) -> bool:
    """Whether an answer can be drafted now: the page offers it. The verb asks more closely."""
    if not (may(officer, "request.answer") and may(officer, "holding.read") and waits_for_answer(request)):
        return False
    return hits_of(officer, request=request).filter(judgement=SAME, request=request, held_request=None).exists()


def told(officer: Officer, request: Request) -> Said:
    """What of the confirmed hits can go to the partner who asks."""
    said = Said()
    for hit in hits_of(officer, request=request).filter(judgement=SAME).order_by("asked_caption", "-score", "id"):
        if hit.held_subject_id is not None and hit.request_id == request.pk:
            _tell_subject(said, officer, hit, request)
        elif hit.request_id != request.pk or hit.held_request_id is not None:
            said.withheld.append((hit, _("Another unit's request: what it says is theirs to give.")))
        else:
            _tell_record(said, hit)
    return said


def _tell_record(said: Said, hit: Hit) -> None:
    """As it is held now, and only while that is what was judged."""
    source, held = Source.objects.filter(code=hit.held_origin).first(), held_now(hit)
    if source is None or held is None or not hit.reasons:
        said.withheld.append((hit, _("It is no longer held.")))
        return
    if held != hit.held or _came_back(hit):
        said.withheld.append((hit, _("It has changed since it was judged.")))
        return
    if uses.that_asks(source.handling, Use.FORWARD) is not None:
        said.withheld.append((hit, _("The source may not be passed on without its provider's permission.")))
        return
    said.handlings.append(source.handling)
    if source.handling_note:
        said.notes.append(source.handling_note)
    words = {"asked": hit.asked_caption, "source": source.title}
    said.lines.append(_("On %(asked)s we hold in “%(source)s”:") % words)
    said.lines.extend(f"- {line}" for line in _lines_of(held))
    said.lines.append("")


def _came_back(hit: Hit) -> bool:
    """Its record was gone and is there again: nobody has judged what it says since."""
    return hit.judged_at is not None and hit.judged_at < hit.found_at


def _lines_of(facts: Facts) -> Iterator[str]:
    yield _("Name: %(value)s") % {"value": "; ".join((*facts.names, *facts.weak_names)) or "-"}
    if facts.born:
        yield _("Born or founded: %(value)s") % {"value": "; ".join(facts.born)}
    if facts.countries:
        yield _("Country: %(value)s") % {"value": ", ".join(facts.countries)}
    if facts.places:
        yield _("Places: %(value)s") % {"value": "; ".join(facts.places)}
    if facts.identifiers:
        yield _("Numbers: %(value)s") % {"value": ", ".join(text for _type, text, _land in facts.identifiers)}


def _tell_subject(said: Said, officer: Officer, hit: Hit, request: Request) -> None:
    """Statements that say who it is, without those whose owner must first allow it, and special categories."""
    subject = subjects.subject_for(officer, hit.held_subject_id or "")
    statements = [one for one in subjects.statements_of(subject, officer) if _is_plain(subject, one)]
    barred = {one.item.pk for one in barriers(statements, Use.FORWARD, [request.partner_id])}
    free = [one for one in statements if one.pk not in barred]
    if barred:
        said.withheld.append((hit, _("Some of it another unit provided and must first allow.")))
    if not free:
        return
    said.handlings.extend(one.handling for one in free)
    said.notes.extend(_notes(free))
    said.lines.append(_("On %(asked)s we hold in our files:") % {"asked": hit.asked_caption})
    properties = kinds.kind(subject.kind).properties
    said.lines.extend(f"- {_(properties[one.property].text)}: {one.in_words()}" for one in free)
    said.lines.append("")


def _is_plain(subject: Subject, statement: Statement) -> bool:
    one = kinds.kind(subject.kind).properties[statement.property]
    return one.group in FIELDS_SAID and not one.special and not statement.special


def _notes(statements: Iterable[Statement]) -> list[str]:
    return [note for one in statements if (note := conditions(one) or one.handling_note)]
