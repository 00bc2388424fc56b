"""The pages of the programme, a file for each noun."""

from __future__ import annotations

from ilex.programme.urls import actions, activities, equipment, factsheets, nominations

urlpatterns = [
    *actions.urlpatterns,
    *activities.urlpatterns,
    *nominations.urlpatterns,
    *equipment.urlpatterns,
    *factsheets.urlpatterns,
]
