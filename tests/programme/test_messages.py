"""What is taken from a partner's message, and what is refused before anybody sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel, ValidationError

from ilex.library.messages import NewsBody
from ilex.programme.messages import (
    ActivityBody,
    AgreementBody,
    AssetBody,
    HandoverAnsweredBody,
    InvitationBody,
    NominationsBody,
)

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def activity(**other: Any) -> dict[str, Any]:
    made = {
        "id": uuid4(),
        "version": 1,
        "key": "workshop-1",
        "kind": "workshop",
        "title": "Workshop",
        "when": "2027-03",
    }
    return made | other


def person(**other: Any) -> dict[str, Any]:
    return {"id": uuid4(), "name": "Ana Anić", "function": "Duty officer"} | other


def invitation(**other: Any) -> dict[str, Any]:
    return {"number": uuid4(), "version": 1, "activity": activity(), "quotas": {"ilecu-mk": 3}} | other


ANA = person()


def test_invitation_carries_the_quota_of_each_unit() -> None:
    body = InvitationBody.model_validate(invitation(quotas={"ilecu-mk": 3, "ilecu-hu": 3, "ilecu-md": 3}))
    assert InvitationBody.model_validate_json(body.model_dump_json()) == body
    assert set(body.quotas.values()) == {3}


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (ActivityBody, activity(when="2027-04/2027-03")),
        (ActivityBody, activity(when="spring")),
        (ActivityBody, activity(starts_at=AT, ends_at=AT)),
        (ActivityBody, activity(ends_at=AT)),
        (ActivityBody, activity(agenda=[{"order": 1, "title": "x", "starts_at": AT, "ends_at": AT - timedelta(1)}])),
        (ActivityBody, activity(place="Macedonia, the place")),
        (ActivityBody, activity(capacity="many")),
        (ActivityBody, activity(kind="party")),
        (ActivityBody, activity(surprise=1)),
        (InvitationBody, invitation(quotas={})),
        (InvitationBody, invitation(quotas={"ilecu-mk": 0})),
        (NominationsBody, {"number": uuid4()}),
        (NominationsBody, {"number": uuid4(), "people": [ANA, ANA]}),
        (NominationsBody, {"number": uuid4(), "people": [ANA], "withdrawn": [ANA["id"]]}),
        (NominationsBody, {"number": uuid4(), "people": [ANA], "declined": "nobody has time"}),
        (NominationsBody, {"number": uuid4(), "people": [person(name="")]}),
        (HandoverAnsweredBody, {"number": uuid4(), "digest": "0" * 64, "accepted_on": "2027-01-01", "assets": []}),
    ],
)
def test_message_that_contradicts_itself_is_refused(form: type[BaseModel], wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        form.model_validate(wrong)


@pytest.mark.parametrize("value", ["-1.00", "1e5", "12.345", "NaN", "12", "0x10"])
def test_asset_of_an_impossible_value_is_refused(value: str) -> None:
    asset = {
        "id": uuid4(),
        "need": uuid4(),
        "need_says": "radios",
        "kind": "computer",
        "name": "Set",
        "currency": "EUR",
    }
    assert AssetBody.model_validate(asset | {"value": "12.50"}).value == "12.50"
    assert AssetBody.model_validate(asset).value == ""
    with pytest.raises(ValidationError):
        AssetBody.model_validate(asset | {"value": value})


def test_asset_without_its_need_is_refused() -> None:
    with pytest.raises(ValidationError, match="need"):
        AssetBody.model_validate({"id": uuid4(), "need_says": "", "kind": "computer", "name": "Set"})


def test_agreement_ends_after_it_begins() -> None:
    terms = {"title": "Exchange", "sends": ["ilecu-rs"], "hosts": ["ilecu-mk"], "since": "2027-01-01", "most_people": 2}
    copy = {"number": uuid4(), "version": 1, "digest": "a" * 64, "say": "proposed"}
    assert AgreementBody.model_validate(copy | {"terms": terms | {"until": "2027-12-31"}})
    with pytest.raises(ValidationError, match="before the beginning"):
        AgreementBody.model_validate(copy | {"terms": terms | {"until": "2026-12-31"}})


def test_news_has_one_text_for_each_language_and_no_script_for_an_address() -> None:
    text = {"language": "en", "title": "News"}
    news = {"id": uuid4(), "version": 1, "kind": "news", "section": "project-news", "language": "en"}
    news |= {"texts": [text], "published_at": AT}
    assert NewsBody.model_validate(news)
    for wrong in ({"texts": [text, text]}, {"language": "sr"}, {"link": "javascript:alert(1)"}):
        with pytest.raises(ValidationError):
            NewsBody.model_validate(news | wrong)
