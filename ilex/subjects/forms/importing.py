"""A file of subjects: whose it is, why it is taken in, and how it is to be understood where it does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.gate.forms import AttachmentsField
from ilex.gate.models import Attachment
from ilex.subjects.actions.importing import SOURCE_LONGEST, Asked
from ilex.subjects.files import form_of
from ilex.subjects.files.tables import Columns
from ilex.subjects.forms.evaluating import FREE, EvaluationForm
from ilex.subjects.forms.fields import category_choices, kind_choices, line, prose
from ilex.units.models import Circle, Officer


class ImportForm(EvaluationForm):
    """How a file is to be taken in. `asked()` after `is_valid()`."""

    source = line(
        _("Whose file is it?"),
        _("A short name, like “Vehicle register 2024”. With its ids it names a subject for ever."),
        required=True,
        longest=SOURCE_LONGEST,
    )
    purpose = prose(_("For which purpose is it taken in?"), _("It stands in the journal."), longest=1_000)
    kind = forms.ChoiceField(
        label=_("Kind of rows that name none"),
        choices=lambda: kind_choices(_("Each row says what it is")),
        required=False,
    )
    category = forms.ChoiceField(
        label=_("Category of persons where the file names none"),
        choices=lambda: category_choices(_("Each row says it")),
        required=False,
    )
    meaning = prose(
        _("What do its columns hold?"),
        _(
            "Only of columns with names of their own, one on a line: Презиме=surname, Alias=name:alias. "
            "With Header=- a column is left out."
        ),
        required=False,
        rows=3,
    )
    as_it_is = forms.BooleanField(
        label=_("Keep numbers that break their own rule"),
        help_text=_("Else a wrong check digit refuses the row."),
        required=False,
    )
    circle = forms.ModelChoiceField(
        label=_("Closed circle"),
        queryset=Circle.objects.none(),
        required=False,
        empty_label=_("None: all who work on cases see it"),
    )

    EVALUATED = ("source_grade", "information_grade", "basis", "handling", "handling_note", "necessity")
    READING = ("kind", "category", "meaning", "as_it_is")

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_note", "since", "until", "special"):
            del self.fields[name]
        circles = officer.circles.order_by("name")
        if circles:
            self.fields["circle"].queryset = circles  # type: ignore[attr-defined]
        else:
            del self.fields["circle"]

    def clean_meaning(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for text in filter(str.strip, self.cleaned_data["meaning"].splitlines()):
            header, sign, name = text.rpartition("=")
            if not sign or not header.strip() or not name.strip():
                sentence = gettext("Write “%(line)s” as the name of the column, =, and what it holds.")
                raise forms.ValidationError(sentence % {"line": text.strip()[:60]})
            found[" ".join(header.split())] = name.strip()
        return found

    def asked(self, name: str) -> Asked:
        typed = self.cleaned_data
        return Asked(
            form=form_of(name),
            name=name,
            source=typed["source"],
            purpose=typed["purpose"],
            columns=Columns(kind=typed["kind"], category=typed["category"], meaning=typed["meaning"]),
            evaluation=self.evaluation(),
            circle=typed.get("circle"),
            exact=not typed["as_it_is"],
        )

    @property
    def reading(self) -> list[forms.BoundField]:
        """How it is to be understood."""
        return [self[name] for name in self.READING]

    @property
    def evaluated(self) -> list[forms.BoundField]:
        return self.drawn(*self.EVALUATED, "circle")

    def field_of(self, name: str) -> str | None:
        found = "file" if name == "form" else name
        return found if found in self.fields else None


class FileForm(ImportForm):
    """The same, with the file itself."""

    file = AttachmentsField(
        label=_("File"),
        most=1,
        help_text=_("FollowTheMoney (.json, .ijson), CSV or XLSX, up to 16 MiB. It is sealed on its way in."),
    )

    def clean_file(self) -> Attachment:
        (found,) = self.cleaned_data["file"]
        if not form_of(found.name):
            raise forms.ValidationError(gettext("Only files that end in .json, .ijson, .csv, .tsv or .xlsx are read."))
        kept: Attachment = found
        return kept


def as_asked(asked: Asked) -> Mapping[str, Any]:
    """What was asked of a file before, to begin the form with."""
    evaluation = asked.evaluation
    return {name: getattr(evaluation, name) for name in ImportForm.EVALUATED} | {
        "handling": [code for code in evaluation.handling.split("+") if code != FREE],
        "source": asked.source,
        "purpose": asked.purpose,
        "kind": asked.columns.kind,
        "category": asked.columns.category,
        "meaning": "\n".join(f"{header}={name}" for header, name in asked.columns.meaning.items()),
        "as_it_is": not asked.exact,
        "circle": asked.circle,
    }
