"""Actions in the form of the International Aid Transparency Initiative, version 2.03.

It is written from what may be told outside (`rules.outward`) and from nothing else. A date known to the month becomes
its first or last day, and its narrative says how it was given. An unknown budget is no element at all. What no code
list of IATI holds stands under vocabulary 99 (the reporter's own) with its words. The identifiers begin with the
unit's own id: it is on no list of the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml import etree

from ilex.programme.kinds import ActionStatus, AmountRole
from ilex.programme.kinds import InvolvementRole as Role
from ilex.programme.models import Action
from ilex.programme.queries.outward import named, names_of, told
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.rules.outward import Record
from ilex.programme.rules.themes import theme_name
from ilex.programme.rules.years import by_years
from ilex.units.models import Organisation, Place
from ilex.units.queries import here, organisation_name
from ilex.web.languages import page_languages

SCHEMA = Path(__file__).parent / "data" / "iati" / "iati-activities-schema.xsd"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
OWN = "99"  # vocabulary: the reporter's own
GOVERNMENT = "10"
COMPLAINTS = 20

STATUS = {
    ActionStatus.PLANNED: "1",
    ActionStatus.RUNNING: "2",
    ActionStatus.COMPLETED: "4",
    ActionStatus.CANCELLED: "5",
}
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
PARTICIPATES = {
    Role.FUNDER: FUNDING,
    Role.DONOR: FUNDING,
    Role.CONTRACTOR: ACCOUNTABLE,
    Role.NOMINATING_STATE: ACCOUNTABLE,
    Role.IMPLEMENTING: IMPLEMENTING,
    Role.EXECUTING: IMPLEMENTING,
    Role.COLLABORATING: IMPLEMENTING,
    Role.PARTNER: IMPLEMENTING,
}
RECEIVES = (Role.FOCUS_COUNTRY, Role.PARTNER_COUNTRY, Role.TARGET_REGION, Role.COUNTRY)
GENERAL, OBJECTIVES, OTHER = "1", "2", "4"  # kinds of description
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
ABOVE, BELOW = "1", "2"  # kinds of related activity
MOST_PARTS = 200


def why_not(record: Record) -> str:
    """The sentence why this action cannot be told as IATI; empty when it can."""
    if not (record["first"] or record["last"]):
        return _("IATI asks for a date, and nobody states when this action is.")
    if not any(_takes_part(one) for one in record["involvements"]):
        return _("IATI asks who funds or carries out an action, and nobody is named.")
    return ""


def activities_xml(actions: Iterable[Action], language: str, at: datetime | None = None) -> bytes:
    """One file of those actions that can be told. Raises ValueError with one sentence when none of them can."""
    return records_xml(map(told, actions), language, at)


def records_xml(records: Iterable[Record], language: str, at: datetime | None = None) -> bytes:
    """As `activities_xml`, from what may be told of each."""
    at = at or now()
    found = [one for one in records if not why_not(one)]
    if not found:
        raise ValueError(_("None of these actions can be told as IATI: a date or a participant is missing."))
    root = Element("iati-activities", {"version": "2.03", "generated-datetime": at.isoformat(timespec="seconds")})
    page = language if language in {one.code for one in page_languages()} else "en"
    with override(page):
        names = names_of(found, page)
        for record in found:
            root.append(_activity(record, names, localtime(at).date()))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def validate(xml: bytes) -> list[str]:
    """What the schema of the standard has against it, a sentence each; nothing when it is valid."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        read = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema = _schema()
    if schema.validate(read):
        return []
    log: Any = schema.error_log  # the stubs do not say that it is a list
    complaints = list(log)[:COMPLAINTS]
    return [_("Line %(line)d: %(words)s") % {"line": one.line, "words": one.message} for one in complaints]


@cache
def _schema() -> etree.XMLSchema:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.XMLSchema(etree.parse(str(SCHEMA), parser))


def _activity(record: Record, names: Names, today: date) -> Element:
    changed = datetime.fromisoformat(record["changed_at"]).isoformat(timespec="seconds")
    made = Element("iati-activity", {LANG: record["language"], "last-updated-datetime": changed})
    _text(made, "iati-identifier", _identifier(record["id"], record["owner"]))
    _reporter(made, record, names.language)
    _titles(made, record, names.language)
    for role, one in _participants(record, names):
        _said(SubElement(made, "participating-org", role=role), one.shown, names.language)
    SubElement(made, "activity-status", code=_status(record, today))
    _dates(made, record, names.language, today)
    _recipients(made, record, names)
    for theme in record["themes"] or ():
        _said(SubElement(made, "sector", vocabulary=OWN, code=theme), theme_name(theme), names.language)
    _budgets(made, record)
    _related(made, record)
    return made


def _identifier(id: object, owner: str | None) -> str:
    unit = Organisation.objects.filter(pk=owner).first() if owner else None
    return f"{_reference(unit or here())}-{id}"


def _reference(unit: Organisation) -> str:
    return f"{unit.place_id or 'XX'}-ILEX-{unit.pk}"


def _reporter(made: Element, record: Record, language: str) -> None:
    """This unit; of what is not its own record it is a secondary reporter."""
    unit = here()
    second = "0" if record["owner"] == unit.pk else "1"
    reporter = {"ref": _reference(unit), "type": GOVERNMENT, "secondary-reporter": second}
    _said(SubElement(made, "reporting-org", reporter), organisation_name(unit, language), language)


