"""Two sources in conflict stand side by side, and one may be preferred for a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.claims import Claim, settled
from ilex.words.edtf import When

CAPTION = Claim("place", "md-chisinau", "caption of the factsheet", printed="Chisinau, Moldova")
TEXT = Claim("place", "by-minsk", "text of the factsheet", printed="in Minsk")


def test_conflict_stays_open_until_somebody_prefers_one() -> None:
    place = settled([CAPTION, TEXT])["place"]
    assert place.conflict
    assert place.value is None
    assert place.claims == (CAPTION, TEXT)


def test_preferred_claim_comes_first_and_the_other_stays_beside_it() -> None:
    preferred = Claim("place", "md-chisinau", "caption", preferred=True, reason="names town, country and month")
    place = settled([TEXT, preferred])["place"]
    assert place.value == "md-chisinau"
    assert place.conflict
    assert place.claims == (preferred, TEXT)


def test_two_spellings_of_one_value_are_no_conflict() -> None:
    budget = settled(
        [
            Claim("budget", "108874.50", "factsheet", printed="EUR 108.874.50"),
            Claim("budget", "108874.50", "web page", printed="108,874.50 EUR", stated_on=When.parse("2019~")),
        ]
    )["budget"]
    assert not budget.conflict
    assert budget.value == "108874.50"


def test_preferring_needs_a_reason_and_a_claim_its_source() -> None:
    with pytest.raises(ValueError, match="Say why"):
        Claim("place", "by-minsk", "text", preferred=True)
    with pytest.raises(ValueError, match="names its source"):
        Claim("place", "by-minsk", " ")


def test_only_one_claim_of_a_field_is_preferred() -> None:
    both = [Claim("place", value, "sheet", preferred=True, reason="so") for value in ("a", "b")]
    with pytest.raises(ValueError, match="choose one"):
        settled(both)


@given(st.lists(st.builds(Claim, st.sampled_from("abc"), st.sampled_from("xyz"), st.just("sheet"))))
def test_no_claim_is_ever_lost(claims: list[Claim]) -> None:
    gathered = settled(claims)
    assert sorted(map(repr, claims)) == sorted(repr(one) for field in gathered.values() for one in field.claims)
