from __future__ import annotations

from django.urls import path, register_converter

import ilex.exchange.urls  # noqa: F401  (brings the converter of references)
from ilex.cases.views import changing, listing, page, tasks


class CaseNumber:
    """RS-C-2026-000412"""

    regex = "[A-Z]{2,8}-C-[0-9]{4}-[0-9]{6,9}"
    to_python = to_url = staticmethod(str)


class TaskNumber:
    """RS-T-2026-000077"""

    regex = "[A-Z]{2,8}-T-[0-9]{4}-[0-9]{6,9}"
    to_python = to_url = staticmethod(str)


class TaskVerb:
    regex = "take|answer|return|ask|reply|send-back|accept|move|withdraw"
    to_python = to_url = staticmethod(str)


register_converter(CaseNumber, "case")
register_converter(TaskNumber, "task")
register_converter(TaskVerb, "taskverb")

urlpatterns = [
    path("cases/", listing.cases, name="cases"),
    path("cases.csv", listing.export, name="cases-csv"),
    path("cases/new/", changing.new, name="case-new"),
    path("cases/<case:number>/", page.page, name="case"),
    path("cases/<case:number>/take/", page.take, name="case-take"),
    path("cases/<case:number>/assign/", page.assign, name="case-assign"),
    path("cases/<case:number>/note/", page.note, name="case-note"),
    path("cases/<case:number>/wake/", page.wake, name="case-wake"),
    path("cases/<case:number>/woken/", page.woken, name="case-woken"),
    path("cases/<case:number>/check/", page.check, name="case-check"),
    path("cases/<case:number>/request/", page.put_in, name="case-request"),
    path("cases/<case:number>/subject/", page.subject, name="case-subject"),
    path("cases/<case:number>/subjects/", page.find_subject, name="case-subjects"),
    path("cases/<case:number>/link/", page.link, name="case-link"),
    path("cases/<case:number>/unlink/", page.unlink, name="case-unlink"),
    path("cases/<case:number>/documents/", page.add_documents, name="case-documents"),
    path("cases/<case:number>/reopen/", page.reopen, name="case-reopen"),
    path("cases/<case:number>/edit/", changing.edit, name="case-edit"),
    path("cases/<case:number>/merge/", changing.merge, name="case-merge"),
    path("cases/<case:number>/split/", changing.split, name="case-split"),
    path("cases/<case:number>/circle/", changing.circle, name="case-circle"),
    path("cases/<case:number>/close/", changing.close, name="case-close"),
    path("cases/<case:number>/task/", tasks.new_for_case, name="case-task"),
    path("requests/<ref:ref>/task/", tasks.new_for_request, name="request-task"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<task:number>/", tasks.page, name="task"),
    path("tasks/<task:number>/documents/", tasks.add_documents, name="task-documents"),
    path("tasks/<task:number>/<taskverb:verb>/", tasks.act, name="task-act"),
]
