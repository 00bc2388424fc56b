"""A partner who lies, or whose program is wrong: he reads a code, and nothing here is changed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from ilex.sharing.models import Consent, Given, Recall, Release
from ilex.subjects.models import Link, Statement, Subject
from ilex.units.models import Officer
from tests.sharing.ceca import Partner, person, release, statement
from tests.sharing.making import person as ours
from tests.sharing.making import sent

pytestmark = pytest.mark.django_db


def kept() -> tuple[int, ...]:
    """How many rows of everything that a message could make."""
    return tuple(model.objects.count() for model in (Subject, Statement, Link, Release, Given, Recall, Consent))


SAYS: dict[str, tuple[dict[str, Any], str]] = {
    "a kind that there is not": (person(kind="ghost", category=""), "unknown-kind"),
    "a field that there is not": (person(statement("shoe-size", "45")), "unknown-property"),
    "a field that the law does not allow": (
        person(statement(), statement("online-account", "x"), category="victim"),
        "",
    ),
    "a person without a category": (person(category=""), "not-permitted"),
    "a thing with one": (person(kind="vehicle", category="suspect"), "not-permitted"),
    "a handling code that there is not": (person(statement(handling="H9")), "unknown-handling"),
    "an H3 without its note": (person(statement(handling="H3")), "unknown-content"),
    "a date that there is not": (person(statement("born", "1985-13-40")), "unknown-content"),
    "an owner that there is not": (person(statement(owner="ilecu-xx")), "unknown-owner"),
    "that we said what we never said": (person(statement(owner="ilecu-rs")), "forged-owner"),
    "that we said it, with a number": (person(statement(owner="ilecu-rs", origin=str(uuid4()))), "forged-owner"),
    "another's H2 without consent": (person(statement(owner="spoc-hu", handling="H2")), "no-consent"),
    "nothing at all": (person(statement(value=" ")), "malformed"),
    "a text that is too long": (person(statement(value="x" * 4001)), "malformed"),
    "a special category without its reason": (person(statement(special="health")), "malformed"),
    "a word that we do not know": (person(statement(secret="x")), "malformed"),
    "no statements": ({"id": str(uuid4()), "kind": "person", "category": "suspect", "statements": []}, "malformed"),
}


@pytest.mark.parametrize("what", SAYS)
def test_release_that_is_not_as_it_must_be_is_refused(what: str, ana: Officer, ceca: Partner) -> None:
    subject, code = SAYS[what]
    before = kept()

    assert ceca.tries(subject) == (code or "not-permitted")

    assert kept() == before


def test_too_many_statements_are_refused(ana: Officer, ceca: Partner) -> None:
    assert ceca.tries(person(*(statement("note", f"{n}") for n in range(501)))) == "malformed"
    assert not Subject.objects.exists()


def test_one_bad_statement_keeps_the_good_ones_out_too(ana: Officer, ceca: Partner) -> None:
    assert ceca.tries(person(), person(statement("born", "never"))) == "unknown-content"
    assert not Subject.objects.exists()


def test_number_of_one_of_our_statements_is_not_hers(ana: Officer, ceca: Partner) -> None:
    mine = ours(ana).statements.get()

    assert ceca.tries(person(statement(id=str(mine.pk), value="Друг човек"))) == "foreign-number"

    mine.refresh_from_db()
    assert (mine.value, mine.withdrawn_at) == ("Петар Измишљен", None)


def test_number_that_another_unit_gave_is_not_hers(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    theirs = statement(owner="spoc-hu", value="Kitalált György")
    budapest.gives(person(theirs))

    assert ceca.tries(person(statement(id=theirs["id"]))) == "foreign-number"

    assert Statement.objects.get().value == "Kitalált György"


def test_her_own_number_cannot_come_to_mean_something_else(ana: Officer, ceca: Partner) -> None:
    said = statement()
    ceca.gives(person(said))

    assert ceca.tries(person(said | {"value": "Друг човек"})) == "conflict"
    assert ceca.tries(person(said | {"owner": "spoc-hu"})) == "conflict"

    assert Statement.objects.get().value == "Ѓорѓи Измислен"


def test_ours_cannot_come_back_as_something_else(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana)
    sent(ana, petar)
    mine = petar.statements.get()

    assert ceca.tries(person(statement(value="Друг човек", owner="ilecu-rs", origin=str(mine.pk)))) == "conflict"


def test_what_we_own_and_never_gave_cannot_come_back(ana: Officer, ceca: Partner) -> None:
    mine = ours(ana).statements.get()

    said = statement(value=mine.value, owner="ilecu-rs", origin=str(mine.pk))

    assert ceca.tries(person(said)) == "forged-owner"


def test_recall_of_what_another_gave_is_refused(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    theirs = statement(owner="spoc-hu")
    budapest.gives(person(theirs))
    hers = ceca.gives(person())
    body = {"release": str(hers.message), "items": [{"id": theirs["id"]}], "reason": "Бришете."}

    assert ceca.refused("sharing.recall", body, hers.conversation) == "not-given"

    assert not Statement.objects.filter(withdrawn_at__isnull=False).exists()


def test_recall_of_what_is_ours_is_refused(ana: Officer, ceca: Partner) -> None:
    mine = ours(ana).statements.get()
    hers = ceca.gives(person())
    body = {"release": str(hers.message), "items": [{"id": str(mine.pk)}], "reason": "Бришете."}

    assert ceca.refused("sharing.recall", body, hers.conversation) == "not-given"

    mine.refresh_from_db()
    assert mine.withdrawn_at is None


def test_recall_of_a_release_that_never_came_waits_and_changes_nothing(ana: Officer, ceca: Partner) -> None:
    mine = ours(ana).statements.get()
    body = {"release": str(uuid4()), "items": [{"id": str(mine.pk)}], "reason": "Бришете."}

    envelope = ceca.says("sharing.recall", body, uuid4())

    assert envelope.state == "waiting"
    mine.refresh_from_db()
    assert mine.withdrawn_at is None


def test_correction_cannot_change_whose_it_is_or_which_field(ana: Officer, ceca: Partner) -> None:
    said = statement()
    hers = ceca.gives(person(said))

    def tries(**more: str) -> str:
        item = {"id": said["id"], "instead": said | {"id": str(uuid4())} | more}
        body = {"release": str(hers.message), "items": [item], "reason": "Исправка."}
        return ceca.refused("sharing.recall", body, hers.conversation)

    assert tries(owner="spoc-hu") == "forged-owner"
    assert tries(owner="ilecu-rs") == "forged-owner"
    assert tries(property="note") == "conflict"
    row = hers.statements.get()
    assert row.withdrawn_at is None


def test_same_conversation_cannot_begin_twice(ana: Officer, ceca: Partner) -> None:
    hers = ceca.gives(person())

    assert ceca.refused("sharing.release", release(person()), hers.conversation) == "known-conversation"


def test_decision_on_what_we_never_asked_is_refused(ana: Officer, ceca: Partner) -> None:
    number = uuid4()

    assert (
        ceca.refused("sharing.consent-decided", {"number": str(number), "decision": "granted"}, number) == "not-asked"
    )


def test_question_about_what_we_never_gave_is_refused(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    mine = ours(ana).statements.get()
    number = uuid4()
    item = {"number": str(mine.pk), "known_as": "statement", "says": "name"}
    body = {"number": str(number), "use": "forward", "to": ["spoc-hu"], "items": [item], "reason": "Треба."}

    assert ceca.refused("sharing.consent-asked", body, number) == "not-ours"
    item["known_as"] = "message"
    assert ceca.refused("sharing.consent-asked", body | {"items": [item]}, number) == "not-ours"
    assert not Consent.objects.exists()
