from __future__ import annotations

from django.urls import path

from ilex.units import views

urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/<slug:id>/", views.organisation, name="organisation"),
]
