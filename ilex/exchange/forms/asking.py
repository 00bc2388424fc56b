"""Forms that begin something: a request, own-initiative information, a message that came by another channel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.exchange.forms.letter import (
    LetterForm,
    MomentField,
    Section,
    entries,
    handling,
    handling_note,
    languages,
    prose,
    special,
    type_of_choices,
)
from ilex.exchange.models import Subject
from ilex.exchange.rules import Content, Information, SubjectContent
from ilex.gate.models import Peer
from ilex.units.models import Officer, Organisation, Role
from ilex.words import law

SUBJECTS_AT_MOST = 40


def reachable() -> type_of_choices:
    """Units whose node is paired with ours."""
    peers = Peer.objects.filter(state=Peer.State.PAIRED).select_related("unit").order_by("unit__name")
    return [(peer.unit_id, peer.unit.name) for peer in peers]


def known_units() -> type_of_choices:
    units = Organisation.objects.filter(kind=Organisation.Kind.UNIT).order_by("name")
    return [("", gettext("Choose the unit")), *((unit.id, unit.name) for unit in units)]


def urgencies() -> type_of_choices:
    """The grounds of urgency of every profile, once each; the profile checks the one chosen."""
    grounds = {entry.code: entry for profile in law.profiles() for entry in profile.urgency}
    return [("", gettext("Not urgent")), *((code, gettext(entry.text)) for code, entry in grounds.items())]


def copy_exceptions() -> type_of_choices:
    rows = {entry.code: entry for profile in law.profiles() for entry in profile.copy_exceptions}
    return [("", gettext("Copied to the unit")), *((code, gettext(entry.text)) for code, entry in rows.items())]


def channel_exceptions() -> type_of_choices:
    rows = {entry.code: entry for profile in law.profiles() for entry in profile.channel_exceptions}
    return [("", gettext("None needed")), *((code, gettext(entry.text)) for code, entry in rows.items())]


class SubjectForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Subject.Kind.choices)
    name = forms.CharField(
        label=_("Name or number"), max_length=300, required=False, help_text=_("As written, in its own script.")
    )
    language = forms.ChoiceField(label=_("Language of the name"), choices=languages, required=False)
    category = forms.ChoiceField(
        label=_("Category of person"), choices=[("", "—"), *Subject.Category.choices], required=False
    )
    born = forms.CharField(label=_("Born"), max_length=10, required=False, help_text=_("1985, 1985-03 or 1985-03-12"))
    nationality = forms.CharField(label=_("Nationality"), max_length=2, required=False, help_text=_("Two letters"))
    other_names = forms.CharField(
        label=_("Other names"), max_length=600, required=False, help_text=_("Separated by semicolons")
    )
    numbers = forms.CharField(
        label=_("Numbers"), max_length=600, required=False, help_text=_("Documents, plates; with semicolons")
    )
    note = forms.CharField(label=_("Remark"), max_length=1000, required=False)

    def content(self) -> SubjectContent | None:
        """The subject, or nothing when the row was left empty."""
        typed = self.cleaned_data
        if not typed.get("name"):
            return None
        person = typed["kind"] == Subject.Kind.PERSON
        return SubjectContent(
            kind=typed["kind"],
            name=typed["name"],
            category=typed["category"] if person else "",
            language=typed["language"],
            other_names=split(typed["other_names"]),
            born=typed["born"],
            nationality=typed["nationality"].upper(),
            numbers=split(typed["numbers"]),
            note=typed["note"],
        )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        rest = ("born", "nationality", "other_names", "numbers", "note", "category")
        if not typed.get("name") and any(typed.get(name) for name in rest):
            self.add_error("name", _("Give the name or the number of this subject, or empty the row."))
        return typed


def split(text: str) -> tuple[str, ...]:
    return tuple(part for piece in text.split(";") if (part := piece.strip()))


SubjectForms = forms.formset_factory(
    SubjectForm, extra=1, max_num=SUBJECTS_AT_MOST, validate_max=True, absolute_max=SUBJECTS_AT_MOST + 1
)


class SubjectsForm(LetterForm):
    """A letter that names subjects: their rows are a formset beside the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = SubjectForms(self.data if self.is_bound else None, prefix="subject")

    def is_valid(self) -> bool:
        fields, rows = super().is_valid(), self.subjects.is_valid()
        return fields and rows

    def take_errors(self, errors: dict[str, str]) -> None:
        """Sentences about `subjects-<n>-<name>` go to the n-th row that was filled."""
        filled = [row for row in self.subjects.forms if row.content()]
        others = {}
        for name, sentence in errors.items():
            where, _dash, rest = name.partition("subjects-")
            number, _dash, field = rest.partition("-")
            if not where and number.isdecimal() and int(number) < len(filled):
                row = filled[int(number)]
                row.add_error(field if field in row.fields else None, sentence)
            else:
                others[name] = sentence
        super().take_errors(others)

    def subject_contents(self) -> tuple[SubjectContent, ...]:
        return tuple(content for row in self.subjects.forms if (content := row.content()))


