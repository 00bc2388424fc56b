from __future__ import annotations

import pytest

from ilex.subjects import bench, queries
from ilex.subjects.models import Subject
from ilex.units.models import Organisation, Role
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db


def test_an_invented_register_is_taken_in_and_measured(house: Organisation) -> None:
    vesna = officer("vesna", [Role.HEAD], house)
    speed = bench.measure(vesna, 300)
    assert speed.subjects == Subject.objects.count() == 300
    assert 3 <= speed.statements_each <= 6
    assert speed.links > 0
    one = Subject.objects.filter(kind="person").order_by("pk")[0]
    assert one.pk in {row.id for row in queries.search(vesna, one.caption, reason="x").rows}


def test_the_same_register_is_invented_again() -> None:
    assert list(bench.invented(50)) == list(bench.invented(50)) != list(bench.invented(50, seed=4))
