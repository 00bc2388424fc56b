from __future__ import annotations

import random

import pytest
from django.utils.timezone import now

from ilex.cases import bench, queries
from ilex.cases.models import Case
from ilex.units.models import Officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db


def test_invented_cases_are_found_and_measured(ana: Officer) -> None:
    maria = person(ana, "Марија Измишљена")
    maker = bench.Maker(random.Random(1), ana, now())  # noqa: S311
    maker.make(300)
    assert Case.objects.count() == 300
    [number] = bench.numbers(1)
    assert [row.number for row in queries.search(ana, number).rows] == [number]
    assert {subject.pk for subject, _role in queries.subjects_of(queries.case_for(ana, number), ana)} == {maria.pk}
    assert all(speed.p95 > 0 for speed in bench.measure(ana, 3))
