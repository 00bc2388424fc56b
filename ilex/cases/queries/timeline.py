"""What happened in a case, built anew at each look: its own steps, and the moments of everything that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ilex.cases.models import Case, Task
from ilex.cases.moments import Moment, others
from ilex.documents.models import Document
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.journal.models import Operation
from ilex.journal.queries import lines_for, names_of
from ilex.sharing.models import Release
from ilex.units.models import Officer
from ilex.units.queries import unit_names

REQUESTS = 60  # whose entries are shown one by one; of more only that they belong here
LOOKS = 50


def timeline(
    case: Case, officer: Officer, requests: Sequence[Request], tasks: Sequence[Task], documents: Sequence[Document]
) -> list[Moment]:
    """Newest first."""
    found = [*steps(case), *of_requests(requests), *of_tasks(tasks), *of_documents(documents), *of_releases(case)]
    return sorted([*found, *others(case, officer)], key=lambda moment: moment.at, reverse=True)


def steps(case: Case) -> Iterator[Moment]:
    for step in case.steps.select_related("by"):
        title = str(step.get_kind_display())
        about = str(step.details.get("about", ""))
        yield Moment(step.at, "step", title, step.text, _name(step.by), about, str(step.details.get("url", "")))


def of_requests(requests: Sequence[Request]) -> Iterator[Moment]:
    """What was said, without its text: that stands on the request's own page, which tells the partner it was read."""
    for request in requests[:REQUESTS]:
        url = reverse("request", args=[request.our_ref])
        about = f"{request.our_ref} · {request.partner.name}"
        for moment in exchange.timeline(request):
            yield Moment(
                moment.at,
                "request",
                moment.title,
                moment.text if moment.kind == "clock" else "",
                moment.by,
                about,
                url,
                moment.way,
            )


def of_tasks(tasks: Sequence[Task]) -> Iterator[Moment]:
    for task in tasks:
        about = f"{task.number} · {task.authority}"
        for step in task.steps.all():
            ours = step.by is None or step.by.organisation_id != task.authority_id
            title = _("Task: %(what)s") % {"what": step.get_kind_display()}
            url = reverse("task", args=[task.number])
            yield Moment(step.at, "task", title, step.text, _name(step.by), about, url, "out" if ours else "in")


def of_documents(documents: Sequence[Document]) -> Iterator[Moment]:
    for document in documents:
        url = reverse("document", args=[document.pk])
        yield Moment(document.made_at, "document", _("Document"), "", _name(document.made_by), document.title, url)


def of_releases(case: Case) -> Iterator[Moment]:
    found = Release.objects.filter(case__in=numbers_of(case)).select_related("partner", "author")
    shown = list(found.exclude(~Q(way=Release.Way.IN), released_at=None))
    names = unit_names(unit for release in shown for unit in release.to)
    for release in shown:
        sent = release.way == Release.Way.OUT
        title = _("Release sent") if sent else _("Release received")
        about = ", ".join(names.get(one, one) for one in release.to) if sent else str(release.partner)
        url = reverse("release", args=[release.pk])
        at = release.released_at or release.made_at
        yield Moment(at, "release", title, release.title, _name(release.author), about, url, release.way)


def numbers_of(case: Case) -> list[str]:
    """Its number, and those of the cases that were merged into it."""
    return [case.number, *case.merged.values_list("number", flat=True)]


@dataclass(frozen=True)
class Look:
    at: datetime
    who: str
    reason: str


def looks(case: Case) -> list[Look]:
    """Who looked at the case, newest first: for its owner, from the journal."""
    lines = list(lines_for("case", str(case.pk)).filter(op=Operation.CONSULTATION).order_by("-id")[:LOOKS])
    names = names_of(lines)
    return [Look(line.at, names.get(line.by, ""), "" if line.reason == "handling" else line.reason) for line in lines]


def _name(officer: Officer | None) -> str:
    return officer.name if officer else ""
