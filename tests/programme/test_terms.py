"""Two copies of an agreement are the same when their hash is, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from ilex.programme.messages import TermsBody
from ilex.programme.rules.agreements import differences, terms_digest

TERMS: dict[str, Any] = {
    "title": "Exchange of duty officers",
    "sends": ["ilecu-rs"],
    "hosts": ["ilecu-mk"],
    "since": "2027-01-01",
    "most_people": 2,
}


def test_order_of_the_keys_does_not_matter() -> None:
    turned = dict(reversed(TERMS.items()))
    assert terms_digest(TermsBody.model_validate(TERMS)) == terms_digest(TermsBody.model_validate(turned))


@pytest.mark.parametrize(
    "change", [{"most_people": 3}, {"until": "2027-12-31"}, {"hosts": ["ilecu-md"]}, {"text": " "}]
)
def test_every_changed_term_changes_the_hash_and_is_named(change: dict[str, Any]) -> None:
    ours, theirs = TermsBody.model_validate(TERMS), TermsBody.model_validate(TERMS | change)
    assert terms_digest(ours) != terms_digest(theirs)
    assert differences(ours.model_dump(mode="json"), theirs.model_dump(mode="json")) == list(change)
