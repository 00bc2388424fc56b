from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.programme.views import factsheets

urlpatterns: list[URLPattern | URLResolver] = [
    path("actions/<slug:key>/factsheet/", factsheets.page, name="factsheet"),
    path("actions/<slug:key>/factsheet.pdf", factsheets.paper, name="factsheet-pdf"),
    path("actions/<slug:key>/iati.xml", factsheets.xml, name="factsheet-iati"),
    path("actions/<slug:key>/factsheet/keep/", factsheets.freeze, name="factsheet-freeze"),
    path("factsheets/<uuid:id>.pdf", factsheets.kept_paper, name="factsheet-kept"),
    path("factsheets/<uuid:id>.xml", factsheets.kept_xml, name="factsheet-kept-iati"),
    path("factsheets/<uuid:id>/public/", factsheets.public, name="factsheet-public"),
]
