from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.journal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("journal/", views.lines, name="journal"),
    path("journal/reason/", views.reason, name="journal-reason"),
    path("journal/lines/<int:key>/", views.line, name="journal-line"),
    path("journal/lines/<int:key>/proof.json", views.proof, name="journal-proof"),
    path("journal/heads/", views.heads, name="journal-heads"),
    path("journal/heads/explain/", views.explain_heads, name="journal-explain"),
]
