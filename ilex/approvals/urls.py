from __future__ import annotations

from django.urls import URLPattern, path

from ilex.approvals.views import one, pages

urlpatterns: list[URLPattern] = [
    path("approvals/", pages.approvals, name="approvals"),
    path("approvals/<uuid:id>/", one.approval, name="approval"),
    path("approvals/<uuid:id>/approve/", one.approve, name="approval-approve"),
    path("approvals/<uuid:id>/return/", one.return_, name="approval-return"),
    path("approvals/<uuid:id>/withdraw/", one.withdraw, name="approval-withdraw"),
    path("approvals/<uuid:id>/edits/", one.edits, name="approval-edits"),
    path("approvals/<uuid:id>/alone/", one.alone, name="approval-alone"),
    path("approvals/<uuid:id>/noted/", one.noted, name="approval-noted"),
]
