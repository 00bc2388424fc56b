"""The forms of invitations, nominations and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.gate.models import Peer
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.invitations import KEEP_DAYS, MOST_DAYS, Terms
from ilex.programme.actions.nominating import Journey, Nominee
from ilex.programme.messages import MOST_PEOPLE
from ilex.programme.models import Invitation, Nomination
from ilex.programme.rules.certificates import LONGEST_TEXT
from ilex.programme.rules.nominations import QUESTIONS
from ilex.units import queries as units
from ilex.units.models import Organisation

QUOTA = "quota_"
QUESTION_WORDS = {
    "content": _("The subjects were useful for my work"),
    "method": _("The way of teaching and discussing was good"),
    "use": _("I will use what I learned"),
    "organisation": _("It was well organised"),
}
MARKS = [("5", _("5: fully")), ("4", "4"), ("3", "3"), ("2", "2"), ("1", _("1: not at all"))]


def prose(label: Any, *, rows: int = 4, hint: Any = "", limit: int = 4_000, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class MomentField(forms.DateTimeField):
    """A date and time as the browser's own control writes it, in the unit's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)


class InvitationForm(forms.Form):
    """One field for the quota of each unit that can be reached, and for our own."""

    quotas = forms.CharField(required=False, widget=forms.HiddenInput)  # where sentences about all quotas stand
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the one that the officer saw
    text = prose(_("Text"), hint=_("What the units should know: whom you look for, what to prepare."))
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    answer_by = forms.DateField(
        label=_("Answer by"),
        required=False,
        help_text=_("Until the end of this day, in our time. Leave it empty when there is no limit."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    travel_wanted = forms.BooleanField(
        label=_("Ask for travel data"),
        required=False,
        help_text=_("Once somebody is confirmed: arrival, departure, number of the travel document."),
    )
    keep_days = forms.IntegerField(
        label=_("Keep the names for so many days after the activity"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=KEEP_DAYS,
        help_text=_("Then they are erased here and at the units; the counts stay."),
    )

    def __init__(self, data: QueryDict | None = None, *, units: list[Organisation], **rest: Any) -> None:
        super().__init__(data, **rest)
        self.units = units
        for unit in units:
            self.fields[QUOTA + unit.pk] = forms.IntegerField(
                label=unit.name, required=False, min_value=0, max_value=MOST_PEOPLE
            )

    @classmethod
    def of(cls, invitation: Invitation) -> InvitationForm:
        given = {QUOTA + one.unit_id: one.places for one in invitation.quotas.all()}
        names = ("version", "text", "language", "travel_wanted", "keep_days")
        initial = {name: getattr(invitation, name) for name in names}
        by = localdate(invitation.answer_by) if invitation.answer_by else None
        return cls(units=to_invite(invitation), initial={**initial, **given, "answer_by": by})

    def quota_fields(self) -> Iterator[forms.BoundField]:
        for unit in self.units:
            yield self[QUOTA + unit.pk]

    def terms(self, was: datetime | None = None) -> Terms:
        """`was` is kept to the second where its day is the same."""
        said = self.cleaned_data
        quotas = {unit.pk: said[QUOTA + unit.pk] for unit in self.units if said.get(QUOTA + unit.pk)}
        by = said["answer_by"]
        answer_by = make_aware(datetime.combine(by, time(23, 59))) if by else None
        if was is not None and by == localdate(was):
            answer_by = was
        return Terms(quotas, said["text"], said["language"], answer_by, said["travel_wanted"], said["keep_days"])


def to_invite(invitation: Invitation | None = None) -> list[Organisation]:
    """Units whose node is paired with ours, our own, and those that are invited already."""
    reached = Peer.objects.filter(state=Peer.State.PAIRED).values("unit")
    invited = invitation.quotas.values("unit") if invitation else Peer.objects.none().values("unit")
    found = Organisation.objects.filter(pk__in=reached) | Organisation.objects.filter(pk__in=invited)
    return [units.here(), *found.exclude(pk=units.here().pk).order_by("name")]


class NomineeForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=160)
    function = forms.CharField(label=_("Function"), max_length=200)
    organisation = forms.CharField(
        label=_("Organisation"), required=False, max_length=300, help_text=_("Where it is not our own unit.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    prepares = forms.BooleanField(label=_("Shares in preparing the activity"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("The organiser reads it, if the person is chosen.")
    )

    def __init__(self, data: QueryDict | None = None, *, own: str = "") -> None:
        """`own`: of an officer who proposes for his own authority only, its name."""
        super().__init__(data)
        if own:
            del self.fields["organisation"]

    def nominee(self) -> Nominee:
        return Nominee(**{name: self.cleaned_data[name] for name in self.fields})


class JourneyForm(forms.Form):
    arrives_at = MomentField(label=_("Arrives"), required=False)
    leaves_at = MomentField(label=_("Leaves"), required=False)
    travels_from = forms.CharField(label=_("Travels from"), required=False, max_length=120)
    document = forms.CharField(
        label=_("Number of the travel document"),
        required=False,
        max_length=60,
        help_text=_("Only where the venue or the border asks for it."),
    )
    needs = forms.CharField(label=_("Food and access"), required=False, max_length=300)

    @classmethod
    def of(cls, nomination: Nomination) -> JourneyForm:
        travel = getattr(nomination, "travel", None)
        initial = {name: getattr(travel, name) for name in Journey.__dataclass_fields__} if travel else {}
        for name in ("arrives_at", "leaves_at"):
            if initial.get(name):
                initial[name] = localtime(initial[name])
        return cls(initial=initial)

    def journey(self) -> Journey:
        return Journey(**self.cleaned_data)


class EvaluationForm(forms.Form):
    text = prose(_("In words"), hint=_("What was best, what was missing. The organiser reads it without a name."))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for question in QUESTIONS:
            self.fields[question] = forms.ChoiceField(
                label=QUESTION_WORDS[question], required=False, choices=MARKS, widget=forms.RadioSelect
            )
        self.order_fields([*QUESTIONS, "text"])

    def marks(self) -> dict[str, int]:
        return {question: int(self.cleaned_data[question]) for question in QUESTIONS if self.cleaned_data[question]}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300)


class PerhapsReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class DecisionForm(forms.Form):
    """One choice for each person who waits for a word or can still be told another one."""

    words = forms.CharField(
        label=_("To those who are declined"),
        required=False,
        max_length=300,
        help_text=_("Needed where another reason is chosen. Their unit reads it."),
    )

    def __init__(self, data: QueryDict | None = None, *, rows: list[Nomination]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            name = gettext("Decision on %(name)s") % {"name": row.name}
            self.fields[str(row.pk)] = forms.ChoiceField(label=name, required=False, choices=_choices(row))

    def lines(self) -> Iterator[tuple[Nomination, forms.BoundField]]:
        for row in self.rows:
            yield row, self[str(row.pk)]

    def decisions(self) -> dict[Any, Decision]:
        chosen = {row.pk: self.cleaned_data[str(row.pk)] for row in self.rows if self.cleaned_data[str(row.pk)]}
        return {pk: self._decision(code) for pk, code in chosen.items()}

    def _decision(self, code: str) -> Decision:
        word, _colon, reason = code.partition(":")
        return Decision(cast(Any, word), cast(Any, reason), self.cleaned_data["words"] if word == "declined" else "")


def _choices(row: Nomination) -> list[tuple[str, str]]:
    state = Nomination.State
    declined = gettext("Declined: %(reason)s")
    given = [] if row.state == state.CONFIRMED else [("confirmed", gettext("Confirmed"))]
    given += [] if row.state == state.WAITING else [("waiting", gettext("On the waiting list"))]
    given += [(f"declined:{code}", declined % {"reason": str(words)}) for code, words in Nomination.Reason.choices]
    return [("", gettext("Leave as it is") if row.state != state.SENT else gettext("Not yet")), *given]


class VerifyForm(forms.Form):
    signed = forms.CharField(
        label=_("Text of the code"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("Scan the code with any reader and paste here what it shows."),
    )
