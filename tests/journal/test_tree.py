"""The tree against the recursive words of RFC 6962 and against the vectors of Certificate Transparency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilex.journal.tree import (
    EMPTY_ROOT,
    Frontier,
    TileHashes,
    TileKey,
    TreeError,
    append,
    consistency,
    inclusion,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root,
)

SIZES = st.integers(0, 600)
LEAVES = [leaf_hash(str(number).encode()) for number in range(600)]

# merkle_tree_test of google/certificate-transparency: the entries and the roots of sizes 1 to 8
VECTOR = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = {
    (0, 8): ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"],
    (5, 8): ["bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"],
    (2, 3): ["fac54203e7cc696c"],
    (1, 5): ["6e340b9cffb37a98", "5f083f0a1a33ca07", "bc1a0643b12e4d2d"],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"],
    (6, 8): ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"],
    (2, 5): ["5f083f0a1a33ca07", "bc1a0643b12e4d2d"],
}


class Shelf:
    """Tiles in memory, filled only through `append`."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.tiles: dict[TileKey, bytes] = {}
        self.size = 0
        self.add(list(leaves))

    def add(self, leaves: list[bytes]) -> None:
        self.tiles |= append(self.read, self.size, leaves)
        self.size += len(leaves)

    def read(self, keys: Iterable[TileKey]) -> Mapping[TileKey, bytes]:
        return {key: self.tiles[key] for key in keys if key in self.tiles}

    @property
    def hashes(self) -> TileHashes:
        return TileHashes(self.read)


FULL = Shelf(LEAVES).hashes


