from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from ilex.words import law
from ilex.words.law import Access, Entry, LawError, Profile

DATA = Path(law.__file__).parent / "data"


def entries_of(profile: Profile) -> Iterator[Entry]:
    for field in fields(profile):
        value = getattr(profile, field.name)
        yield from value if isinstance(value, tuple) else [value] if isinstance(value, Entry) else []


def every_entry() -> list[Entry]:
    lists = (law.handling_codes(), law.source_grades(), law.information_grades(), law.offences(), law.channels())
    found: list[Entry] = [entry for entries in lists for entry in entries]
    for profile in law.profiles():
        found += entries_of(profile)
    return found


@pytest.mark.parametrize(
    ("urgent", "access", "listed", "hours", "days"),
    [
        (True, "direct", True, 8, 0),
        (True, "direct", False, 8, 0),
        (True, "indirect", True, 0, 3),
        (True, "indirect", False, 0, 3),
        (False, "direct", True, 0, 7),
        (False, "indirect", False, 0, 7),
    ],
)
@pytest.mark.parametrize("code", ["eu-2023-977", "bilateral"])
def test_the_directive_gives_8_hours_3_days_or_7_days(
    code: str, urgent: bool, access: Access, listed: bool, hours: int, days: int
) -> None:
    limit = law.profile(code).limit(urgent=urgent, access=access, listed=listed)
    assert (limit.hours, limit.days) == (hours, days)


@pytest.mark.parametrize(
    ("urgent", "access", "listed", "code"),
    [
        (True, "direct", True, "8H"),
        (True, "direct", False, "14D"),
        (True, "indirect", True, "14D"),
        (False, "direct", True, "1W"),
        (False, "direct", False, "14D"),
        (False, "indirect", True, "14D"),
    ],
)
def test_the_framework_decision_asks_for_a_listed_offence_and_direct_access(
    urgent: bool, access: Access, listed: bool, code: str
) -> None:
    assert law.profile("fd-2006-960").limit(urgent=urgent, access=access, listed=listed).code == code


def test_the_closed_lists_hold_what_the_law_lists() -> None:
    directive = law.profile("eu-2023-977")
    assert [entry.code for entry in directive.urgency] == ["U_A", "U_B", "U_C", "U_D"]
    assert [entry.code for entry in directive.refusal] == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "f.i",
        "f.ii",
        "f.iii",
        "g.i",
        "g.ii",
        "h",
    ]
    assert [entry.code for entry in directive.copy_exceptions] == ["a", "b", "c"]
    assert [entry.code for entry in directive.channel_exceptions] == ["a", "b", "c"]
    assert [entry.code for entry in directive.statistics] == ["a", "b", "c", "d"]
    assert len(directive.contents) == 6
    assert len(directive.presend) == 2


def test_the_code_lists_are_whole() -> None:
    assert len(law.offences()) == 32
    assert [entry.code for entry in law.handling_codes()] == ["H0", "H1", "H2", "H3"]
    assert [entry.code for entry in law.source_grades()] == ["A", "B", "C", "X"]
    assert [entry.code for entry in law.information_grades()] == ["1", "2", "3", "4"]
    assert " ".join(entry.code for entry in law.channels()) == (
        "node siena interpol selec enu-elo sirene pcc-bilateral guam customs frontex liaison post other"
    )


def test_every_entry_says_what_it_means_where_it_stands_and_how_sure_we_are() -> None:
    for entry in every_entry():
        assert entry.text.strip(), entry
        assert entry.source.strip(), entry
        assert entry.mark in law.MARKS, entry
        assert entry.mark == "O" or entry.url or entry.code in {"customs", "frontex"}, entry


def test_our_own_defaults_never_pass_for_law() -> None:
    bilateral = law.profile("bilateral")
    assert {entry.mark for entry in entries_of(bilateral)} == {bilateral.mark} == {"O"}
    assert all(entry.source.startswith("Ilex default") for entry in entries_of(bilateral))


def test_what_was_not_read_in_the_source_is_marked_so() -> None:
    directive = law.profile("eu-2023-977")
    assert directive.suspension is not None
    assert directive.suspension.mark == "K"
    assert {entry.mark for entry in directive.contents} == {"K"}
    assert {entry.mark for entry in directive.refusal} == {"S"}
    assert {entry.mark for entry in law.offences()} == {"K"}
    assert {entry.mark for entry in law.use_conditions()} == {"S"}
    assert {entry.mark for entry in law.use_restrictions()} == {"K"}


def test_grades_and_channels_lead_to_the_forms() -> None:
    forms = law.profile("fd-2006-960")
    assert [grade.form_a for grade in law.source_grades()] == [entry.code for entry in forms.source_reliability]
    assert [grade.form_a for grade in law.information_grades()] == [entry.code for entry in forms.information_accuracy]
    assert {channel.form_b for channel in law.channels()} == {
        "ENU_ELO",
        "INTERPOL_NCB",
        "SIRENE",
        "LIAISON_OFFICER",
        "OTHER",
    }


