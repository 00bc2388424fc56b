from __future__ import annotations

import pytest

from ilex.documents import bench
from ilex.documents.models import Document
from ilex.units.models import Officer
from tests.documents.conftest import Drawer

pytestmark = pytest.mark.django_db


def test_invented_papers_are_found_by_every_kind_of_search(
    ana: Officer, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "SENTENCES", 200)
    monkeypatch.setattr(bench, "WORDS", 500)
    monkeypatch.setattr(bench, "_settle", lambda: None)  # VACUUM cannot run in the transaction of a test
    bench.seed_many(60, [drawer.place])
    assert Document.objects.count() == 60
    speeds = bench.measure(ana, rounds=3)
    assert len(speeds) == 10
    assert all(0 < one.median <= one.slowest for one in speeds)
    assert bench.facts().startswith("60 documents")


def test_same_seed_makes_the_same_texts(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SENTENCES", 50)
    monkeypatch.setattr(bench, "WORDS", 100)
    monkeypatch.setattr(bench, "_settle", lambda: None)
    bench.seed_many(5, [drawer.place])
    first = sorted(Document.objects.values_list("text", flat=True))
    Document.objects.all().delete()
    bench.seed_many(5, [drawer.place])
    assert sorted(Document.objects.values_list("text", flat=True)) == first
