"""Telling the officers of a node what to do: each call is a process of its own, as a page or a command would be."""

from __future__ import annotations

from tests.network import Network


def say(network: Network, code: str, verb: str, *values: object) -> str:
    """Run a verb of `officers` at a node; returns what it printed."""
    words = ", ".join(repr(value) for value in values)
    return network.shell(code, f"from tests.faults import officers; officers.{verb}({words})")
