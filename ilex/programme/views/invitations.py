"""Lists of invitations, the page of one, and writing, changing, sending and ending one."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ilex.programme.actions import invitations as verbs
from ilex.programme.actions.reading import open_invitation
from ilex.programme.forms.nominations import (
    QUESTION_WORDS,
    DecisionForm,
    InvitationForm,
    PerhapsReasonForm,
    ReasonForm,
    to_invite,
)
from ilex.programme.models import Invitation, Nomination
from ilex.programme.queries import nominations as queries
from ilex.programme.queries.access import activity_for
from ilex.programme.queries.organising import turn_of
from ilex.programme.queries.people import Names, in_words
from ilex.programme.queries.values import language
from ilex.programme.rules.quotas import over
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check, may
from ilex.web.steps import StepForm, StepLink

PAGE = 50
State = Nomination.State


@require_GET
def invitations(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "nomination.propose")
    own = queries.only_own(officer)
    way = Invitation.Way.OUT if request.GET.get("show") == "ours" and not own else Invitation.Way.IN
    leaf = Paginator(queries.listed(officer, way), PAGE).get_page(request.GET.get("page"))
    names = Names.read(language())
    shown = {
        "leaf": leaf,
        "rows": [(row, in_words(row.activity.when, language()), _place(row, names)) for row in leaf],
        "out": way == Invitation.Way.OUT,
        "here": units.here().pk,
        "shows": [] if own else _shows(way),
        "organises": may(officer, "nomination.choose"),
        "now": now(),
    }
    return render(request, "programme/nominations.html", shown)


def _shows(way: str) -> list[tuple[str, str, bool]]:
    address = reverse("nominations")
    return [
        (address, _("Invitations to us"), way == Invitation.Way.IN),
        (f"{address}?show=ours", _("Our invitations"), way == Invitation.Way.OUT),
    ]


def _place(row: Invitation, names: Names) -> str:
    activity = row.activity
    return names.place(activity.place_id).text if activity.place_id else activity.place_printed


@require_GET
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = queries.invitation_for(officer, id)
    open_invitation(officer, found)
    return shown_page(request, officer, found)


def shown_page(
    request: HttpRequest, officer: Officer, found: Invitation, form: DecisionForm | None = None
) -> HttpResponse:
    """With the decisions that were refused, when there are some."""
    out, chooses = found.way == Invitation.Way.OUT, may(officer, "nomination.choose")
    nominated = list(queries.nominated_of(officer, found)) if out and not queries.only_own(officer) else []
    turn = turn_of(found, nominated)
    shown = {
        **_home(officer, found),
        "invitation": found,
        "out": out,
        "when": in_words(found.activity.when, language()),
        "place": _place(found, Names.read(language())),
        "standings": queries.standings(found) if not queries.only_own(officer) else [],
        "nominated": nominated,
        "turn": turn,
        "decision": form or DecisionForm(rows=list(turn.decide)),
        "marks": [(QUESTION_WORDS[name], mark) for name, mark in queries.marks_of(nominated).items()],
        "texts": queries.texts_of(nominated),
        "chooses": chooses,
        "step_links": _links(found, chooses),
        "step_forms": _forms(found, chooses),
    }
    return render(request, "programme/invitation.html", shown, status=422 if form and form.errors else 200)


def _home(officer: Officer, found: Invitation) -> dict[str, Any]:
    """Our own people: only where we have a quota."""
    quota = queries.our_quota(found)
    rows = list(queries.ours_of(officer, found)) if quota else []
    states = [row.state for row in rows]
    return {
        "quota": quota,
        "ours": rows,
        "chosen": states.count(State.CHOSEN),
        "proposed": states.count(State.PROPOSED),
        "surplus": over(quota.places, states) if quota else 0,
        "open": found.state == Invitation.State.OPEN,
    }


def _links(found: Invitation, chooses: bool) -> list[StepLink]:
    links = [StepLink(_("Invitation as a letter (PDF)"), reverse("invitation-letter", args=[found.pk]))]
    ours = found.way == Invitation.Way.OUT and found.state in (Invitation.State.DRAFT, Invitation.State.OPEN)
    if ours and chooses:
        links.insert(0, StepLink(_("Change the invitation"), reverse("invitation-edit", args=[found.pk])))
    return links


def _forms(found: Invitation, chooses: bool) -> list[StepForm]:
    state, end = Invitation.State, reverse("invitation-end", args=[found.pk])
    if not chooses:
        return []
    if found.way == Invitation.Way.IN:
        decline = reverse("invitation-decline", args=[found.pk])
        form = ReasonForm(auto_id="decline_%s")
        return [StepForm(_("Send nobody"), decline, _("Tell them"), form)] if found.state == state.OPEN else []
    made = []
    if found.state == state.OPEN:
        perhaps = PerhapsReasonForm(auto_id="close_%s")
        made.append(StepForm(_("Close it"), f"{end}?ended=closed", _("Take nobody more"), perhaps))
    if found.state != state.CANCELLED:
        cancel = f"{end}?ended=cancelled"
        made.append(StepForm(_("Cancel it"), cancel, _("Cancel the invitation"), ReasonForm(auto_id="cancel_%s")))
    return made


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "nomination.choose")
    activity = activity_for(officer, key)
    form = InvitationForm(request.POST or None, units=to_invite(), initial={"language": activity.language})
    if form.is_valid():
        made = accepted(form, lambda: verbs.draft_invitation(officer, activity, form.terms()))
        if made is not None:
            return redirect("invitation", made.pk)
    shown = {"form": form, "activity": activity, "back": reverse("nominations") + "?show=ours"}
    return render(request, "programme/invitation-form.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = _ours(request, id)
    form = InvitationForm(request.POST, units=to_invite(found)) if request.POST else InvitationForm.of(found)
    if form.is_valid():
        change = partial(verbs.change_invitation, version=form.cleaned_data["version"])
        changed = accepted(form, lambda: change(officer, found, form.terms(found.answer_by)))
        if changed is not None:
            word = _("Changed.") if found.state == Invitation.State.DRAFT else _("Changed; the units are told.")
            messages.success(request, word)
            return redirect("invitation", found.pk)
    shown = {"form": form, "activity": found.activity, "invitation": found, "back": reverse("invitation", args=[id])}
    return render(request, "programme/invitation-form.html", shown, status=422 if form.errors else 200)


@require_POST
def send(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = _ours(request, id)
    tried(request, lambda: verbs.send_invitation(officer, found), _("The invitation is on its way."))
    return redirect("invitation", found.pk)


@require_POST
def end(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = _ours(request, id)
    reason = request.POST.get("reason", "")
    match request.GET.get("ended"):
        case "closed":
            close = partial(verbs.close_invitation, officer, found, reason)
            done = tried(request, close, _("Closed; the units are told."))
        case "cancelled":
            cancel = partial(verbs.cancel_invitation, officer, found, reason)
            done = tried(request, cancel, _("Cancelled; the units are told."))
        case _unknown:
            raise Http404
    if done:
        warn_of_unreached(request, found)
    return redirect("invitation", found.pk)


def warn_of_unreached(request: HttpRequest, found: Invitation) -> None:
    if names := queries.unreached(found):
        sentence = _("No message reaches %(units)s any more: tell them another way.")
        messages.warning(request, sentence % {"units": ", ".join(names)})


def _ours(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Invitation]:
    officer = officer_of(request)
    check(officer, "nomination.choose")
    found = queries.invitation_for(officer, id)
    if found.way != Invitation.Way.OUT:
        raise Http404
    return officer, found
