"""Belgrade watches the log of Skopje."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ilex.journal import notes, tree
from ilex.journal.actions import explain, remember, settle
from ilex.journal.actions.witness import NotAsked
from ilex.journal.models import Line, Witnessed
from ilex.journal.notes import NoteError
from ilex.journal.queries import alarms, ask_for, newest
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db

SKOPJE = "ilecu-mk"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
State = Witnessed.State


class Log:
    """Another unit's log, as its own node would keep it."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.tiles: dict[tree.TileKey, bytes] = {}
        self.size = 0
        self.add(entries)

    def add(self, entries: Iterable[str]) -> Log:
        leaves = [tree.leaf_hash(entry.encode()) for entry in entries]
        self.tiles |= tree.append(self.read, self.size, leaves)
        self.size += len(leaves)
        return self

    def read(self, keys: Iterable[tree.TileKey]) -> Mapping[tree.TileKey, bytes]:
        return {key: self.tiles[key] for key in keys if key in self.tiles}

    def note(self, size: int) -> str:
        root = tree.root(tree.TileHashes(self.read), size)
        return notes.write(notes.origin_of(SKOPJE), size, root, self.key)

    def proof(self, first: int, second: int) -> list[bytes]:
        return tree.consistency(tree.TileHashes(self.read), first, second)


def entries(start: int, end: int, what: str = "line") -> list[str]:
    return [f"{what} {number}" for number in range(start, end)]


def said(log: Log, size: int, minutes: int = 0) -> Witnessed:
    moment = NOON + timedelta(minutes=minutes)
    return remember(SKOPJE, log.note(size), log.key.public_key(), said_at=moment, at=moment)


def test_first_head_of_a_peer_is_where_watching_begins() -> None:
    head = said(Log(entries(0, 10)), 10)

    assert (head.state, head.size) == (State.PROVEN, 10)
    assert ask_for(SKOPJE) is None
    assert newest(SKOPJE) == head


def test_head_with_a_wrong_signature_is_not_kept() -> None:
    log = Log(entries(0, 10))

    with pytest.raises(NoteError, match="does not bear"):
        remember(SKOPJE, log.note(10), Ed25519PrivateKey.generate().public_key())
    with pytest.raises(NoteError, match="of the log ilex/ilecu-mk"):
        remember("ilecu-hu", log.note(10), log.key.public_key())
    assert not Witnessed.objects.exists()


def test_head_of_a_renewed_key_is_kept() -> None:
    log, former = Log(entries(0, 10)), Ed25519PrivateKey.generate().public_key()

    assert remember(SKOPJE, log.note(10), former, log.key.public_key()).size == 10


def test_head_said_again_is_one_row() -> None:
    log = Log(entries(0, 10))

    assert said(log, 10) == said(log, 10, minutes=60)
    assert Witnessed.objects.count() == 1


def test_later_head_is_proven_to_continue_the_first() -> None:
    log = Log(entries(0, 10))
    said(log, 10)
    said(log.add(entries(10, 25)), 25)

    assert ask_for(SKOPJE) == (10, 25)
    head = settle(SKOPJE, 10, 25, log.proof(10, 25), at=NOON)

    assert (head.size, head.state, head.proven_at) == (25, State.PROVEN, NOON)
    assert ask_for(SKOPJE) is None


def test_heads_in_between_and_before_are_proven_after_the_newest() -> None:
    log = Log(entries(0, 40))
    for size in (20, 40, 30, 10):
        said(log, size)

    asked = []
    while question := ask_for(SKOPJE):
        asked.append(question)
        settle(SKOPJE, *question, log.proof(*question))

    assert asked == [(20, 40), (30, 40), (10, 20)]
    assert set(Witnessed.objects.values_list("state", flat=True)) == {State.PROVEN}


def test_two_heads_of_one_size_are_a_fork() -> None:
    ours, others = Log(entries(0, 10)), Log(entries(0, 10, "another"))
    first = said(ours, 10)

    fork = said(others, 10)

    assert (fork.state, fork.against) == (State.FORK, first)
    assert list(alarms()) == [fork]
    assert newest(SKOPJE) == first
    line = Line.objects.get()
    assert (line.act, line.object_id, line.detail) == ("head.fork", SKOPJE, {"size": 10, "against": 10})


def test_rewritten_log_cannot_prove_and_is_a_fork() -> None:
    said(Log(entries(0, 10)), 10)
    rewritten = Log([*entries(0, 5), *entries(5, 30, "rewritten")])
    said(rewritten, 30)

    head = settle(SKOPJE, 10, 30, rewritten.proof(10, 30))

    assert (head.size, head.state) == (30, State.FORK)
    assert head.against is not None
    assert head.against.size == 10
    assert list(alarms()) == [head]


