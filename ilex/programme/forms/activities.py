"""Forms of activities: what they are, their agenda, what was agreed, and how they go on."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.programme.actions.activities import hours_of
from ilex.programme.actions.agenda import Point, spoken_by
from ilex.programme.forms.period import PeriodForm
from ilex.programme.forms.saying import choose, organisation_choices, place_choices, prose
from ilex.programme.kinds import ActivityKind, Mode, OutcomeKind, SessionForm
from ilex.programme.models import Action, Activity, Session
from ilex.programme.rules.hours import moment, on_the_clock
from ilex.web.languages import page_languages

T = TypeVar("T", bound=Action | Activity)


class Clock(forms.TimeField):
    """An hour of the day, with 24 hours."""

    def __init__(self, **named: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(required=False, widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **named)


class ActivityForm(PeriodForm):
    title = forms.CharField(label=pgettext_lazy("heading", "Title"), max_length=300)
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "Kind"), choices=ActivityKind)
    action = forms.CharField(
        label=_("Action"),
        required=False,
        max_length=300,
        help_text=_("Title or short name of the action it belongs to, as it stands in the list."),
    )
    text = prose(_("What it is about"), 4, required=False)
    opens = Clock(label=_("Begins at"), help_text=_("On the clock of the place; on the first day."))
    closes = Clock(label=_("Ends at"), help_text=_("On the last day."))
    place = forms.ChoiceField(label=_("Place"), required=False)
    venue = forms.CharField(label=_("Venue"), required=False, max_length=200)
    zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        max_length=40,
        help_text=_("Only where it is not that of the place: Europe/Skopje."),
    )
    mode = forms.ChoiceField(label=_("How people meet"), required=False)
    format = forms.CharField(label=pgettext_lazy("of a meeting", "Format"), required=False, max_length=60)
    languages = forms.MultipleChoiceField(
        label=_("Spoken and interpreted"), required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.CharField(
        label=_("Places for participants"), required=False, max_length=80, help_text=_("24, or: up to 75 participants.")
    )
    topics = prose(_("Topics"), 3, _("One a line."), required=False)
    shaped_by = forms.CharField(
        label=_("Shaped by the answers of"),
        required=False,
        max_length=300,
        help_text=_("Title of a mapping by questionnaire."),
    )
    printed = forms.CharField(label=_("Dates as the source prints them"), required=False, max_length=200)
    language = forms.ChoiceField(label=_("Language of title and texts"))
    public = forms.BooleanField(label=_("May stand on the public site"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = (
        *("title", "kind", "action", "text", *PeriodForm.PERIOD[:3], "opens", "closes", "place", "venue", "zone"),
        *("mode", "format", "languages", "capacity", "topics", "shaped_by"),
        *("length", "length_unit", "printed", "language", "public"),
    )

    def __init__(self, *args: Any, activity: Activity | None = None, publishes: bool = False, **kwargs: Any) -> None:
        """`publishes`: whether the officer says what may be public; for others it stays as it is."""
        super().__init__(*args, **kwargs)
        if not publishes:
            del self.fields["public"]
        tongues = {one.code: one.name for one in page_languages()}
        spoken = dict(tongues)
        for code in activity.languages if activity else ():
            spoken.setdefault(code, code)
        if activity is not None:
            tongues.setdefault(activity.language, activity.language)
        choose(self, "place", place_choices(), gettext("not known"))
        choose(self, "mode", [(one.value, str(one.label)) for one in Mode], gettext("not stated"))
        choose(self, "languages", list(spoken.items()), None)
        choose(self, "language", list(tongues.items()), None)

    @classmethod
    def first(cls, activity: Activity) -> dict[str, Any]:
        names = (
            "title",
            "kind",
            "text",
            "venue",
            "zone",
            "mode",
            "format",
            "languages",
            "printed",
            "language",
            "public",
        )
        values = {name: getattr(activity, name) for name in (*names, "version", "capacity")}
        opens, closes = hours_of(activity)
        values |= {"place": activity.place_id or "", "opens": opens, "closes": closes}
        values |= {"topics": "\n".join(activity.topics), "action": activity.action.key if activity.action else ""}
        values["shaped_by"] = activity.shaped_by.key if activity.shaped_by else ""
        return values | cls.first_values(activity.when, activity.duration)

    def clean_action(self) -> Action | None:
        return named(Action, self.cleaned_data["action"], ("key", "short__iexact", "title__iexact"))

    def clean_shaped_by(self) -> Activity | None:
        return named(Activity, self.cleaned_data["shaped_by"], ("key", "title__iexact"))

    def clean_topics(self) -> list[str]:
        return str(self.cleaned_data["topics"]).splitlines()

    def columns(self) -> dict[str, Any]:
        """What the verb gets."""
        left_out = {"begins", "ends", "ending", "length", "length_unit", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


def named(model: type[T], text: str, columns: tuple[str, ...]) -> T | None:
    """The one of this key, short name or title; an officer writes what he reads in the list."""
    text = " ".join(text.split())
    if not text:
        return None
    for column in columns:
        rows: Any = model._default_manager.filter(**{column: text})
        found: list[T] = list(rows[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(gettext("Several are called so: write the whole title."))
    raise forms.ValidationError(gettext("There is nothing called “%(text)s”.") % {"text": text[:80]})


class PointForm(forms.Form):
    """One point of the agenda."""

    title = forms.CharField(label=pgettext_lazy("heading", "Title"), max_length=300, required=False)
    form = forms.ChoiceField(
        label=pgettext_lazy("agenda", "Form"), required=False, choices=[("", "—"), *SessionForm.choices]
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    opens = Clock(label=_("Begins at"))
    closes = Clock(label=_("Ends at"))
    speakers = forms.CharField(
        label=_("Speakers, by function"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line; never a name."),
    )
    text = prose(_("What it is about"), 2, required=False)
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @classmethod
    def first(cls, session: Session, zone: str) -> dict[str, Any]:
        values: dict[str, Any] = {name: getattr(session, name) for name in ("title", "form", "text", "id")}
        for name, at in (("opens", session.starts_at), ("closes", session.ends_at)):
            values[name] = on_the_clock(at, zone).time() if at else None
        values["day"] = on_the_clock(session.starts_at, zone).date() if session.starts_at else None
        return {**values, "speakers": "\n".join(spoken_by(session))}

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if (typed.get("text") or typed.get("speakers") or typed.get("opens")) and not typed.get("title"):
            self.add_error("title", gettext("Give each point a title."))
        if (typed.get("opens") is None) != (typed.get("closes") is None):
            self.add_error("closes", gettext("Say both hours, or none."))
        elif typed.get("opens") and not typed.get("day"):
            self.add_error("day", gettext("Hours need an exact day: give the day first."))
        else:
            for name in ("opens", "closes"):
                typed[f"{name}_at"] = self._moment(name, typed)
        return typed

    def _moment(self, name: str, typed: dict[str, Any]) -> datetime | None:
        at: time | None = typed.get(name)
        if at is None or typed.get("day") is None:
            return None
        try:
            return moment(typed["day"], at, self.zone)
        except ValueError:
            self.add_error(name, gettext("Clocks there leave this hour out on that day."))
            return None

    def point(self) -> Point:
        said = self.cleaned_data
        speakers = said["speakers"].splitlines()
        hours = said.get("opens_at"), said.get("closes_at")
        return Point(said["title"], said["form"], said["text"], speakers, *hours, said.get("id"))


AgendaSet = forms.formset_factory(PointForm, extra=3, max_num=200, absolute_max=220)


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("outcome", "Kind"), choices=OutcomeKind, initial="agreed")
    text = prose(_("What was agreed, or what it brought out"))
    responsible = forms.ChoiceField(label=_("Who does it"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    due_on = forms.DateField(label=_("Until when"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "responsible", organisation_choices())
        choose(self, "place", place_choices())


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it does not take place"),
        max_length=300,
        help_text=_("The units that know of it read this. Its invitations end."),
    )


class HoldForm(forms.Form):
    attended = forms.CharField(
        label=_("How many came"),
        required=False,
        max_length=80,
        help_text=_("As far as it is known: 24, or: over 70 participants."),
    )


class AnnounceForm(forms.Form):
    """To whom; nobody is told who is not ticked."""

    to = forms.MultipleChoiceField(label=_("Tell these units"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to", units, None)
