"""A machine-readable zone: pasted, read, looked at, kept as a document and its holder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.subjects.forms.evaluating import EvaluationForm
from ilex.subjects.forms.fields import category_choices, role_field, value_field
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.words import kinds, mrz
from ilex.words.mrz import Mrz

DOCUMENT, PERSON = 0, 1  # the sides of a pair of FIELDS
DIGITS = {
    "number": _("The check digit of the document number fails."),
    "born": _("The check digit of the date of birth fails."),
    "expires": _("The check digit of the date of expiry fails."),
    "optional": _("The check digit of the optional field fails."),
    "whole": _("The check digit over the whole zone fails."),
}


class MrzForm(forms.Form):
    zone = forms.CharField(
        label=_("Machine-readable zone"),
        max_length=mrz.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "class": "zone"}),
        help_text=_("The two or three lines of letters, digits and < at the foot of a passport, card or visa."),
    )

    def clean_zone(self) -> Mrz:
        try:
            return mrz.parse(self.cleaned_data["zone"])
        except mrz.MrzError as wrong:
            raise forms.ValidationError(gettext(str(wrong))) from None


class ReadForm(EvaluationForm):
    """What was read, to be looked at and mended by a person before it is kept."""

    LINK = "holder"
    EVALUATED = EvaluationForm.EVALUATED[:6]
    # property of the document, and of the person, for each field
    FIELDS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "type": ("type", ""),
        "number": ("number", ""),
        "issuer": ("country", ""),
        "name": ("name", "name"),
        "surname": ("", "surname"),
        "forenames": ("", "forename"),
        "born": ("born", "born"),
        "sex": ("", "sex"),
        "nationality": ("nationality", "nationality"),
        "expires": ("expires", ""),
        "zone": ("mrz", ""),
    }

    category = forms.ChoiceField(label=_("In which role does the holder come up?"), choices=category_choices)

    def __init__(self, holder: Subject | None, *args: Any, in_case: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if in_case:
            self.fields["role_in_case"] = role_field()
        for name in ("since", "until", "special", "necessity"):
            del self.fields[name]
        if holder is not None:
            del self.fields["category"]
        document, person = kinds.kind("document"), kinds.kind("person")
        for name, (of_document, of_person) in self.FIELDS.items():
            one = document.properties[of_document] if of_document else person.properties[of_person]
            self.fields[name] = value_field(one, required=name == "number")

    @classmethod
    def as_read(cls, read: Mrz) -> dict[str, str]:
        return {
            "type": cls._type(read),
            "number": read.number,
            "issuer": read.issuer_country,
            "name": read.names,
            "surname": read.surname,
            "forenames": read.forenames,
            "born": str(read.born or ""),
            "sex": read.sex,
            "nationality": read.nationality_country,
            "expires": str(read.expires or ""),
            "zone": "\n".join(read.lines),
            "from_note": gettext("Machine-readable zone of the document"),
        }

    @staticmethod
    def _type(read: Mrz) -> str:
        if read.kind.startswith("MRV"):
            return "visa"
        return {"P": "passport", "I": "identity-card", "A": "identity-card", "C": "identity-card"}.get(
            read.document[:1], "other"
        )

    @staticmethod
    def doubts(read: Mrz) -> list[str]:
        """One sentence for each thing the officer should compare with the paper."""
        sentences = [str(DIGITS[name]) for name in read.wrong if name in DIGITS]
        if read.truncated:
            sentences.append(gettext("The name was too long for the zone and is cut: write it as the page shows it."))
        return sentences

    @property
    def read_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIELDS]

    @property
    def evaluated(self) -> list[forms.BoundField]:
        return self.drawn(*self.EVALUATED)

    def of_document(self) -> list[Said]:
        return self._said(DOCUMENT)

    def of_person(self) -> list[Said]:
        return self._said(PERSON)

    def _said(self, side: int) -> list[Said]:
        typed, evaluation = self.cleaned_data, self.evaluation()
        return [
            Said(one, typed[name], "legal" if one == "name" else "", "", evaluation)
            for name, one in self._filled(side).items()
        ]

    def _filled(self, side: int) -> dict[str, str]:
        """The properties of the document or the person by the fields that were filled."""
        typed = self.cleaned_data
        return {name: both[side] for name, both in self.FIELDS.items() if both[side] and typed.get(name)}

    def named(self, side: int, errors: Mapping[str, str]) -> dict[str, str]:
        """The verb counts what it was given ("2-value"): the same sentences by the names of the fields."""
        filled = list(self._filled(side))
        return {
            filled[int(place)] if end == "value" else end or place: sentence
            for name, sentence in errors.items()
            for place, _dash, end in [name.partition("-")]
        }
