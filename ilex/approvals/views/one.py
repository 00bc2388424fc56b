"""The page of one approval: the plain summary, and what its author and the second person do with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ilex.approvals import actions, queries, registry
from ilex.approvals.errors import CannotRelease, NotNow, NotReleased
from ilex.approvals.forms import AloneForm, ReturnForm
from ilex.approvals.models import Approval
from ilex.approvals.registry import Shown
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer, Role
from ilex.words import approval as rules


def load(request: HttpRequest, id: uuid.UUID) -> tuple[Officer, Approval]:
    """The officer and the approval, or a page that does not exist for this officer."""
    officer = cast(Officer, request.user)
    try:
        return officer, queries.approval_for(officer, id)
    except Approval.DoesNotExist as error:
        raise Http404 from error


@require_safe
def approval(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Whoever is not its author leaves a line in the journal: he reads what will leave."""
    officer, found = load(request, id)
    if officer.pk == found.author_id:
        actions.read(officer, found)
    else:
        on = (found.kind, str(found.object_id))
        with act("approval.opened", Operation.CONSULTATION, by=officer, on=on, approval=str(found.pk)):
            pass
    return show(request, officer, found)


@require_POST
def approve(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load(request, id)
    return tried(request, found, lambda: actions.approve(officer, found), _("Approved and released."))


@require_POST
def return_(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load(request, id)
    if not queries.may_approve(officer, found):
        raise PermissionDenied
    form = ReturnForm(request.POST, texts=texts(officer, found))
    if not form.is_valid():
        return show(request, officer, found, return_form=form, status=422)

    def give_back() -> None:
        actions.return_(officer, found, form.cleaned_data["answer"], form.edits())

    return tried(request, found, give_back, _("Returned to its author."), to="approvals")


@require_POST
def withdraw(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load(request, id)

    def take_back() -> str:
        actions.withdraw(officer, found)
        return registry.kind(found.kind).back(found)

    return tried(request, found, take_back, _("Withdrawn. You can change it now."))


@require_POST
def edits(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load(request, id)

    def take() -> str:
        actions.take_edits(officer, found)
        return registry.kind(found.kind).back(found)

    return tried(request, found, take, _("The proposed texts stand in your draft. Read it, then ask again."))


@require_POST
def alone(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load(request, id)
    if officer.pk != found.author_id:
        raise PermissionDenied
    form = AloneForm(request.POST)
    if not form.is_valid():
        return show(request, officer, found, alone_form=form, status=422)

    def release() -> str:
        return actions.release_alone(officer, found, form.cleaned_data["reason"])

    return tried(request, found, release, _("Released without a second person. The head of unit is told."))


@require_POST
def noted(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load(request, id)
    return tried(request, found, lambda: actions.note_alone(officer, found), _("Noted."), to="approvals")


def tried(
    request: HttpRequest, found: Approval, verb: Callable[[], str | None], word: str, to: str = ""
) -> HttpResponse:
    """Run a verb and go where it leads, with one sentence about how it went."""
    try:
        page = verb()
    except (NotNow, CannotRelease) as late:
        messages.error(request, str(late))
    except NotReleased as refused:
        sentence = _("It was not released, and its author has it back: %(why)s") % {"why": refused}
        messages.error(request, sentence)
    else:
        messages.success(request, word)
        return redirect(page or to or "approvals")
    return redirect("approval", found.pk)


def texts(officer: Officer, found: Approval) -> tuple[registry.Editable, ...]:
    content, _why = summary(officer, found)
    return content.editable if content else ()


def summary(officer: Officer, found: Approval) -> tuple[Shown | None, str]:
    """What will leave, for those who may see it while it has not left; or why it cannot be shown."""
    if found.state not in (Approval.State.WAITING, Approval.State.RETURNED):
        return None, ""
    if officer.pk != found.author_id and not queries.may_approve(officer, found):
        return None, ""
    try:
        return registry.kind(found.kind).shown(found, officer), ""
    except CannotRelease as error:
        return None, str(error)


def show(
    request: HttpRequest,
    officer: Officer,
    found: Approval,
    *,
    return_form: ReturnForm | None = None,
    alone_form: AloneForm | None = None,
    status: int = 200,
) -> HttpResponse:
    content, why_not = summary(officer, found)
    own = officer.pk == found.author_id
    waits = found.state == Approval.State.WAITING
    second = waits and queries.may_approve(officer, found)
    shown: dict[str, Any] = {
        "found": found,
        "kind": registry.kind(found.kind),
        "content": content,
        "why_not": why_not,
        "rules": named(found),
        "own": own,
        "second": second,
        "return_form": (return_form or ReturnForm(texts=content.editable if content else ())) if second else None,
        "alone_form": (alone_form or AloneForm()) if own and queries.may_release_alone(found) else None,
        "alone_after": rules.book().alone_after_minutes if own and waits and could_go_alone(found) else 0,
        "back": registry.kind(found.kind).back(found) if own else "",
        "proposed": proposed(content, found) if own else [],
        "may_note": found.state == Approval.State.ALONE and Role.HEAD in officer.roles and not own,
        "now": now(),
    }
    return render(request, "approvals/approval.html", shown, status=status)


def could_go_alone(found: Approval) -> bool:
    return rules.may_go_alone(found.rules, found.urgency)


def named(found: Approval) -> list[rules.ApprovalRule | str]:
    """The rules that asked for it; of one that is no longer in the file only its code."""
    known = {rule.code: rule for rule in rules.rules()}
    return [known.get(code, code) for code in found.rules]


def proposed(content: Shown | None, found: Approval) -> list[tuple[str, str, str]]:
    """Label, text as it is, text as proposed."""
    if content is None:
        return []
    return [(text.label, text.value, found.edits[text.name]) for text in content.editable if text.name in found.edits]
