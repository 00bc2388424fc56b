from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from ilex.exchange import actions, queries
from ilex.exchange.models import Draft
from ilex.exchange.rules import Invalid
from ilex.gate import store
from ilex.gate.models import Attachment
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db


def test_draft_is_kept_as_typed_and_saved_over(ana: Officer) -> None:
    number = uuid4()
    actions.keep_draft(ana, "request", {"facts": ["половина речен"]}, draft=number)

    actions.keep_draft(ana, "request", {"facts": ["цела реченица\0"]}, draft=number)

    assert Draft.objects.get().fields == {"facts": ["цела реченица"]}


def test_draft_and_its_files_are_the_officers_own(ana: Officer, bojan: Officer) -> None:
    paper = store.seal_stream(iter([b"invented"]), name="a.txt")
    draft = actions.keep_draft(ana, "request", {}, papers=[paper])

    assert queries.paper_for(ana, paper.pk) == paper
    with pytest.raises(Attachment.DoesNotExist):
        queries.paper_for(bojan, paper.pk)
    with pytest.raises(PermissionDenied):
        actions.keep_draft(bojan, "request", {}, draft=draft.pk)
    actions.drop_draft(bojan, draft)
    assert Draft.objects.count() == 1
    actions.drop_draft(ana, draft)
    assert Draft.objects.count() == 0


def test_draft_has_a_bound(ana: Officer) -> None:
    with pytest.raises(Invalid):
        actions.keep_draft(ana, "request", {"facts": "x" * 500_000})
