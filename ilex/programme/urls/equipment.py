from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.programme.views import agreements, equipment, handovers, labels

urlpatterns: list[URLPattern | URLResolver] = [
    path("equipment/", equipment.equipment, name="equipment"),
    path("equipment/needs/new/", equipment.need, name="need-new"),
    path("equipment/needs/<uuid:id>/met/", equipment.met, name="need-met"),
    path("equipment/new/", equipment.new, name="asset-new"),
    path("equipment/<uuid:id>/", equipment.asset, name="asset"),
    path("equipment/<uuid:id>/bought/", equipment.bought, name="asset-bought"),
    path("equipment/<uuid:id>/check/", equipment.report, {"kind": "check"}, name="asset-check"),
    path("equipment/<uuid:id>/write-off/", equipment.report, {"kind": "write-off"}, name="asset-write-off"),
    path("equipment/<uuid:id>/labels.pdf", labels.asset, name="asset-labels"),
    path("equipment/hand-overs/new/", handovers.new, name="handover-new"),
    path("equipment/hand-overs/<uuid:id>/", handovers.page, name="handover"),
    path("equipment/hand-overs/<uuid:id>/answer/", handovers.answer, name="handover-answer"),
    path("equipment/hand-overs/<uuid:id>/step/", handovers.step, name="handover-step"),
    path("equipment/hand-overs/<uuid:id>/certificate.pdf", labels.certificate, name="handover-pdf"),
    path("equipment/hand-overs/<uuid:id>/labels.pdf", labels.handover, name="handover-labels"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.new, name="agreement-new"),
    path("agreements/<uuid:id>/", agreements.page, name="agreement"),
    path("agreements/<uuid:id>/edit/", agreements.edit, name="agreement-edit"),
    path("agreements/<uuid:id>/step/", agreements.step, name="agreement-step"),
]
