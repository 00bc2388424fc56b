from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from ilex.journal import notes
from ilex.journal.notes import NoteError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "ilex/ilecu-mk"
ROOT = bytes(range(32))
TEXT = notes.write(ORIGIN, 1042, ROOT, KEY)


def test_head_is_written_as_a_signed_note() -> None:
    origin, size, root, empty, signature, end = TEXT.split("\n")

    assert (origin, size, base64.b64decode(root), empty, end) == (ORIGIN, "1042", ROOT, "", "")
    assert signature.startswith("— ilex/ilecu-mk ")


def test_head_that_was_written_is_read_and_found_good() -> None:
    note = notes.read(TEXT)

    notes.check(note, ORIGIN, [KEY.public_key()])
    assert (note.origin, note.size, note.root) == (ORIGIN, 1042, ROOT)


def test_key_is_named_as_other_tools_for_signed_notes_name_it() -> None:
    """The key of the example in Go's golang.org/x/mod/sumdb/note."""
    spelled = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(spelled.rsplit("+", 1)[1])[1:])

    assert notes.verifier_key("PeterNeumann", key) == spelled


def test_head_of_another_log_is_refused() -> None:
    with pytest.raises(NoteError, match="of the log ilex/ilecu-mk and not of ilex/ilecu-hu"):
        notes.check(notes.read(TEXT), "ilex/ilecu-hu", [KEY.public_key()])


def test_head_signed_by_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.generate()

    with pytest.raises(NoteError, match="does not bear"):
        notes.check(notes.read(TEXT), ORIGIN, [other.public_key()])
    with pytest.raises(NoteError, match="does not bear"):
        notes.check(notes.read(TEXT), ORIGIN, [])


@pytest.mark.parametrize("altered", [TEXT.replace("1042", "1043"), TEXT.replace("AAEC", "AAED")])
def test_altered_head_is_refused(altered: str) -> None:
    assert altered != TEXT
    with pytest.raises(NoteError, match="does not bear"):
        notes.check(notes.read(altered), ORIGIN, [KEY.public_key()])


def test_signature_of_a_witness_below_the_log_s_own_does_no_harm() -> None:
    note = notes.read(TEXT + "— somewhere.example/witness " + base64.b64encode(bytes(76)).decode() + "\n")

    notes.check(note, ORIGIN, [KEY.public_key()])
    assert len(note.signatures) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "three lines"),
        ("x" * 5000, "longer than"),
        (TEXT.rstrip("\n"), "three lines"),
        (TEXT + "\n", "signature line"),
        (TEXT.replace("\n\n", "\nanother line\n\n"), "three lines"),
        (TEXT.replace("\n", "\r\n"), "three lines"),
        (TEXT.replace("1042", "01042"), "name a log and a size"),
        (TEXT.replace("1042", "-1"), "name a log and a size"),
        (TEXT.replace("1042", "1" * 19), "name a log and a size"),
        (TEXT.replace("1042", "١٠٤٢"), "name a log and a size"),
        (TEXT.replace("ilex/", "other/", 1), "name a log and a size"),
        (TEXT.replace("AAEC", "AA C"), "base64"),
        (TEXT.replace("Hh8=", "Hh9="), "base64"),
        (TEXT.replace("Hh8=", "Hg=="), "base64"),
        (TEXT.replace("— ", "- "), "signature line"),
        (TEXT.replace("— ilex/ilecu-mk ", "— ilex/ilecu mk "), "signature line"),
    ],
)
def test_what_is_not_exactly_a_head_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(NoteError, match=why):
        notes.read(text)


@given(st.text(max_size=300) | st.tuples(st.integers(0, len(TEXT)), st.text(max_size=3)))
def test_no_text_whatever_passes_for_a_head(strange: str | tuple[int, str]) -> None:
    text = strange if isinstance(strange, str) else TEXT[: strange[0]] + strange[1] + TEXT[strange[0] + 1 :]
    try:
        notes.check(notes.read(text), ORIGIN, [KEY.public_key()])
    except NoteError:
        return
    assert notes.read(text).signed == notes.read(TEXT).signed
