"""The client of ClamAV's daemon against a real socket, and against clamd itself where it is installed."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ilex.documents.scanner import CannotScan, Clamd, ScannerAway
from tests.documents.daemon import EICAR, Daemon


@pytest.fixture
def running() -> Iterator[Daemon]:
    with Daemon() as daemon:
        yield daemon


def test_clean_file_is_clean_and_the_scanner_says_who_it_is(running: Daemon) -> None:
    verdict = Clamd(running.at).scan([b"a" * 700_000, b"b"])
    assert verdict.found == ()
    assert verdict.scanner.startswith("ClamAV 1.4.3/27800")
    assert running.streams == [b"a" * 700_000 + b"b"]


def test_malware_is_named(running: Daemon) -> None:
    assert Clamd(running.at).scan([b"...", EICAR]).found == ("Win.Test.EICAR_HDB-1",)


def test_empty_file_is_scanned(running: Daemon) -> None:
    assert Clamd(running.at).scan([]).found == ()


def test_file_larger_than_the_scanner_takes_is_not_clean(running: Daemon) -> None:
    running.largest = 1000
    with pytest.raises(CannotScan, match="size limit exceeded"):
        Clamd(running.at).scan(b"x" * 200_000 for _ in range(50))


@pytest.mark.parametrize("answer", [b"", b"stream: perhaps", b"OK", b"\xff\xfe", b"x" * 5000])
def test_answer_that_is_none_makes_nothing_clean(running: Daemon, answer: bytes) -> None:
    running.answer = answer
    with pytest.raises(ScannerAway):
        Clamd(running.at).scan([b"a"])


def test_name_with_a_colon_is_still_found(running: Daemon) -> None:
    running.answer = b"stream: Html.Phishing: Bank-2 FOUND"
    assert Clamd(running.at).scan([b"a"]).found == ("Html.Phishing: Bank-2",)


def test_scanner_that_is_gone_is_away(running: Daemon) -> None:
    running.stop()
    assert Clamd(running.at).is_here()  # its socket still lies there: only asking tells
    with pytest.raises(ScannerAway):
        Clamd(running.at).scan([b"a"])


def test_node_without_an_address_has_no_scanner(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not Clamd("").is_here()
    assert not Clamd(f"unix:{tmp_path}/nothing").is_here()
    assert not Clamd(f"unix:{tmp_path}/file").is_here()
    assert Clamd("10.0.0.1:3310").is_here()


def test_error_of_the_file_itself_is_passed_on(running: Daemon) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        Clamd(running.at).scan(broken())


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    """The real daemon with two signatures of our own: EICAR by its text and a file by its hash."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed: apt-get install clamav-daemon")
    base = tmp_path / "base"
    base.mkdir()
    (base / "own.ndb").write_text(f"Ilex.Test.Eicar:0:*:{EICAR.hex()}\n")
    bad = b"an invented bad file"
    (base / "own.hdb").write_text(f"{hashlib.md5(bad).hexdigest()}:{len(bad)}:Ilex.Test.Hash\n")  # noqa: S324
    path = tmp_path / "s"
    (tmp_path / "clamd.conf").write_text(
        f"DatabaseDirectory {base}\nLocalSocket {path}\nForeground yes\nStreamMaxLength 2M\nUser root\n"
        if Path("/").owner() == "root" and Path.home() == Path("/root")
        else f"DatabaseDirectory {base}\nLocalSocket {path}\nForeground yes\nStreamMaxLength 2M\n"
    )
    process = subprocess.Popen([program, "-c", str(tmp_path / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        _wait_for(path, process)
        yield Clamd(f"unix:{path}")
    finally:
        process.terminate()
        process.wait()


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as line:
            if path.exists() and line.connect_ex(str(path)) == 0:
                return
        time.sleep(0.1)
    pytest.skip("clamd does not start here")


def test_clamd_itself_finds_what_its_signatures_say(clamd: Clamd) -> None:
    assert clamd.scan([EICAR]).found == ("Ilex.Test.Eicar.UNOFFICIAL",)
    assert clamd.scan([b"an invented ", b"bad file"]).found == ("Ilex.Test.Hash.UNOFFICIAL",)
    clean = clamd.scan([b"a letter"])
    assert clean.found == ()
    assert clean.scanner.startswith("ClamAV ")
    with pytest.raises(CannotScan, match="size limit"):
        clamd.scan(b"x" * 2**20 for _ in range(8))
