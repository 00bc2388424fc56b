from __future__ import annotations

from pathlib import Path

from tests.config.command import ilex, is_one_sentence


def test_node_is_made_once_and_init_may_be_said_again(tmp_path: Path) -> None:
    home = tmp_path / "node"
    first = ilex(home, "init", "--unit", "ilecu-rs", "--pages", "127.0.0.1:8123")
    assert first.returncode == 0, first.stderr
    made = {path: path.stat().st_mtime_ns for path in (home / "node.toml", home / "secret", home / "keys/ring.json")}
    again = ilex(home, "init", "--unit", "ilecu-rs")
    assert again.returncode == 0, again.stderr
    assert made == {path: path.stat().st_mtime_ns for path in made}
    assert 'pages = "127.0.0.1:8123"' in (home / "node.toml").read_text()
    assert 'zone = "Europe/Belgrade"' in (home / "node.toml").read_text()


def test_what_is_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "node"
    ilex(home, "init", "--unit", "ilecu-rs")
    assert home.stat().st_mode & 0o066 == 0  # root lets the database's account pass through, not look
    for name in ("secret", "node.toml", "database.url"):
        assert (home / name).stat().st_mode & 0o777 == 0o600


def test_node_never_changes_its_unit_or_a_setting_by_init(tmp_path: Path) -> None:
    home = tmp_path / "node"
    ilex(home, "init", "--unit", "ilecu-rs")
    facts = (home / "node.toml").read_text()
    for words in (["--unit", "ilecu-mk"], ["--unit", "ilecu-rs", "--door", "127.0.0.1:9999"]):
        done = ilex(home, "init", *words)
        assert done.returncode == 1
        assert is_one_sentence(done.stderr)
    assert (home / "node.toml").read_text() == facts


def test_officers_are_added_listed_and_closed(tmp_path: Path) -> None:
    home = tmp_path / "node"
    ilex(home, "init", "--unit", "ilecu-rs")
    (tmp_path / "password").write_text("a-quiet-password\n")
    given = ["--password-file", str(tmp_path / "password")]
    added = ilex(home, "officer", "add", "ana", "--name", "Ана Петровић", "--roles", "duty,case", *given)
    assert added.returncode == 0, added.stderr
    assert ilex(home, "officer", "list").stdout == "ana  Ана Петровић  duty,case\n"
    assert ilex(home, "officer", "password", "ana", *given).returncode == 0
    assert ilex(home, "officer", "close", "ana").returncode == 0
    assert "closed" in ilex(home, "officer", "list").stdout


def test_officer_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "node"
    ilex(home, "init", "--unit", "ilecu-rs")
    (tmp_path / "short").write_text("short\n")
    add = ["officer", "add", "ana", "--name", "Ана"]
    for words in (
        [*add, "--roles", "duty", "--password-file", str(tmp_path / "short")],
        [*add, "--roles", "duty", "--password-file", str(tmp_path / "nothing")],
        [*add, "--roles", "king"],
        ["officer", "close", "ceca"],
        ["officer"],
    ):
        done = ilex(home, *words)
        assert done.returncode in {1, 2}
        assert is_one_sentence(done.stderr), done.stderr
    assert ilex(home, "officer", "list").stdout == ""
