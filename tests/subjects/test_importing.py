from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from ilex.journal.models import Line
from ilex.subjects import queries
from ilex.subjects.actions.importing import Asked, rehearse, take_in
from ilex.subjects.models import Import, Statement, Subject
from ilex.subjects.rules import Evaluation, Invalid
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects import files
from tests.subjects.files import asked, counted, entity, ftm, linked, refused, said, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def vesna(house: Organisation) -> Officer:
    """Head of the unit: only she takes in files."""
    return officer("vesna", [Role.HEAD], house)


OLD = files.csv(
    ("id", "kind", "category", "Name", "name:alias", "born", "Nationality", "passport", "link:associate"),
    ("1", "Person", "suspect", "Бојан Измишљени", "Боки; Bojke", "1985-03", "RS; SRB", "аа 123456", "2"),
    ("2", "person", "", "Ceca Nepostojeća", "", "1990", "", "", ""),
    ("3", "vehicle", "", "", "", "", "", "", ""),
)


def test_a_wide_table_becomes_subjects_statements_and_links(vesna: Officer) -> None:
    report = take(vesna, "csv", files.csv(*_rows(OLD)[:3]))
    assert (report.subjects, report.links, report.faults) == (2, 1, ())
    assert said()["1"] == {
        ("name", "Бојан Измишљени"),
        ("name", "Боки"),
        ("name", "Bojke"),
        ("born", "1985-03"),
        ("nationality", "RS"),
        ("passport", "аа 123456"),
    }
    assert linked() == {("associate", "1", "2", "")}
    assert Subject.objects.get(source_key="2").category == "other"
    assert Statement.objects.get(value="аа 123456").key == "aa123456"
    assert Statement.objects.get(value="Боки").name_kind == "alias"


def _rows(content: bytes) -> list[tuple[str, ...]]:
    return [tuple(cell.strip('"') for cell in line.split(",")) for line in content.decode().splitlines()]


def test_what_was_taken_in_is_found_at_once(vesna: Officer) -> None:
    take(vesna, "csv", files.csv(*_rows(OLD)[:3]))
    for text in ("Bojan Izmisljeni", "измишљени", "AA123456", "bojke"):
        assert [row.caption for row in queries.search(vesna, text, reason="x").rows] == ["Бојан Измишљени"]


def test_the_journal_says_who_took_in_what_and_why(vesna: Officer) -> None:
    take(vesna, "csv", files.csv(("id", "name"), ("1", "Ana Izmišljena")), kind="person")
    line = Line.objects.get(act="subject.imported")
    assert (line.by, line.reason) == (str(vesna.pk), "Trial")
    row = Import.objects.get()
    assert (row.source, row.form, row.counts["subjects"], row.by_id) == ("Old register", "csv", 1, vesna.pk)
    assert Statement.objects.get().from_key == str(row.pk)
    assert Statement.objects.get().from_note == "Old register"


def test_a_row_that_is_wrong_refuses_the_whole_file_and_is_named(vesna: Officer) -> None:
    before = counted()
    report = refused(vesna, "csv", OLD)
    assert [str(fault) for fault in report.faults] == ["row 4: Write at least one thing that is known."]
    assert counted() == before
    assert not Line.objects.filter(act="subject.imported").exists()


def test_a_dry_run_names_everything_and_keeps_nothing(vesna: Officer) -> None:
    before, lines = counted(), Line.objects.count()
    content = files.csv(("id", "name", "born", "nationality"), ("1", "Ana", "1985-13", "QQ"), ("1", "Ana", "", ""))
    report = rehearse(vesna, io.BytesIO(content), asked("csv", kind="person"))
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "born"), (2, "nationality"), (3, "id")]
    good = rehearse(vesna, io.BytesIO(files.csv(("id", "name"), ("1", "Ana"))), asked("csv", kind="person"))
    assert (good.subjects, good.written, good.faults) == (1, False, ())
    assert (counted(), Line.objects.count()) == (before, lines)


def test_only_the_head_of_the_unit_takes_in_files(ana: Officer, dpo: Officer) -> None:
    for one in (ana, dpo):
        with pytest.raises(PermissionDenied):
            take(one, "csv", OLD)


def test_a_purpose_and_a_source_must_be_named(vesna: Officer) -> None:
    for wrong in (
        Asked("csv", "x.csv", "", "Trial"),
        Asked("csv", "x.csv", "unit:ilecu-mk", "Trial"),
        Asked("csv", "x.csv", "Register", "  "),
        Asked("doc", "x.doc", "Register", "Trial"),
        Asked("csv", "x.csv", "Register", "Trial", evaluation=Evaluation(handling="H3")),
    ):
        with pytest.raises(Invalid):
            take_in(vesna, io.BytesIO(OLD), wrong)


