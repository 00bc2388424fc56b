"""Ana audits. Bojan has the duty and may not read the journal. Ceca's unit, Skopje, is watched."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest

import pytest
import rfc8785
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from ilex.journal import notes, tree
from ilex.journal.actions import erase, grow, remember, write
from ilex.journal.models import Line, Operation, Tile, Witnessed
from ilex.journal.queries import head_note
from ilex.units.models import Officer, Role

pytestmark = pytest.mark.django_db

WHY = "Yearly check of consultations."
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def bojan(ana: Officer) -> Officer:
    return Officer.objects.create(sign_in="bojan", name="Bojan", organisation=ana.organisation, roles=[Role.DUTY])


@pytest.fixture
def mina(ana: Officer) -> Officer:
    """Runs the node."""
    return Officer.objects.create(
        sign_in="mina", name="Mina", organisation=ana.organisation, roles=[Role.ADMINISTRATOR]
    )


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def auditing(officer: Officer) -> Client:
    """Signed in, and the reason typed."""
    client = client_of(officer)
    client.post("/journal/reason/", {"purpose": "lawfulness", "reason": WHY})
    return client


def text_of(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def read_by(officer: Officer, what: str, reason: str = "Article 4") -> Line:
    return write("request.read", Operation.CONSULTATION, by=officer, on=("request", what), reason=reason)


def test_nothing_is_shown_before_a_reason_is_typed(ana: Officer) -> None:
    line = read_by(ana, "RS-17")
    client = client_of(ana)

    for url in ("/journal/", f"/journal/lines/{line.pk}/", f"/journal/lines/{line.pk}/proof.json"):
        page = text_of(client, url)
        assert "Why do you read the journal?" in page
        assert "RS-17" not in page
    assert list(Line.objects.all()) == [line]


@pytest.mark.parametrize("reason", ["", "short", "   ", "x" * 501])
def test_reason_must_be_a_sentence(ana: Officer, reason: str) -> None:
    client = client_of(ana)

    response = client.post("/journal/reason/", {"purpose": "lawfulness", "reason": reason, "next": "/journal/"})

    assert response.status_code == 422
    assert "Why do you read the journal?" in text_of(client, "/journal/")


def test_reason_leads_back_to_the_page_that_was_asked_for(ana: Officer) -> None:
    client = client_of(ana)
    fields = {"purpose": "security", "reason": WHY}

    inside = client.post("/journal/reason/", {**fields, "next": "/journal/lines/5/"})
    outside = client.post("/journal/reason/", {**fields, "next": "https://example.org/journal/"})
    elsewhere = client.post("/journal/reason/", {**fields, "next": "/settings"})

    assert [answer.headers["Location"] for answer in (inside, outside, elsewhere)] == [
        "/journal/lines/5/",
        "/journal/",
        "/journal/",
    ]


def test_reason_is_asked_again_after_an_hour(ana: Officer) -> None:
    with time_machine.travel(NOON):
        client = auditing(ana)
        assert "You read it for this reason" in text_of(client, "/journal/")
    with time_machine.travel(NOON + timedelta(minutes=61)):
        assert "Why do you read the journal?" in text_of(client, "/journal/")


def test_officer_without_the_right_sees_no_page_and_leaves_no_reason(bojan: Officer) -> None:
    line = read_by(bojan, "RS-17")
    client = client_of(bojan)

    for url in (
        "/journal/",
        f"/journal/lines/{line.pk}/",
        f"/journal/lines/{line.pk}/proof.json",
        "/journal/heads/",
    ):
        assert client.get(url).status_code == 403
    fields = {"purpose": "lawfulness", "reason": WHY}
    assert client.post("/journal/reason/", fields).status_code == 403
    assert client.post("/journal/heads/explain/", {"origin": "x", "reason": WHY}).status_code == 403


def test_page_without_a_sign_in_leads_to_the_sign_in(ana: Officer) -> None:
    assert Client().get("/journal/").headers["Location"].startswith("/sign-in")


def test_list_shows_who_did_what_and_why(ana: Officer, bojan: Officer) -> None:
    write(
        *("request.sent", Operation.DISCLOSURE),
        by=bojan,
        on=("request", "RS-17"),
        recipients=["ilecu-mk"],
        reason=WHY,
    )

    page = text_of(auditing(ana), "/journal/")

    for word in ("Bojan", "request.sent", "Disclosure", "request RS-17", "ilecu-mk", WHY):
        assert word in page


def test_reading_the_log_is_itself_logged(ana: Officer) -> None:
    read_by(ana, "RS-17")

    text_of(auditing(ana), "/journal/?op=consultation&kind=request")

    line = Line.objects.latest("id")
    assert (line.act, line.op, line.by, line.reason) == ("journal.read", "consultation", str(ana.pk), WHY)
    assert line.detail == {
        "purpose": "lawfulness",
        "chosen": {"op": "Consultation", "kind": "request"},
        "lines": 1,
    }


def test_page_is_not_shown_when_its_line_cannot_be_written(ana: Officer) -> None:
    read_by(ana, "RS-17")
    client = auditing(ana)
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_line ADD CONSTRAINT no_more CHECK (act NOT LIKE 'journal.%')")

    response = client.get("/journal/")

    assert response.status_code == 500
    assert "RS-17" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("officer={bojan}", ["RS-2"]),
        ("op=erasure", ["RS-3"]),
        ("act=request.", ["RS-1", "RS-2"]),
        ("kind=file", ["RS-3"]),
        ("kind=request&id=RS-1", ["RS-1"]),
        ("since=2026-11-21", ["RS-2", "RS-3"]),
        ("until=2026-11-21", ["RS-1", "RS-2"]),
        ("since=2026-11-21&until=2026-11-21", ["RS-2"]),
    ],
)
def test_filter_finds_the_lines_it_names(ana: Officer, bojan: Officer, query: str, found: list[str]) -> None:
    for day, officer, act, op, on in [
        (20, ana, "request.read", Operation.CONSULTATION, ("request", "RS-1")),
        (21, bojan, "request.read", Operation.CONSULTATION, ("request", "RS-2")),
        (22, ana, "file.erased", Operation.ERASURE, ("file", "RS-3")),
    ]:
        with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=UTC)):
            write(act, op, by=officer, on=on)

    page = text_of(auditing(ana), "/journal/?" + query.format(bojan=bojan.pk))

    table = page.partition("<table")[2]
    assert [name for name in ("RS-1", "RS-2", "RS-3") if name in table] == found
    assert "Remove all" in page


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "since=2026-11-22&until=2026-11-21", "op=theft", "officer=7", "before=x", "before=-1"],
)
def test_wrong_filter_shows_no_line_and_logs_none(ana: Officer, query: str) -> None:
    read_by(ana, "RS-17")

    page = text_of(auditing(ana), f"/journal/?{query}", status=422)

    assert "RS-17" not in page
    assert "Please look at this again" in page
    assert Line.objects.count() == 1


def test_long_list_goes_on_with_the_older_lines(ana: Officer) -> None:
    for number in range(60):
        read_by(ana, f"RS-{number:03}")
    client = auditing(ana)

    first = text_of(client, "/journal/?kind=request")
    fiftieth = Line.objects.get(object_id="RS-010")
    second = text_of(client, f"/journal/?kind=request&before={fiftieth.pk}")

    assert f"?kind=request&amp;before={fiftieth.pk}" in first
    assert "RS-059" in first
    assert "RS-009" not in first
    assert "RS-009" in second
    assert "RS-010" not in second
    assert "Older" not in second


def test_page_of_a_line_shows_its_proof_in_words(ana: Officer) -> None:
    line = read_by(ana, "RS-17", reason="Члан 4")
    for number in range(4):
        read_by(ana, f"RS-{number}")
    grow()

    page = text_of(auditing(ana), f"/journal/lines/{line.pk}/")

    for word in ("Члан 4", "request RS-17", "position 0", "5 lines", "3 hashes lead", "lead there"):
        assert word in page
    logged = Line.objects.latest("id")
    assert (logged.act, logged.object_kind, logged.object_id) == ("journal.line-read", "journal-line", str(line.pk))


def test_proof_as_a_file_can_be_checked_with_nothing_but_hashes(ana: Officer) -> None:
    lines = [read_by(ana, f"RS-{number}") for number in range(5)]
    grow()

    response = auditing(ana).get(f"/journal/lines/{lines[3].pk}/proof.json")

    assert response.headers["Content-Disposition"] == f'attachment; filename="line-{lines[3].pk}.json"'
    proof = json.loads(response.content)
    assert proof["record"]["object"] == ["request", "RS-3"]
    commitment = digest(bytes.fromhex(proof["salt"]), rfc8785.dumps(proof["record"]), "sha256")
    leaf = sha256(b"\0" + commitment).digest()
    steps = [bytes.fromhex(step) for step in proof["proof"]]
    assert tree.proves_inclusion(leaf, proof["position"], proof["size"], steps, notes.read(proof["note"]).root)
    logged = Line.objects.latest("id")
    assert (logged.act, logged.op) == ("journal.proof-taken", "disclosure")


def test_line_that_waits_says_so(ana: Officer) -> None:
    line = read_by(ana, "RS-17")

    page = text_of(auditing(ana), f"/journal/lines/{line.pk}/")

    assert "waits for its position" in page


def test_altered_line_is_shown_as_altered(ana: Officer) -> None:
    line = read_by(ana, "RS-17")
    grow()
    Line.objects.filter(pk=line.pk).update(reason="Invented")

    page = text_of(auditing(ana), f"/journal/lines/{line.pk}/")

    assert "This line is not as it was written" in page
    assert "What it says was altered" in page


def test_line_of_a_broken_tree_says_that_nothing_is_proven(ana: Officer) -> None:
    line = read_by(ana, "RS-17")
    read_by(ana, "RS-18")
    grow()
    Tile.objects.all().delete()

    assert "proves nothing" in text_of(auditing(ana), f"/journal/lines/{line.pk}/")


def test_erased_line_shows_its_place_alone(ana: Officer) -> None:
    line = read_by(ana, "RS-17")
    grow()
    erase(before=now())
    client = auditing(ana)

    page = text_of(client, f"/journal/lines/{line.pk}/")

    assert "was erased when its time was over" in page
    assert "lead there" in page or "leads there" in page
    assert "RS-17" not in page
    assert "record" not in json.loads(client.get(f"/journal/lines/{line.pk}/proof.json").content)
    assert "Erased when its time was over" in text_of(client, "/journal/")


@pytest.mark.parametrize("key", ["999999", str(2**70)])
def test_line_that_does_not_exist_is_not_found(ana: Officer, key: str) -> None:
    assert auditing(ana).get(f"/journal/lines/{key}/").status_code == 404
    assert not Line.objects.exists()


def skopje_says(size: int, what: str, minutes: int = 0) -> Witnessed:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    note = notes.write("ilex/ilecu-mk", size, sha256(what.encode()).digest(), key)
    moment = NOON + timedelta(minutes=minutes)
    return remember("ilecu-mk", note, key.public_key(), said_at=moment, at=moment)


def test_heads_page_shows_our_heads_and_quiet_partners(ana: Officer) -> None:
    read_by(ana, "RS-17")
    grow()
    skopje_says(10, "one")

    page = text_of(client_of(ana), "/journal/heads/")

    assert head_note().split("\n")[2] in page
    assert "ilex/ilecu-rs+" in page
    assert "ilecu-mk" in page
    assert "Agrees" in page
    assert 'role="alert"' not in page


def test_fork_stands_on_the_heads_page_in_alarm(ana: Officer) -> None:
    first, fork = skopje_says(10, "one"), skopje_says(10, "another")

    page = text_of(client_of(ana), "/journal/heads/")

    assert 'role="alert"' in page
    assert "It signed two different heads of 10 lines." in page
    for head in (first, fork):
        assert head.note.split("\n")[2] in page
    assert "Who may pair partners can write here" in page


def test_rollback_stands_on_the_heads_page_in_alarm(ana: Officer) -> None:
    skopje_says(20, "large")
    skopje_says(15, "small", minutes=60)

    assert "It said 15 lines after it had said 20." in text_of(client_of(ana), "/journal/heads/")


def test_who_pairs_partners_explains_the_alarm(mina: Officer) -> None:
    skopje_says(10, "one")
    skopje_says(10, "another")
    client = client_of(mina)
    words = "Ceca says by telephone: backup of Monday restored."

    response = client.post("/journal/heads/explain/", {"origin": "ilecu-mk", "reason": words})

    assert response.headers["Location"] == "/journal/heads/"
    page = text_of(client, "/journal/heads/")
    assert 'role="alert"' not in page
    assert words in page
    assert Line.objects.latest("id").reason == words


def test_alarm_is_not_explained_by_who_may_not_or_without_words(ana: Officer, mina: Officer) -> None:
    skopje_says(10, "one")
    skopje_says(10, "another")

    fields = {"origin": "ilecu-mk", "reason": "We asked and they told us."}
    assert client_of(ana).post("/journal/heads/explain/", fields).status_code == 403
    wordless = client_of(mina).post("/journal/heads/explain/", {**fields, "reason": "ok"})
    assert wordless.status_code == 422
    assert "Please look at this again" in wordless.content.decode()
    assert client_of(mina).post("/journal/heads/explain/", {**fields, "origin": "ilecu-hu"}).status_code == 422
    assert not Witnessed.objects.filter(explained_at__isnull=False).exists()
