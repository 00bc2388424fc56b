from __future__ import annotations

from django.urls import path

from ilex.documents.views import finding, page

urlpatterns = [
    path("documents/", finding.search, name="documents"),
    path("documents/<uuid:id>/", page.page, name="document"),
    path("documents/<uuid:id>/file/", page.file, name="document-file"),
    path("documents/<uuid:id>/free/", page.free, name="document-free"),
]
