from __future__ import annotations

from django.urls import path

from ilex.crosscheck.api import views

urlpatterns = [
    path("match/<slug:dataset>", views.match, name="api-match"),
    path("healthz", views.health, name="api-health"),
    path("openapi.json", views.document, name="api-openapi"),
]