def test_branch_shown_only_to_us_is_found_when_the_main_log_goes_on() -> None:
    """Head 20 continues 10, and 30 continues 10, but 20 does not lie on the way to 30."""
    main = Log(entries(0, 30))
    branch = Log([*entries(0, 10), *entries(10, 20, "only for Belgrade")])
    said(main, 10)
    said(branch, 20)
    said(main, 30)

    assert ask_for(SKOPJE) == (10, 30)
    settle(SKOPJE, 10, 30, main.proof(10, 30))
    assert ask_for(SKOPJE) == (20, 30)
    head = settle(SKOPJE, 20, 30, main.proof(20, 30))

    assert (head.size, head.state) == (20, State.FORK)


def test_peer_that_cannot_prove_is_as_one_that_proves_wrongly() -> None:
    log = Log(entries(0, 20))
    said(log, 10)
    said(log, 20)

    assert settle(SKOPJE, 10, 20, None).state == State.FORK


def test_fork_is_never_undone_by_a_later_proof() -> None:
    log = Log(entries(0, 20))
    said(log, 10)
    said(log, 20)
    settle(SKOPJE, 10, 20, None)

    with pytest.raises(NotAsked):
        settle(SKOPJE, 10, 20, log.proof(10, 20))
    assert said(log, 20).state == State.FORK


def test_proof_that_nobody_asked_for_changes_nothing() -> None:
    log = Log(entries(0, 20))
    said(log, 10)

    with pytest.raises(NotAsked, match="Nobody asked ilecu-mk"):
        settle(SKOPJE, 10, 20, log.proof(10, 20))


def test_restored_peer_is_noticed_by_its_smaller_head() -> None:
    log = Log(entries(0, 20))
    large = said(log, 20)

    head = said(log, 15, minutes=60)

    assert (head.state, head.against) == (State.ROLLBACK, large)
    assert list(alarms()) == [head]


def test_restored_peer_is_noticed_even_by_a_head_that_was_known() -> None:
    log = Log(entries(0, 20))
    said(log, 15)
    said(log, 20, minutes=10)

    assert said(log, 15, minutes=60).state == State.ROLLBACK
    assert Witnessed.objects.count() == 2


def test_message_that_was_long_on_its_way_is_no_rollback() -> None:
    log = Log(entries(0, 20))
    said(log, 10)
    said(log, 20, minutes=30)
    late = remember(
        SKOPJE,
        log.note(15),
        log.key.public_key(),
        said_at=NOON + timedelta(minutes=20),
        at=NOON + timedelta(hours=5),
    )

    assert late.state == State.SEEN
    assert said(log, 15, minutes=32).state == State.SEEN  # two processes of the peer, moments apart
    assert not alarms().exists()


def test_person_explains_a_restored_backup_and_watching_goes_on(ana: Officer) -> None:
    before = Log(entries(0, 20))
    restored = Log([*entries(0, 15), *entries(15, 40, "after")])
    said(before, 20)
    rollback = said(restored, 15, minutes=60)
    fork = said(restored, 20, minutes=61)

    assert explain(SKOPJE, by=ana, reason="Backup restored.", at=NOON + timedelta(hours=2)) == 2

    assert not alarms().exists()
    for head in (rollback, fork):
        head.refresh_from_db()
        assert (head.explanation, head.explained_by) == ("Backup restored.", str(ana.pk))
    assert (rollback.state, fork.state) == (State.ROLLBACK, State.FORK)
    assert newest(SKOPJE) == fork
    said(restored, 30, minutes=180)
    assert ask_for(SKOPJE) == (20, 30)
    assert settle(SKOPJE, 20, 30, restored.proof(20, 30)).state == State.PROVEN
    line = Line.objects.get(act="head.explained")
    assert (line.by, line.reason, line.detail) == (str(ana.pk), "Backup restored.", {"alarms": 2})


def test_alarm_needs_words_to_be_explained(ana: Officer) -> None:
    with pytest.raises(ValueError, match="Write what explains"):
        explain(SKOPJE, by=ana, reason="  ")
    with pytest.raises(ValueError, match="no alarm"):
        explain(SKOPJE, by=ana, reason="Nothing happened.")
    assert not Line.objects.exists()


def test_peers_do_not_mix() -> None:
    log = Log(entries(0, 20))
    said(log, 10)
    said(log, 20)

    assert ask_for("ilecu-hu") is None
    assert newest("ilecu-hu") is None
