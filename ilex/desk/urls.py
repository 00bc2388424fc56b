from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.desk import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desk, name="desk"),
    path("desk/rows", views.rows, name="desk-rows"),
    path("desk/preview/<str:ref>", views.preview, name="desk-preview"),
]
