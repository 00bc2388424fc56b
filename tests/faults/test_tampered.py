"""Everything wrong that can be brought to the door of a running node: each gets its code, and leaves one line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.timezone import now

from ilex.gate import keys, seal
from ilex.gate.canonical import canonical
from ilex.gate.fields import read_bytes, show_bytes
from ilex.gate.header import LARGEST_SEALED
from ilex.gate.ids import uuid7
from ilex.gate.receipts import make_receipt
from ilex.gate.seal import wrap
from tests.faults.books import LONG, Books, assert_journals_whole
from tests.faults.speaker import Speaker, code_of
from tests.gate.partners import make_ring, manifest, open_key
from tests.network import Network, until

MIB = 2**20
# Everything that a message could leave behind in a node.
TABLES = (
    *("gate_envelope", "gate_receipt", "gate_attachment", "gate_delivery", "gate_blobdelivery"),
    *("exchange_request", "exchange_entry", "exchange_subject", "exchange_clockmove", "exchange_twin"),
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("tampered"), ["RS", "MK", "HU"]) as network:
        yield network


@pytest.fixture(scope="module")
def skopje(network: Network) -> Speaker:
    """Skopje's keys at Belgrade's door."""
    return Speaker(network, "MK", "RS")


@pytest.fixture(scope="module")
def budapest(network: Network) -> Speaker:
    return Speaker(network, "HU", "RS")


@pytest.fixture
def belgrade(network: Network) -> Books:
    return Books(network.node("RS"))


def left_behind(books: Books) -> dict[str, int]:
    """How many rows of each table, and files of attachments."""
    rows = {table: books.rows("SELECT count(*) FROM " + table)[0][0] for table in TABLES}  # noqa: S608
    return {**rows, "files": sum(path.is_file() for path in (books.node.folder / "blobs").rglob("*"))}


def refusals(books: Books) -> list[str]:
    return [line["code"] for line in books.lines("line.refused")]


def change(line: bytes, part: Callable[[dict[str, Any]], None]) -> bytes:
    """The sealed line with something done to its outer layer."""
    message = json.loads(line)
    part(message)
    return json.dumps(message, separators=(",", ":")).encode()


def other(text: str, place: int = 7) -> str:
    """The same text with one letter of base64url changed."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def damaged(name: str) -> Callable[[Speaker], bytes]:
    def make(speaker: Speaker) -> bytes:
        return change(speaker.letter().line, lambda message: message.update({name: other(message[name])}))

    return make


def signed(speaker: Speaker, change_payload: Callable[[str], str] = str, **head: Any) -> bytes:
    """A letter with another protected header, or another spelling of what it says, well signed and well sealed."""
    payload = read_bytes(speaker.letter().signed.split(".")[1]).decode()
    header = canonical({"alg": "ES256", "kid": speaker.ring.seal.kid, "typ": seal.SIGNED_TYP, **head})
    text = f"{show_bytes(header)}.{show_bytes(change_payload(payload).encode())}"
    return wrapped(speaker, f"{text}.{'' if head.get('alg') == 'none' else signature(speaker.ring, text)}")


