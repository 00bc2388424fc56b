"""What can be compared of our own records: of the subjects of cases, and of those that letters name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from ilex.crosscheck.rules import typed
from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.models import Subject as Named
from ilex.matching.facts import Facts
from ilex.subjects.models import Statement, Subject
from ilex.words import kinds

WEAK = {"nickname"}  # kinds of names by which many are called
SECRET = {"coded-name", "new-identity"}  # of those who are protected: nobody finds them by it
NOT_COMPARED = {"url", "position", "bic"}
COUNTRIES = {"nationality", "country", "flag"}
PLACES = {"birthplace", "address", "city", "scene"}
BORN = {"born", "founded"}
SEXES = {"male": "m", "female": "f"}
THINGS = ("vehicle", "document")  # a letter names them by their number
Said = tuple[str, str, str]  # property, kind of name, value


# --- subjects of cases ---


def of_subjects(keys: Collection[str]) -> dict[str, Facts]:
    """What is stated now, of those merged into it too. One that went into another, or says nothing, is left out."""
    subjects = Subject.objects.filter(pk__in=keys, merged_into=None).only("id", "kind", "category").in_bulk()
    said: dict[UUID, list[Said]] = defaultdict(list)
    live = Statement.objects.filter(
        Q(subject__in=subjects) | Q(subject__merged_into__in=subjects), withdrawn_at=None
    ).order_by("made_at", "id")
    columns = ("subject", "subject__merged_into", "property", "name_kind", "value")
    for subject, into, name, name_kind, value in live.values_list(*columns):
        said[into or subject].append((name, name_kind, value))
    found = {str(pk): of_statements(row.kind, row.category, said[pk]) for pk, row in subjects.items()}
    return {key: facts for key, facts in found.items() if tells(facts)}


def of_subject(subject: Subject) -> Facts:
    """Of one; empty facts when nothing is stated by which it could be found."""
    standing = str(subject.merged_into_id or subject.pk)
    return of_subjects([standing]).get(standing, Facts(kind=subject.kind))


def of_statements(kind: str, category: str, said: Iterable[Said]) -> Facts:
    """Of a person only what the law allows for his category."""
    book = kinds.kind(kind)
    allowed = book.permitted(category) - SECRET
    kept = [(book.properties[name], name_kind, value) for name, name_kind, value in said if name in allowed]
    by_name: dict[str, list[str]] = defaultdict(list)
    weak: list[str] = []
    numbers: list[tuple[str, str]] = []
    for one, name_kind, value in kept:
        if one.check and one.check not in NOT_COMPARED:
            numbers.append((one.check, value))
        elif one.code == "name" and name_kind in WEAK:
            weak.append(value)
        else:
            by_name[one.code].append(value)
    countries = _all(by_name, COUNTRIES)
    return Facts(
        kind=kind,
        names=tuple(_names(by_name)),
        weak_names=tuple(weak),
        born=_all(by_name, BORN),
        countries=countries,
        sex=SEXES.get(next(iter(by_name["sex"]), ""), ""),
        places=_all(by_name, PLACES),
        identifiers=tuple((type, value, countries[0] if countries else "") for type, value in numbers),
    )


def _names(by_name: Mapping[str, list[str]]) -> Iterable[str]:
    """Whole names first; of a given and a family name that stand alone, both together."""
    forenames, surnames = by_name.get("forename", []), by_name.get("surname", [])
    together = [f"{forename} {surname}" for forename in forenames for surname in surnames]
    return dict.fromkeys([*by_name.get("name", []), *(together or surnames or forenames)])


def _all(by_name: Mapping[str, list[str]], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for name in sorted(names) for value in by_name.get(name, ())))


# --- subjects of letters ---


def held_subjects(requests: Collection[Request | UUID]) -> list[Named]:
    """Subjects of these requests that are holdings: not of those taken back, nor of copies kept from the unit.

    What we wrote to several units at once is held once, by the first of its references.
    """
    found = Named.objects.filter(request__in=requests, request__recalled_at=None, request__copy_withheld="")
    rows = list(found.select_related("request").order_by("request__our_ref", "order", "id"))
    sent = {row.request.inquiry for row in rows if row.request.way == Way.OUT}
    if not sent:
        return rows
    others = Request.objects.filter(inquiry__in=sent, way=Way.OUT, recalled_at=None, copy_withheld="")
    first: dict[UUID, str] = {}
    for inquiry, reference in others.order_by("our_ref").values_list("inquiry", "our_ref"):
        first.setdefault(inquiry, reference)
    return [row for row in rows if row.request.way != Way.OUT or first[row.request.inquiry] == row.request.our_ref]


def of_letters(keys: Collection[str]) -> dict[str, Facts]:
    rows = Named.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    rows = rows.filter(request__recalled_at=None, request__copy_withheld="")
    found = {str(row.pk): of_named(row) for row in rows}
    return {key: facts for key, facts in found.items() if tells(facts)}


def of_named(row: Named) -> Facts:
    country = row.nationality
    thing = row.kind in THINGS
    numbers = [*((row.name, *row.other_names) if thing else ()), *row.numbers]
    identifiers = [one for number in dict.fromkeys(numbers) for one in typed(row.kind, number, country)]
    return Facts(
        kind="" if row.kind == Named.Kind.OTHER else row.kind,
        names=() if thing and identifiers else (row.name, *row.other_names),
        born=(row.born,) if row.born else (),
        countries=(country,) if country else (),
        identifiers=tuple(identifiers),
    )


def tells(facts: Facts) -> bool:
    """Whether there is anything by which it could be found."""
    return any(name.strip() for name in (*facts.names, *facts.weak_names)) or bool(facts.identifiers)


def caption(facts: Facts) -> str:
    """The best name, else the first number."""
    named = next((name for name in (*facts.names, *facts.weak_names) if name.strip()), "")
    return (named or next((text for _type, text, _country in facts.identifiers), ""))[:300]


def written_in(subject: Subject) -> list[str]:
    """Keys of the subjects of letters from which all that is known of this one was written down."""
    said = Statement.objects.filter(Q(subject=subject) | Q(subject__merged_into=subject), withdrawn_at=None)
    sources = set(said.values_list("from_kind", "from_key"))
    if {kind for kind, _key in sources} != {"entry"}:
        return []
    requests = Entry.objects.filter(pk__in=[key for _kind, key in sources if _is_number(key)]).values("request")
    return [str(pk) for pk in Named.objects.filter(request__in=requests).values_list("pk", flat=True)]


def written_from(request: Request) -> set[str]:
    """Keys of subjects of which nothing is known but what this very request says."""
    entries = [str(pk) for pk in Entry.objects.filter(request=request).values_list("pk", flat=True)]
    live = Statement.objects.filter(withdrawn_at=None)
    taken = live.filter(from_kind="entry", from_key__in=entries).values_list("subject", flat=True)
    others = live.filter(subject__in=list(taken)).exclude(from_kind="entry", from_key__in=entries)
    return {str(pk) for pk in set(taken) - set(others.values_list("subject", flat=True))}


def _is_number(key: str) -> bool:
    try:
        return bool(UUID(key))
    except ValueError:
        return False