def test_the_same_subject_is_not_taken_in_twice(vesna: Officer) -> None:
    content = files.csv(("id", "name"), ("1", "Ana Izmišljena"))
    take(vesna, "csv", content, kind="person")
    before = counted()
    report = refused(vesna, "csv", content, kind="person")
    assert [str(fault) for fault in report.faults] == [
        "row 2, id: This subject was imported before from the same source."
    ]
    assert counted() == before
    take(vesna, "csv", content, kind="person", source="Another register")


def test_a_later_file_may_link_to_what_came_before(vesna: Officer) -> None:
    take(vesna, "csv", files.csv(("id", "name"), ("1", "Ana Izmišljena")), kind="person")
    take(vesna, "csv", files.csv(("id", "plate", "link:connected"), ("v", "BG123AB", "1")), kind="vehicle")
    assert linked() == {("connected", "v", "1", "")}


def test_the_law_decides_which_fields_a_victim_may_have(vesna: Officer) -> None:
    content = files.csv(("id", "name", "phone"), ("1", "Ana Izmišljena", "+381641234567"))
    report = refused(vesna, "csv", content, kind="person", category="victim")
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "phone")]
    assert "does not allow" in report.faults[0].reason
    take(vesna, "csv", content, kind="person", category="suspect")


def test_persons_without_a_category_are_refused(vesna: Officer) -> None:
    content = files.csv(("id", "name"), ("1", "Ana Izmišljena"))
    report = refused(vesna, "csv", content, kind="person", category="")
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "category")]


def test_a_special_category_needs_its_necessity(vesna: Officer) -> None:
    content = files.csv(("id", "name", "dna"), ("1", "Ana Izmišljena", "MK-1"))
    report = refused(vesna, "csv", content, kind="person", category="suspect")
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "necessity")]
    reason = Evaluation(necessity="The only trace")
    take(vesna, "csv", content, kind="person", category="suspect", evaluation=reason)
    assert Statement.objects.get(property="dna").special == "genetic"
    assert Statement.objects.get(property="name").special == ""


def test_numbers_that_break_their_rule_are_kept_only_when_asked(vesna: Officer) -> None:
    content = files.csv(("id", "iban"), ("1", "RS00 1234"))
    assert [fault.column for fault in refused(vesna, "csv", content, kind="bank-account").faults] == ["iban"]
    take(vesna, "csv", content, kind="bank-account", exact=False)
    assert Statement.objects.get().key == "rs001234"


def test_a_file_goes_into_a_closed_circle(vesna: Officer) -> None:
    circle = Circle.objects.create(name="Winter")
    content = files.csv(("id", "name"), ("1", "Ana Izmišljena"))
    with pytest.raises(Invalid):
        take(vesna, "csv", content, kind="person", circle=circle)
    circle.officers.add(vesna)
    take(vesna, "csv", content, kind="person", circle=circle)
    assert Subject.objects.get().circle == circle


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_comes_in_several_spellings(vesna: Officer, sign: str, encoding: str) -> None:
    content = files.csv(("id", "Име", "Беше"), ("1", "Ђорђе, звани Ђока", "x"), sign=sign).decode().encode(encoding)
    take(vesna, "csv", content, kind="person", meaning={"Име": "name", "Беше": "-"})
    assert said() == {"1": {("name", "Ђорђе, звани Ђока")}}


def test_a_row_without_an_id_is_named_by_its_place_in_the_file(vesna: Officer) -> None:
    content = files.csv(("name",), ("Ana Izmišljena",), ("Bojan Izmišljeni",))
    take(vesna, "csv", content, kind="person")
    refused(vesna, "csv", content, kind="person")
    assert len({key[-2:] for key in said()} & {"-2", "-3"}) == 2


def test_unknown_columns_are_named_at_once(vesna: Officer) -> None:
    report = refused(vesna, "csv", files.csv(("id", "shoes", "hat", "name"), ("1", "43", "", "Ana")), kind="person")
    assert [str(fault) for fault in report.faults] == [
        "the file: Row 1: nobody said what these columns hold: “shoes”, “hat”."
    ]


