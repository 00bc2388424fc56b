"""Equipment on paper: the certificate of a hand-over says what both units signed, and its labels can be scanned."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pypdf
import pytest
import typst
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from ilex.exchange.papers.fields import FormError
from ilex.exchange.papers.press import FONTS
from ilex.programme.actions.handovers import answer_handover
from ilex.programme.models import Asset, Handover
from ilex.programme.papers import handovers, labels
from ilex.programme.papers.handovers import handover_pdf
from ilex.programme.papers.labels import labels_of_asset, labels_of_handover, labels_pdf
from ilex.programme.rules.assets import asset_of, label_of
from ilex.units.models import Officer
from tests.programme.test_certificates import grey
from tests.programme.test_equipment import answers, asset, bought, given, offered
from tests.programme.test_nomination_pages import client, page
from tests.sharing.ceca import Partner

__all__ = ["client"]

pytestmark = pytest.mark.django_db


def read(pdf: bytes) -> str:
    """Its words; long numbers may be broken on paper, and are put together again."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return (
        " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u200b ", "").replace("\u200b", "")
    )


def answered(vera: Officer, ceca: Partner) -> Handover:
    """Skopje accepts the radios and refuses the laptop."""
    radios, laptop = bought(vera), bought(vera, name="Laptop", kind="computer", serials=["L-9"], quantity=1)
    row = given(vera, radios, laptop, place="Belgrade", text="With two spare batteries.")
    taken = [
        {"asset": str(radios.pk), "accepted": True},
        {"asset": str(laptop.pk), "accepted": False, "why": "Екранот е скршен."},
    ]
    body = answers(ceca, row, *taken, agent="Head of unit")
    assert ceca.says("programme.handover-answered", body, row.conversation).state == "taken"
    return Handover.objects.get(pk=row.pk)


def test_certificate_names_what_was_given_and_accepted_and_who_signed(vera: Officer, ceca: Partner) -> None:
    row = answered(vera, ceca)
    text = read(handover_pdf(row, "en"))
    for words in (row.number, "Unit of RS", "Unit of MK", "Belgrade", "With two spare batteries.", "Radio R-7"):
        assert words in text
    for words in ("A-1, A-2", "L-9", "EUR 500.00", "accepted", "refused: Екранот е скршен.", "Head of unit"):
        assert words in text
    assert row.given is not None
    assert row.taken is not None
    for number in (row.digest, row.given.digest, row.taken.digest):
        assert bytes(number).hex() in text.replace(" ", "")
    for message in (row.given.id, row.taken.id):
        assert str(message) in text.replace(" ", "")


def test_certificate_is_tagged_and_has_a_title(vera: Officer, ceca: Partner) -> None:
    reader = pypdf.PdfReader(io.BytesIO(handover_pdf(answered(vera, ceca), "en")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Hand-over certificate RS-E-")


def test_certificate_without_an_answer_leaves_room_for_it(vera: Officer, ceca: Partner) -> None:
    text = read(handover_pdf(given(vera, bought(vera)), "en"))
    assert "not answered yet" in text
    assert "Signed by hand" in text


def test_certificate_says_what_was_signed_whatever_becomes_of_the_equipment(vera: Officer, ceca: Partner) -> None:
    one = asset(name="Laptop", serials=["MK-1"])
    body = offered(ceca, one)
    ceca.says("programme.handover", body, uuid4())
    row = Handover.objects.get(pk=body["number"])
    answer_handover(vera, row, localdate(), {Asset.objects.get().pk: "Broken."})
    again = offered(ceca, one | {"name": "Laptop, repaired", "serials": ["MK-2"]})
    assert ceca.says("programme.handover", again, uuid4()).state == "taken"
    text = read(handover_pdf(row, "en"))
    assert "MK-1" in text
    assert "repaired" not in text
    assert "repaired" in read(handover_pdf(Handover.objects.get(pk=again["number"]), "en"))


@pytest.mark.parametrize("language", ["sr", "ka", "sr-latn", "xx"])
def test_certificate_is_printed_in_the_language_of_the_page(vera: Officer, ceca: Partner, language: str) -> None:
    row = answered(vera, ceca)
    assert row.number in read(handover_pdf(row, language))


def test_code_of_each_line_is_scanned_into_the_next_hand_over(vera: Officer, ceca: Partner) -> None:
    row = answered(vera, ceca)
    laptop = Asset.objects.get(name="Laptop")
    picture = typst.compile(
        handovers.TEMPLATE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=handovers.printed(row, "en", now()),
        format="png",
        ppi=150,
    )
    assert isinstance(picture, bytes)
    codes = {code.text for code in zxingcpp.read_barcodes(grey(picture))}
    assert codes == {label_of(line.asset_id) for line in row.handover_lines.all()}
    again = given(vera, serials=[label_of(laptop.pk), "L-9"])
    assert [line.asset_id for line in again.handover_lines.all()] == [laptop.pk]


def test_each_piece_with_a_number_has_a_label_and_the_rest_one_together(vera: Officer, ceca: Partner) -> None:
    radios = bought(vera, quantity=5)
    made = labels_of_asset(radios)
    assert [(label.serial, label.pieces) for label in made] == [("A-1", 1), ("A-2", 1), ("", 3)]
    row = given(vera, radios)
    assert [label.number for label in labels_of_handover(row)] == [row.number] * 3
    picture = typst.compile(
        labels.TEMPLATE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=labels.printed(made, "en", now()),
        format="png",
        ppi=150,
    )
    assert isinstance(picture, bytes)
    scanned = zxingcpp.read_barcodes(grey(picture))
    assert [asset_of(code.text) for code in scanned] == [radios.pk] * 3
    text = read(labels_pdf(made, "en"))
    for words in ("A-1", "A-2", "3 pieces", "Radio R-7", "Unit of RS"):
        assert words in text


def test_more_labels_than_a_paper_holds_are_told(vera: Officer) -> None:
    radios = bought(vera)
    with pytest.raises(FormError, match="more than 1200 labels"):
        labels_pdf(labels_of_asset(radios) * 601, "en")


def test_papers_are_linked_from_the_pages(client: Client, vera: Officer, ceca: Partner) -> None:
    row = answered(vera, ceca)
    shown = page(client, "handover", row.pk)
    for route in ("handover-pdf", "handover-labels"):
        assert reverse(route, args=[row.pk]) in shown
        answer = client.get(reverse(route, args=[row.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content[:5] == b"%PDF-"
    laptop = Asset.objects.get(name="Laptop")
    assert reverse("asset-labels", args=[laptop.pk]) in page(client, "asset", laptop.pk)
    assert client.get(reverse("asset-labels", args=[laptop.pk])).content[:5] == b"%PDF-"


def test_number_of_a_partner_cannot_break_the_name_of_the_file(client: Client, vera: Officer, ceca: Partner) -> None:
    body = offered(ceca, reference='MK"\n/../x')
    ceca.says("programme.handover", body, uuid4())
    answer = client.get(reverse("handover-pdf", args=[body["number"]]))
    assert answer["Content-Disposition"] == 'attachment; filename="mk-x.pdf"'


def test_text_that_is_no_label_names_nothing() -> None:
    number = uuid4()
    assert asset_of(label_of(number).lower()) == number
    for wrong in ("", "A-1", str(number), "URN:UUID:", f"URN:UUID:{number}x"):
        assert asset_of(wrong) is None
