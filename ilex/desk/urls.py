from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.desk import finding, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.desk, name="desk"),
    path("desk/programme", views.waiting, name="waiting"),
    path("desk/rows", views.rows, name="desk-rows"),
    path("desk/preview/<str:ref>", views.preview, name="desk-preview"),
    path("find/", finding.find, name="find"),
    path("find/keep/", finding.keep, name="search-keep"),
    path("find/<uuid:id>/look/", finding.look, name="search-look"),
    path("find/<uuid:id>/drop/", finding.drop, name="search-drop"),
]
