"""How a release waits for a second person: what is shown, compared and let go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from ilex.approvals.errors import CannotRelease
from ilex.approvals.models import Approval
from ilex.approvals.registry import Editable, Kind, Shown, ShownLine, approved, register
from ilex.sharing.actions.releases import KIND, TEXTS, digest, must_be_free
from ilex.sharing.actions.sending import send
from ilex.sharing.models import Release
from ilex.sharing.queries.releases import release_for, visible_releases
from ilex.sharing.queries.review import Line, Review, review
from ilex.sharing.rules import Blocked, Invalid, NotNow
from ilex.units.models import Officer
from ilex.units.rules import may


def register_kind() -> None:
    register(
        Kind(
            code=KIND,
            title=gettext_lazy("Release of statements"),
            may_see=_may_see,
            digest=digest,
            shown=_shown,
            perform=_perform,
            apply_edits=_apply_edits,
            back=_back,
        )
    )


def _may_see(officer: Officer, ids: Collection[UUID]) -> set[UUID]:
    if not may(officer, "subject.read"):
        return set()
    return set(visible_releases(officer).filter(pk__in=ids).values_list("pk", flat=True))


def _shown(approval: Approval, officer: Officer) -> Shown:
    try:
        release = release_for(officer, approval.object_id)
    except Release.DoesNotExist:
        raise CannotRelease(_("This draft is gone.")) from None
    found = review(release)
    labels = {"title": pgettext("heading", "Title"), "purpose": _("Purpose"), "text": _("Text")}
    return Shown(
        recipients=tuple(reach.unit.name for reach in found.units),
        handling=found.handling,
        lines=tuple(_lines(release, found)),
        warnings=tuple(_warnings(release, found)),
        editable=tuple(Editable(name, labels[name], getattr(release, name)) for name in TEXTS),
        about=reverse("release", args=[release.pk]),
        about_title=release.title,
    )


def _lines(release: Release, found: Review) -> list[ShownLine]:
    lines = [ShownLine(_("Purpose"), release.purpose, long=True)]
    if release.text:
        lines.append(ShownLine(_("Text"), release.text, long=True))
    parts = found.units[0].parts if found.units else ()
    return lines + [
        ShownLine(f"{part.subject.caption}: {line.label}", _as_sent(line)) for part in parts for line in part.lines
    ]


def _as_sent(line: Line) -> str:
    codes = " ".join(filter(None, (line.item.handling, line.item.source_grade + line.item.information_grade)))
    return f"{line.value} ({codes}; {line.item.owner.name})"


def _warnings(release: Release, found: Review) -> list[str]:
    sentences = [barrier.sentence for barrier in found.barriers]
    sentences += [
        _("Conditions of %(owner)s: %(note)s") % {"owner": item.owner, "note": note} for item, note in found.conditions
    ]
    if found.lifted:
        sentences.append(_("Goes to a third state without the owner's permission: %(why)s") % {"why": release.threat})
    return list(dict.fromkeys(sentences))


def _perform(approval: Approval) -> str:
    release = Release.objects.select_for_update().get(pk=approval.object_id)
    try:
        found = must_be_free(release)
        send(release, approval.author, found, approved(approval))
    except (Invalid, Blocked, NotNow) as error:
        raise CannotRelease(str(error)) from error
    return reverse("release", args=[release.pk])


def _apply_edits(approval: Approval, edits: Mapping[str, str]) -> None:
    wanted = {name: text.strip() for name, text in edits.items() if name in TEXTS}
    if "title" in wanted:
        wanted["title"] = wanted["title"][:300] or approval.title
    Release.objects.filter(pk=approval.object_id, state=Release.State.DRAFT).update(**wanted)


def _back(approval: Approval) -> str:
    found = Release.objects.filter(pk=approval.object_id).exists()
    return reverse("release", args=[approval.object_id]) if found else ""
