"""The statement of exchange: what it names is proven by what it carries."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader

from ilex.exchange import actions
from ilex.exchange.models import Request
from ilex.exchange.papers.evidence import RECORD_NAME, Statement
from ilex.exchange.papers.forms import FormError, read_pdf
from ilex.exchange.papers.statement import receipt_statement
from ilex.gate.models import Envelope, Receipt
from ilex.gate.receipts import check_receipt
from ilex.gate.signing import import_jwk
from ilex.journal import tree
from ilex.journal.actions import grow, growth, sign_heads_with
from ilex.journal.queries import heads
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log_key() -> Iterator[None]:
    """This node's log key, for as long as the test runs."""
    before = growth._key, heads._trusted
    key = Ed25519PrivateKey.generate()
    sign_heads_with(lambda: key)
    yield
    growth._key, heads._trusted = before


@pytest.fixture
def answered(ceca: Ceca, ana: Officer) -> Request:
    """Ceca asked, we answered, and her node gave its receipts for the answer."""
    request = ceca.asks(at=NOON, handling="H2")
    actions.answer(ana, request, "Да, кај Табановце.", stage="final")
    answer = Envelope.objects.get(way="out", type="exchange.answer")
    ceca.stores(answer)
    ceca.stores(answer, kind="processed")
    return Request.objects.get(pk=request.pk)


def words_of(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


def record_of(pdf: bytes) -> Statement:
    (file,) = PdfReader(io.BytesIO(pdf)).attachment_list
    assert file.name == RECORD_NAME
    return Statement.model_validate_json(file.content)


def test_a_statement_is_one_page_and_names_messages_receipts_and_moments(answered: Request) -> None:
    grow()
    pdf = receipt_statement(answered, "en")
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    words = words_of(pdf)
    for part in (answered.our_ref, answered.their_ref, "1. Request, received", "3. Answer, sent", "Delivered, by"):
        assert part in words, part
    for receipt in Receipt.objects.all():
        assert receipt.at.strftime("%H:%M:%S") in words
    for envelope in Envelope.objects.all():
        assert bytes(envelope.digest).hex() in words.replace("\u200b", "")


def test_a_statement_names_no_content(answered: Request) -> None:
    pdf = receipt_statement(answered, "en")
    whole = words_of(pdf) + record_of(pdf).model_dump_json()
    for content in ("Табановце", "Измислен", "возило", "Ana", "duty officer"):
        assert content not in whole


def test_the_receipts_in_the_record_prove_themselves(answered: Request, ceca: Ceca) -> None:
    record = record_of(receipt_statement(answered, "en"))
    theirs = [word for one in record.exchanged if one.way == "out" for word in one.receipts]
    ours = [word for one in record.exchanged if one.way == "in" for word in one.receipts]
    assert [word.kind for word in theirs] == ["stored", "processed"]
    assert {word.kind for word in ours} == {"stored", "processed"}
    answer = next(one for one in record.exchanged if one.kind == "answer")
    for word in theirs:
        said = check_receipt(word.signed, import_jwk(ceca.ring.seal.jwk))
        assert (str(said.of), said.digest, said.kind) == (answer.message, answer.sha256, word.kind)
    for word in ours:
        check_receipt(word.signed, import_jwk(ceca.ours.seal.jwk))


def test_each_line_of_the_journal_is_proven_against_the_signed_head(answered: Request) -> None:
    head = grow()
    assert head is not None
    record = record_of(receipt_statement(answered, "en"))
    assert record.head == head.note
    lines = [line for one in record.exchanged for line in one.journal] + list(record.journal)
    assert {"request.arrived", "envelope.sent", "request.answer"} <= {line.act for line in lines}
    for line in lines:
        assert line.position is not None
        assert line.size == head.size
        proof = [bytes.fromhex(step) for step in line.proof]
        leaf = bytes.fromhex(line.leaf)
        assert tree.proves_inclusion(leaf, line.position, head.size, proof, bytes(head.root))


def test_a_line_without_a_place_in_the_tree_says_that_it_waits(answered: Request) -> None:
    assert "waiting for its place" in words_of(receipt_statement(answered, "en"))


def test_a_statement_speaks_only_of_this_partner(answered: Request, ceca: Ceca) -> None:
    ceca.asks(at=NOON + timedelta(hours=1), reference="MK-2026-000078")
    words = words_of(receipt_statement(answered, "en"))
    assert "MK-2026-000078" not in words
    assert len(record_of(receipt_statement(answered, "en")).exchanged) == 3


def test_a_request_without_a_message_says_what_the_officer_stated(answered: Request) -> None:
    entry = answered.entries.order_by("at")[0]
    entry.envelope, entry.channel = None, "siena"
    entry.save()
    words = words_of(receipt_statement(answered, "en"))
    assert "SIENA, the network of Europol: as stated by the officer" in words


@pytest.mark.parametrize("language", ["sr", "ka", "hy", "xx"])
def test_a_statement_prints_in_every_language(answered: Request, language: str) -> None:
    assert answered.our_ref in words_of(receipt_statement(answered, language))


def test_a_statement_is_tagged_and_archivable(answered: Request) -> None:
    reader = PdfReader(io.BytesIO(receipt_statement(answered, "sr")))
    root: Any = reader.root_object
    assert root["/Lang"] == "sr"
    assert root["/MarkInfo"]["/Marked"]
    assert "<pdfaid:part>3<" in root["/Metadata"].get_data().decode()


def test_the_same_record_at_the_same_moment_gives_the_same_bytes(answered: Request) -> None:
    assert receipt_statement(answered, "en", NOON) == receipt_statement(answered, "en", NOON)


def test_a_statement_is_no_form(answered: Request) -> None:
    with pytest.raises(FormError, match="no Ilex record"):
        read_pdf(receipt_statement(answered, "en"))


def test_the_record_is_plain_json(answered: Request) -> None:
    (file,) = PdfReader(io.BytesIO(receipt_statement(answered, "en"))).attachment_list
    assert json.loads(file.content)["our_ref"] == answered.our_ref
