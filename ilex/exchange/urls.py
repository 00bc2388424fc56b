from __future__ import annotations

from django.urls import path, register_converter

from ilex.exchange.views import finding, letters, page, papers


class Reference:
    """RS-2026-000412"""

    regex = "[A-Z]{2,8}-[0-9]{4}-[0-9]{6,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Reply:
    """The letters about a request."""

    regex = "answer|refusal|question|clarification|delay|outcome"
    to_python = to_url = staticmethod(str)


class Mending:
    """The letters about something said before."""

    regex = "correction|recall"
    to_python = to_url = staticmethod(str)


register_converter(Reference, "ref")
register_converter(Reply, "reply")
register_converter(Mending, "mending")

urlpatterns = [
    path("requests/new/", letters.new, {"kind": "request"}, name="request-new"),
    path("requests/record/", letters.new, {"kind": "record"}, name="request-record"),
    path("information/new/", letters.new, {"kind": "information"}, name="information-new"),
    path("requests/<ref:ref>/", page.page, name="request"),
    path("requests/<ref:ref>/take/", page.take, name="request-take"),
    path("requests/<ref:ref>/assign/", page.assign, name="request-assign"),
    path("requests/<ref:ref>/access/", page.access, name="request-access"),
    path("requests/<ref:ref>/note/", page.note, name="request-note"),
    path("requests/<ref:ref>/close/", page.close, name="request-close"),
    path("requests/<ref:ref>/said/", page.said, name="request-said"),
    path("requests/<ref:ref>/twin/", page.judge_twin, name="request-twin"),
    path("requests/<ref:ref>/form-b.pdf", papers.request_form, name="form-b"),
    path("requests/<ref:ref>/statement.pdf", papers.statement, name="statement"),
    path("requests/<ref:ref>/<reply:kind>/", letters.new, name="letter"),
    path("requests/<ref:ref>/<uuid:entry>/<mending:kind>/", letters.new, name="entry-letter"),
    path("entries/<uuid:id>/form-a.pdf", papers.answer_form, name="form-a"),
    path("papers/<uuid:id>/", papers.paper, name="paper"),
    path("drafts/", letters.drafts, name="drafts"),
    path("drafts/<uuid:id>/", letters.draft, name="draft"),
    path("drafts/<uuid:id>/save/", letters.save, name="draft-save"),
    path("drafts/<uuid:id>/review/", letters.review, name="draft-review"),
    path("drafts/<uuid:id>/drop/", letters.drop, name="draft-drop"),
    path("search/", finding.search, name="search"),
    path("statistics/", finding.statistics, name="statistics"),
    path("statistics.csv", finding.statistics, {"form": "csv"}, name="statistics-csv"),
    path("statistics.json", finding.statistics, {"form": "json"}, name="statistics-json"),
]
