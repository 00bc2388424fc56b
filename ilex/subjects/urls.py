from __future__ import annotations

from django.urls import path

from ilex.subjects.views import finding, importing, judging, page, stating, writing

urlpatterns = [
    path("subjects/", finding.subjects, name="subjects"),
    path("subjects/new/", writing.new, name="subject-new"),
    path("subjects/mrz/", writing.mrz, name="subject-mrz"),
    path("subjects/imports/", importing.imports, name="subject-imports"),
    path("subjects/imports/new/", importing.new, name="subject-import-new"),
    path("subjects/imports/<uuid:id>/", importing.one, name="subject-import"),
    path("subjects/imports/<uuid:id>/take/", importing.take, name="subject-import-take"),
    path("subjects/imports/<uuid:id>/drop/", importing.drop, name="subject-import-drop"),
    path("subjects/<uuid:id>/", page.page, name="subject"),
    path("subjects/<uuid:id>/say/", stating.say, name="subject-say"),
    path("subjects/<uuid:id>/link/", judging.link, name="subject-link"),
    path("subjects/<uuid:id>/merge/", judging.merge, name="subject-merge"),
    path("subjects/<uuid:id>/category/", judging.category, name="subject-category"),
    path("subjects/<uuid:id>/circle/", judging.circle, name="subject-circle"),
    path("statements/<uuid:id>/correct/", stating.correct, name="statement-correct"),
    path("statements/<uuid:id>/withdraw/", stating.withdraw, name="statement-withdraw"),
    path("links/<uuid:id>/withdraw/", stating.withdraw_link, name="link-withdraw"),
    path("merges/<uuid:id>/undo/", judging.unmerge, name="merge-undo"),
]