def test_a_workbook_keeps_numbers_dates_and_letters(vesna: Officer) -> None:
    content = files.xlsx(
        ("id", "name", "born", "passport", "height", "phone"),
        (1, "Ана Измишљена", date(1985, 3, 12), 123456789, 172.0, "00381 64 1234567"),
        (2, "Bojan Izmišljeni", datetime(1990, 1, 2), "ABC D", 180.5, None),
    )
    report = refused(vesna, "xlsx", content, kind="person", category="suspect")
    assert [(fault.row, fault.column) for fault in report.faults] == [(3, "passport")]
    content = files.xlsx(
        ("id", "name", "born", "passport", "height"),
        (1, "Ана Измишљена", date(1985, 3, 12), 123456789, 172.0),
        (2.0, "Bojan Izmišljeni", datetime(1990, 1, 2), "ABC D", 180.5),
    )
    take(vesna, "xlsx", content, kind="person", exact=False)
    assert said() == {
        "1": {("name", "Ана Измишљена"), ("born", "1985-03-12"), ("passport", "123456789"), ("height", "172")},
        "2": {("name", "Bojan Izmišljeni"), ("born", "1990-01-02"), ("passport", "ABC D"), ("height", "180.5")},
    }


def test_followthemoney_entities_become_subjects_and_links(vesna: Officer) -> None:
    content = ftm(
        entity("own", "Ownership", owner="ana", asset="firm", percentage="51", startDate="2020-01"),
        entity("ana", "Person", name="Ana Izmišljena", alias="Анка", birthDate="1985-03-12T00:00:00",
               nationality=["rs", "srb"], gender="female",
               passportNumber="AB123456", topics="role.pep", religion="x", addressEntity="home"),
        entity("firm", "Company", name="Izmišljeno d.o.o.", jurisdiction="rs", registrationNumber="12345678"),
        entity("pass", "Passport", holder="ana", number="AB123456", country="rs", endDate="2030-01-01"),
        entity("id", "Identification", holder="ana", number="007008009", type="National ID", country="rs"),
        entity("odd", "Identification", holder="ana", number="X1", type="Tessera") | {"id": "odd"},
        entity("home", "Address", full="Улица 1, Београд", city="Београд", country="rs"),
        entity("car", "Vehicle", registrationNumber="BG123AB", owner="ana", model="Yugo"),
        entity("boat", "Vessel", name="Galeb", imoNumber="IMO9074729", flag="rs"),
        entity("jet", "Airplane", registrationNumber="YU-ABC", serialNumber="42"),
        entity("wallet", "CryptoWallet", publicKey="1BoatSLRHtKNngkdXEeobR76b53LETtpyT", holder="ana"),
        entity("fam", "Family", person="ana", relative="bojan", relationship="brother"),
        entity("bojan", "Person", name="Bojan Izmišljeni"),
        entity("sanction", "Sanction", entity="ana", program="X"),
        entity("unknown", "UnknownLink", subject="ana", object="sanction"),
        entity("debt", "Debt", debtor="ana", creditor="firm", amount="5"),
    )  # fmt: skip
    report = take(vesna, "ftm", content.replace(b'"X1"', b'"XX1"'), category="contact")
    assert report.faults == ()
    assert said()["ana"] == {
        ("name", "Ana Izmišljena"),
        ("name", "Анка"),
        ("born", "1985-03-12"),
        ("nationality", "RS"),
        ("sex", "female"),
        ("passport", "AB123456"),
        ("note", "topics: role.pep"),
    }
    assert said()["pass"] >= {("type", "passport"), ("number", "AB123456"), ("country", "RS")}
    assert said()["odd"] == {("number", "XX1"), ("type", "other"), ("note", "type: Tessera")}
    assert linked() == {
        ("owner", "ana", "firm", "51"),
        ("resident", "ana", "home", ""),
        ("holder", "ana", "pass", ""),
        ("holder", "ana", "id", ""),
        ("holder", "ana", "odd", ""),
        ("owner", "ana", "car", ""),
        ("owner", "ana", "wallet", ""),
        ("relative", "ana", "bojan", "brother"),
        ("connected", "ana", "firm", "5"),
    }
    assert report.left_out == {"Person.religion": 1, "Sanction": 1, "links with what is left out": 1}


def test_what_the_law_allows_no_note_is_left_out_and_counted(vesna: Officer) -> None:
    report = take(vesna, "ftm", ftm(entity("1", "Person", name="Ana Izmišljena", topics=["a", "b"])))
    assert said() == {"1": {("name", "Ana Izmišljena")}}
    assert report.left_out == {"Person.topics": 1}


def test_an_extract_of_others_may_name_what_it_does_not_hold(vesna: Officer) -> None:
    content = ftm(
        entity("1", "Person", name="Ana Izmišljena", addressEntity="elsewhere"),
        entity("2", "Ownership", owner="1", asset="elsewhere"),
    )
    report = take(vesna, "ftm", content)
    assert (report.subjects, report.links) == (1, 0)
    assert report.left_out == {"links with what is not in the file": 2}
