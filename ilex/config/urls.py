from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("ilex.web.urls")),
    path("", include("ilex.desk.urls")),
    path("", include("ilex.library.urls")),
    path("", include("ilex.programme.urls")),
    path("", include("ilex.crosscheck.urls")),
    path("", include("ilex.cases.urls")),
    path("", include("ilex.sharing.urls")),
    path("", include("ilex.exchange.urls")),
    path("", include("ilex.subjects.urls")),
    path("", include("ilex.documents.urls")),
    path("", include("ilex.approvals.urls")),
    path("", include("ilex.duty.urls")),
    path("", include("ilex.gate.urls")),
    path("", include("ilex.journal.urls")),
    path("", include("ilex.units.urls")),
]

handler400 = "ilex.web.errors.bad_request"
handler403 = "ilex.web.errors.forbidden"
handler404 = "ilex.web.errors.not_found"
handler500 = "ilex.web.errors.broken"
