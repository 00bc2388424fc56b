from __future__ import annotations

from django.urls import path

from ilex.gate import views

urlpatterns = [
    path("network/", views.network, name="board"),
    path("network/card", views.card, name="card"),
    path("network/add", views.add, name="peer-add"),
    path("network/<slug:unit>/confirm", views.confirm, name="peer-confirm"),
    path("network/<slug:unit>/pause", views.change, {"what": "pause"}, name="peer-pause"),
    path("network/<slug:unit>/resume", views.change, {"what": "resume"}, name="peer-resume"),
]
