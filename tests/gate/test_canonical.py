from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some

from ilex.gate.canonical import Malformed, canonical, strict, strict_canonical

letters = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | letters,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(letters, inner, max_size=4),
    max_leaves=15,
)


@given(values)
def test_what_is_written_canonically_is_read_back_the_same(value: Any) -> None:
    assert strict_canonical(canonical(value)) == value


@given(values)
def test_spelling_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_names_sort_by_their_utf_16_units() -> None:
    value = {"\U0001f600": 1, "\ufb33": 2, "é": 3, "a": 4}
    assert canonical(value) == rfc8785.dumps(value)
    assert strict_canonical(canonical(value)) == value


def test_members_stand_in_the_order_of_rfc_8785() -> None:
    assert canonical({"б": 1, "a": "ž", "A": [True, None]}) == '{"A":[true,null],"a":"ž","б":1}'.encode()


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1.5}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":"\\u0000"}',
        b'{"\\u0000":1}',
        b"{",
        b"",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"[" * 30 + b"]" * 30,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"9" * 5000,
    ],
)
def test_text_that_two_readers_could_read_differently_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        strict(text)


@pytest.mark.parametrize(
    "text", [b'{ "a":1}', b'{"b":1,"a":2}', b'{"a":"\\u0041"}', b'{"a":1}\n', b'{"a":-0}', b'"\\/"']
)
def test_another_spelling_of_the_same_is_refused(text: bytes) -> None:
    assert json.loads(text)
    with pytest.raises(Malformed):
        strict_canonical(text)


@pytest.mark.parametrize("value", [1.5, 2**53, {"a": "\ud800"}, {1: 2}, b"x", "\0"])
def test_what_has_no_one_spelling_is_not_written(value: Any) -> None:
    with pytest.raises(Malformed):
        canonical(value)
