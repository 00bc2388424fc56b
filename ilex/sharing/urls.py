from __future__ import annotations

from django.urls import path

from ilex.sharing.views import consents, ledger, releases, review, statements

urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/new/", releases.new, name="release-new"),
    path("releases/<uuid:id>/", releases.page, name="release"),
    path("releases/<uuid:id>/edit/", releases.edit, name="release-edit"),
    path("releases/<uuid:id>/review/", review.page, name="release-review"),
    path("releases/<uuid:id>/leave-out/", review.leave_out, name="release-leave-out"),
    path("releases/<uuid:id>/consent/", review.ask, name="release-consent"),
    path("releases/<uuid:id>/drop/", releases.drop, name="release-drop"),
    path("releases/<uuid:id>/attach/", releases.attach, name="release-attach"),
    path("consents/", consents.consents, name="consents"),
    path("consents/<uuid:id>/", consents.page, name="consent"),
    path("consents/<uuid:id>/decide/", consents.decide, name="consent-decide"),
    path("entries/<uuid:id>/consent/", statements.letter, name="entry-consent"),
    path("statements/<uuid:id>/consent/", statements.consent, name="statement-consent"),
    path("statements/<uuid:id>/court/", statements.court, name="statement-court"),
    path("ledger/", ledger.page, name="ledger"),
    path("ledger.csv", ledger.page, {"form": "csv"}, name="ledger-csv"),
]
