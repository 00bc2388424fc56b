"""Forms that say something about a request that exists."""

from __future__ import annotations

from typing import Any, cast

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
    prose,
    special,
    type_of_choices,
)
from ilex.exchange.models import Access, Entry, Request
from ilex.exchange.rules import Refused
from ilex.units.models import Officer
from ilex.words import law


class ReplyForm(LetterForm):
    """About one request. On a channel other than the node the officer states when it was said there."""

    said_at = MomentField(
        label=_("Said at"), help_text=_("When it was sent by the other channel."), initial=timezone.now
    )

    def __init__(self, *args: Any, about: Request, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)
        if about.channel == "node":
            del self.fields["said_at"]

    def ground_choices(self) -> type_of_choices:
        return [(ground.code, f"{ground.code} · {gettext(ground.text)}") for ground in self.profile.refusal]

    @property
    def profile(self) -> law.Profile:
        return law.profile(self.about.profile)

    def said(self) -> dict[str, Any]:
        return {"said_at": self.cleaned_data["said_at"]} if "said_at" in self.fields else {}


class QuestionForm(ReplyForm):
    text = prose(_("What must be clarified?"), hint=_("The clock stops when they have received the question."))
    sections = (Section(_("Question"), ("text", "said_at")),)


class ClarificationForm(ReplyForm):
    text = prose(_("Your clarification"), hint=_("Their clock runs again when they have received it."))
    sections = (Section(_("Clarification"), ("text", "said_at")), Section(_("Attachments"), (), files=True))


