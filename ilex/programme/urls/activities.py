from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.programme.views import activities, calendar, map, series

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/subscriptions/", calendar.keys, name="calendar-keys"),
    path("calendar/subscriptions/<int:id>/end/", calendar.end, name="calendar-key-end"),
    path("calendar/<str:secret>.ics", calendar.file, name="calendar-file"),
    path("activities/new/", activities.new, name="activity-new"),
    path("activities/<slug:key>/", activities.page, name="activity"),
    path("activities/<slug:key>/edit/", activities.edit, name="activity-edit"),
    path("activities/<slug:key>/agenda/", activities.agenda, name="activity-agenda"),
    path("activities/<slug:key>/announce/", activities.announce, name="activity-announce"),
    path("activities/<slug:key>/hold/", activities.hold, name="activity-hold"),
    path("activities/<slug:key>/cancel/", activities.cancel, name="activity-cancel"),
    path("activities/<slug:key>/outcome/", activities.outcome, name="activity-outcome"),
    path("outcomes/<int:id>/done/", activities.outcome_done, name="outcome-done"),
    path("series/<uuid:id>/", series.page, name="series"),
    path("series/<uuid:id>/spread/", series.spread, name="series-spread"),
    path("actions/<slug:key>/series/", series.new, name="series-new"),
    path("map/", map.map_page, name="map"),
]
