"""Factsheets: every field of the seed on paper, copies that never change, and what other systems read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from pypdf import PdfReader

from ilex.gate.models import Attachment
from ilex.gate.store import open_stream, seal_stream
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.actions.actions import change_action, write_text
from ilex.programme.actions.factsheets import freeze, show_publicly
from ilex.programme.iati import validate
from ilex.programme.loading import load_programme
from ilex.programme.models import (
    Action,
    Activity,
    Asset,
    Claim,
    Factsheet,
    Finding,
    Involvement,
    Outcome,
    Person,
    Remark,
    Session,
)
from ilex.programme.papers.factsheets import factsheet_pdf
from ilex.programme.queries.pages import MOST
from ilex.programme.queries.people import Names
from ilex.programme.queries.sheets import sheet_of
from ilex.programme.rules.errors import Invalid
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.programme.shown import plain, read, text_of
from tests.programme.test_pages import carriers, said

pytestmark = pytest.mark.django_db

SHEETS = {
    "ilecu-network": "S0",
    "training-institutions": "S1",
    "cross-border-crime": "S2",
    "joint-patrols": "S4",
}
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@pytest.fixture(autouse=True)
def _programme(house: Organisation) -> None:
    load_directory()
    load_programme()


def letters(text: str) -> str:
    """The text without blanks: where a line ends on paper is of no matter."""
    return re.sub(r"\s+", "", INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def read_back(pdf: bytes) -> str:
    return letters("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def rows_of(number: str) -> Iterator[Any]:
    """All rows that carry a line of the inventory of this sheet."""
    return (row for row in carriers() if any(line.startswith(f"{number}-") for line in row.lines))


@pytest.mark.parametrize("key", SHEETS)
def test_pdf_holds_every_field_of_its_seed(key: str, vera: Officer) -> None:
    sheet = sheet_of(Action.objects.get(key=key), vera, "en")
    pdf = read_back(factsheet_pdf(sheet, "en"))
    names = Names.read("en", Organisation.objects.values_list("pk", flat=True))
    rows = list(rows_of(SHEETS[key]))
    assert len({line for row in rows for line in row.lines if line.startswith(SHEETS[key])}) > 20
    wanted = [(words, row.lines) for row in rows for words in filter(None, said(row, names))]
    assert [one for one in wanted if letters(one[0]) not in pdf] == []


def test_pdf_holds_what_was_printed_beside_its_reading(vera: Officer) -> None:
    sheet = sheet_of(Action.objects.get(key="cross-border-crime"), vera, "en")
    pdf = read_back(factsheet_pdf(sheet, "en"))
    assert letters("EUR 108.874.50 (ISF-Police) · read as EUR 108,874.50 · could be read otherwise") in pdf
    unknown = sheet_of(Action.objects.get(key="joint-patrols"), vera, "en")
    assert letters("Budget not stated") in read_back(factsheet_pdf(unknown, "en"))


def test_footnote_marks_tie_partners_to_the_sentence(vera: Officer) -> None:
    sheet = sheet_of(Action.objects.get(key="training-institutions"), vera, "en")
    assert [words[:3] for words in sheet.footnotes[:2]] == ["[1]", "[2]"]
    assert "Academy of the Police Force in Bratislava (Slovakia)" in sheet.footnotes[0]
    partners = next(one for one in sheet.sections if one.title == "Partners")
    lines = [line for fact in partners.facts for line in fact.lines]
    assert any(line.startswith("Academy of the Police Force in Bratislava (Slovakia) [1]") for line in lines)


def test_each_layout_tells_in_the_order_of_its_source(vera: Officer) -> None:
    facility = sheet_of(Action.objects.get(key="ilecu-network"), vera, "en")
    outlined = sheet_of(Action.objects.get(key="joint-patrols"), vera, "en")
    wanted = ["About", "Partners", "Countries", "Time frame", "Budget", "Activities", "Implemented by"]
    heads = [one.title for one in facility.sections]
    assert (facility.layout, outlined.layout) == ("facility", "plain")
    assert [one for one in heads if one in wanted] == wanted
    assert [one.title for one in outlined.sections[:3]] == ["Background", "Outline", "About"]


def test_page_shows_the_sheet_and_its_papers(vera: Officer, client: Client) -> None:
    client.force_login(vera)
    shown = read(client, reverse("factsheet", args=["training-institutions"]))
    sheet = sheet_of(Action.objects.get(key="training-institutions"), vera, "en")
    for section in sheet.sections:
        assert plain(section.title) in shown
        assert all(plain(line) in shown for one in section.facts for line in one.lines)
    paper = client.get(reverse("factsheet-pdf", args=["training-institutions"]))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert Line.objects.filter(act="factsheet.taken").exists()


def test_frozen_sheet_stays_when_the_action_changes(vera: Officer, client: Client) -> None:
    action = Action.objects.get(key="cross-border-crime")
    frozen = freeze(vera, action, "en")
    content, pdf = frozen.content, b"".join(open_stream(frozen.pdf))  # type: ignore[arg-type]
    change_action(vera, action, title="Another title")
    kept = Factsheet.objects.get(pk=frozen.pk)
    assert kept.content == content
    assert b"".join(open_stream(kept.pdf)) == pdf  # type: ignore[arg-type]
    assert kept.content["title"].startswith("Law-enforcement cooperation")
    assert validate(kept.iati.encode()) == []
    client.force_login(vera)
    paper = client.get(reverse("factsheet-kept", args=[frozen.pk]))
    assert paper.content == pdf
    assert read_back(pdf).count(letters("Another title")) == 0


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE programme_factsheet SET content = '{}'",
        "UPDATE programme_factsheet SET iati = ''",
        "UPDATE programme_factsheet SET frozen_at = now() + interval '1 day', public = true",
        "UPDATE programme_factsheet SET pdf_id = NULL",
        "DELETE FROM programme_factsheet",
    ],
)
def test_kept_sheet_is_not_changed_by_sql_either(vera: Officer, order: str) -> None:
    frozen = freeze(vera, Action.objects.get(key="ilecu-network"), "en")
    stays = pytest.raises(DatabaseError, match="a kept factsheet stays as it is")
    with stays, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(order)
    Factsheet.objects.filter(pk=frozen.pk).update(public=True, frozen_by=None)
    kept = Factsheet.objects.get()
    assert (kept.content, kept.public) == (frozen.content, True)


def test_paper_that_was_exchanged_is_not_handed_out(vera: Officer, client: Client) -> None:
    frozen = freeze(vera, Action.objects.get(key="ilecu-network"), "en")
    other = seal_stream([b"%PDF- of somebody else"], name="other.pdf")
    kept = {name: getattr(other, name) for name in ("size", "digest", "sealed_size", "sealed_digest", "key")}
    assert frozen.pdf is not None
    assert Attachment.objects.filter(pk=frozen.pdf.pk).update(**kept) == 1
    client.force_login(vera)
    answer = client.get(reverse("factsheet-kept", args=[frozen.pk]), follow=True)
    assert b"of somebody else" not in answer.content
    assert "is damaged" in text_of(answer.text)


def test_sheet_of_many_activities_asks_no_more_statements_than_one_of_few(vera: Officer) -> None:
    action = Action.objects.get(key="ilecu-network")

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            sheet_of(action, vera, "en")
        return len(asked)

    few = statements()
    make_activities(action, 60)
    sheet = sheet_of(action, vera, "en")
    assert sum(one.title.startswith("Training: Training") for one in sheet.sections) == 60
    assert any("Sofia, with its teacher" in line for one in sheet.sections for part in one.facts for line in part.lines)
    assert statements() <= few + 1  # the places of findings, which nobody made before


def make_activities(action: Action, count: int) -> None:
    usual = {"kind": "training", "made_at": now(), "changed_at": now(), "when": "2026-03", "action": action}
    with act("test.many", Operation.COLLECTION, by=None):
        made = Activity.objects.bulk_create(
            Activity(key=f"many-{number}", title=f"Training {number}", **usual) for number in range(count)
        )
        sessions = Session.objects.bulk_create(Session(activity=one, order=1, title="Morning") for one in made)
        teacher = Person.objects.create(function="Sofia, with its teacher")
        Involvement.objects.bulk_create(Involvement(session=one, role="speaker", person=teacher) for one in sessions)
        Involvement.objects.bulk_create(Involvement(activity=one, role="host", place_id="MK") for one in made)
        Outcome.objects.bulk_create(Outcome(activity=one, kind="agreed", text="Meet again") for one in made)
        Claim.objects.bulk_create(Claim(activity=one, field="capacity", value="20 people") for one in made)
        Remark.objects.bulk_create(Remark(activity=one, kind="doubt", text="Not sure") for one in made)
        Finding.objects.bulk_create(Finding(activity=one, kind="need", text="More of it") for one in made)


def test_sheet_that_is_too_long_says_where_the_others_are(vera: Officer) -> None:
    action = Action.objects.get(key="ilecu-network")
    make_activities(action, MOST + 1)
    words = [one.text for section in sheet_of(action, vera, "en").sections for one in section.words]
    at = words.index("There are more of them.")
    assert words[at + 1] == "All of them are in the calendar."


def test_words_in_another_language_are_marked_with_it_in_the_pdf(vera: Officer) -> None:
    action = Action.objects.get(key="ilecu-network")
    Activity.objects.filter(action__parent=action).update(text="Састанак у Београду.", language="sr")
    read = PdfReader(BytesIO(factsheet_pdf(sheet_of(action, vera, "en"), "en")))
    assert str(read.root_object["/Lang"]) == "en"
    assert any(b"/Lang(sr)" in page.get_contents().get_data() for page in read.pages)  # type: ignore[union-attr]


def test_sheet_in_another_language_has_its_title_and_words(vera: Officer, client: Client) -> None:
    action = Action.objects.get(key="ilecu-network")
    write_text(vera, action, language="sr", title="Мрежа", summary="Опис.")
    client.force_login(vera)
    answer = client.post(reverse("factsheet-freeze", args=[action.key]), {"language": "sr"}, follow=True)
    assert "Мрежа" in text_of(answer.text)
    frozen = Factsheet.objects.get()
    assert (frozen.language, frozen.content["title"], frozen.content["summary"]) == ("sr", "Мрежа", "Опис.")
    assert letters("Мрежа") in read_back(b"".join(open_stream(frozen.pdf)))  # type: ignore[arg-type]


def test_sheet_is_not_frozen_in_a_language_it_does_not_have(vera: Officer, client: Client) -> None:
    before = Factsheet.objects.count(), Line.objects.count()
    with pytest.raises(Invalid, match="no text in that language"):
        freeze(vera, Action.objects.get(key="ilecu-network"), "hu")
    assert (Factsheet.objects.count(), Line.objects.count()) == before


def test_head_shows_a_copy_publicly_and_takes_it_back(vera: Officer, house: Organisation) -> None:
    head = officer("chief", [Role.HEAD], house)
    frozen = freeze(vera, Action.objects.get(key="ilecu-network"), "en")
    with pytest.raises(PermissionDenied):
        show_publicly(vera, frozen, True)
    show_publicly(head, frozen, True)
    assert Factsheet.objects.get(pk=frozen.pk).public
    show_publicly(head, frozen, False)
    assert not Factsheet.objects.get(pk=frozen.pk).public


def test_kept_record_holds_no_officer_and_no_place_of_equipment(vera: Officer) -> None:
    """What is handed on tells what was said, not who of ours wrote it, and not where equipment stands."""
    asset = Asset.objects.exclude(action=None).select_related("action").order_by("pk")[0]
    Asset.objects.filter(pk=asset.pk).update(stands_at="The second cellar")
    action = asset.action
    assert action is not None
    content = freeze(vera, action, "en").content
    assert content["assets"]
    assert "The second cellar" not in str(content)
    names = set(content) | {name for part in content.values() if isinstance(part, list) for row in part for name in row}
    assert {name for name in names if name == "by" or name.endswith("_by")} <= {"said_by", "raised_by"}
