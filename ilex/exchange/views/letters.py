"""Writing a letter: the form, its autosave, the page that shows who will receive what, and the release."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ilex.approvals.queries import waiting_for
from ilex.exchange import actions, reviewing
from ilex.exchange.actions.drafts import APPROVAL
from ilex.exchange.filling import filled
from ilex.exchange.forms.asking import SubjectsForm
from ilex.exchange.forms.letter import LetterForm
from ilex.exchange.models import Draft
from ilex.exchange.pad import Pad, SecondPerson, officer_of
from ilex.exchange.papers.forms import FormError
from ilex.exchange.rules import Invalid, NotNow, Unconfirmed, Warning
from ilex.gate.forms import AttachmentsField
from ilex.gate.models import Attachment


@require_GET
def new(request: HttpRequest, kind: str, ref: str = "", entry: uuid.UUID | None = None) -> HttpResponse:
    pad = Pad.blank(officer_of(request), kind, ref, str(entry or ""))
    form = pad.form()
    if pad.draft is not None and form.is_bound:
        messages.info(request, _("This is your unfinished draft."))
    return write(request, pad, form)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    if waits := waiting(request, id):
        return waits
    if request.method == "GET":
        pad = Pad.opened(officer_of(request), id)
        return write(request, pad, pad.form())
    pad = Pad.posted(officer_of(request), id, request.POST)
    typed = with_rows(request.POST)
    pad.keep(typed, papers_after(pad, request))
    if request.POST.get("step") == "fill":
        return fill(request, pad, typed)
    if request.POST.get("step") in {"row", "file"}:
        return redirect(reverse("draft", args=[id]) + ("#subjects" if request.POST["step"] == "row" else "#files"))
    form = pad.form(typed)
    if not form.is_valid():
        return write(request, pad, form, status=422)
    if pad.letter.reviewed:
        return redirect("draft-review", id)
    return release(request, pad, form)


def fill(request: HttpRequest, pad: Pad, typed: QueryDict) -> HttpResponse:
    """Take the fields out of the form among the attached papers."""
    try:
        pad.keep(filled(typed, pad.papers))
    except FormError as refused:
        messages.error(request, str(refused))
    else:
        messages.warning(request, _("Filled in from the paper. Compare every field with it first."))
    return redirect("draft", pad.id)


@require_POST
def save(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Autosave: keeps what is typed, checks nothing."""
    pad = Pad.posted(officer_of(request), id, request.POST)
    try:
        kept = pad.keep(request.POST)
    except NotNow as late:
        return JsonResponse({"sentence": str(late)}, status=409)
    return JsonResponse({"saved_at": kept.saved_at.isoformat()})


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Who will receive which fields. Nothing leaves before this page was seen."""
    if waits := waiting(request, id):
        return waits
    try:
        pad = Pad.opened(officer_of(request), id)
    except Http404:
        messages.info(request, _("This draft is gone: it was sent or thrown away already."))
        return redirect("desk")
    form = pad.form()
    if not form.is_valid():
        return write(request, pad, form, status=422)
    if request.method == "POST" and "ask" in request.POST and pad.rules(form):
        return ask(request, pad, form)
    if request.method == "POST" and "ask" not in request.POST:
        return release(request, pad, form)
    return show_review(request, pad, form, reviewing.warnings_of(pad, form))


def waiting(request: HttpRequest, id: uuid.UUID) -> HttpResponse | None:
    """A draft that waits for approval is locked: its officer is led to where he can withdraw it."""
    approval = waiting_for(APPROVAL, id)
    if approval is None or approval.author_id != officer_of(request).pk:
        return None
    if request.method != "GET":
        messages.info(request, _("This waits for approval. Withdraw it first, then you can change it."))
    return redirect("approval", approval.pk)


def release(request: HttpRequest, pad: Pad, form: LetterForm) -> HttpResponse:
    def send() -> str:
        page = pad.release(form, confirmed="confirmed" in request.POST)
        messages.success(request, _("Done: %(what)s.") % {"what": pad.letter.title})
        return page

    return tried(request, pad, form, send)


def ask(request: HttpRequest, pad: Pad, form: LetterForm) -> HttpResponse:
    def put() -> str:
        note = request.POST.get("note", "")
        approval = pad.ask(form, confirmed="confirmed" in request.POST, note=note)
        messages.success(request, _("A colleague is asked. Nothing has left yet."))
        return reverse("approval", args=[approval.pk])

    return tried(request, pad, form, put)


def tried(request: HttpRequest, pad: Pad, form: LetterForm, verb: Callable[[], str]) -> HttpResponse:
    """Run it and go to the page that it gives, or show what stands against it."""
    try:
        return redirect(verb())
    except Invalid as refused:
        form.take_errors(refused.fields)
        return write(request, pad, form, status=422)
    except Unconfirmed as asked:
        return show_review(request, pad, form, asked.warnings, status=422)
    except SecondPerson:
        return show_review(request, pad, form, reviewing.warnings_of(pad, form), status=422)
    except NotNow as late:
        form.add_error(None, str(late))
        return write(request, pad, form, status=409)
    except Http404:
        messages.info(request, _("This draft is gone: it was sent or thrown away already."))
        return redirect("desk")


@require_POST
def drop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    found = Draft.objects.filter(id=id, officer=officer).first()
    if found is None:
        return redirect("drafts")
    try:
        actions.drop_draft(officer, found)
    except NotNow as late:
        messages.error(request, str(late))
    else:
        messages.success(request, _("The draft is thrown away."))
    return redirect("drafts")


@require_GET
def drafts(request: HttpRequest) -> HttpResponse:
    mine = Draft.objects.filter(officer=officer_of(request)).select_related("request__partner").order_by("-saved_at")
    return render(request, "exchange/drafts.html", {"drafts": mine[:200]})


def write(request: HttpRequest, pad: Pad, form: LetterForm, status: int = 200) -> HttpResponse:
    shown: dict[str, Any] = {"pad": pad, "form": form, "papers": pad.papers}
    if isinstance(form, SubjectsForm):
        shown["subjects"] = form.subjects
    return render(request, "exchange/write.html", shown, status=status)


def show_review(
    request: HttpRequest, pad: Pad, form: LetterForm, warnings: Sequence[Warning], status: int = 200
) -> HttpResponse:
    shown = {
        "pad": pad,
        "form": form,
        "papers": pad.papers,
        "warnings": warnings,
        "recipients": reviewing.recipients(pad, form),
        "rules": pad.rules(form),
    }
    if isinstance(form, SubjectsForm):
        shown["subjects"] = form.subject_contents()
    return render(request, "exchange/review.html", shown, status=status)


def with_rows(posted: QueryDict) -> QueryDict:
    """What was posted, with one more empty row of subjects when the officer asked for it."""
    typed = posted.copy()
    if posted.get("step") == "row":
        total = posted.get("subject-TOTAL_FORMS", "1")
        typed["subject-TOTAL_FORMS"] = str(int(total) + 1) if total.isdecimal() and len(total) < 4 else "1"
    return typed


def papers_after(pad: Pad, request: HttpRequest) -> list[Attachment]:
    """The draft's papers, without those taken off, with those just uploaded (the gate sealed them on their way in)."""
    off = set(request.POST.getlist("take_off"))
    kept = [paper for paper in pad.papers if str(paper.id) not in off]
    return kept + uploaded(request)


def uploaded(request: HttpRequest) -> list[Attachment]:
    """The files of the form, sealed by the gate on their way in; of one that could not be kept the officer is told."""
    try:
        return AttachmentsField(required=False).clean(request.FILES.getlist("files"))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return []
