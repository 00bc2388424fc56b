from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

import ilex.exchange.urls  # noqa: F401  (brings the converter of references)
from ilex.crosscheck.views import accesses, checking, reviewing, sources, watching

urlpatterns: list[URLPattern | URLResolver] = [
    path("check/", checking.check, name="check"),
    path("check/<uuid:id>/", checking.look, name="check-look"),
    path("check/<uuid:id>/harder/", checking.harder, name="check-harder"),
    path("check/<uuid:id>/watch/", checking.watch, name="check-watch"),
    path("hits/", reviewing.hits, name="hits"),
    path("hits/list/", reviewing.listed, name="hits-list"),
    path("hits/<uuid:id>/", reviewing.hit, name="hit"),
    path("hits/<uuid:id>/judge/", reviewing.judge, name="hit-judge"),
    path("hits/<uuid:id>/undo/", reviewing.undo, name="hit-undo"),
    path("requests/<ref:ref>/hits/draft/", reviewing.draft, name="hits-draft"),
    path("watches/", watching.watches, name="watches"),
    path("watches/<uuid:id>/stop/", watching.stop, name="watch-stop"),
    path("holdings/", sources.sources, name="sources"),
    path("holdings/thresholds/", sources.thresholds, name="thresholds"),
    path("holdings/<slug:code>/", sources.source, name="source"),
    path("holdings/<slug:code>/switch/", sources.switch, name="source-switch"),
    path("access/", accesses.accesses, name="accesses"),
    path("access/new/", accesses.new, name="access-new"),
    path("access/<uuid:id>/close/", accesses.close, name="access-close"),
    path("api/", include("ilex.crosscheck.api.urls")),
]
