"""The facts of a node: what is read, and the one sentence for what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilex.config import node
from ilex.config.node import NodeError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "ILEX_SECRET", "ILEX_UNIT", "ILEX_TESTING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ILEX_HOME", str(tmp_path))
    return tmp_path


def test_facts_of_the_folder_are_the_facts_of_the_node(home: Path) -> None:
    (home / "node.toml").write_text(
        'unit = "ilecu-mk"\nzone = "Europe/Skopje"\npages = "unix:/run/ilex/pages.sock"\npractice = true\n'
    )
    (home / "secret").write_text("s3cret\n")
    found = node.here()
    assert (found.unit, found.zone, found.practice, found.made) == ("ilecu-mk", "Europe/Skopje", True, True)
    assert found.secret == "s3cret"
    assert node.address(found.pages) == "/run/ilex/pages.sock"


def test_folder_without_a_node_is_not_made(home: Path) -> None:
    assert not node.here().made


def test_home_that_is_a_file_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    monkeypatch.setenv("ILEX_HOME", str(home / "file"))
    with pytest.raises(NodeError, match="must name a folder"):
        node.here()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('unit = "ILECU RS"', "is not the id of a unit"),
        ('zone = "Europe/Nowhere"', "is not a known time zone"),
        ('zone = "/etc/passwd"', "is not a known time zone"),
        ('pages = "8000"', "is not an address"),
        ('door = "127.0.0.1:70000"', "is not an address"),
        ('endpoint = "http://door.example.org"', "is not a web address"),
        ('endpoint = "https://door.example.org/path"', "is not a web address"),
        ('public = "https://[::1"', "is not a web address"),
        ('language = "Serbian"', "is not a language code"),
        ("practice = 1", "must be true or false"),
        ("pages = 8000", "must be a text"),
        ('colour = "green"', "is not a setting"),
        ("unit = ", "is not readable TOML"),
    ],
)
def test_setting_that_is_not_valid_is_one_sentence(home: Path, line: str, why: str) -> None:
    unit = "" if line.startswith("unit") else 'unit = "ilecu-rs"\n'
    (home / "node.toml").write_text(f"{unit}{line}\n")
    with pytest.raises(NodeError, match=why) as refused:
        node.here()
    assert str(home / "node.toml") in str(refused.value)
    assert "\n" not in str(refused.value)


def test_node_without_a_unit_is_refused(home: Path) -> None:
    (home / "node.toml").write_text('zone = "UTC"\n')
    with pytest.raises(NodeError, match="unit is missing"):
        node.here()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://ana:geheim@host/ilex", "must begin with postgresql://"),
        ("postgresql://ana:geheim@host:port/ilex", "no valid port number"),
        ("postgresql://ana:geheim@host/ilex?connect_timeout=long", "whole number of seconds"),
    ],
)
def test_bad_database_url_is_one_sentence_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(NodeError, match=why) as refused:
        node.here()
    assert "geheim" not in str(refused.value)


def test_database_url_becomes_djangos_settings() -> None:
    found = node.database_settings("postgresql://ana%40rs:p%2Fw@db.example.org:6432/ilex?sslmode=verify-full")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "ana@rs",
        "p/w",
        "db.example.org",
        "6432",
        "ilex",
    )
    assert found["OPTIONS"]["sslmode"] == "verify-full"


def test_facts_of_a_node_do_not_show_its_secrets() -> None:
    shown = repr(node.Node(Path("/srv"), "ilecu-rs", secret="s3cret", database={"PASSWORD": "geheim"}))
    assert "s3cret" not in shown
    assert "geheim" not in shown


def test_node_behind_a_proxy_trusts_its_public_name_only() -> None:
    behind = node.Node(Path("/srv"), "ilecu-rs", pages="unix:/run/pages.sock", public="https://ilex.mup.example")
    assert "ilex.mup.example" in behind.hosts
    assert behind.origins == ["https://ilex.mup.example"]
    assert behind.pages_over_tls
