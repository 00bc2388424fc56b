"""A person decides: judgements, their undoing, two reviewers, and what stays of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilex.crosscheck import actions, queries
from ilex.crosscheck.actions.indexing import subjects_renewed
from ilex.crosscheck.facts import of_subject
from ilex.crosscheck.models import Hit, Judging, Look
from ilex.crosscheck.rules import DIFFERENT, NONE, SAME, SUBJECTS, UNSURE, End, Invalid, NotNow, Opinion, settled
from ilex.journal.models import Line, Operation
from ilex.matching.facts import Facts
from ilex.subjects import actions as subjects
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer
from ilex.words import law
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

ASKED = Facts(kind="person", names=("Ђорђе Измишљеновић",), born=("1985-03-12",))


@pytest.fixture
def held(ana: Officer) -> Subject:
    return person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))


@pytest.fixture
def other(ana: Officer) -> Subject:
    return person(ana, "Đorđe Izmišljenović", Said("born", "1985"))


def looked_up(by: Officer, subject: Subject) -> Hit:
    """A hit between this subject and another one of our own."""
    look = actions.look(by, of_subject(subject), reason="Case work", subject=subject)
    return queries.hits_in(look, by)[0]


def test_judgement_stands_with_its_officer_its_moment_and_its_line(ana: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    row = actions.judge(ana, hit, SAME, "Both have the scar.")
    assert (row.judgement, row.judged_by, row.why) == (SAME, ana, "Both have the scar.")
    line = Line.objects.get(act="hit.judged")
    assert (line.op, line.by, line.object_id, line.reason) == (
        Operation.COMBINATION,
        str(ana.pk),
        str(hit.pk),
        "Both have the scar.",
    )
    assert not queries.waiting_hits(ana, subject=held).exists()


def test_nothing_is_merged_by_a_judgement(ana: Officer, held: Subject, other: Subject) -> None:
    actions.judge(ana, looked_up(ana, held), SAME)
    assert not Subject.objects.filter(merged_into__isnull=False).exists()
    assert queries.canonical(SUBJECTS, str(held.pk)) == {
        End(SUBJECTS, str(held.pk)),
        End(SUBJECTS, str(other.pk)),
    }


def test_identity_is_the_chain_of_judgements_and_falls_apart_when_one_is_undone(ana: Officer) -> None:
    one, two, three = (person(ana, name) for name in ("Zoran Izmišljenović", "Зоран Измишљеновић", "Z. Izmisljenovic"))
    look = actions.look(ana, of_subject(two), reason="Case work", subject=two)
    hits = queries.hits_in(look, ana)
    assert {hit.held_subject for hit in hits} == {one, three}
    for hit in hits:
        actions.judge(ana, hit, SAME)
    assert len(queries.canonical(SUBJECTS, str(one.pk))) == 3
    actions.undo(ana, hits[0])
    assert len(queries.canonical(SUBJECTS, str(two.pk))) == 2


def test_merged_subjects_are_one(ana: Officer, held: Subject, other: Subject) -> None:
    subjects.merge(ana, held, other, "The same man.")
    assert len(queries.canonical(SUBJECTS, str(other.pk))) == 2


def test_undone_judgement_waits_again(ana: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, DIFFERENT)
    row = actions.undo(ana, hit)
    assert row.judgement == NONE
    assert list(queries.waiting_hits(ana, subject=held)) == [row]
    with pytest.raises(NotNow):
        actions.undo(ana, hit)


def test_officer_undoes_only_what_he_said_himself(ana: Officer, bojan: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, SAME)
    with pytest.raises(NotNow):
        actions.undo(bojan, hit)


def test_whoever_contradicts_a_colleague_says_why(ana: Officer, bojan: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, SAME)
    with pytest.raises(Invalid) as refused:
        actions.judge(bojan, hit, DIFFERENT)
    assert "why" in refused.value.fields
    assert actions.judge(bojan, hit, DIFFERENT, "Another father.").judgement == DIFFERENT


def test_of_two_who_judge_what_they_saw_the_slower_one_is_told(
    ana: Officer, bojan: Officer, held: Subject, other: Subject
) -> None:
    seen = looked_up(ana, held).stamp
    hit = looked_up(ana, held)
    actions.judge(ana, hit, SAME, seen=seen)
    with pytest.raises(NotNow):
        actions.judge(bojan, hit, SAME, seen=seen)
    assert Judging.objects.count() == 1


def test_judged_pair_stays_judged_when_it_is_found_again_from_either_side(
    ana: Officer, held: Subject, other: Subject
) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, DIFFERENT, "Another place of birth.")
    again = actions.look(ana, of_subject(other), reason="Case work", subject=other)
    [found] = queries.hits_in(again, ana)
    assert (found.pk, found.judgement, again.fresh) == (hit.pk, DIFFERENT, 0)
    assert (found.asked_key, found.held_key) == (str(other.pk), str(held.pk))


def test_reasons_of_a_judged_hit_stay_as_they_were_shown(ana: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, SAME)
    born = other.statements.get(property="born")
    subjects.correct(ana, born, Said("born", "1999-01-01"), "A slip of the pen.")
    actions.look(ana, of_subject(held), reason="Case work", subject=held)
    kept = Hit.objects.get(pk=hit.pk)
    assert (kept.reasons, kept.score) == (hit.reasons, hit.score)


def test_reasons_of_a_hit_that_waits_follow_what_the_record_says(ana: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    born = other.statements.get(property="born")
    subjects.correct(ana, born, Said("born", "1985-03-12"), "A slip of the pen.")
    now = Hit.objects.get(pk=hit.pk)
    assert now.score > hit.score
    assert {"1985-03-12"} == {reason.held for reason in now.shown_reasons if reason.field == "born"}


def test_hit_goes_when_the_withdrawn_name_was_all_that_was_alike(ana: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    subjects.state(ana, other, Said("name", "Sasvim Drugačiji"))
    subjects.withdraw(ana, other.statements.get(value="Đorđe Izmišljenović"), "Another man's name.")
    assert not Hit.objects.filter(pk=hit.pk).exists()


def test_what_was_typed_twice_by_one_officer_keeps_his_judgement(ana: Officer, held: Subject) -> None:
    first = actions.look(ana, ASKED, reason="Traffic check")
    [hit] = queries.hits_in(first, ana)
    actions.judge(ana, hit, SAME)
    second = actions.look(ana, ASKED, reason="Traffic check", harder=True)
    [again] = queries.hits_in(second, ana)
    assert (again.pk, again.judgement, second.fresh) == (hit.pk, SAME, 0)
    assert Look.objects.count() == 2


# --- two reviewers ---


@pytest.fixture
def two_reviewers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit's own law: two officers must agree on a hit."""
    profile = (law.OURS / "profiles" / "bilateral.toml").read_text(encoding="utf-8")
    rule = (
        '\n[reviewers]\ncode = "two"\ncount = 2\ntext = "Two officers agree on a hit"\nsource = "A test"\nmark = "O"\n'
    )
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "bilateral.toml").write_text(profile + rule, encoding="utf-8")
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))