def _titles(made: Element, record: Record, language: str) -> None:
    texts = sorted(record["texts"], key=lambda one: str(one["language"]))
    others = [one for one in texts if one["language"] != record["language"]]
    title = SubElement(made, "title")
    general = SubElement(made, "description", type=GENERAL)
    for one in (record, *others):
        _said(title, one["title"], one["language"])
        if words := one["summary"] or (record["title"] if one is record else ""):
            _said(general, words, one["language"])
    if record["objectives"]:
        aims = SubElement(made, "description", type=OBJECTIVES)
        for aim in record["objectives"]:
            _said(aims, aim["text"], record["language"])
    if not record["status"]:
        computed = _("No source states the status; IATI asks for one, so it follows from the dates.")
        _said(SubElement(made, "description", type=OTHER), computed, language)


def _takes_part(row: Record) -> str:
    """The code of its role in IATI; empty for those of whom IATI is not told."""
    return PARTICIPATES.get(Role(row["role"]), "") if row["organisation"] or row["place"] else ""


def _participants(record: Record, names: Names) -> Iterator[tuple[str, Named]]:
    """Organisations and states, each once in a role."""
    found: dict[tuple[str, str], Named] = {}
    for one in record["involvements"]:
        if role := _takes_part(one):
            found.setdefault((role, one["organisation"] or one["place"]), named(one, names))
    return ((role, one) for (role, _code), one in found.items())


def _status(record: Record, today: date) -> str:
    first, last = _day(record["first"]), _day(record["last"])
    if record["status"]:
        return STATUS[ActionStatus(record["status"])]
    if first and first > today:
        return STATUS[ActionStatus.PLANNED]
    return STATUS[ActionStatus.COMPLETED if last and last < today else ActionStatus.RUNNING]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _dates(made: Element, record: Record, language: str, today: date) -> None:
    """Actual only where somebody states that it began or ended; else as planned."""
    given = _("given as: %(words)s") % {"words": record["printed"] or in_words(record["when"], language)}
    began = record["status"] in (ActionStatus.RUNNING, ActionStatus.COMPLETED)
    over = record["status"] == ActionStatus.COMPLETED
    for day, sure, actual, planned in (
        (_day(record["first"]), began, ACTUAL_START, PLANNED_START),
        (_day(record["last"]), over, ACTUAL_END, PLANNED_END),
    ):
        if day is not None:
            kind = actual if sure and day <= today else planned
            _said(SubElement(made, "activity-date", {"iso-date": day.isoformat(), "type": kind}), given, language)


def _recipients(made: Element, record: Record, names: Names) -> None:
    """States by code, groups as regions of our own vocabulary. Nobody states shares, so no percentage stands."""
    receiving = [one["place"] for one in record["involvements"] if one["role"] in RECEIVES and one["place"]]
    found = {code: names.place(code) for code in receiving}
    kinds = dict(Place.objects.filter(pk__in=found).values_list("pk", "kind"))
    states = [code for code in found if kinds.get(code) in (Place.Kind.STATE, Place.Kind.TERRITORY)]
    for code in states:
        _said(SubElement(made, "recipient-country", code=code), _with_footnote(found[code]), names.language)
    for code in (code for code in found if code not in states):
        region = SubElement(made, "recipient-region", vocabulary=OWN, code=code)
        _said(region, _with_footnote(found[code]), names.language)


def _with_footnote(one: Named) -> str:
    return f"{one.text} ({one.footnote})" if one.footnote else one.text


def _budgets(made: Element, record: Record) -> None:
    """Of each calendar year its share, as IATI wants no budget longer than a year."""
    first, last = _day(record["first"]), _day(record["last"])
    if first is None or last is None:
        return
    for amount in _stated(record["amounts"]):
        for share in by_years(Decimal(amount["value"]), first, last):
            budget = SubElement(made, "budget", type="1", status="1")
            SubElement(budget, "period-start", {"iso-date": share.first.isoformat()})
            SubElement(budget, "period-end", {"iso-date": share.last.isoformat()})
            value = {"currency": amount["currency"], "value-date": share.first.isoformat()}
            SubElement(budget, "value", value).text = f"{share.value:.2f}"


def _stated(amounts: Sequence[Record]) -> Iterator[Record]:
    return (one for one in amounts if one["role"] == AmountRole.TOTAL and one["value"] is not None)


def _related(made: Element, record: Record) -> None:
    """The action above and its parts, as far as they may be told outside themselves."""
    telling = Action.objects.filter(public=True)
    above = telling.filter(key=record["parent"]) if record["parent"] else telling.none()
    below = telling.filter(parent=record["id"]).order_by("order", "pk")[:MOST_PARTS]
    for kind, found in ((ABOVE, above), (BELOW, below)):
        for id, owner in found.values_list("pk", "owner"):
            SubElement(made, "related-activity", ref=_identifier(id, owner), type=kind)


def _said(parent: Element, words: str, language: str) -> None:
    narrative = SubElement(parent, "narrative", {LANG: language})
    narrative.text = "".join(_allowed(words))


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _allowed(words: str) -> Iterator[str]:
    """XML has no place for control characters."""
    return (one for one in words if one in "\t\n" or (ord(one) >= 0x20 and ord(one) not in (0xFFFE, 0xFFFF)))
