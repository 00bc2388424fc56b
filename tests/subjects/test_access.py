"""Who sees which subject: by role, and by closed circle; in lists, pages, searches and reads by other rooms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from ilex.subjects import actions, queries
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.rules import Invalid, Said
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects.conftest import person, vehicle

pytestmark = pytest.mark.django_db

READERS = {Role.DUTY, Role.CASE, Role.HEAD, Role.PROTECTION}


@pytest.fixture
def seen(ana: Officer, circle: Circle) -> dict[str, Subject]:
    """One that is open and one in Ana's circle, linked, with the same number."""
    made = {
        "open": person(ana, "Ana Marković", Said("passport", "008123456")),
        "closed": person(ana, "Ceca Ilić", Said("passport", "008123456"), circle=circle),
    }
    actions.link(ana, made["open"], made["closed"], "associate")
    return made


@pytest.mark.parametrize("handling", ["H0", "H1", "H2", "H3"])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("unit", ["ilecu-rs", "ilecu-mk"])
def test_each_role_reads_as_its_rule_says_whatever_the_code(
    house: Organisation, ana: Officer, role: Role, handling: str, unit: str
) -> None:
    made = person(ana, "Ana Marković")
    Statement.objects.update(handling=handling)
    reader = officer("emil", [role], Organisation.objects.get(pk=unit))
    reads: list[Callable[[], object]] = [
        lambda: queries.subject_for(reader, made.pk),
        lambda: queries.statements_of(made, reader),
        lambda: queries.links_of(made, reader),
        lambda: queries.listed(reader).rows,
        lambda: queries.find(reader, "marković"),
        lambda: queries.search(reader, "marković", reason="x").rows,
        lambda: queries.same_key("ana markovic", reader),
        lambda: queries.captions([made.pk], reader),
        lambda: queries.statement_for(reader, made.statements.get().pk),
    ]
    for read in reads:
        if role in READERS:
            read()
        else:
            with pytest.raises(PermissionDenied):
                read()


def test_a_closed_circle_hides_from_everybody_outside(
    ana: Officer, bojan: Officer, house: Organisation, seen: dict[str, Subject]
) -> None:
    head = officer("hana", [Role.HEAD, Role.DUTY, Role.CASE], house)
    closed, opened = seen["closed"], seen["open"]
    for outside in (bojan, head):
        with pytest.raises(Subject.DoesNotExist):
            queries.subject_for(outside, closed.pk)
        with pytest.raises(Statement.DoesNotExist):
            queries.statement_for(outside, closed.statements.first().pk)  # type: ignore[union-attr]
        with pytest.raises(Link.DoesNotExist):
            queries.link_for(outside, Link.objects.get().pk)
        assert [row.id for row in queries.listed(outside).rows] == [opened.pk]
        assert not queries.find(outside, "ilić")
        assert not queries.find(outside, "ilci")
        assert queries.links_of(opened, outside) == []
        assert {row.subject_id for row in queries.same_key("008123456", outside)} == {opened.pk}
        assert queries.page_of(opened, outside).same_numbers == []
        assert set(queries.captions([opened.pk, closed.pk], outside)) == {opened.pk}
        assert queries.statements_of(closed, outside) == []
    assert queries.subject_for(ana, closed.pk) == closed
    assert queries.find(ana, "ilić")
    assert len(queries.links_of(opened, ana)) == 1


def test_the_protection_officer_sees_circles_but_not_who_also_handles_cases(
    house: Organisation, dpo: Officer, seen: dict[str, Subject]
) -> None:
    both = officer("boris", [Role.PROTECTION, Role.CASE], house)
    assert queries.subject_for(dpo, seen["closed"].pk) == seen["closed"]
    with pytest.raises(Subject.DoesNotExist):
        queries.subject_for(both, seen["closed"].pk)


def test_the_protection_officer_gives_a_reason_before_he_reads(dpo: Officer, seen: dict[str, Subject]) -> None:
    with pytest.raises(Invalid):
        queries.consult(dpo, seen["open"])
    with pytest.raises(Invalid):
        queries.search(dpo, "marković")
    queries.consult(dpo, seen["open"], "Complaint 7/2026")


def test_no_verb_reaches_into_a_circle(ana: Officer, bojan: Officer, seen: dict[str, Subject]) -> None:
    closed, opened = seen["closed"], seen["open"]
    name = Statement.objects.filter(subject=closed).first()
    assert name is not None
    hidden = (Subject.DoesNotExist, Statement.DoesNotExist, Link.DoesNotExist)
    for verb in (
        lambda: actions.state(bojan, closed, Said("note", "x")),
        lambda: actions.correct(bojan, name, Said("name", "x"), "x"),
        lambda: actions.withdraw(bojan, name, "x"),
        lambda: actions.change_category(bojan, closed, "victim", reason="x"),
        lambda: actions.link(bojan, opened, closed, "relative"),
        lambda: actions.withdraw_link(bojan, Link.objects.get(), "x"),
        lambda: actions.merge(bojan, opened, closed, "x"),
        lambda: actions.move_to_circle(bojan, closed, None, "x"),
    ):
        with pytest.raises(hidden):
            verb()


def test_nobody_puts_a_subject_into_a_circle_that_is_not_his(bojan: Officer, circle: Circle) -> None:
    with pytest.raises(Invalid):
        person(bojan, "Ana Marković", circle=circle)
    with pytest.raises(Invalid):
        actions.move_to_circle(bojan, vehicle(bojan, "BG 1-A"), circle, "x")


def test_a_withdrawn_account_of_a_circle_sees_nothing(ana: Officer, seen: dict[str, Subject]) -> None:
    Officer.objects.filter(pk=ana.pk).update(is_active=False)
    ana.refresh_from_db()
    with pytest.raises(PermissionDenied):
        queries.subject_for(ana, seen["closed"].pk)
