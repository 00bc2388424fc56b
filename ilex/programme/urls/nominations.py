from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.programme.views import certificates, deciding, invitations, nominating, papers

urlpatterns: list[URLPattern | URLResolver] = [
    path("nominations/", invitations.invitations, name="nominations"),
    path("activities/<slug:key>/invite/", invitations.new, name="invitation-new"),
    path("nominations/invitations/<uuid:id>/", invitations.page, name="invitation"),
    path("nominations/invitations/<uuid:id>/edit/", invitations.edit, name="invitation-edit"),
    path("nominations/invitations/<uuid:id>/send/", invitations.send, name="invitation-send"),
    path("nominations/invitations/<uuid:id>/end/", invitations.end, name="invitation-end"),
    path("nominations/invitations/<uuid:id>/decline/", nominating.decline, name="invitation-decline"),
    path("nominations/invitations/<uuid:id>/letter.pdf", papers.invitation, name="invitation-letter"),
    path("nominations/invitations/<uuid:id>/propose/", nominating.new, name="nomination-new"),
    path("nominations/invitations/<uuid:id>/nominate/", nominating.send, name="nominations-send"),
    path("nominations/invitations/<uuid:id>/decide/", deciding.decide, name="nominations-decide"),
    path("nominations/invitations/<uuid:id>/attendance/", deciding.attendance, name="nominations-attendance"),
    path("nominations/invitations/<uuid:id>/certify/", deciding.certify, name="nominations-certify"),
    path("nominations/<uuid:id>/", nominating.page, name="nomination"),
    path("nominations/<uuid:id>/step/", nominating.step, name="nomination-step"),
    path("nominations/<uuid:id>/travel/", nominating.travel, name="nomination-travel"),
    path("nominations/<uuid:id>/evaluate/", nominating.evaluate, name="nomination-evaluate"),
    path("nominations/<uuid:id>/letter.pdf", papers.nomination, name="nomination-letter"),
    path("certificates/", certificates.verify, name="certificate-verify"),
    path("certificates/<str:number>/revoke/", certificates.revoke, name="certificate-revoke"),
    path("certificates/<str:number>.pdf", papers.certificate, name="certificate-pdf"),
]
