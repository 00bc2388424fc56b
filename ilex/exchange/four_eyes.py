"""Letters before a second person: what he is shown, and their release on his word by their author's own verb."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Textarea
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ilex.approvals import registry
from ilex.approvals.errors import CannotRelease
from ilex.approvals.models import Approval
from ilex.approvals.registry import Editable, Kind, Shown, ShownLine, ShownPaper
from ilex.exchange import actions, reviewing
from ilex.exchange.actions import approved
from ilex.exchange.actions.drafts import APPROVAL
from ilex.exchange.forms.asking import SubjectsForm
from ilex.exchange.forms.letter import LetterForm
from ilex.exchange.letters import Release
from ilex.exchange.models import Draft
from ilex.exchange.pad import Pad
from ilex.exchange.queries.access import visible
from ilex.exchange.rules import Invalid, NotNow, SubjectContent, Unconfirmed
from ilex.gate.models import Attachment
from ilex.units.models import Officer
from ilex.units.rules import may


def register() -> None:
    registry.register(
        Kind(
            code=APPROVAL,
            title=gettext_lazy("Letter"),
            may_see=may_see,
            digest=digest,
            shown=shown,
            perform=perform,
            apply_edits=apply_edits,
            back=back,
        )
    )


def may_see(officer: Officer, drafts: Collection[UUID]) -> set[UUID]:
    """Those whose request he may read. What an authority keeps from the unit is kept from its approvers too."""
    if not may(officer, "request.read"):
        return set()
    found = Draft.objects.filter(Q(request=None) | visible(officer, "request__"), pk__in=drafts)
    return {
        draft.pk
        for draft in found.select_related("officer")
        if not any(draft.fields.get("copy_withheld", ())) or draft.officer.organisation_id == officer.organisation_id
    }


def digest(draft: UUID) -> bytes:
    found = Draft.objects.filter(pk=draft).first()
    return reviewing.digest(found) if found else b""


def shown(approval: Approval, officer: Officer) -> Shown:
    pad, form = _opened(approval)
    lines = [ShownLine(line.label, line.value, line.long) for line in form.lines()]
    if isinstance(form, SubjectsForm):
        lines += [ShownLine(_("Person or thing"), _in_words(subject)) for subject in form.subject_contents()]
    return Shown(
        recipients=tuple(reviewing.recipients(pad, form)),
        handling=reviewing.handling(pad, form),
        lines=tuple(lines),
        papers=[_paper(paper) for paper in pad.papers],
        warnings=tuple(warning.sentence for warning in reviewing.warnings_of(pad, form)),
        editable=tuple(_editable(form)),
        about=reverse("request", args=[pad.about.our_ref]) if pad.about else "",
        about_title=pad.about.our_ref if pad.about else "",
    )


def perform(approval: Approval) -> str:
    """Send it as its author, in the transaction of the approval. What stands against it is told as CannotRelease."""
    draft = Draft.objects.select_for_update().filter(pk=approval.object_id, officer=approval.author).first()
    if draft is None:
        raise CannotRelease(_("The draft is gone."))
    pad, form = _opened(approval)
    if "said_at" in form.fields:
        # On another channel it goes by hand, and only now: what its author typed was before this decision.
        form.cleaned_data["said_at"] = now()
    release = Release(approval.author, pad.papers, confirmed=True, about=pad.about)
    try:
        with approved.by(registry.approved(approval)):
            page = pad.letter.send(form, release)
    except (Invalid, NotNow, Unconfirmed) as error:
        raise CannotRelease(str(error)) from error
    except PermissionDenied as error:
        raise CannotRelease(_("Its author may no longer do this.")) from error
    actions.drop_draft(approval.author, draft)
    return page


def apply_edits(approval: Approval, edits: Mapping[str, str]) -> None:
    pad, _form = _opened(approval)
    assert pad.draft is not None  # noqa: S101  (_opened has found it)
    fields: dict[str, Any] = {**pad.draft.fields, **{name: [text] for name, text in edits.items()}}
    actions.keep_draft(
        approval.author, pad.letter.kind, fields, request=pad.draft.request, draft=pad.id, papers=pad.papers
    )


def back(approval: Approval) -> str:
    exists = Draft.objects.filter(pk=approval.object_id, officer=approval.author).exists()
    return reverse("draft", args=[approval.object_id]) if exists else ""


def _opened(approval: Approval) -> tuple[Pad, LetterForm]:
    """The letter as its author has it. Raises CannotRelease with the first thing that is wrong with it."""
    try:
        pad = Pad.opened(approval.author, approval.object_id)
    except Http404 as error:
        raise CannotRelease(_("The draft is gone, or what it speaks of.")) from error
    except PermissionDenied as error:
        raise CannotRelease(_("Its author may no longer do this.")) from error
    form = pad.form()
    if not form.is_valid():
        first = next((str(sentence) for errors in form.errors.values() for sentence in errors), "")
        raise CannotRelease(first or _("The letter is not complete."))
    return pad, form


def _editable(form: LetterForm) -> list[Editable]:
    return [
        Editable(name, str(field.label), str(form.cleaned_data.get(name) or ""))
        for name, field in form.fields.items()
        if isinstance(field.widget, Textarea)
    ]


def _in_words(subject: SubjectContent) -> str:
    parts = [subject.name, *subject.other_names, subject.born, subject.nationality, *subject.numbers, subject.note]
    return " · ".join(part for part in parts if part)


def _paper(paper: Attachment) -> ShownPaper:
    return ShownPaper(paper.name, paper.media, paper.size, reverse("paper", args=[paper.pk]))