def signature(ring: keys.KeyRing, text: str) -> str:
    """ES256 of any header at all; a library of signatures would rightly refuse some."""
    key = load_pem_private_key((ring.folder / "seal.pem").read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    numbers = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
    return show_bytes(b"".join(number.to_bytes(32, "big") for number in numbers))


def wrapped(speaker: Speaker, text: str) -> bytes:
    return wrap(text, [open_key(speaker.theirs)])


def stripped(speaker: Speaker) -> bytes:
    header, payload, _signature = speaker.letter().signed.split(".")
    return wrapped(speaker, f"{header}.{payload}.")


def nested(speaker: Speaker) -> bytes:
    return signed(speaker, lambda payload: payload.replace('"agent":""', '"agent":' + "[" * 5000 + "]" * 5000))


def of_a_stranger(speaker: Speaker) -> bytes:
    """Sealed by keys that nobody confirmed, under the partner's name."""
    ring = make_ring(speaker.to.folder / f"stranger-{uuid4()}", speaker.ring.unit)
    return rogue(speaker, ring)


def rogue(speaker: Speaker, ring: keys.KeyRing) -> bytes:
    honest = speaker.ring
    speaker.ring = ring
    try:
        return speaker.letter().line
    finally:
        speaker.ring = honest


def for_many(speaker: Speaker) -> bytes:
    def many(message: dict[str, Any]) -> None:
        message["recipients"] *= 65

    return change(speaker.letter().line, many)


def oversized(speaker: Speaker) -> bytes:
    return b"x" * (2**20 + 1)


LINES: dict[str, tuple[str, Callable[[Speaker], bytes]]] = {
    # The outer layer
    "not JSON": ("malformed", lambda speaker: b"Zdravo"),
    "an empty line": ("malformed", lambda speaker: b""),
    "one byte over 1 MiB": ("too-large", oversized),
    "damaged ciphertext": ("cannot-open", damaged("ciphertext")),
    "damaged tag": ("cannot-open", damaged("tag")),
    "damaged vector": ("cannot-open", damaged("iv")),
    "damaged header": ("malformed", damaged("protected")),
    "damaged key": (
        "cannot-open",
        lambda speaker: change(
            speaker.letter().line,
            lambda message: message["recipients"][0].update(
                encrypted_key=other(message["recipients"][0]["encrypted_key"])
            ),
        ),
    ),
    "one member more": ("malformed", lambda speaker: change(speaker.letter().line, lambda one: one.update(aad="e30"))),
    "65 recipients": ("malformed", for_many),
    "a name twice": (
        "malformed",
        lambda speaker: speaker.letter().line.replace(b'{"protected"', b'{"tag":"","protected"'),
    ),
    "sealed for itself": ("cannot-open", lambda speaker: wrap(speaker.letter().signed, [open_key(speaker.ring)])),
    # The signed part
    "no signature": ("bad-seal", stripped),
    "algorithm none": ("bad-seal", lambda speaker: signed(speaker, alg="none")),
    "another type of text": ("bad-seal", lambda speaker: signed(speaker, typ="ilex-card-1+jws")),
    "unknown crit": ("bad-seal", lambda speaker: signed(speaker, crit=["exp"], exp=1)),
    "another spelling": ("malformed", lambda speaker: signed(speaker, lambda text: text.replace(":", ": ", 1))),
    "nested 5,000 deep": ("malformed", nested),
    "changed after signing": (
        "bad-seal",
        lambda speaker: wrapped(speaker, ".".join(changed(speaker.letter().signed.split(".")))),
    ),
    "another profile": (
        "unsupported",
        lambda speaker: signed(speaker, lambda text: text.replace('"profile":"ilex-1"', '"profile":"ilex-0"')),
    ),
    # Who, for whom, and when
    "a stranger under the partner's name": ("unknown-sender", of_a_stranger),
    "another unit as the sender": ("wrong-line", lambda speaker: signed(speaker, as_sender("ilecu-hu"))),
    "not for us": ("not-for-us", lambda speaker: speaker.letter(to=["ilecu-hu"]).line),
    "expired": (
        "expired",
        lambda speaker: speaker.letter(issued=now() - timedelta(days=2), expires=now() - timedelta(seconds=1)).line,
    ),
    "living for 181 days": ("expired", lambda speaker: speaker.letter(expires=now() + timedelta(days=181)).line),
    "from tomorrow": ("too-early", lambda speaker: speaker.letter(issued=now() + timedelta(days=1)).line),
    "from in eleven minutes": ("too-early", lambda speaker: speaker.letter(issued=now() + timedelta(minutes=11)).line),
    "more files than there is room": (
        "quota",
        lambda speaker: (
            speaker.letter(
                attachments=[
                    manifest(size=2**31, sealed_size=LARGEST_SEALED, sealed_sha256=f"{n:064x}") for n in range(11)
                ]
            ).line
        ),
    ),
}


def changed(parts: list[str]) -> list[str]:
    return [parts[0], other(parts[1], len(parts[1]) // 2), parts[2]]


def as_sender(unit: str) -> Callable[[str], str]:
    return lambda text: text.replace('"sender":"ilecu-mk"', f'"sender":"{unit}"')


@pytest.mark.parametrize("what", LINES)
def test_wrong_line_gets_its_code_and_leaves_nothing_but_a_log_line(
    skopje: Speaker, belgrade: Books, what: str
) -> None:
    code, make = LINES[what]
    line = make(skopje)
    before, logged = left_behind(belgrade), refusals(belgrade)
    assert skopje.codes(line) == [code]
    assert left_behind(belgrade) == before, "something was left behind"
    assert refusals(belgrade) == [*logged, code], "one line in the journal was wanted"


def test_partners_letter_on_another_partners_line(skopje: Speaker, budapest: Speaker, belgrade: Books) -> None:
    before = left_behind(belgrade)
    assert budapest.codes(skopje.letter().line) == ["wrong-line"]
    assert left_behind(belgrade) == before


def test_one_wrong_line_in_a_batch_holds_no_other(skopje: Speaker, belgrade: Books) -> None:
    good, wrong = [skopje.letter(id=uuid7()).line for _ in range(3)], damaged("ciphertext")(skopje)
    entries = left_behind(belgrade)["exchange_entry"]
    assert skopje.codes(good[0], wrong, good[1], wrong, good[2]) == [
        "kept",
        "cannot-open",
        "kept",
        "cannot-open",
        "kept",
    ]
    until(lambda: left_behind(belgrade)["exchange_entry"] == entries + 3, "the three good ones", seconds=LONG)


def test_unknown_type_is_kept_receipted_and_refused_without_an_effect(skopje: Speaker, belgrade: Books) -> None:
    number, before = uuid7(), left_behind(belgrade)
    assert skopje.codes(skopje.sealed("exchange.telepathy", {"text": "?"}, id=number).line) == ["kept"]
    kinds = (
        "SELECT receipt.kind, receipt.code FROM gate_receipt receipt JOIN gate_envelope envelope ON key = envelope_id"
    )

    def found() -> list[tuple[object, ...]]:
        return belgrade.rows(kinds + " WHERE envelope.id = %s ORDER BY 1", number)

    until(lambda: len(found()) == 2, "the refusal", seconds=LONG)
    assert found() == [("refused", "unsupported"), ("stored", "")]
    after = left_behind(belgrade)
    assert {name: after[name] - before[name] for name in before if after[name] != before[name]} == {
        "gate_envelope": 1,
        "gate_receipt": 2,
    }
    assert [line["code"] for line in belgrade.lines("envelope.refused", str(number))] == ["unsupported"]


def test_paused_partner_is_told_and_its_letter_comes_in_later(
    network: Network, skopje: Speaker, belgrade: Books
) -> None:
    line = skopje.letter().line
    network.run("RS", "peer", "pause", "ilecu-mk")
    before = left_behind(belgrade)
    assert skopje.codes(line) == ["paused"]
    assert left_behind(belgrade) == before
    network.run("RS", "peer", "resume", "ilecu-mk")
    assert skopje.codes(line) == ["kept"]


def test_receipts_that_prove_nothing_move_no_delivery(
    network: Network, skopje: Speaker, budapest: Speaker, belgrade: Books
) -> None:
    """Belgrade's letter to Skopje waits, for Skopje stands still; nobody can talk it out of the outbox."""
    network.stop("MK")
    network.shell("RS", "from tests.faults import officers; officers.inform(1, ['ilecu-mk'])")
    ((number, digest),) = belgrade.rows(
        "SELECT id, digest FROM gate_envelope WHERE way = 'out' AND recipients = '{ilecu-mk}' ORDER BY at DESC LIMIT 1"
    )

    class Sent:
        id, sender = number, "ilecu-rs"

    Sent.digest = bytes(digest)  # type: ignore[attr-defined]
    sent: Any = Sent
    true = make_receipt(skopje.ring, sent, "stored", now())
    Sent.digest = bytes(32)  # type: ignore[attr-defined]
    of_other_content = make_receipt(skopje.ring, sent, "stored", now())
    Sent.id = uuid7()
    of_no_message = make_receipt(skopje.ring, sent, "stored", now())
    Sent.sender = "ilecu-hu"
    of_anothers_message = make_receipt(skopje.ring, sent, "stored", now())

    before = left_behind(belgrade)
    wrong = {
        of_other_content: "conflict",
        of_no_message: "unknown-message",
        of_anothers_message: "not-for-us",
        other(true, len(true) - 9): "bad-seal",
        skopje.letter().signed: "malformed",
        "Zdravo": "malformed",
    }
    for text, code in wrong.items():
        assert skopje.codes(text.encode(), path="/receipts") == [code]
    assert budapest.codes(true.encode(), path="/receipts") == ["unknown-sender"]
    assert left_behind(belgrade) == before
    assert belgrade.rows("SELECT state FROM gate_delivery ORDER BY id DESC LIMIT 1") == [("waiting",)]

    assert skopje.codes(true.encode(), path="/receipts") == ["noted"]
    assert belgrade.rows("SELECT state FROM gate_delivery ORDER BY id DESC LIMIT 1") == [("stored",)]
    network.start("MK")


@pytest.mark.parametrize(
    ("method", "path", "size", "status", "code"),
    [
        ("POST", "/envelopes", 16 * 2**20 + 1, 413, "too-large"),
        ("PUT", "/blobs/" + "ab" * 32, 1000, 404, "unknown-blob"),
        ("PUT", "/blobs/" + "ab" * 32, 8 * 2**20 + 1, 413, "too-large"),
        ("GET", "/journal/consistency?first=1&second=-2", 0, 400, "malformed"),
        ("POST", "/cards", 10, 404, "not-here"),
    ],
)
def test_request_that_is_none_leaves_nothing(
    skopje: Speaker, belgrade: Books, method: str, path: str, size: int, status: int, code: str
) -> None:
    before = left_behind(belgrade)
    # Too much is refused before it is read: so much is announced, and a little of it sent.
    headers = {"Content-Length": str(size)} | (
        {"Content-Range": f"bytes 0-{size - 1}/{size}"} if method == "PUT" else {}
    )
    answer = skopje.ask(method, path, b"x" * min(size, 1000), headers)
    assert (answer.status, answer.code) == (status, code)
    assert left_behind(belgrade) == before


def test_packed_body_is_not_unpacked(skopje: Speaker, belgrade: Books) -> None:
    """A hundred mebibytes of nothing in a hundred kilobytes."""
    bomb = gzip.compress(bytes(100 * MIB))
    before = left_behind(belgrade)
    answer = skopje.ask("POST", "/envelopes", bomb, {"Content-Encoding": "gzip"})
    assert {code_of(line) for line in answer.lines()} == {"malformed"}
    assert left_behind(belgrade) == before


def test_door_is_open_and_the_journal_whole_after_all_that(network: Network, skopje: Speaker) -> None:
    assert skopje.codes(skopje.letter().line) == ["kept"]
    assert_journals_whole(network, "RS")
