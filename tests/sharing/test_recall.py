"""What was given is taken back or corrected at all who have it and all they gave it to; the receipt proves it."""

from __future__ import annotations

import pytest

from ilex.gate.models import Envelope
from ilex.journal.models import Line
from ilex.sharing import actions
from ilex.sharing.models import Consent, Disclosure, Recall, Release
from ilex.subjects import actions as subjects
from ilex.subjects.models import Statement, Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer
from tests.sharing.ceca import Partner, instead, person, statement
from tests.sharing.making import LETTER, sent
from tests.sharing.making import person as ours

pytestmark = pytest.mark.django_db


def test_withdrawn_statement_is_recalled_at_all_who_have_it(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    petar = ours(ana)
    name = petar.statements.get()
    release = sent(ana, petar, to=["ilecu-mk", "spoc-hu"])

    subjects.withdraw(ana, name, "Погрешно лице.")

    for partner in (ceca, budapest):
        (recall,) = partner.mail("sharing.recall")
        assert recall.body["items"] == [{"id": str(name.pk), "instead": None}]
        assert (recall.body["reason"], recall.body["release"]) == ("Погрешно лице.", str(release.message))
        assert recall.conversation == release.conversation
    assert Disclosure.objects.filter(recalled_at__isnull=False, recall_applied_at=None).count() == 2
    line = Line.objects.get(act="release.recalled")
    assert (line.op, sorted(line.recipients)) == ("disclosure", ["ilecu-mk", "spoc-hu"])


def test_processed_receipt_proves_that_it_is_applied(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    petar = ours(ana)
    sent(ana, petar, to=["ilecu-mk", "spoc-hu"])
    subjects.withdraw(ana, petar.statements.get(), "Погрешно лице.")
    envelope = Envelope.objects.get(way="out", type="sharing.recall")

    ceca.stores(envelope, kind="stored")
    assert not Disclosure.objects.filter(recall_applied_at__isnull=False).exists()
    ceca.stores(envelope, kind="processed")

    applied = Disclosure.objects.filter(recall_applied_at__isnull=False)
    assert [row.to_id for row in applied] == ["ilecu-mk"]


def test_correction_sends_the_right_one_and_enters_it_in_the_ledger(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana)
    old = petar.statements.get()
    release = sent(ana, petar)

    new = subjects.correct(ana, old, Said("name", "Павле Измишљен", "legal"), "Погрешно име.")

    (recall,) = ceca.mail("sharing.recall")
    (item,) = recall.body["items"]
    assert (item["id"], item["instead"]["id"]) == (str(old.pk), str(new.pk))
    assert item["instead"]["value"] == "Павле Измишљен"
    rows = Disclosure.objects.filter(release=release)
    assert {(row.statement, row.recalled_at is None) for row in rows} == {(old.pk, False), (new.pk, True)}

    newest = subjects.correct(ana, new, Said("name", "Паја Измишљен", "legal"), "Опет.")

    again = ceca.mail("sharing.recall")[1]
    assert again.body["items"][0]["id"] == str(new.pk)
    assert again.body["release"] == str(recall.id)
    assert rows.filter(statement=newest.pk).exists()


def test_statement_that_nobody_got_is_recalled_nowhere(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana)

    subjects.withdraw(ana, petar.statements.get(), "Погрешно лице.")

    assert not ceca.mail("sharing.recall")


def test_her_recall_withdraws_it_here_in_the_same_moment(ana: Officer, ceca: Partner) -> None:
    wrong, right = statement(), statement("born", "1985-03")
    release = ceca.gives(person(wrong, right))
    body = {"release": str(release.message), "items": [{"id": wrong["id"]}], "reason": "Погрешно лице."}

    envelope = ceca.says("sharing.recall", body, release.conversation)

    assert envelope.receipts.filter(way="out", kind="processed").exists()
    gone = Statement.objects.get(property="name")
    assert gone.withdrawn_at is not None
    assert "Погрешно лице." in gone.withdrawn_why
    assert Statement.objects.get(property="born").withdrawn_at is None
    recall = Recall.objects.get(way=Release.Way.IN)
    assert (recall.items, recall.seen_at) == ([gone.pk], None)


def test_her_correction_puts_the_new_one_in_its_place(ana: Officer, ceca: Partner) -> None:
    wrong = statement()
    release = ceca.gives(person(wrong))
    right = instead(wrong, "Горги Измислен")
    body = {"release": str(release.message), "items": [{"id": wrong["id"], "instead": right}], "reason": "Грешка."}

    ceca.says("sharing.recall", body, release.conversation)

    new = Statement.objects.get(withdrawn_at=None)
    assert (new.value, new.owner_id) == ("Горги Измислен", "ilecu-mk")
    assert new.replaces == Statement.objects.get(value="Ѓорѓи Измислен")
    assert Subject.objects.get().caption == "Горги Измислен"
    # and the new one can be recalled in its turn
    again = {"release": str(release.message), "items": [{"id": right["id"]}], "reason": "Никој."}
    ceca.says("sharing.recall", again, release.conversation)
    assert not Statement.objects.filter(withdrawn_at=None).exists()


def test_recall_twice_is_refused(ana: Officer, ceca: Partner) -> None:
    said = statement()
    release = ceca.gives(person(said))
    body = {"release": str(release.message), "items": [{"id": said["id"]}], "reason": "Грешка."}
    ceca.says("sharing.recall", body, release.conversation)

    assert ceca.refused("sharing.recall", body, release.conversation) == "recalled-before"
    assert ceca.tries(person(said)) == "recalled-before"


def test_recall_goes_on_to_those_whom_we_gave_it_with_consent(
    ana: Officer, bojan: Officer, ceca: Partner, budapest: Partner
) -> None:
    hers = statement()
    given = ceca.gives(person(hers))
    row = given.statements.get()
    sent(ana, row, to=["spoc-hu"])
    right = instead(hers, "Горги Измислен")
    body = {"release": str(given.message), "items": [{"id": hers["id"], "instead": right}], "reason": "Грешка."}

    ceca.says("sharing.recall", body, given.conversation)

    (recall,) = budapest.mail("sharing.recall")
    (item,) = recall.body["items"]
    new = Statement.objects.get(withdrawn_at=None)
    assert (item["id"], item["instead"]["id"]) == (str(row.pk), str(new.pk))
    assert (item["instead"]["owner"], item["instead"]["origin"]) == ("ilecu-mk", right["id"])
    assert not ceca.mail("sharing.recall")  # she is not told what she said


def test_what_another_owns_is_not_recalled_by_dropping_it_here(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = ceca.gives(person()).statements.get()
    sent(ana, row, to=["spoc-hu"])

    subjects.withdraw(ana, row, "Код нас непотребно.")

    assert not budapest.mail("sharing.recall")


def test_link_is_recalled_too(ana: Officer, ceca: Partner) -> None:
    one, other = ours(ana), ours(ana, Said("name", "Јован Измишљен"))
    link = subjects.link(ana, one, other, "associate")
    picked = [one.statements.get().pk, other.statements.get().pk]
    release = actions.draft_release(ana, LETTER, statements=picked, links=[link.pk], to=["ilecu-mk"])
    actions.put_forward(ana, release)

    subjects.withdraw_link(ana, link, "Нису се познавали.")

    (recall,) = ceca.mail("sharing.recall")
    assert recall.body["items"] == [{"id": str(link.pk), "instead": None}]
    assert Disclosure.objects.get(statement=link.pk).recalled_at is not None
    assert Consent.objects.count() == 0


def test_field_that_the_law_takes_away_is_recalled_at_the_partner(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana, Said("name", "Петар Измишљен"), Said("online-account", "petar85"))
    sent(ana, petar)
    account = petar.statements.get(property="online-account")

    subjects.change_category(ana, petar, "victim", drop=[account.pk], reason="Оштећени.")

    (recall,) = ceca.mail("sharing.recall")
    assert recall.body["items"][0]["id"] == str(account.pk)
