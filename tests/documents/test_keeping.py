from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError

from ilex.documents import actions, queries
from ilex.documents.models import Custody, Document
from ilex.documents.queries.access import in_circle
from ilex.journal.models import Line
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.documents.conftest import Drawer, sealed
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db

Kind = Custody.Kind


def custody(document: Document) -> list[str]:
    return list(document.custody.order_by("id").values_list("kind", flat=True))


def test_kept_file_is_hashed_named_and_in_custody(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"%PDF-1.7 ..."), drawer.place, by=ana, title="  Passport \n copy ", handling="H2")
    assert (document.title, document.kind, document.handling) == ("Passport copy", "pdf", "H2")
    assert bytes(document.digest) == bytes(document.attachment.digest)
    assert document.check_state == Document.Check.WAITING
    (line,) = document.custody.all()
    assert (line.kind, line.by, bytes(line.digest)) == (Kind.KEPT, ana, bytes(document.digest))
    told = Line.objects.get(act="document.kept")
    assert (told.object_id, told.case) == (str(document.pk), "C-7")


def test_name_with_a_path_keeps_its_last_part(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"x", "../../etc/\u202efdp.exe"), drawer.place, by=ana)
    assert document.title == "fdp.exe"


def test_copy_that_was_sent_says_to_whom(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"x"), drawer.place, by=ana, sent_to=["ilecu-mk", "spoc-hu"])
    assert list(document.custody.filter(kind=Kind.SENT).values_list("to", flat=True)) == ["ilecu-mk", "spoc-hu"]


def test_only_who_sees_the_place_sees_its_papers(ana: Officer, bojan: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"x"), drawer.place, by=ana)
    assert queries.documents_on(*drawer.place, ana) == [document]
    assert queries.documents_on(*drawer.place, bojan) == []
    assert queries.document_for(ana, document.pk) == document
    with pytest.raises(Document.DoesNotExist):
        queries.document_for(bojan, document.pk)


def test_paper_of_an_unknown_room_exists_for_nobody(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"x"), ("nowhere", uuid4()), by=ana)
    with pytest.raises(Document.DoesNotExist):
        queries.document_for(ana, document.pk)


def test_who_handles_and_protects_data_sees_no_closed_circle_of_others(
    ana: Officer, drawer: Drawer, house: Organisation
) -> None:
    """Only who supervises, and says why each time, sees them all: as with cases and subjects."""
    document = actions.keep(sealed(b"x"), drawer.place, by=ana, circle=Circle.objects.create(name="Source 7"))
    both = officer("both", [Role.DUTY, Role.PROTECTION], house)
    alone = officer("alone", [Role.PROTECTION], house)
    assert not Document.objects.filter(in_circle(both)).exists()
    assert Document.objects.filter(in_circle(alone)).get() == document


def test_closed_circle_hides_a_paper_from_a_colleague_who_sees_the_place(
    ana: Officer, bojan: Officer, house: Organisation, drawer: Drawer
) -> None:
    drawer.officers.add(bojan.pk)
    circle = Circle.objects.create(name="Source 7")
    circle.officers.add(ana)
    document = actions.keep(sealed(b"x"), drawer.place, by=ana, circle=circle)
    protection = officer("dora", [Role.PROTECTION], house)
    assert queries.documents_on(*drawer.place, ana) == [document]
    assert queries.documents_on(*drawer.place, bojan) == []
    assert queries.documents_on(*drawer.place, protection) == [document]


def test_moved_paper_takes_its_parts_with_it(ana: Officer, drawer: Drawer) -> None:
    letter = actions.keep(sealed(b"x"), drawer.place, by=ana)
    part = actions.keep(sealed(b"y"), drawer.place, by=None, part_of=letter)
    actions.move(letter, ("drawer", other := uuid4()), by=ana, reason="The case was split.")
    assert set(Document.objects.values_list("on_id", flat=True)) == {other}
    assert custody(part) == [Kind.KEPT, Kind.MOVED]
    assert queries.documents_on(*drawer.place, ana) == []


def test_removed_paper_is_shown_to_nobody_and_stays_in_custody(ana: Officer, drawer: Drawer) -> None:
    letter = actions.keep(sealed(b"x"), drawer.place, by=ana)
    part = actions.keep(sealed(b"y"), drawer.place, by=None, part_of=letter)
    actions.remove(letter, by=ana, reason="Recalled.")
    actions.remove(letter, by=ana, reason="Recalled.")
    assert queries.documents_on(*drawer.place, ana) == []
    assert custody(letter) == custody(part) == [Kind.KEPT, Kind.REMOVED]


@pytest.mark.django_db(transaction=True)
def test_paper_cannot_be_cleared_without_a_line_in_the_journal(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"x"), drawer.place, by=ana)
    with pytest.raises(IntegrityError, match="without its journal line"):
        Document.objects.filter(pk=document.pk).update(check_state=Document.Check.CLEAN)
    with pytest.raises(IntegrityError, match="without its journal line"):
        document.custody.all().delete()
    assert custody(document) == [Kind.KEPT]
