"""A journal that tells two partners two stories, and one that cannot be written at all."""

from __future__ import annotations

import http.cookiejar
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.faults.books import LONG, Books, assert_clean, settle
from tests.faults.say import say
from tests.faults.speaker import Speaker
from tests.network import PASSWORD, Network, drop_database, until


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK", "HU"]) as network:
        yield network


def copy_of(url: str) -> str:
    """A second database with everything that the first one holds."""
    before, _, rest = url.partition("?")
    server, name = before.rsplit("/", 1)
    fresh = f"ilex_fork_{secrets.token_hex(4)}"
    with psycopg.connect(f"{server}/postgres" + (f"?{rest}" if rest else ""), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(fresh), sql.Identifier(name))
        )
    return f"{server}/{fresh}" + (f"?{rest}" if rest else "")


def heads_seen(network: Network, at: str) -> int:
    return Books(network.node(at)).number("SELECT count(*) FROM journal_witnessed WHERE origin = 'ilecu-rs'")


def test_journal_that_tells_two_stories_is_noticed_when_they_meet(network: Network) -> None:
    """Belgrade's node is copied; one copy writes to Skopje, the other to Budapest, each with a journal of its own."""
    say(network, "RS", "inform", 2, ["ilecu-mk", "ilecu-hu"])
    settle(network)
    belgrade = network.node("RS")
    network.stop("RS")
    first, belgrade.database = belgrade.database, copy_of(belgrade.database)
    try:
        network.start("RS")
        say(network, "RS", "inform", 5, ["ilecu-mk"])
        settle(network)
        say(network, "RS", "inform", 1, ["ilecu-mk"])  # carries a head above the first five
        settle(network)
        network.stop("RS")
        drop_database(belgrade.database)
    finally:
        belgrade.database = first
    network.start("RS")
    before = heads_seen(network, "HU")
    say(network, "RS", "inform", 20, ["ilecu-hu"])
    settle(network, "RS", "HU")
    say(network, "RS", "inform", 1, ["ilecu-hu", "ilecu-mk"])  # the story that Budapest knows comes to Skopje
    settle(network)
    skopje, budapest = Books(network.node("MK")), Books(network.node("HU"))
    alarm = "SELECT count(*) FROM journal_witnessed WHERE origin = 'ilecu-rs' AND state IN ('fork', 'rollback')"
    until(lambda: skopje.number(alarm) > 0, "Skopje to notice", seconds=LONG)
    assert heads_seen(network, "HU") > before
    assert budapest.number(alarm) == 0, "Budapest has heard one story only"
    assert [line for act in ("head.fork", "head.rollback") for line in skopje.lines(act)]
    say(network, "RS", "inform", 3, ["ilecu-mk"])  # an alarm hinders no mail
    settle(network)
    assert_clean(network, ("RS", "HU"), at_least=23)
    assert_clean(network, ("RS", "MK"), at_least=6)


def test_nothing_is_shown_sent_or_kept_while_the_journal_cannot_be_written(network: Network) -> None:
    say(network, "MK", "ask", 1, ["ilecu-rs"])
    settle(network)
    books = Books(network.node("RS"))
    ((reference,),) = books.rows("SELECT our_ref FROM exchange_request WHERE way = 'in'")
    browser = signed_in(network, "RS")
    assert "Ђорђе" in page(browser, network, f"/requests/{reference}/")[1]

    # The pen breaks: no line can be added any more.
    books.change("ALTER TABLE journal_line ADD CONSTRAINT broken CHECK (false) NOT VALID")
    counts = "SELECT (SELECT count(*) FROM gate_envelope), (SELECT count(*) FROM exchange_entry)"
    before = books.rows(counts)
    status, text = page(browser, network, f"/requests/{reference}/")
    assert status == 500
    assert "Ђорђе" not in text
    done = network.shell("RS", "from tests.faults import officers; officers.inform(1, ['ilecu-mk'])", check=False)
    assert done == ""
    letter = Speaker(network, "MK", "RS").letter().line
    assert Speaker(network, "MK", "RS").codes(letter) == ["not-now"]
    assert books.rows(counts) == before, "something happened without its line"

    books.change("ALTER TABLE journal_line DROP CONSTRAINT broken")
    assert Speaker(network, "MK", "RS").codes(letter) == ["kept"]
    assert page(browser, network, f"/requests/{reference}/")[0] == 200


def signed_in(network: Network, code: str) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = browser.open(network.node(code).url).geturl()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(address).read().decode())
    assert token is not None
    words = {"csrfmiddlewaretoken": token[1], "sign_in": f"ana.{code.lower()}", "password": PASSWORD}
    request = urllib.request.Request(  # noqa: S310 (our own node)
        address, urllib.parse.urlencode(words).encode(), {"Referer": address}
    )
    browser.open(request).close()
    return browser


def page(browser: urllib.request.OpenerDirector, network: Network, path: str) -> tuple[int, str]:
    try:
        with browser.open(network.node("RS").url + path) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
