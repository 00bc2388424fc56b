from __future__ import annotations

from django.urls import path

from ilex.programme.models import Claim, Finding, Involvement, Remark
from ilex.programme.views import actions, changing, saying

SAID = {"involve": saying.involve, "claim": saying.claim, "finding": saying.finding, "remark": saying.remark}

urlpatterns = [
    path("actions/", actions.actions, name="actions"),
    path("actions/new/", changing.new, name="action-new"),
    path("actions/<slug:key>/", actions.page, name="action"),
    path("actions/<slug:key>/edit/", changing.edit, name="action-edit"),
    path("actions/<slug:key>/text/", changing.text, name="action-text"),
    path("actions/<slug:key>/amounts/", changing.amounts, name="action-amounts"),
    path("actions/<slug:key>/objectives/", changing.objectives, name="action-objectives"),
    *(path(f"actions/<slug:key>/{verb}/", SAID[verb], {"kind": "action"}, f"action-{verb}") for verb in SAID),
    *(path(f"activities/<slug:key>/{verb}/", SAID[verb], {"kind": "activity"}, f"activity-{verb}") for verb in SAID),
    path("claims/<int:id>/prefer/", saying.prefer, name="claim-prefer"),
    path("findings/<uuid:id>/settle/", saying.settle, name="finding-settle"),
    path("involvements/<int:id>/release/", saying.release, name="involvement-release"),
    path("claims/<int:id>/take-back/", saying.take_back, {"kind": Claim}, name="claim-take-back"),
    path("findings/<uuid:id>/take-back/", saying.take_back, {"kind": Finding}, name="finding-take-back"),
    path("remarks/<int:id>/take-back/", saying.take_back, {"kind": Remark}, name="remark-take-back"),
    path("involvements/<int:id>/take-back/", saying.take_back, {"kind": Involvement}, name="involvement-take-back"),
]
