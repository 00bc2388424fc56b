from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from ilex.units import rules
from ilex.units.actions import add_officer, change_officer, renew_password
from ilex.units.models import Officer, Role

PASSWORD = "correct horse battery"

WHO_MAY = {
    "request.read": {"duty", "case", "head", "translator", "authority", "protection"},
    "request.send": {"duty", "case", "head"},
    "request.answer": {"duty", "case", "head"},
    "request.refuse": {"duty", "case", "head"},
    "request.close": {"duty", "case", "head"},
    "request.record": {"duty", "case", "head"},
    "request.assign": {"duty", "head"},
    "journal.read": {"protection", "auditor"},
    "statistics.read": {"duty", "head", "protection", "auditor"},
    "board.read": {"duty", "case", "head", "coordinator", "protection", "administrator"},
    "peer.pair": {"head", "administrator"},
    "officer.manage": {"administrator"},
    "directory.read": {
        "duty",
        "case",
        "head",
        "coordinator",
        "editor",
        "translator",
        "authority",
        "protection",
        "administrator",
    },
    "note.write": {"duty", "case", "head", "translator", "authority"},
    "practice": {"duty", "case", "head", "translator"},
    "subject.read": {"duty", "case", "head", "protection"},
    "subject.write": {"duty", "case", "head"},
    "subject.merge": {"duty", "case", "head"},
    "subject.import": {"head"},
    "case.read": {"duty", "case", "head", "protection"},
    "case.write": {"duty", "case", "head"},
    "case.import": {"head"},
    "task.send": {"duty", "case", "head"},
    "task.answer": {"authority"},
    "release.send": {"duty", "case", "head"},
    "consent.decide": {"case", "head"},
    "approval.give": {"duty", "case", "head"},
    "duty.log": {"duty", "case", "head"},
    "duty.plan": {"head"},
    "holding.read": {"duty", "case", "head", "protection"},
    "holding.load": {"head"},
    "crosscheck.look": {"duty", "case", "head"},
    "crosscheck.judge": {"duty", "case", "head"},
    "crosscheck.access": {"head"},
    "programme.read": {"duty", "case", "head", "coordinator", "editor", "translator", "authority", "protection"},
    "programme.write": {"head", "coordinator"},
    "nomination.propose": {"duty", "case", "head", "coordinator", "authority"},
    "nomination.choose": {"head", "coordinator"},
    "asset.write": {"head", "coordinator"},
    "agreement.sign": {"head"},
    "news.write": {"head", "coordinator", "editor"},
    "news.publish": {"head", "editor"},
    "site.switch": {"head"},
}


def with_roles(*roles: str, active: bool = True) -> Officer:
    return Officer(sign_in="ana", name="Ana", roles=list(roles), is_active=active)


def test_every_role_and_every_verb_stands_in_the_table() -> None:
    assert set(rules.MAY) == set(Role.values)
    assert set(rules.VERBS) == set(WHO_MAY)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", WHO_MAY)
def test_a_role_may_what_the_table_says_and_nothing_else(role: str, verb: str) -> None:
    ana = with_roles(role)
    allowed = role in WHO_MAY[verb]
    assert rules.may(ana, verb) is allowed
    if allowed:
        rules.check(ana, verb)
    else:
        with pytest.raises(PermissionDenied, match="Your roles do not allow you to"):
            rules.check(ana, verb)


def test_roles_add_up() -> None:
    ana = with_roles("auditor", "translator")
    assert rules.may(ana, "journal.read")
    assert rules.may(ana, "request.read")
    assert not rules.may(ana, "request.send")


def test_who_left_or_did_not_sign_in_may_nothing() -> None:
    assert not any(rules.may(with_roles(*Role.values, active=False), verb) for verb in rules.VERBS)
    assert not any(rules.may(AnonymousUser(), verb) for verb in rules.VERBS)


def test_a_verb_that_does_not_exist_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        rules.may(with_roles("duty"), "request.burn")


