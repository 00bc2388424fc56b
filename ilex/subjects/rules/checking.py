"""The checks on what is said of a subject: each failed one is a sentence beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from ilex.subjects.rules.errors import Invalid
from ilex.subjects.rules.keys import key_of
from ilex.subjects.rules.said import ASSESSMENT, CATEGORIES, FACT, Evaluation, Said, Stated
from ilex.words import countries, identifiers, kinds, law
from ilex.words.dates import PartialDate
from ilex.words.entries import LawError
from ilex.words.kinds import Kind, Property

COUNTRIES = ("country", "nationality")
LINE, PARAGRAPH, LONG = 300, 4_000, 20_000
SOURCES = frozenset({"officer", "entry", "document", "release", "import"})
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,6})?", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)


def checked_reason(text: str, sentence: str, field: str = "reason") -> str:
    """The text without blanks around it. Raises Invalid with the sentence when nothing is left."""
    text = text.strip()
    if not text:
        raise Invalid({field: sentence})
    _must_be_text(field, text, PARAGRAPH)
    return text


def is_permitted(kind: str, category: str, name: str) -> bool:
    """Whether the law allows this property for this category of persons; of things everything the file names."""
    return name in kinds.permitted(kind, category)


def checked_category(kind: str, category: str) -> None:
    """A person has one, a thing none: Directive (EU) 2016/680 Art. 6."""
    if kinds.kind(kind).categorised:
        if category not in CATEGORIES:
            raise Invalid({"category": _("Say in which role this person comes up: suspect, victim, witness...")})
    elif category:
        raise Invalid({"category": _("Only persons have a category.")})


def country_of(said: Iterable[tuple[str, str]]) -> str:
    """The country by whose rules the numbers of a subject are read, by (property, value) of what is said of it."""
    known = dict(said)
    return next((code for name in COUNTRIES if (code := countries.alpha2(known.get(name, "")))), "")


def checked(kind: str, category: str, said: Said, *, exact: bool = True, country: str = "") -> Stated:
    """What was said as it is kept, with its key. Raises Invalid. `country` is the subject's, where it is known.

    With `exact=False` (what a partner sent) a number that breaks its own rule is kept as it came: it is evidence of
    what he has. What the law says is checked for everybody.
    """
    one, value, key = checked_value(kinds.kind(kind), category, said.property, said.value, exact=exact, country=country)
    evaluation = checked_evaluation(said.evaluation, always=one.special)
    _check_name(one, said)
    kept = replace(said, value=value, evaluation=evaluation, name_kind=said.name_kind if one.is_name else "")
    return Stated(kept, key)


def checked_value(
    kind: Kind, category: str, name: str, value: str, *, exact: bool = True, country: str = ""
) -> tuple[Property, str, str]:
    """The property, the value as it is kept, and its key. Raises Invalid. `country` helps to read a number."""
    one = _property(kind, category, name)
    value = " ".join(value.split()) if one.type != "long" else value.strip()
    if not value:
        raise Invalid({"value": _("Write what is known.")})
    _must_be_text("value", value, LONG if one.type in ("text", "long") else LINE)
    value, compact = _value(one, value, exact, country)
    return one, value, key_of(one.type, value, compact)


def _property(kind: Kind, category: str, name: str) -> Property:
    one = kind.properties.get(name)
    if one is None:
        raise Invalid({"property": _("A subject of this kind has no such field.")})
    if name not in kind.permitted(category):
        raise Invalid(
            {"property": _("The law does not allow “%(field)s” for this category of persons.") % {"field": _(one.text)}}
        )
    return one


def _value(one: Property, value: str, exact: bool, country: str) -> tuple[str, str]:
    """The value as it is kept, and its compact form where it is a number with a rule."""
    if one.check:
        return value, _compact(one, value, exact, country)
    if one.type == "date":
        return _date("value", value), ""  # a partner's date must be one too: it is compared
    if one.type == "choice" and exact and value not in {choice.code for choice in one.choices}:
        raise Invalid({"value": _("Choose one from the list.")})
    if one.type == "country":
        code = countries.alpha2(value)
        if not code and exact:
            raise Invalid({"value": _("Write the country as its code of two letters, like RS or GE.")})
        value = code or value
    if one.type == "number" and exact and not NUMBER.fullmatch(value):
        raise Invalid({"value": _("Write a number.")})
    return value, ""


def _compact(one: Property, value: str, exact: bool, country: str) -> str:
    try:
        return identifiers.clean(one.check, value, country)
    except identifiers.Wrong as wrong:
        if exact:
            raise Invalid({"value": _(str(wrong))}) from None
        return ""


def _check_name(one: Property, said: Said) -> None:
    if one.is_name and said.name_kind and said.name_kind not in {line.code for line in kinds.name_kinds()}:
        raise Invalid({"name_kind": _("Choose one from the list.")})
    if said.language and not LANGUAGE.fullmatch(said.language):
        raise Invalid({"language": _("Write the language as its code, like sr or ka.")})


def special_of(kind: str, name: str) -> str:
    """The special category that a property always is; empty for most."""
    one = kinds.kind(kind).properties.get(name)
    return one.special if one else ""


def checked_evaluation(evaluation: Evaluation, *, always: str = "") -> Evaluation:
    """The evaluation as it is kept; `always` is the special category that the property itself is. Raises Invalid."""
    special = evaluation.special or always
    faults: dict[str, str] = {}
    _check_handling(evaluation, faults)
    _check_grades(evaluation, faults)
    _check_special(special, evaluation.necessity, faults)
    if evaluation.basis not in (FACT, ASSESSMENT):
        faults["basis"] = _("Say whether it is a fact or an assessment.")
    if evaluation.from_kind not in SOURCES:
        faults["from_kind"] = _("Choose one from the list.")
    since, until = _period(evaluation, faults)
    for name, limit in (("from_note", LINE), ("handling_note", PARAGRAPH), ("necessity", PARAGRAPH)):
        _check_text(name, getattr(evaluation, name), limit, faults)
    if faults:
        raise Invalid(faults)
    return replace(
        evaluation,
        special=special,
        since=since,
        until=until,
        from_note=evaluation.from_note.strip(),
        handling_note=evaluation.handling_note.strip(),
        necessity=evaluation.necessity.strip(),
    )


def _check_handling(evaluation: Evaluation, faults: dict[str, str]) -> None:
    try:
        marked = law.handling(evaluation.handling)
    except LawError:
        faults["handling"] = _("Choose a handling code from the list.")
        return
    if any(code.needs_note for code in marked) and not evaluation.handling_note.strip():
        faults["handling_note"] = _("This handling code needs its restriction in words.")


def _check_grades(evaluation: Evaluation, faults: dict[str, str]) -> None:
    for name, grades in (("source_grade", law.source_grades()), ("information_grade", law.information_grades())):
        grade = getattr(evaluation, name)
        if grade and grade not in {line.code for line in grades}:
            faults[name] = _("Choose one from the list.")


def _check_special(special: str, necessity: str, faults: dict[str, str]) -> None:
    """Directive (EU) 2016/680 Art. 10: only where strictly necessary."""
    if special and special not in {line.code for line in kinds.special_categories()}:
        faults["special"] = _("Choose one from the list.")
    elif special and not necessity.strip():
        faults["necessity"] = _("This is a special category of data: say why it is strictly necessary.")


def _period(evaluation: Evaluation, faults: dict[str, str]) -> tuple[str, str]:
    dates = {}
    for name in ("since", "until"):
        try:
            dates[name] = _date(name, getattr(evaluation, name))
        except Invalid as wrong:
            faults |= wrong.fields
    since, until = dates.get("since", ""), dates.get("until", "")
    if since and until and PartialDate.parse(until).last < PartialDate.parse(since).first:
        faults.setdefault("until", _("It ends before it begins."))
    return since, until


def _date(field: str, text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(PartialDate.parse(text))
    except ValueError as wrong:
        raise Invalid({field: _(str(wrong))}) from None


def _must_be_text(field: str, text: str, limit: int) -> None:
    if len(text) <= limit and "\0" not in text:
        return
    faults: dict[str, str] = {}
    _check_text(field, text, limit, faults)
    if faults:
        raise Invalid(faults)


def _check_text(field: str, text: str, limit: int, faults: dict[str, str]) -> None:
    if "\0" in text:
        faults.setdefault(field, _("The text holds a character that cannot be kept."))
    elif len(text) > limit:
        faults.setdefault(field, _("The text is longer than %(limit)d characters.") % {"limit": limit})