class ContentForm(SubjectsForm):
    """The six contents of Art. 4(6) of Directive (EU) 2023/977, with urgency and handling."""

    requested_information = prose(_("What do you need to know?"), hint=_("As specific as the circumstances allow."))
    purpose = prose(_("Purpose"), rows=2, hint=_("What the information will be used for."))
    facts = prose(_("Facts"), hint=_("What happened, when and where."))
    underlying_offence = forms.CharField(label=_("Underlying offence"), max_length=1000)
    offences = forms.MultipleChoiceField(
        label=_("Listed offences"),
        required=False,
        choices=lambda: [(entry.code, gettext(entry.text)) for entry in law.offences()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what applies; the legal profile may depend on it."),
    )
    grounds_available = prose(
        _("Why should they have it?"), rows=2, hint=_("Objective reasons to think the information is there.")
    )
    link_explanation = prose(_("How is each person or thing connected with the purpose?"), rows=2, required=False)
    use_restrictions = prose(_("Restrictions on the use of this request"), rows=2, required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=urgencies, required=False, widget=forms.RadioSelect, initial=""
    )
    urgency_reason = prose(_("Why is it urgent?"), rows=2, required=False, hint=_("Needed for every urgent request."))
    language = forms.ChoiceField(label=_("Language of this request"), choices=languages)
    handling = handling()
    handling_note = handling_note()
    on_behalf_of = forms.CharField(
        label=_("On behalf of"), max_length=200, required=False, help_text=_("Only for a relayed request.")
    )

    def content(self) -> Content:
        """What the verbs of the room take. Call after is_valid()."""
        names = set(Content.__dataclass_fields__) & set(self.cleaned_data)
        typed = {name: self.cleaned_data[name] for name in names}
        return Content(**{**typed, "offences": tuple(typed.get("offences", ())), "subjects": self.subject_contents()})


WHAT = Section(
    _("What is asked, and why"),
    ("requested_information", "purpose", "facts", "underlying_offence", "offences", "grounds_available"),
)
PERSONS = Section(_("Who or what it is about"), ("link_explanation",), rows=True)
ATTACHMENTS = Section(_("Attachments"), (), files=True)
URGENCY = Section(_("Urgency"), ("urgency", "urgency_reason"))
HANDLING = Section(
    _("Handling"), ("language", "handling", "handling_note", "special", "use_restrictions", "on_behalf_of")
)


class RequestForm(ContentForm):
    special = special()
    channel_exception = forms.ChoiceField(
        label=_("Why not the default channel?"),
        choices=channel_exceptions,
        required=False,
        help_text=_("Between EU members Art. 13 makes SIENA the default."),
    )
    channel_note = forms.CharField(label=_("Remark on the channel"), max_length=500, required=False)
    to = forms.MultipleChoiceField(
        label=_("To"),
        choices=reachable,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one unit.")},
    )
    copy_withheld = forms.ChoiceField(
        label=_("Copy to your own unit"),
        choices=copy_exceptions,
        required=False,
        help_text=_("Withhold it only case by case, for one of the three reasons of Art. 4(3)."),
    )
    copy_withheld_reason = prose(_("Why is the copy withheld?"), rows=2, required=False)
    necessary = forms.BooleanField(
        label=_("The information is necessary and proportionate for the purpose."), required=False
    )
    proportionate = forms.BooleanField(label=_("The purpose cannot be reached with less."), required=False)
    available = forms.BooleanField(label=_("There are objective reasons to think that they have it."), required=False)

    sections = (
        Section(_("Recipients"), ("to",)),
        WHAT,
        PERSONS,
        URGENCY,
        HANDLING,
        Section(_("Channel and copy"), ("channel_exception", "channel_note", "copy_withheld", "copy_withheld_reason")),
        ATTACHMENTS,
        Section(
            _("Test before sending"),
            ("necessary", "proportionate", "available"),
            _("Art. 4(2): the law asks you to be sure of all three."),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Role.AUTHORITY not in self.officer.roles:
            # An officer of the unit has no copy to withhold: the unit is the sender.
            del self.fields["copy_withheld"], self.fields["copy_withheld_reason"]


class RecordForm(ContentForm):
    """A request that came by SIENA, I-24/7, SELEC, a liaison officer or by post."""

    sender = forms.ChoiceField(label=_("From"), choices=known_units)
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=lambda: [(c.code, gettext(c.text)) for c in law.channels() if c.code != "node"],
    )
    channel_exception = forms.ChoiceField(
        label=_("Why not the default channel?"), choices=channel_exceptions, required=False
    )
    channel_note = forms.CharField(label=_("Remark on the channel"), max_length=500, required=False)
    received_at = MomentField(
        label=_("Received"), help_text=_("The legal clock runs from this moment."), initial=timezone.now
    )
    their_ref = forms.CharField(label=_("Their reference"), max_length=80, required=False)

    sections = (
        Section(
            _("How it came"),
            ("sender", "channel", "received_at", "their_ref", "channel_exception", "channel_note"),
        ),
        Section(_("The original"), (), _("The letter as it came: it is kept with the record."), files=True),
        WHAT,
        PERSONS,
        URGENCY,
        HANDLING,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What somebody else left out of a letter cannot be typed in by us.
        for name in ("purpose", "facts", "underlying_offence", "grounds_available"):
            self.fields[name].required = False

    def clean_received_at(self) -> Any:
        moment = self.cleaned_data["received_at"]
        if moment > timezone.now():
            raise forms.ValidationError(_("This moment lies in the future."))
        return moment


class InformationForm(SubjectsForm):
    """Own-initiative information: Art. 7."""

    to = forms.MultipleChoiceField(
        label=_("To"),
        choices=reachable,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one unit.")},
    )
    text = prose(_("Information"), rows=8)
    reasons = prose(_("Why is it relevant to them?"), rows=2)
    offences = forms.MultipleChoiceField(
        label=_("Listed offences"),
        required=False,
        choices=lambda: [(entry.code, gettext(entry.text)) for entry in law.offences()],
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=languages)
    handling = handling()
    handling_note = handling_note()
    special = special()
    source_grade = forms.ChoiceField(
        label=_("Source"), choices=entries(law.source_grades, empty=_("Not stated")), required=False
    )
    information_grade = forms.ChoiceField(
        label=_("Information"), choices=entries(law.information_grades, empty=_("Not stated")), required=False
    )
    outcome_wanted = forms.BooleanField(label=_("Ask them to report the outcome"), required=False)

    sections = (
        Section(_("Recipients"), ("to",)),
        Section(_("Information"), ("text", "reasons", "offences")),
        Section(
            _("Handling"),
            (
                *("language", "handling", "handling_note", "special"),
                *("source_grade", "information_grade", "outcome_wanted"),
            ),
        ),
        Section(_("Who or what it is about"), (), rows=True),
        ATTACHMENTS,
    )

    def information(self) -> Information:
        names = set(Information.__dataclass_fields__) & set(self.cleaned_data)
        typed = {name: self.cleaned_data[name] for name in names}
        return Information(
            **{**typed, "offences": tuple(typed.get("offences", ())), "subjects": self.subject_contents()}
        )


def first_language(officer: Officer) -> str:
    """The language a new letter starts with: the officer's own, as the unit writes it."""
    return officer.page_language or "en"
