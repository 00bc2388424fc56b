"""The page of an activity, with all that is said of it, and the small pages by which it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.programme.actions import activities as verbs
from ilex.programme.actions import agenda as planning
from ilex.programme.forms.activities import (
    ActivityForm,
    AgendaSet,
    AnnounceForm,
    CancelForm,
    HoldForm,
    OutcomeForm,
    PointForm,
)
from ilex.programme.models import Action, Activity, Invitation, Outcome
from ilex.programme.queries.access import activity_for
from ilex.programme.queries.activities import ActivityPage, page_of
from ilex.programme.queries.hours import zone_of
from ilex.programme.queries.nominations import visible_invitations
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.programme.views.changing import SAYS
from ilex.programme.views.loading import accepted, officer_of, plain_of, publishes, seen_version, tried
from ilex.units.models import Officer
from ilex.units.queries import here, unit_names
from ilex.units.rules import check, may
from ilex.web.steps import StepLink

State = Activity.State
ENDS = "?parts=end#involved"  # the page of the activity, with a link to end each part
BACK = "?mistakes=show"  # the page, with a link to take back each word that was written down


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    activity = activity_for(officer, key)
    found = page_of(activity, officer, invitations=_invitations(officer, activity))
    ours = activity.owner is None or activity.owner == here()
    writes = may(officer, "programme.write")
    shown = {
        "shown": found,
        "activity": activity,
        "writes": writes,
        "follows": writes and ours,
        "next_step": _next_step(officer, found) if ours else None,
        "step_links": list(_steps(officer, activity, ours=ours)),
        "ends": writes and request.GET.get("parts") == "end",
        "back_mode": writes and request.GET.get("mistakes") == "show",
        "ours": ours,
    }
    return render(request, "programme/activity.html", shown)


def _invitations(officer: Officer, activity: Activity) -> list[Invitation]:
    if not may(officer, "nomination.propose"):
        return []
    return list(visible_invitations(officer).filter(activity=activity).distinct().order_by("pk"))


def _next_step(officer: Officer, found: ActivityPage) -> StepLink | None:
    """One: to decide where sources differ, to announce a draft, to invite, or to say that it was held."""
    activity, writes = found.activity, may(officer, "programme.write")
    if writes and found.said.open:
        first = found.said.open[0]
        return StepLink(_("Say which source is followed"), reverse("claim-prefer", args=[first.claims[0].row.pk]))
    if writes and activity.state == State.DRAFT:
        if not activity.when:
            return StepLink(_("Say when it is"), reverse("activity-edit", args=[activity.key]))
        return StepLink(_("Announce it to the network"), reverse("activity-announce", args=[activity.key]))
    if activity.state == State.ANNOUNCED:
        if writes and activity.last is not None and activity.last < localdate():
            return StepLink(_("Say that it was held"), reverse("activity-hold", args=[activity.key]))
        if may(officer, "nomination.choose") and not found.invitations:
            return StepLink(_("Invite units"), reverse("invitation-new", args=[activity.key]))
    return None


def _steps(officer: Officer, activity: Activity, *, ours: bool) -> Iterator[StepLink]:
    """`ours`: or nobody's."""
    at = [activity.key]
    if may(officer, "programme.write"):
        going_on = ours and activity.state not in (State.CANCELLED, State.HELD)
        if ours and activity.state != State.CANCELLED:
            yield StepLink(_("Change what it is"), reverse("activity-edit", args=at))
            yield StepLink(_("Write the agenda"), reverse("activity-agenda", args=at))
        if going_on and activity.state:
            yield StepLink(_("Announce it to the network"), reverse("activity-announce", args=at))
        yield StepLink(_("Add who takes part"), reverse("activity-involve", args=at))
        yield StepLink(_("End somebody's part"), f"{reverse('activity', args=at)}{ENDS}")
        yield StepLink(_("Write down what was agreed"), reverse("activity-outcome", args=at))
        yield StepLink(_("Write down what a source states"), reverse("activity-claim", args=at))
        yield StepLink(_("Note what came out"), reverse("activity-finding", args=at))
        yield StepLink(_("Add a remark"), reverse("activity-remark", args=at))
        yield StepLink(_("Take back a mistake"), f"{reverse('activity', args=at)}{BACK}")
        if going_on:
            yield StepLink(_("Say that it was held"), reverse("activity-hold", args=at))
            yield StepLink(_("Cancel it"), reverse("activity-cancel", args=at))
    ahead = activity.last is None or activity.last >= localdate()
    if ours and ahead and activity.state not in (State.CANCELLED, State.HELD) and may(officer, "nomination.choose"):
        yield StepLink(_("Invite units"), reverse("invitation-new", args=at))
    if may(officer, "news.write") and (address := _address("news-new")):
        yield StepLink(_("Write news about it"), f"{address}?activity={activity.key}")


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """?action=KEY names the action it belongs to, ?on=2026-11-22 its day."""
    officer = officer_of(request)
    check(officer, "programme.write")
    if request.method == "GET":
        action = Action.objects.filter(key=plain_of(request, "action")).first()
        first = {"action": action.key if action else "", "kind": "meeting", "begins": request.GET.get("on", "")[:12]}
        first["language"] = action.language if action else "en"
        return _activity_form(request, ActivityForm(initial=first, publishes=publishes(officer)), None)
    form = ActivityForm(request.POST, publishes=publishes(officer))
    if form.is_valid() and (made := accepted(form, lambda: verbs.add_activity(officer, **form.columns()))):
        messages.success(request, _("The activity is on file as a draft. Nobody outside has been told."))
        return redirect("activity", made.key)
    return _activity_form(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    officer, activity = _writes(request, key)
    if request.method == "GET":
        form = ActivityForm(initial=ActivityForm.first(activity), activity=activity, publishes=publishes(officer))
        return _activity_form(request, form, activity)
    form = ActivityForm(request.POST, activity=activity, publishes=publishes(officer))

    def change() -> bool:
        verbs.change_activity(officer, activity, version=form.cleaned_data.get("version"), **form.columns())
        return True

    if form.is_valid() and accepted(form, change):
        messages.success(request, _("The changes are kept, and the units that know of it are told."))
        return redirect("activity", activity.key)
    return _activity_form(request, form, activity)


def _activity_form(request: HttpRequest, form: ActivityForm, activity: Activity | None) -> HttpResponse:
    shown = {
        "form": form,
        "title": _("Change what it is") if activity else _("Add an activity"),
        "button": _("Keep the changes") if activity else _("Add the activity"),
        "about": activity,
        "back": reverse("activity", args=[activity.key]) if activity else reverse("calendar"),
        "back_words": str(activity) if activity else _("Calendar"),
    }
    if activity is None:
        shown["note"] = _("It stays a draft in this house until you announce it.")
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def agenda(request: HttpRequest, key: str) -> HttpResponse:
    officer, activity = _writes(request, key)
    zone = zone_of(activity)
    rows = [PointForm.first(one, zone) for one in activity.sessions.all()]
    formset = AgendaSet(request.POST or None, initial=rows, prefix="points", form_kwargs={"zone": zone}, **SAYS)
    if request.method == "POST" and formset.is_valid():
        points = [form.point() for form in formset if form.cleaned_data.get("title")]
        try:
            planning.set_agenda(officer, activity, points, version=seen_version(request))
        except (Invalid, NotNow) as refused:
            formset.non_form_errors().append(str(refused))
        else:
            messages.success(request, _("The agenda is kept."))
            return redirect("activity", activity.key)
    wrong = request.method == "POST"
    shown = {
        "formset": formset,
        "title": _("Agenda"),
        "button": _("Keep the agenda"),
        "note": _("Hours are on the clock of the place: %(zone)s. Empty a title to take the point away.")
        % {"zone": zone},
        "about": activity,
        "back": reverse("activity", args=[activity.key]),
        "back_words": str(activity),
        "wrong": wrong,
        "version": str(seen_version(request) or activity.version),
    }
    return render(request, "programme/form-lines.html", shown, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest, key: str) -> HttpResponse:
    """Who is told is named before anything leaves."""
    officer, activity = _writes(request, key)
    units = list(unit_names(verbs.reached()).items())
    known = verbs.told_of(activity)
    form = AnnounceForm(request.POST or None, units=units, initial={"to": known or [id for id, _name in units]})

    def tell() -> bool:
        verbs.announce(officer, activity, form.cleaned_data["to"])
        return True

    if _kept(form, tell):
        messages.success(request, _("It is announced: the message is on its way."))
        return redirect("activity", activity.key)
    note = _(
        "They receive title, text, dates, place, hosts and agenda, speakers by function. It invites nobody. "
        "Units that know of it already are told its present state in any case."
    )
    return _form(request, form, activity, _("Announce it to the network"), _("Announce it"), note)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, key: str) -> HttpResponse:
    officer, activity = _writes(request, key)
    form = HoldForm(request.POST or None)

    def held() -> bool:
        verbs.hold(officer, activity, form.cleaned_data["attended"])
        return True

    if _kept(form, held):
        messages.success(request, _("It is written down as held."))
        return redirect("activity", activity.key)
    return _form(request, form, activity, _("Say that it was held"), _("It was held"))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    officer, activity = _writes(request, key)
    form = CancelForm(request.POST or None)

    def off() -> bool:
        verbs.cancel(officer, activity, form.cleaned_data["reason"])
        return True

    if _kept(form, off):
        messages.success(request, _("It is cancelled, and who knows of it is told."))
        return redirect("activity", activity.key)
    told = unit_names(verbs.told_of(activity)).values()
    note = (
        _("These units will be told: %(units)s.") % {"units": ", ".join(told)}
        if told
        else _("No unit has heard of it.")
    )
    return _form(request, form, activity, _("Cancel it"), _("Cancel the activity"), note)