class DelayForm(ReplyForm):
    reason = prose(_("Why is judicial authorisation needed, and why does it take longer?"), rows=3)
    expected_at = MomentField(label=_("Expected"))
    sections = (Section(_("Delay for judicial authorisation"), ("reason", "expected_at", "said_at")),)

    def clean_expected_at(self) -> Any:
        moment = self.cleaned_data["expected_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("The expected moment must lie in the future."))
        return moment


class AnswerForm(ReplyForm):
    stage = forms.ChoiceField(
        label=_("This answer is"),
        choices=[
            ("final", _("Final: nothing more will follow")),
            ("partial", _("Partial: a part of what was asked")),
            ("interim", _("Interim: tells how far we are")),
        ],
        widget=forms.RadioSelect,
        initial="final",
    )
    text = prose(_("Answer"), rows=8)
    handling = handling()
    handling_note = handling_note()
    special = special()
    source_grade = forms.ChoiceField(
        label=_("Source"), choices=entries(law.source_grades, empty=_("Not stated")), required=False
    )
    information_grade = forms.ChoiceField(
        label=_("Information"), choices=entries(law.information_grades, empty=_("Not stated")), required=False
    )
    use = forms.ChoiceField(
        label=_("Conditions of use"), choices=entries(law.use_conditions, empty=_("Not stated")), required=False
    )
    use_conditions = forms.CharField(label=_("Conditions in words"), max_length=1000, required=False)
    outcome_wanted = forms.BooleanField(label=_("Ask them to report the outcome"), required=False)
    refuse_grounds = forms.MultipleChoiceField(
        label=_("Refuse a part: ground"), required=False, widget=forms.CheckboxSelectMultiple
    )
    refuse_part = forms.CharField(label=_("Which part is refused?"), max_length=2000, required=False)
    refuse_reasons = prose(_("Reasons of the refusal"), rows=2, required=False)
    settles = forms.BooleanField(
        label=_("With this the request is fully dealt with"),
        required=False,
        help_text=_("For a partial answer whose rest is refused or was answered before."),
    )

    sections = (
        Section(_("Answer"), ("stage", "text", "said_at")),
        Section(
            _("Handling"),
            (
                "handling",
                "handling_note",
                "special",
                "source_grade",
                "information_grade",
                "use",
                "use_conditions",
                "outcome_wanted",
            ),
        ),
        Section(
            _("Refuse a part"),
            ("refuse_grounds", "refuse_part", "refuse_reasons", "settles"),
            _("The rest must still be supplied: Art. 6(2)."),
        ),
        Section(_("Attachments"), (), files=True),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["refuse_grounds"]).choices = self.ground_choices()

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        refusing = bool(typed.get("refuse_grounds") or typed.get("refuse_part") or typed.get("refuse_reasons"))
        if refusing:
            for name, sentence in (
                ("refuse_grounds", _("Choose the ground of the refusal.")),
                ("refuse_part", _("Say which part is refused.")),
            ):
                if not typed.get(name):
                    self.add_error(name, sentence)
            if typed.get("stage") == "interim":
                self.add_error("stage", _("An interim answer cannot refuse a part."))
        return typed

    def refused(self) -> Refused | None:
        typed = self.cleaned_data
        if not typed["refuse_grounds"]:
            return None
        return Refused(tuple(typed["refuse_grounds"]), typed["refuse_part"], typed["refuse_reasons"])


class RefusalForm(ReplyForm):
    grounds = forms.MultipleChoiceField(
        label=_("Ground"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the ground of the refusal.")},
    )
    part = forms.CharField(
        label=_("Which part is refused?"),
        max_length=2000,
        required=False,
        help_text=_("Leave empty when the whole request is refused."),
    )
    reasons = prose(_("Reasons"), rows=3)
    settles = forms.BooleanField(
        label=_("With this the request is fully dealt with"),
        required=False,
        help_text=_("When a part is refused and the rest was answered before."),
    )
    sections = (Section(_("Refusal"), ("grounds", "part", "reasons", "settles", "said_at")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["grounds"]).choices = self.ground_choices()

    def refused(self) -> Refused:
        typed = self.cleaned_data
        return Refused(tuple(typed["grounds"]), typed["part"], typed["reasons"])


class OutcomeForm(ReplyForm):
    text = prose(_("What came of it?"), hint=_("How the information was used, and with what result."))
    sections = (Section(_("Outcome report"), ("text", "said_at")),)


class CorrectionForm(LetterForm):
    text = prose(_("Corrected text"), rows=6)
    reason = prose(_("What was wrong?"), rows=2)
    sections = (Section(_("Correction"), ("text", "reason")),)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        self.entry = entry
        super().__init__(*args, **kwargs)


class RecallForm(LetterForm):
    reason = prose(_("Why is it recalled?"), rows=2)
    sections = (Section(_("Recall"), ("reason",)),)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        self.entry = entry
        super().__init__(*args, **kwargs)


class NoteForm(forms.Form):
    text = prose(_("Note"), rows=3, hint=_("Stays in the house."))


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Assign to"), queryset=Officer.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Officer]", self.fields["to"])
        field.queryset = Officer.objects.filter(is_active=True, roles__overlap=["duty", "case", "head"]).order_by(
            "name"
        )


class AccessForm(forms.Form):
    access = forms.ChoiceField(label=_("The information is"), choices=Access.choices, widget=forms.RadioSelect)
    reason = prose(_("Why?"), rows=2)


class CloseForm(forms.Form):
    reason = prose(_("Why is it closed?"), rows=2, required=False)


class PartnerSaidForm(forms.Form):
    """What the partner said by another channel about a request that runs there."""

    kind = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                Entry.Kind.ACKNOWLEDGEMENT,
                Entry.Kind.QUESTION,
                Entry.Kind.CLARIFICATION,
                Entry.Kind.DELAY,
                Entry.Kind.ANSWER,
                Entry.Kind.REFUSAL,
                Entry.Kind.OUTCOME,
            )
        ],
    )
    at = MomentField(label=_("Received"), initial=timezone.now)
    text = prose(_("Text"), rows=6, required=False, hint=_("Empty: the text of the attached e-mail or scan."))
    stage = forms.ChoiceField(
        label=_("If it is an answer"),
        choices=[("", "—"), ("final", _("Final")), ("partial", _("Partial")), ("interim", _("Interim"))],
        required=False,
    )
    expected_at = MomentField(label=_("If it is a delay, expected"), required=False)