def power_below(number: int) -> int:
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = power_below(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 2.1.1."""
    if len(leaves) == 1:
        return []
    k = power_below(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = power_below(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def short(proof: list[bytes]) -> list[str]:
    return [step.hex()[:16] for step in proof]


def test_roots_are_those_of_certificate_transparency() -> None:
    shelf = Shelf(leaf_hash(bytes.fromhex(entry)) for entry in VECTOR)

    assert [root(shelf.hashes, size).hex() for size in range(1, 9)] == ROOTS
    assert root(shelf.hashes, 0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("question", "expected"), INCLUSIONS.items())
def test_inclusion_proofs_are_those_of_certificate_transparency(question: tuple[int, int], expected: list[str]) -> None:
    shelf = Shelf(leaf_hash(bytes.fromhex(entry)) for entry in VECTOR)

    assert short(inclusion(shelf.hashes, *question)) == expected


@pytest.mark.parametrize(("question", "expected"), CONSISTENCIES.items())
def test_consistency_proofs_are_those_of_certificate_transparency(
    question: tuple[int, int], expected: list[str]
) -> None:
    shelf = Shelf(leaf_hash(bytes.fromhex(entry)) for entry in VECTOR)

    assert short(consistency(shelf.hashes, *question)) == expected


@given(SIZES)
def test_root_is_the_recursive_one(size: int) -> None:
    assert root(FULL, size) == naive_root(LEAVES[:size])


@given(st.lists(SIZES, max_size=6))
def test_tiles_do_not_depend_on_how_the_leaves_came(cuts: list[int]) -> None:
    shelf = Shelf()
    for start, end in pairwise([0, *sorted(cuts), 600]):
        shelf.add(LEAVES[start:end])

    assert shelf.tiles == Shelf(LEAVES).tiles


def test_tree_of_three_levels_has_the_recursive_root() -> None:
    leaves = [leaf_hash(number.to_bytes(4)) for number in range(65_536 + 300)]
    shelf = Shelf(leaves[:65_000])
    shelf.add(leaves[65_000:])

    assert root(shelf.hashes, len(leaves)) == naive_root(leaves)
    assert sorted({level for level, _ in shelf.tiles}) == [0, 1, 2]
    assert inclusion(shelf.hashes, 65_540, len(leaves)) == naive_path(65_540, leaves)
    assert consistency(shelf.hashes, 65_537, len(leaves)) == naive_subproof(65_537, leaves)


@given(SIZES)
def test_frontier_has_the_root_of_the_tree(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.add(leaf)

    assert frontier.root() == root(FULL, size)


@given(st.integers(1, 600).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_inclusion_proof_is_the_recursive_one_and_proves(question: tuple[int, int]) -> None:
    position, size = question
    proof = inclusion(FULL, position, size)

    assert proof == naive_path(position, LEAVES[:size])
    assert proves_inclusion(LEAVES[position], position, size, proof, root(FULL, size))


@given(st.integers(1, 600).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_consistency_proof_is_the_recursive_one_and_proves(question: tuple[int, int]) -> None:
    first, second = question
    proof = consistency(FULL, first, second)

    assert proof == naive_subproof(first, LEAVES[:second])
    assert proves_consistency(first, second, root(FULL, first), root(FULL, second), proof)


@given(st.integers(2, 600).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))), st.data())
def test_damaged_inclusion_proof_proves_nothing(question: tuple[int, int], data: st.DataObject) -> None:
    position, size = question
    proof = inclusion(FULL, position, size)
    step = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    damaged = (int.from_bytes(proof[step]) ^ 1 << bit).to_bytes(32)
    head, leaf = root(FULL, size), LEAVES[position]

    assert not proves_inclusion(leaf, position, size, [*proof[:step], damaged, *proof[step + 1 :]], head)
    assert not proves_inclusion(leaf, position, size, proof[:-1], head)
    assert not proves_inclusion(leaf, position, size, [*proof, leaf], head)
    assert not proves_inclusion(leaf, (position + 1) % size, size, proof, head)
    assert not proves_inclusion(leaf_hash(b"another"), position, size, proof, head)


@given(st.integers(2, 600).flatmap(lambda size: st.tuples(st.integers(1, size - 1), st.just(size))))
def test_damaged_consistency_proof_proves_nothing(question: tuple[int, int]) -> None:
    first, second = question
    proof = consistency(FULL, first, second)
    old, new, other = root(FULL, first), root(FULL, second), leaf_hash(b"another")

    assert not proves_consistency(first, second, other, new, proof)
    assert not proves_consistency(first, second, old, other, proof)
    assert not proves_consistency(first, second, old, new, proof[:-1])
    assert not proves_consistency(first, second, old, new, [*proof, other])
    assert not proves_consistency(second, first, new, old, proof)


@settings(max_examples=50)
@given(st.integers(1, 599).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_tree_with_one_leaf_exchanged_does_not_continue_the_old_one(question: tuple[int, int]) -> None:
    exchanged, first = question
    leaves = [*LEAVES[:exchanged], leaf_hash(b"another"), *LEAVES[exchanged + 1 :]]
    rewritten = Shelf(leaves).hashes
    proof = consistency(rewritten, first, 600)

    assert not proves_consistency(first, 600, root(FULL, first), root(rewritten, 600), proof)


def test_every_tree_continues_the_empty_one() -> None:
    assert consistency(FULL, 0, 5) == []
    assert proves_consistency(0, 5, EMPTY_ROOT, root(FULL, 5), [])
    assert not proves_consistency(0, 5, root(FULL, 1), root(FULL, 5), [])


def test_hash_of_the_wrong_length_proves_nothing() -> None:
    assert not proves_inclusion(b"short", 0, 1, [], b"short")
    assert not proves_consistency(3, 3, b"short", b"short", [])


def test_question_beyond_the_tree_is_refused() -> None:
    with pytest.raises(TreeError, match="no leaf at position 5"):
        inclusion(FULL, 5, 5)
    with pytest.raises(TreeError, match="cannot continue"):
        consistency(FULL, 6, 5)


def test_missing_tile_is_named() -> None:
    shelf = Shelf(LEAVES)
    del shelf.tiles[0, 2]

    with pytest.raises(TreeError, match="Tile 0/2"):
        root(shelf.hashes, 600)
    with pytest.raises(TreeError, match="Tile 0/2"):
        shelf.add([LEAVES[0]])


def test_leaf_that_is_no_hash_is_not_appended() -> None:
    with pytest.raises(TreeError, match="SHA-256"):
        Shelf([b"short"])
