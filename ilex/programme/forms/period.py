"""Dates as far as they are known, in fields that an officer can fill without knowing how they are spelled."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ilex.programme.bounds import within
from ilex.words.edtf import Edge, When
from ilex.words.periods import LETTERS, Duration

UNITS = [("D", _("days")), ("W", _("weeks")), ("M", _("months")), ("Y", _("years"))]


class PeriodForm(forms.Form):
    """Gives `when` (EDTF) and `duration` (P8M) in its cleaned data; both empty when nothing is known."""

    begins = forms.CharField(
        label=_("From"),
        required=False,
        max_length=12,
        help_text=_("As far as it is known: 2019, 2019-02 or 2019-02-14. A ~ behind it means about, a ? doubtful."),
    )
    ends = forms.CharField(
        label=_("Until"),
        required=False,
        max_length=12,
        help_text=_("Empty when it is one day, one month or one year."),
    )
    ending = forms.ChoiceField(
        label=_("If there is no end date"),
        required=False,
        choices=[("", _("it is as long as the first date")), ("..", _("it goes on")), ("?", _("its end is not known"))],
    )
    length = forms.IntegerField(label=_("Length, where a source states it"), required=False, min_value=1, max_value=999)
    length_unit = forms.ChoiceField(label=_("Unit of the length"), required=False, choices=[("", "—"), *UNITS])

    PERIOD = ("begins", "ends", "ending", "length", "length_unit")

    @staticmethod
    def first_values(when: str, duration: str) -> dict[str, Any]:
        """What the fields begin with."""
        read = When.parse(when)
        start, end = str(read.start), read.end
        values: dict[str, Any] = {"begins": start, "ends": str(end) if end and end.date else "", "ending": ""}
        if end is not None and end.date is None:
            values["ending"] = ".." if end.open else "?"
        if duration:
            length = Duration.parse(duration)
            letter = next(letter for letter, unit in LETTERS.items() if unit == length.unit)
            values |= {"length": length.count, "length_unit": letter}
        return values

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        typed["when"], typed["duration"] = "", ""
        if self._edges_are_right(typed):
            try:
                typed["when"] = str(When.parse(self._spelled(typed)))
            except ValueError as wrong:
                self.add_error("ends", str(wrong))
        count, unit = typed.get("length"), typed.get("length_unit")
        if count and unit:
            typed["duration"] = f"P{count}{unit}"
        elif count or unit:
            self.add_error("length", _("A length is a number and its unit."))
        return typed

    def _edges_are_right(self, typed: dict[str, Any]) -> bool:
        for name in ("begins", "ends"):
            try:
                within(When(Edge.parse(typed.get(name, "").strip())))
            except ValueError as wrong:
                self.add_error(name, str(wrong))
        return not {"begins", "ends"} & set(self.errors)

    def _spelled(self, typed: dict[str, Any]) -> str:
        begins, ends = typed.get("begins", "").strip(), typed.get("ends", "").strip()
        if ends:
            return f"{begins}/{ends}"
        return {"": begins, "..": f"{begins}/..", "?": f"{begins}/"}[typed.get("ending", "")] if begins else ""
