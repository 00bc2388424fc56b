from __future__ import annotations

from django.urls import URLPattern, path

from ilex.duty.views import absence, log, roster

urlpatterns: list[URLPattern] = [
    path("duty/", log.duty, name="duty"),
    path("duty/line/", log.line, name="duty-line"),
    path("duty/shifts/<uuid:id>/hand-over/", log.hand_over, name="duty-hand-over"),
    path("duty/shifts/<uuid:id>/take-over/", log.take_over, name="duty-take-over"),
    path("duty/roster/", roster.roster, name="duty-roster"),
    path("duty/roster/plan/", roster.plan, name="duty-plan"),
    path("duty/shifts/<uuid:id>/remove/", roster.remove, name="duty-remove"),
    path("duty/away/", absence.away, name="duty-away"),
    path("duty/away/<uuid:id>/end/", absence.end, name="duty-away-end"),
]
