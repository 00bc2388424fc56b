"""The demonstration as a visitor starts it: desks answer, every state is there, Ctrl-C leaves nothing."""

from __future__ import annotations

import http.cookiejar
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ilex.config import database
from ilex.config.demo import people
from ilex.config.demo.nodes import taken
from tests.config.command import environment, ilex, is_one_sentence
from tests.network import until

STATES = """
from ilex.exchange.models import Request
print(",".join(sorted(set(Request.objects.values_list("state", flat=True)))))
"""


# What the visitor finds at each unit of what the units do together: how many of it, by its state.
TOGETHER = """
from collections import Counter
from itertools import chain
from ilex.library.models import Item
from ilex.programme.models import Asset, Certificate, ExchangeAgreement, Handover, Nomination
states = chain.from_iterable(table.objects.values_list("state", flat=True)
    for table in (ExchangeAgreement, Handover, Nomination))
print("".join(f"{state} {count}," for state, count in sorted(Counter(states).items())))
print(Certificate.objects.count(), Asset.objects.exclude(serials=[]).count(), Item.objects.filter(shared=True).count())
print(Item.objects.filter(texts__title="Duty officers learn to read documents").count())
"""


# Of Belgrade one hand-over waits for an answer, and one person for the coordinator's choice.
TOGETHER_AT = {
    "RS": ["agreed 1,answered 1,attended 1,proposed 1,sent 1,waiting 1,", "1 2 1", "1"],
    "MK": ["agreed 1,answered 1,attended 1,dropped 1,sent 1,waiting 1,", "1 2 0", "1"],
}


class Demonstration:
    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder.parent / "demo.out"
        with self.log.open("wb") as log:
            words = ["demo", "--units", "RS,MK", "--folder", str(folder)]
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ilex.config.command", *words],
                env=environment(folder.parent),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def until_it_says(self, words: str) -> str:
        def said() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return words in self.log.read_text()

        until(said, f"the demonstration to say {words!r}", seconds=600)
        return self.log.read_text()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def states(self, code: str) -> set[str]:
        return set(self.told_by(code, STATES).split(","))

    def has(self, code: str, together: list[str]) -> bool:
        return self.told_by(code, TOGETHER).split("\n") == together

    def told_by(self, code: str, source: str) -> str:
        program = f"import django; django.setup()\n{source}"
        home = self.folder / code.lower()
        done = subprocess.run(
            [sys.executable, "-P", "-c", program],
            env=environment(home, DJANGO_SETTINGS_MODULE="ilex.config.settings"),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Demonstration]:
    running = Demonstration(tmp_path / "demo")
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.network
def test_demonstration_shows_every_state_of_a_request_and_stops_with_nothing_left(
    demonstration: Demonstration,
) -> None:
    said = demonstration.until_it_says("Ilex is up")
    addresses = re.findall(r"http://127\.0\.0\.1:(\d+)", said)
    assert len(addresses) == 2
    for code, port in zip(("rs", "mk"), addresses, strict=True):
        assert "Sign out" in page_after_sign_in(int(port), f"ana.{code}")
    every = {
        "received",
        "sent",
        "work",
        "clarifying",
        "judicial",
        "partly",
        "answered",
        "refused",
        "recalled",
        "closed",
    }
    assert demonstration.states("RS") == every
    assert demonstration.states("MK") == every
    for code, together in TOGETHER_AT.items():
        until(partial(demonstration.has, code, together), f"{together} at {code}")
    assert demonstration.stop() == 0
    assert not any(taken(int(port)) for port in addresses)
    for code in ("rs", "mk", "practice"):
        assert not database.running(demonstration.folder / code)
        assert "Traceback" not in (demonstration.folder / f"{code}.log").read_text()

    again = Demonstration(demonstration.folder)
    assert "making" not in again.until_it_says("Ilex is up")
    assert again.stop() == 0


@pytest.mark.network
def test_second_demonstration_in_one_folder_is_refused(demonstration: Demonstration) -> None:
    until(lambda: (demonstration.folder / "demo.lock").exists(), "the first one to begin")
    done = ilex(demonstration.folder.parent, "demo", "--folder", str(demonstration.folder))
    assert done.returncode == 1
    assert "runs already" in done.stderr
    assert is_one_sentence(done.stderr)


def page_after_sign_in(port: int, sign_in: str) -> str:
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    with browser.open(f"http://127.0.0.1:{port}/sign-in", timeout=30) as answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "sign_in": sign_in, "password": people.PASSWORD}
    body = urllib.parse.urlencode(fields).encode()
    with browser.open(f"http://127.0.0.1:{port}/sign-in", body, timeout=30) as answer:
        return str(answer.read().decode())
