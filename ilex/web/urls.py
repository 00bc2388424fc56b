from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.web import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("settings", views.own_settings, name="settings"),
    path("keys", views.keys, name="keys"),
    path("language", views.language, name="language"),
    path("up", views.up, name="up"),
]
