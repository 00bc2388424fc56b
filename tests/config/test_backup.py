"""What a backup holds, and what a restore will not touch."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.config.command import ilex, is_one_sentence


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with an officer, Ana, and a sealed file; no test changes what another looks at."""
    folder = tmp_path_factory.mktemp("backup")
    home = folder / "node"
    assert ilex(home, "init", "--unit", "ilecu-rs").returncode == 0
    (folder / "password").write_text("a-quiet-password")
    words = ["add", "ana", "--name", "Ана Петровић", "--roles", "duty", "--password-file", str(folder / "password")]
    assert ilex(home, "officer", *words).returncode == 0
    (home / "blobs" / "ab").mkdir(parents=True)
    (home / "blobs" / "ab" / "abcdef").write_bytes(b"sealed" * 1000)
    return home


def test_node_comes_back_from_its_backup_with_everything(home: Path, tmp_path: Path) -> None:
    done = ilex(home, "backup", str(tmp_path / "node.backup"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "node.backup").stat().st_mode & 0o777 == 0o600
    again = tmp_path / "again"
    done = ilex(home, "restore", str(tmp_path / "node.backup"), "--into", str(again))
    assert done.returncode == 0, done.stderr
    for name in ("node.toml", "secret", "keys/ring.json", "blobs/ab/abcdef"):
        assert (again / name).read_bytes() == (home / name).read_bytes()
        assert (again / name).stat().st_mode & 0o077 == 0
    assert ilex(again, "officer", "list").stdout == ilex(home, "officer", "list").stdout
    assert ilex(again, "journal", "verify").returncode == 0


def test_backup_without_attachments_is_smaller_and_says_so(home: Path, tmp_path: Path) -> None:
    assert ilex(home, "backup", str(tmp_path / "small"), "--no-blobs").returncode == 0
    with tarfile.open(tmp_path / "small") as tar:
        assert not [name for name in tar.getnames() if name.startswith("blobs/")]
    done = ilex(home, "restore", str(tmp_path / "small"), "--into", str(tmp_path / "again"))
    assert "holds no attachments" in done.stdout


def test_backup_overwrites_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a letter")
    done = ilex(home, "backup", str(tmp_path / "there"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert (tmp_path / "there").read_text() == "a letter"


def test_backup_that_cannot_be_written_leaves_nothing(home: Path, tmp_path: Path) -> None:
    done = ilex(home, "backup", str(tmp_path / "nowhere" / "file"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)


@pytest.mark.parametrize("damage", ["cut short", "one bit", "not a backup", "another member"])
def test_damaged_backup_makes_no_node(home: Path, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "node.backup"
    assert ilex(home, "backup", str(file)).returncode == 0
    content = bytearray(file.read_bytes())
    match damage:
        case "cut short":
            content = content[: len(content) // 2]
        case "one bit":
            content[content.index(b"sealed" * 10)] ^= 1
        case "not a backup":
            content = bytearray(b"a letter" * 1000)
        case "another member":
            content = content.replace(b"blobs/ab/abcdef", b"blobs/../../../x"[:15])
    file.write_bytes(content)
    done = ilex(home, "restore", str(file), "--into", str(tmp_path / "again"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr), done.stderr
    assert not (tmp_path / "again").exists()
    assert not (tmp_path / "again.part").exists()


def test_restore_overwrites_nothing(home: Path, tmp_path: Path) -> None:
    assert ilex(home, "backup", str(tmp_path / "file")).returncode == 0
    before = sorted(path.name for path in home.iterdir())
    done = ilex(home, "restore", str(tmp_path / "file"), "--into", str(home))
    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert sorted(path.name for path in home.iterdir()) == before


def test_export_needs_a_reason_and_overwrites_nothing(home: Path, tmp_path: Path) -> None:
    assert ilex(home, "export", str(tmp_path / "out")).returncode == 2
    assert ilex(home, "export", str(tmp_path / "out"), "--reason", " ").returncode == 1
    assert not (tmp_path / "out").exists()
    assert ilex(home, "export", str(tmp_path / "out"), "--reason", "Audit of 2026").returncode == 0
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    done = ilex(home, "export", str(tmp_path / "out"), "--reason", "Audit of 2026")
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