def test_codes_fit_the_columns_that_keep_them() -> None:
    assert max(len(entry.code) for entry in law.offences()) <= 40
    assert max(len(entry.code) for entry in law.channels()) <= 20
    for profile in law.profiles():
        assert len(profile.code) <= 40
        assert all(len(entry.code) <= 8 for entry in (*profile.refusal, *profile.urgency, *profile.copy_exceptions))


def test_handling_codes_combine() -> None:
    both = law.handling("H1+H2")
    assert [entry.permission_for for entry in both] == [("court",), ("forward",)]
    assert law.handling("H3")[0].needs_note
    with pytest.raises(LawError, match="'H9'"):
        law.handling("H1+H9")


def test_only_the_directive_asks_why_another_channel_was_used() -> None:
    assert law.profile("eu-2023-977").needs_channel_exception("node")
    assert not law.profile("eu-2023-977").needs_channel_exception("siena")
    assert not law.profile("bilateral").needs_channel_exception("post")


def test_an_unknown_code_gets_a_sentence() -> None:
    with pytest.raises(LawError, match=r"^There is no legal profile 'eu-1999'\.$"):
        law.profile("eu-1999")
    with pytest.raises(LawError, match=r"no entry 'z' in eu-2023-977, refusal"):
        law.profile("eu-2023-977").entry("refusal", "z")


@pytest.fixture
def own_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "profiles").mkdir()
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))
    return tmp_path


def bilateral(folder: Path, change: tuple[str, str], name: str = "bilateral") -> None:
    text = (DATA / "profiles" / "bilateral.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (folder / "profiles" / f"{name}.toml").write_text(text.replace(*change, 1), encoding="utf-8")


def test_a_unit_replaces_a_profile_by_a_file_of_its_own(own_law: Path) -> None:
    bilateral(own_law, ("days = 7", "days = 10"))
    assert law.profile("bilateral").limit(urgent=False).days == 10
    assert law.profile("eu-2023-977").limit(urgent=False).days == 7


def test_a_unit_adds_a_profile_of_its_own(own_law: Path) -> None:
    bilateral(own_law, ('code = "bilateral"', 'code = "rs-2027"'), name="rs-2027")
    assert [profile.code for profile in law.profiles()] == ["eu-2023-977", "fd-2006-960", "bilateral", "rs-2027"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            ('source = "Ilex default, after Directive (EU) 2023/977 Art. 6(1)(c)"\n', ""),
            "refusal 'c': 'source' is missing",
        ),
        (('code = "U_B"\n', 'code = "U_B"\nlegth = 3\n'), "urgency 'U_B': 'legth' is not a known key"),
        (('hours = 8\ntext = "8 h', 'hours = 8\nmark = "S"\ntext = "8 h'), "is not readable TOML"),
        (("hours = 8", 'hours = "8"'), "limits 'urgent-direct': 'hours' is not right"),
        (("hours = 8", "hours = 8\ndays = 1"), "limits 'urgent-direct': give either 'hours' or 'days'"),
        (("hours = 8", ""), "limits 'urgent-direct': give either 'hours' or 'days'"),
        (("days = 7", "days = 7\nurgent = true"), "no limit for urgent=False"),
        (('code = "f.ii"', 'code = "f.i"'), "refusal 'f.i' stands twice"),
        (('default_channel = "node"', 'default_channel = "pigeon"'), "'pigeon' is not in channels.toml"),
        (('code = "bilateral"', 'code = "unilateral"'), "it must be the name of the file"),
        (('code = "h"\ntext = "', 'code = "h"\ntext = ""\nnote = "'), "refusal 'h': 'text' is not right"),
        (("[suspension]\n", "[suspension]\nmonths = 3\n"), "suspension: 'months' is not a known key"),
    ],
)
def test_a_broken_profile_is_refused_with_file_and_entry(
    own_law: Path, change: tuple[str, str], complaint: str
) -> None:
    bilateral(own_law, change)
    with pytest.raises(LawError) as refused:
        law.profiles()
    assert str(refused.value).startswith("profiles/bilateral.toml")
    assert complaint in str(refused.value)


def test_a_mark_that_is_none_of_ours_is_refused(own_law: Path) -> None:
    shutil.copy(DATA / "handling.toml", own_law)
    text = (own_law / "handling.toml").read_text(encoding="utf-8")
    (own_law / "handling.toml").write_text(text.replace('mark = "S"', 'mark = "?"', 1), encoding="utf-8")
    with pytest.raises(LawError, match=r"^handling.toml, handling 'H0': 'mark' is not right"):
        law.handling_codes()


def test_a_file_that_nobody_reads_is_refused(own_law: Path) -> None:
    (own_law / "handlng.toml").write_text("", encoding="utf-8")
    with pytest.raises(LawError, match=r"handlng.toml in ILEX_LAW is not a file that Ilex reads"):
        law.profiles()


def test_a_folder_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ILEX_LAW", str(tmp_path / "nowhere"))
    with pytest.raises(LawError, match="which is not a folder"):
        law.profiles()


def test_bytes_that_are_not_text_are_refused(own_law: Path) -> None:
    (own_law / "channels.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LawError, match=r"^channels.toml is not readable TOML"):
        law.channels()