def test_a_national_authority_sees_only_its_own() -> None:
    assert rules.sees_only_its_own(with_roles("authority"))
    assert not rules.sees_only_its_own(with_roles("authority", "duty"))
    assert not rules.sees_only_its_own(with_roles("duty"))


def test_the_protection_officer_reads_with_a_reason() -> None:
    assert rules.must_give_a_reason(with_roles("protection"))
    assert rules.must_give_a_reason(with_roles("protection", "auditor"))
    assert not rules.must_give_a_reason(with_roles("protection", "case"))


@pytest.mark.usefixtures("directory")
class TestLettingIn:
    def test_an_officer_signs_in_with_any_case(self) -> None:
        ana = add_officer(
            " Ana.Petrović ".replace("ć", "c"), "Ана Петровић", ["duty"], "ilecu-rs", ["sr"], "sr", PASSWORD
        )
        assert ana.sign_in == "ana.petrovic"
        assert authenticate(username="ANA.petrovic", password=PASSWORD) == ana
        assert authenticate(username="ana.petrovic", password="something else 1") is None

    @pytest.mark.parametrize(
        ("given", "field", "sentence"),
        [
            ({"roles": ["duty", "king"]}, "roles", "There is no role “king”. The roles are: duty, case"),
            ({"roles": []}, "roles", "at least one role"),
            ({"password": "short"}, "password", "too short"),
            ({"password": ""}, "password", "too short"),
            ({"password": "qwerty123456"}, "password", "too common"),
            ({"sign_in": "ana petrovic"}, "sign_in", "letters a to z"),
            ({"sign_in": "ана"}, "sign_in", "letters a to z"),
            ({"sign_in": ""}, "sign_in", "letters a to z"),
            ({"sign_in": "a" * 61}, "sign_in", "at most 60"),
            ({"name": " "}, "name", "cannot be blank"),
            ({"organisation": "ilecu-yu"}, "organisation", "There is no organisation “ilecu-yu”"),
            ({"page_language": "xx"}, "page_language", "not a valid choice"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_nothing(
        self, given: dict[str, str | list[str]], field: str, sentence: str
    ) -> None:
        good = {"sign_in": "ana", "name": "Ana", "roles": ["duty"], "organisation": "ilecu-rs", "password": PASSWORD}
        with pytest.raises(ValidationError) as refused:
            add_officer(**{**good, **given})  # type: ignore[arg-type]
        assert sentence in " ".join(refused.value.message_dict[field])
        assert not Officer.objects.exists()

    def test_a_sign_in_name_is_given_once(self) -> None:
        add_officer("ana", "Ana", ["duty"], "ilecu-rs", password=PASSWORD)
        with pytest.raises(ValidationError, match="already exists"):
            add_officer("ANA", "Another Ana", ["case"], "ilecu-rs", password=PASSWORD)
        assert Officer.objects.count() == 1

    def test_roles_change_and_people_leave(self) -> None:
        ana = add_officer("ana", "Ana", ["duty"], "ilecu-rs", password=PASSWORD)
        change_officer(ana, roles=["head", "head"], page_language="sr-latn")
        ana.refresh_from_db()
        assert (ana.roles, ana.page_language, ana.is_active) == (["head"], "sr-latn", True)
        with pytest.raises(ValidationError):
            change_officer(ana, roles=["king"])
        change_officer(ana, is_active=False)
        assert authenticate(username="ana", password=PASSWORD) is None

    def test_a_new_password_replaces_the_old_one(self) -> None:
        ana = add_officer("ana", "Ana", ["duty"], "ilecu-rs", password=PASSWORD)
        with pytest.raises(ValidationError, match="too short"):
            renew_password(ana, "short")
        renew_password(ana, "a different long one")
        assert authenticate(username="ana", password=PASSWORD) is None
        assert authenticate(username="ana", password="a different long one") == ana