def test_where_the_profile_asks_for_two_the_second_one_settles_it(
    two_reviewers: None, ana: Officer, bojan: Officer, held: Subject, other: Subject
) -> None:
    hit = looked_up(ana, held)
    assert queries.second_needed(hit)
    first = actions.judge(ana, hit, SAME)
    assert (first.judgement, first.half_judged) == (NONE, True)
    assert not queries.waiting_hits(ana, subject=held).exists()
    assert list(queries.waiting_hits(bojan, subject=held)) == [hit]
    assert queries.canonical(SUBJECTS, str(held.pk)) == {End(SUBJECTS, str(held.pk))}
    assert actions.judge(bojan, hit, SAME).judgement == SAME


def test_one_officer_cannot_be_both_reviewers(two_reviewers: None, ana: Officer, held: Subject, other: Subject) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, SAME)
    assert actions.judge(ana, hit, SAME).judgement == NONE


def test_two_who_disagree_leave_it_unsure(
    two_reviewers: None, ana: Officer, bojan: Officer, held: Subject, other: Subject
) -> None:
    hit = looked_up(ana, held)
    actions.judge(ana, hit, SAME)
    assert actions.judge(bojan, hit, DIFFERENT, "Another father.").judgement == UNSURE


@pytest.mark.parametrize(
    ("opinions", "needs", "holds"),
    [
        ([], 1, NONE),
        ([("a", SAME)], 1, SAME),
        ([("a", SAME), ("b", DIFFERENT)], 1, DIFFERENT),
        ([("a", SAME)], 2, NONE),
        ([("a", UNSURE)], 2, UNSURE),
        ([("a", SAME), ("a", SAME)], 2, NONE),
        ([("a", DIFFERENT), ("a", SAME), ("b", SAME)], 2, SAME),
        ([("a", SAME), ("b", UNSURE)], 2, UNSURE),
        ([("a", SAME), ("b", SAME), ("c", DIFFERENT)], 2, UNSURE),
    ],
)
def test_opinions_come_to_one_judgement(opinions: list[tuple[str, str]], needs: int, holds: str) -> None:
    assert settled([Opinion(*one) for one in opinions], needs) == holds


def test_index_says_the_same_when_it_is_told_twice(ana: Officer, held: Subject, other: Subject) -> None:
    subjects_renewed([held.pk, other.pk])
    look = actions.look(ana, ASKED, reason="Traffic check")
    assert {hit.held_subject for hit in queries.hits_in(look, ana)} == {held, other}