@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, key: str) -> HttpResponse:
    officer, activity = _writes(request, key)
    form = OutcomeForm(request.POST or None)
    if _kept(form, lambda: planning.agree(officer, activity, **form.cleaned_data)):
        messages.success(request, _("It is on file."))
        return redirect("activity", activity.key)
    return _form(request, form, activity, _("Write down what was agreed"), _("Write it down"))


@require_POST
def outcome_done(request: HttpRequest, id: int) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.write")
    row = Outcome.objects.select_related("activity").filter(pk=id).first()
    if row is None:
        raise Http404
    tried(request, lambda: planning.done(officer, row), _("It is written down as done."))
    return redirect("activity", row.activity.key)


def _writes(request: HttpRequest, key: str) -> tuple[Officer, Activity]:
    officer = officer_of(request)
    check(officer, "programme.write")
    return officer, activity_for(officer, key)


def _kept(form: forms.Form, verb: Callable[[], Any]) -> Any:
    return accepted(form, verb) if form.is_valid() else None


def _form(
    request: HttpRequest, form: forms.Form, activity: Activity, title: str, button: str, note: str = ""
) -> HttpResponse:
    shown = {
        "form": form,
        "title": title,
        "button": button,
        "note": note,
        "about": activity,
        "back": reverse("activity", args=[activity.key]),
        "back_words": str(activity),
    }
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)
