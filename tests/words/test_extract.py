from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir

from ilex.words import law
from ilex.words.extract import texts

DATA = Path(law.__file__).parent / "data"


def test_catalogues_hold_every_text_of_the_law() -> None:
    found = {text for _, _, text, _, _ in extract_from_dir(DATA, method_map=[("**.toml", "ilex.words.extract:texts")])}
    for profile in law.profiles():
        assert {profile.title, profile.text} <= found
        assert {entry.text for entry in (*profile.refusal, *profile.limits, *profile.urgency)} <= found
    assert {entry.text for entry in (*law.offences(), *law.channels(), *law.handling_codes())} <= found


def test_a_text_comes_with_its_line_and_its_source_for_the_translator() -> None:
    file = BytesIO(b'# Law\n\n[[refusal]]\ncode = "a"\ntext = "Not there"\nsource = "Art. 6"\n')
    assert list(texts(file, ["gettext"], [], {})) == [(5, "gettext", "Not there", ["Art. 6"])]


def test_other_keys_are_taken_when_the_mapping_names_them() -> None:
    file = BytesIO(b'[[place]]\ntext = "Kosovo"\nfootnote = "Without prejudice"\n')
    assert [text for _, _, text, _ in texts(file, ["gettext"], [], {"keys": "footnote"})] == ["Without prejudice"]
