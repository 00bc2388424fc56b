"""Statements leave as one sealed message, and the ledger knows who has which of them under which code."""

from __future__ import annotations

import pytest

from ilex.approvals import actions as approvals
from ilex.approvals.models import Approval
from ilex.gate.models import Envelope
from ilex.journal.models import Line
from ilex.sharing import actions, queries
from ilex.sharing.models import Disclosure, Release
from ilex.sharing.rules import Invalid, NotNow
from ilex.subjects import actions as subjects
from ilex.subjects.rules import Said
from ilex.units.models import Officer
from tests.sharing.ceca import Partner
from tests.sharing.making import LETTER, coded, draft, person, sent

pytestmark = pytest.mark.django_db


def test_release_carries_what_was_picked_and_nothing_else(ana: Officer, ceca: Partner) -> None:
    petar = person(ana, Said("name", "Петар Измишљен"), Said("born", "1985-03"), Said("phone", "+381601234567"))
    name = petar.statements.get(property="name")

    release = sent(ana, name)

    (content,) = ceca.mail("sharing.release")
    (subject,) = content.body["subjects"]
    assert (subject["kind"], subject["category"], subject["id"]) == ("person", "suspect", str(petar.pk))
    (statement,) = subject["statements"]
    assert (statement["property"], statement["value"], statement["owner"]) == ("name", "Петар Измишљен", "ilecu-rs")
    assert "+381601234567" not in str(content.body)
    assert ana.name not in str(content.body)
    assert release.state == Release.State.RELEASED
    assert release.message == content.id


def test_ledger_has_a_line_for_each_statement_and_unit(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    petar = person(ana, Said("name", "Петар Измишљен"), coded("born", "1985-03", "H1"))

    release = sent(ana, petar, to=["ilecu-mk", "spoc-hu"])

    rows = {(row.what, row.to_id, row.handling) for row in Disclosure.objects.filter(release=release)}
    assert rows == {
        ("name", "ilecu-mk", "H0"),
        ("name", "spoc-hu", "H0"),
        ("born", "ilecu-mk", "H1"),
        ("born", "spoc-hu", "H1"),
    }
    assert release.handling == "H1"
    line = Line.objects.get(act="release.sent")
    assert (line.op, sorted(line.recipients)) == ("disclosure", ["ilecu-mk", "spoc-hu"])


def test_receipts_of_the_partner_stand_in_the_ledger(ana: Officer, ceca: Partner) -> None:
    release = sent(ana, person(ana))

    ceca.stores(release.envelope)
    ceca.stores(release.envelope, kind="processed")

    row = Disclosure.objects.get(release=release)
    assert row.stored_at is not None
    assert row.processed_at is not None


def test_refusal_of_the_partner_stands_in_the_ledger(ana: Officer, ceca: Partner) -> None:
    release = sent(ana, person(ana))

    ceca.stores(release.envelope, kind="refused", code="not-permitted")

    assert Disclosure.objects.get(release=release).refused == "not-permitted"


def test_h2_waits_for_a_second_person_and_goes_with_him(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    petar = person(ana, coded("name", "Петар Измишљен", "H2"))
    release = draft(ana, petar)

    asked = actions.put_forward(ana, release)

    assert isinstance(asked, Approval)
    assert not ceca.mail("sharing.release")
    with pytest.raises(NotNow):
        actions.change_release(ana, release, LETTER, statements=[])
    approvals.approve(bojan, asked)
    release.refresh_from_db()
    assert (release.state, release.approver) == (Release.State.RELEASED, bojan)
    assert len(ceca.mail("sharing.release")) == 1
    assert Line.objects.get(act="release.sent").detail["approved_by"] == str(bojan.pk)


def test_statement_withdrawn_meanwhile_does_not_leave(ana: Officer, ceca: Partner) -> None:
    petar = person(ana)
    release = draft(ana, petar)
    subjects.withdraw(ana, petar.statements.get(), "Није он.")

    with pytest.raises(Invalid):
        actions.put_forward(ana, release)

    assert not Envelope.objects.filter(way="out").exists()


def test_unit_that_is_not_paired_gets_nothing_and_nothing_changes(ana: Officer, ceca: Partner) -> None:
    release = draft(ana, person(ana), to=["ilecu-mk", "spoc-hu"])

    with pytest.raises(Invalid):
        actions.put_forward(ana, release)

    release.refresh_from_db()
    assert release.state == Release.State.DRAFT
    assert not Disclosure.objects.exists()
    assert not Envelope.objects.filter(way="out").exists()
    assert queries.review(release).units[1].paired is False
