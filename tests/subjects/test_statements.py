"""What is said of a subject: checked by the law and by its own rules, corrected and taken back, never changed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from ilex.journal.models import Line
from ilex.subjects import actions, queries
from ilex.subjects.models import Statement, Subject
from ilex.subjects.rules import Evaluation, Invalid, NotNow, Said
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects.conftest import SECRET_SOURCE, person, vehicle

pytestmark = pytest.mark.django_db


def said(subject: Subject, by: Officer, name: str) -> list[str]:
    return [row.value for row in queries.statements_of(subject, by) if row.property == name]


def test_a_person_is_written_down_with_all_that_is_known(ana: Officer) -> None:
    made = person(ana, "Марковић Ана", Said("born", "1985-03"), Said("passport", "008 123 456"))
    kept = {row.property: row for row in queries.statements_of(made, ana)}
    assert made.caption == "Марковић Ана"
    assert kept["name"].key == "ana markovic"
    assert kept["born"].key == "1985-03"
    assert kept["passport"].value == "008 123 456"
    assert kept["passport"].key == "008123456"
    assert kept["name"].owner_id == "ilecu-rs"


def test_adding_a_person_leaves_one_line_without_his_name(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    line = Line.objects.get(act="subject.added")
    assert (line.object_id, line.by) == (str(made.pk), str(ana.pk))
    assert "Markovi" not in str(line.detail)


def test_the_legal_latin_name_is_the_caption_whatever_came_first(ana: Officer) -> None:
    made = actions.add_subject(
        ana,
        "person",
        [
            Said("name", "Змај", "nickname"),
            Said("name", "Јован Илић", "legal", "sr"),
            Said("name", "Jovan Ilić", "legal", "sr-Latn"),
        ],
        category="contact",
    )
    assert (made.caption, made.language) == ("Jovan Ilić", "sr-Latn")


def test_an_informant_is_listed_by_his_coded_name(ana: Officer) -> None:
    made = person(ana, "Jovan Ilić", Said("coded-name", "Falcon"), category="informant")
    assert made.caption == "Falcon"


def test_a_subject_without_a_name_is_called_by_its_kind(ana: Officer) -> None:
    made = actions.add_subject(ana, "person", [Said("sex", "male")], category="witness")
    assert made.caption == "Person without a name"


@pytest.mark.parametrize("name", ["convictions", "phone", "lifestyle", "note", "fingerprints"])
def test_a_victim_has_no_field_that_the_law_does_not_allow(ana: Officer, name: str) -> None:
    said = Said(name, "+381 64 123 4567", evaluation=Evaluation(necessity="needed"))
    with pytest.raises(Invalid) as refused:
        person(ana, "Maja Petrović", said, category="victim")
    assert list(refused.value.fields) == ["1-property"]
    assert "The law does not allow" in refused.value.fields["1-property"]
    assert not Subject.objects.exists()


def test_a_person_needs_a_category_and_a_thing_has_none(ana: Officer) -> None:
    with pytest.raises(Invalid) as refused:
        person(ana, "Ana Marković", category="")
    assert "category" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        actions.add_subject(ana, "vehicle", [Said("plate", "BG 123-AB")], category="suspect")
    assert refused.value.fields == {"category": "Only persons have a category."}


def test_every_fault_of_every_statement_is_told_at_once(ana: Officer) -> None:
    faulty = [Said("name", " "), Said("born", "1985-13"), Said("sex", "unknown"), Said("colour", "red")]
    with pytest.raises(Invalid) as refused:
        actions.add_subject(ana, "person", faulty, category="suspect")
    assert set(refused.value.fields) == {"0-value", "1-value", "2-value", "3-property"}


def test_an_unknown_kind_is_refused(ana: Officer) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_subject(ana, "ghost", [Said("name", "Boo")])
    assert "kind" in refused.value.fields


def test_a_wrong_number_is_refused_with_the_sentence_of_its_rule(ana: Officer) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_subject(ana, "bank-account", [Said("iban", "RS35 0000 0000 0000 0000 00")])
    assert refused.value.fields["0-value"]


def test_a_special_category_needs_its_necessity_in_words(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    with pytest.raises(Invalid) as refused:
        actions.state(ana, made, Said("blood-group", "0+"))
    assert list(refused.value.fields) == ["necessity"]
    kept = actions.state(ana, made, Said("blood-group", "0+", evaluation=Evaluation(necessity="Injured at the scene.")))
    assert (kept.special, kept.necessity) == ("health", "Injured at the scene.")


def test_free_text_can_be_marked_as_a_special_category_too(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    marked = Evaluation(special="belief", necessity="Motive of the threat.")
    assert actions.state(ana, made, Said("note", "Attends a place of worship.", evaluation=marked)).special == "belief"
    with pytest.raises(Invalid):
        actions.state(ana, made, Said("note", "x", evaluation=Evaluation(special="rumour", necessity="x")))


def test_h3_needs_its_restriction_in_words_and_codes_combine(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    with pytest.raises(Invalid) as refused:
        actions.state(ana, made, Said("note", "x", evaluation=Evaluation(handling="H1+H3")))
    assert list(refused.value.fields) == ["handling_note"]
    noted = Evaluation(handling="H1+H3", handling_note="Not to the embassy.")
    assert actions.state(ana, made, Said("note", "x", evaluation=noted)).handling == "H1+H3"
    with pytest.raises(Invalid):
        actions.state(ana, made, Said("note", "x", evaluation=Evaluation(handling="H9")))


@pytest.mark.parametrize(
    ("evaluation", "field"),
    [
        (Evaluation(source_grade="Z"), "source_grade"),
        (Evaluation(information_grade="9"), "information_grade"),
        (Evaluation(basis="rumour"), "basis"),
        (Evaluation(since="1985-02-30"), "since"),
        (Evaluation(since="2024", until="2023-12"), "until"),
        (Evaluation(from_kind="dream"), "from_kind"),
        (Evaluation(from_note="x" * 301), "from_note"),
        (Evaluation(from_note="x\0"), "from_note"),
    ],
)
def test_an_evaluation_that_is_not_right_is_refused(ana: Officer, evaluation: Evaluation, field: str) -> None:
    made = person(ana, "Ana Marković")
    with pytest.raises(Invalid) as refused:
        actions.state(ana, made, Said("note", "x", evaluation=evaluation))
    assert list(refused.value.fields) == [field]


def test_facts_and_assessments_are_kept_apart(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    kept = actions.state(ana, made, Said("danger", "high", evaluation=Evaluation(basis="assessment")))
    assert kept.basis == "assessment"


def test_a_correction_follows_the_statement_that_stays_withdrawn(ana: Officer, bojan: Officer) -> None:
    made = person(ana, "Ana Marković", Said("born", "1985", evaluation=SECRET_SOURCE))
    old = Statement.objects.get(property="born")
    new = actions.correct(bojan, old, Said("born", "1986", evaluation=SECRET_SOURCE), "Read the passport.")
    old.refresh_from_db()
    assert said(made, ana, "born") == ["1986"]
    assert (new.replaces_id, old.withdrawn_by, old.withdrawn_why) == (old.pk, bojan, "Read the passport.")
    assert old.value == "1985"
    with pytest.raises(NotNow):
        actions.correct(ana, old, Said("born", "1987"), "Again.")


def test_a_correction_says_what_was_wrong_and_stays_with_its_field(ana: Officer) -> None:
    person(ana, "Ana Marković")
    [name] = Statement.objects.all()
    with pytest.raises(Invalid) as refused:
        actions.correct(ana, name, Said("name", "Ana Petrović"), " ")
    assert list(refused.value.fields) == ["why"]
    with pytest.raises(Invalid) as refused:
        actions.correct(ana, name, Said("surname", "Petrović"), "Wrong field.")
    assert list(refused.value.fields) == ["property"]


def test_a_corrected_name_changes_the_caption_and_is_found_no_more(ana: Officer) -> None:
    person(ana, "Ana Marković")
    [name] = Statement.objects.all()
    actions.correct(ana, name, Said("name", "Ana Petrović"), "Misread.")
    assert Subject.objects.get().caption == "Ana Petrović"
    assert not queries.find(ana, "marković")
    assert queries.find(ana, "petrović")


def test_a_withdrawn_statement_stays_with_its_reason_and_is_withdrawn_once(ana: Officer) -> None:
    made = vehicle(ana, "BG 123-AB")
    [plate] = Statement.objects.all()
    actions.withdraw(ana, plate, "Another car.")
    assert queries.statements_of(made, ana) == []
    [kept] = queries.statements_of(made, ana, withdrawn=True)
    assert kept.withdrawn_why == "Another car."
    with pytest.raises(NotNow):
        actions.withdraw(ana, plate, "Again.")


def test_a_field_that_holds_one_thing_is_corrected_and_not_filled_twice(ana: Officer) -> None:
    made = person(ana, "Ana Marković", Said("sex", "female"))
    with pytest.raises(Invalid):
        actions.state(ana, made, Said("sex", "male"))
    with pytest.raises(Invalid):
        actions.add_subject(ana, "person", [Said("sex", "male"), Said("sex", "female")], category="suspect")


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.AUTHORITY, Role.AUDITOR, Role.ADMINISTRATOR, Role.PROTECTION])
def test_only_who_works_on_cases_writes(house: Organisation, ana: Officer, role: Role) -> None:
    made, twin = person(ana, "Ana Marković"), vehicle(ana, "BG 123-AB")
    name = Statement.objects.get(property="name")
    other = officer("emil", [role], house)
    for verb in (
        lambda: person(other, "X"),
        lambda: actions.state(other, made, Said("note", "x")),
        lambda: actions.correct(other, name, Said("name", "x"), "x"),
        lambda: actions.withdraw(other, name, "x"),
        lambda: actions.change_category(other, made, "victim", reason="x"),
        lambda: actions.merge(other, made, twin, "x"),
        lambda: actions.link(other, made, twin, "associate"),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert Statement.objects.filter(withdrawn_at=None).count() == 2
