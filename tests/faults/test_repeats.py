"""The same again, too early, out of turn, or by two at once: each message has one effect and one receipt."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from ilex.gate.ids import uuid7
from tests.faults.books import LONG, Books, assert_clean, assert_journals_whole, settle
from tests.faults.say import say
from tests.faults.speaker import Speaker, code_of
from tests.network import Network, until

COPIES = 100
TOGETHER = 240  # messages for two relays


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("repeats"), ["RS", "MK"]) as network:
        yield network


@pytest.fixture(scope="module")
def skopje(network: Network) -> Speaker:
    """Skopje's keys at Belgrade's door."""
    return Speaker(network, "MK", "RS")


@pytest.fixture(scope="module")
def belgrade(network: Network) -> Books:
    return Books(network.node("RS"))


def effects(books: Books, number: UUID) -> int:
    return books.number("SELECT count(*) FROM exchange_entry WHERE message = %s", number)


def state(books: Books, number: UUID) -> str:
    found = books.rows("SELECT state FROM gate_envelope WHERE id = %s", number)
    return str(found[0][0]) if found else ""


def taken(books: Books, *numbers: UUID) -> None:
    until(
        lambda: all(state(books, number) == "taken" for number in numbers), "the letters to be taken in", seconds=LONG
    )


def assert_once(books: Books, *numbers: UUID) -> None:
    """One envelope, one effect, one receipt of each kind and one line of each act for each of these."""
    for number in numbers:
        counts = {
            "envelopes": books.number("SELECT count(*) FROM gate_envelope WHERE id = %s", number),
            "effects": effects(books, number),
            **{
                f"{kind} receipts": books.number(
                    "SELECT count(*) FROM gate_receipt receipt JOIN gate_envelope ON key = envelope_id"
                    " WHERE gate_envelope.id = %s AND kind = %s",
                    number,
                    kind,
                )
                for kind in ("stored", "processed")
            },
            **{act: len(books.lines(act, str(number))) for act in ("envelope.stored", "envelope.taken")},
        }
        assert set(counts.values()) == {1}, counts


def test_hundred_copies_at_once(skopje: Speaker, belgrade: Books) -> None:
    number = uuid7()
    line = skopje.letter(id=number).line
    with ThreadPoolExecutor(COPIES) as visitors:
        answers = [answer for one in visitors.map(lambda _copy: skopje.bring(line), range(COPIES)) for answer in one]
    taken(belgrade, number)
    assert len(answers) == COPIES
    assert len(set(answers)) == 1, f"{len(set(answers))} different answers to {COPIES} copies"
    assert code_of(answers[0]) == "kept"
    assert_once(belgrade, number)


def test_replay_after_everything_was_answered(skopje: Speaker, belgrade: Books) -> None:
    number = uuid7()
    line = skopje.letter(id=number).line
    first = skopje.bring(line)
    taken(belgrade, number)
    assert [skopje.bring(line) for _again in range(3)] == [first] * 3
    assert_once(belgrade, number)


def test_same_number_with_another_body(skopje: Speaker, belgrade: Books) -> None:
    number = uuid7()
    assert skopje.codes(skopje.letter("прво", id=number).line) == ["kept"]
    taken(belgrade, number)
    assert skopje.codes(skopje.letter("второ", id=number).line) == ["conflict"]
    assert belgrade.rows("SELECT text FROM exchange_entry WHERE message = %s", number) == [("прво",)]
    assert_once(belgrade, number)


def test_correction_that_comes_before_what_it_corrects(skopje: Speaker, belgrade: Books) -> None:
    told, corrected, about = uuid7(), uuid7(), uuid4()
    information = skopje.letter(id=told, conversation=about, sequence=1).line
    correction = skopje.correction(told, "поправено", id=corrected, conversation=about, sequence=2).line
    assert skopje.codes(correction) == ["kept"]
    tried = "SELECT tries FROM gate_envelope WHERE id = %s"
    until(lambda: belgrade.number(tried, corrected) > 0, "somebody to look at the correction")
    assert (state(belgrade, corrected), effects(belgrade, corrected)) == ("waiting", 0)

    assert skopje.codes(information) == ["kept"]
    taken(belgrade, told, corrected)
    assert_once(belgrade, told, corrected)
    order = belgrade.rows(
        "SELECT object_id FROM journal_line WHERE act = 'envelope.taken' AND object_id IN (%s, %s) ORDER BY id",
        str(told),
        str(corrected),
    )
    assert order == [(str(told),), (str(corrected),)]


def test_gap_holds_nothing_up_and_what_fills_it_is_not_taken_for_the_newest(
    network: Network, skopje: Speaker, belgrade: Books
) -> None:
    told, second, third, about = uuid7(), uuid7(), uuid7(), uuid4()
    assert skopje.codes(skopje.letter("прво", id=told, conversation=about, sequence=1).line) == ["kept"]
    assert skopje.codes(skopje.correction(told, "трето", id=third, conversation=about, sequence=3).line) == ["kept"]
    taken(belgrade, told, third)
    assert skopje.codes(skopje.correction(told, "второ", id=second, conversation=about, sequence=2).line) == ["kept"]
    taken(belgrade, second)
    assert_once(belgrade, told, second, third)
    assert say(network, "RS", "text_now", str(told)) == "трето"


def test_two_relays_at_once(network: Network) -> None:
    node = network.node("RS")
    first = node.process
    network.start("RS", only="relay")
    second, node.process = node.process, first
    assert second is not None
    try:
        say(network, "RS", "inform", TOGETHER, ["ilecu-mk"])
        settle(network, "RS", "MK")
    finally:
        second.terminate()
        second.wait()
    assert_clean(network, ("RS", "MK"), at_least=TOGETHER)
    attempts = Books(node).number("SELECT max(attempts) FROM gate_delivery")
    assert attempts == 1, f"a message was sent {attempts} times"


def test_answer_to_a_request_that_nobody_here_knows(skopje: Speaker, belgrade: Books) -> None:
    number = uuid7()
    body = {"agent": "", "text": "Возилото е најдено.", "stage": "final", "settles": True}
    assert skopje.codes(skopje.sealed("exchange.answer", body, id=number).line) == ["kept"]
    until(
        lambda: belgrade.number("SELECT tries FROM gate_envelope WHERE id = %s", number) > 0, "somebody to look at it"
    )
    assert (state(belgrade, number), effects(belgrade, number)) == ("waiting", 0)


def test_journals_are_whole_after_all_that(network: Network) -> None:
    assert_journals_whole(network)
