"""A browser as far as the pages can tell: one open connection, cookies, and the sign-in form filled in."""

from __future__ import annotations

import http.client
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from ilex.config.node import NodeError

PATIENCE = 60.0  # seconds for one page
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        self._line.close()

    def sign_in(self, path: str, name: str, password: str) -> None:
        token = TOKEN.search(self.get(path))
        if token is None:
            raise NodeError("the sign-in page has no form")
        form = {"csrfmiddlewaretoken": token[1], "sign_in": name, "password": password}
        status, _page = self._ask("POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        if status != http.client.FOUND:
            raise NodeError("the officer of the measurement could not sign in")

    def get(self, path: str, **headers: str) -> str:
        """The page at `path`. Raises NodeError for any other answer than a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        status, page = self._ask("GET", path, None, named)
        if status != http.client.OK:
            raise NodeError(f"the page {path} answered with status {status}")
        return page

    def seconds(self, path: str, **headers: str) -> float:
        """How long the whole page took, from the question to its last byte."""
        began = time.perf_counter()
        self.get(path, **headers)
        return time.perf_counter() - began

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._line.request(method, path, body, {**headers, "Cookie": cookies} if cookies else headers)
        answer = self._line.getresponse()
        page = answer.read().decode("utf-8", "replace")
        for value in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}
        return answer.status, page
