"""Before it leaves: who will receive which fields under which code, what is forbidden, and whom to ask."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.approvals.models import Approval
from ilex.approvals.queries import waiting_for
from ilex.sharing import actions, queries
from ilex.sharing.actions.releases import KIND
from ilex.sharing.forms import exemption
from ilex.sharing.models import Release
from ilex.sharing.rules import Blocked, Invalid, NotNow, Unconfirmed
from ilex.sharing.views.loading import back_to, load, tried
from ilex.units.models import Officer


def load_draft(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Release]:
    officer, release = load(request, id, "release.send")
    if release.way != Release.Way.OUT or release.author_id != officer.pk:
        raise Http404
    return officer, release


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, release = load_draft(request, id)
    if release.state != Release.State.DRAFT or waiting_for(KIND, release.pk) is not None:
        return back_to(id)
    if request.method == "GET":
        return show(request, release)
    try:
        gone = actions.put_forward(
            officer, release, confirmed="confirmed" in request.POST, note=request.POST.get("note", "")[:4000]
        )
    except (Invalid, Blocked) as refused:
        return show(request, release, str(refused), 422)
    except Unconfirmed:
        return show(request, release, _("Read the owners' conditions, and say that you keep them."), 422)
    except NotNow as late:
        messages.error(request, str(late))
        return back_to(id)
    if isinstance(gone, Approval):
        messages.success(request, _("It waits for a second person now."))
    else:
        messages.success(request, _("Released."))
    return back_to(id)


def show(request: HttpRequest, release: Release, refused: str = "", status: int = 200) -> HttpResponse:
    release.refresh_from_db()
    found = queries.review(release)
    shown = {"release": release, "found": found, "refused": refused, "exemption": exemption()}
    return render(request, "sharing/review.html", shown, status=status)


@require_POST
def leave_out(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Take out whatever is forbidden or withdrawn: the statements, or the units that may not have them."""
    officer, release = load_draft(request, id)
    found = queries.review(release)
    items = {item.pk for item in found.gone}
    blocked_units: set[str] = set()
    if request.POST.get("what") == "units":
        blocked_units = {barrier.unit.pk for barrier in found.barriers if barrier.unit}
    else:
        items |= {barrier.item.pk for barrier in found.barriers}
    tried(request, lambda: actions.leave_out(officer, release, items, blocked_units), _("Left out."))
    return redirect("release-review", id)


@require_POST
def ask(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ask one owner for all that he must allow in this release."""
    officer, release = load_draft(request, id)
    found = queries.review(release)
    question = next((one for one in found.questions if one.key == request.POST.get("question")), None)
    if question is None:
        messages.info(request, _("Nobody has to be asked for this any more."))
        return redirect("release-review", id)
    to = [unit.pk for unit in question.units]
    reason = request.POST.get("reason", "")
    tried(
        request,
        lambda: actions.ask_consent(officer, question.items, question.use, to, reason, release=release),
        _("%(owner)s is asked. The draft waits for the answer.") % {"owner": question.owner.name},
    )
    return redirect("release-review", id)
