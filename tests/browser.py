"""A real browser for tests: Chromium, with axe, and with an ear for every complaint of its console.

In the conftest of a room: `from tests.browser import browsing, chromium, page, shot  # noqa: F401`, and

    @pytest.mark.browser
    def test_something(live_server, page):
        signed_in(page, live_server, ana)
        page.goto(live_server.url + "/")
        axe(page)

`page` fails the test when the browser complained of anything: a refused script or style, an error, a missing file.
Pictures are kept where ILEX_SHOTS names a folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

from ilex.units.models import Officer

# Playwright keeps an event loop in this thread, and Django takes that for a mistake of ours.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
INSTALL = "apt-get install -y chromium"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = {"width": 1366, "height": 768}
SMALL = {"width": 320, "height": 640}

COMPLAINTS: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
Shot = Callable[[Page, str], None]


@cache
def find_chromium() -> tuple[str, str]:
    """The path of a Chromium, or the reason why there is none. As root it is installed if the system allows."""
    for name in (os.environ.get("ILEX_CHROMIUM", ""), *NAMES):
        if name and (path := shutil.which(name)):
            return path, ""
    if os.geteuid() != 0:
        return "", f"Chromium is not installed and only root can install it: sudo {INSTALL}"
    return _installed()


def _installed() -> tuple[str, str]:
    if not shutil.which("apt-get"):
        return "", "Chromium is not installed, and this system has no apt-get. Install it and name it in ILEX_CHROMIUM."
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update", INSTALL):
        done = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == 0 and (path := shutil.which("chromium")):
        return path, ""
    said = (done.stderr.strip().splitlines() or ["no message"])[-1]
    return "", f"Chromium is not installed, and `{INSTALL}` failed: {said}"


@cache
def _driver() -> Playwright:
    return sync_playwright().start()


@cache
def _browser(path: str) -> Browser:
    return _driver().chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """One browser for the whole run, shared by the rooms."""
    path, reason = find_chromium()
    if not path:
        pytest.skip(reason)
    return _browser(path)


def watched_page(browser: Browser, *, may_fail: str = "", **wishes: Any) -> Page:
    """A page in a context of its own; what its console complains of is told by `assert_quiet`.

    Requests to an address that holds `may_fail` may fail without a complaint.
    """
    page = browser.new_context(**{"viewport": DESK, "locale": "en-GB", **wishes}).new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    COMPLAINTS[page] = complaints

    def hear(message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        # A page that answers 404 or 422 on purpose is told to the console by the browser itself.
        expected = (where == page.url or (may_fail and may_fail in where)) and "Failed to load" in message.text
        told_by_htmx = may_fail and message.text.startswith("htmx:")
        if message.type in ("error", "warning") and not expected and not told_by_htmx:
            complaints.append(f"{message.text} ({where})")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def assert_quiet(page: Page) -> None:
    """Nothing was refused by the content security policy, nothing failed, no script stumbled."""
    assert not COMPLAINTS[page], f"The browser complained: {COMPLAINTS[page]}"


def axe(page: Page) -> None:
    """Assert that axe finds nothing wrong on the page: WCAG 2.2 A and AA, and its best practices."""
    assert_quiet(page)  # before axe comes in with its own script
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def browsing(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages with settings of their own: `browsing(java_script_enabled=False, viewport=SMALL)`."""
    pages: list[Page] = []

    def open_page(**wishes: Any) -> Page:
        pages.append(watched_page(chromium, **wishes))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()
    for page in pages:
        assert_quiet(page)


@pytest.fixture
def page(browsing: Callable[..., Page]) -> Page:
    return browsing()


@pytest.fixture
def shot() -> Shot:
    """Keep a picture under the folder named by ILEX_SHOTS; without it nothing is kept."""

    def keep(page: Page, name: str) -> None:
        if folder := os.environ.get("ILEX_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{re.sub(r'[^A-Za-z0-9_.-]', '-', name)}.png")

    return keep


def signed_in(page: Page, live_server: LiveServer, officer: Officer) -> Page:
    """Give the browser a session of this officer; the sign-in page has tests of its own."""
    client = Client()
    client.force_login(officer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return page


def is_too_wide(page: Page) -> bool:
    """Does the page scroll sideways: WCAG 2.2, 1.4.10 at 320 CSS pixels."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
