"""Somebody at a node's door who has a unit's real keys: what he brings is as good or as bad as the test makes it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from ilex.exchange.messages import AskedBody, CorrectionBody, InformationBody
from ilex.gate import keys, seal
from ilex.gate.carriers import Failure
from ilex.gate.carriers.https import Answer, Connection
from ilex.gate.keys import KeyRing, Line
from ilex.gate.seal import Sealed
from tests.gate.partners import header, open_key
from tests.network import Network, RunningNode

TRIES = 20  # of a line that a busy machine lets wait too long


class Speaker:
    """Speaks for the unit `of` at the door of `to`."""

    def __init__(self, network: Network, of: str, to: str) -> None:
        self.to: RunningNode = network.node(to)
        self.ring: KeyRing = keys.ring_of(network.node(of).folder / "keys")
        self.theirs: KeyRing = keys.ring_of(self.to.folder / "keys")

    def letter(self, text: str = "Известување", **members: Any) -> Sealed:
        """A piece of information, well made but for what `members` say."""
        asked = {self.theirs.unit: AskedBody(reference="MK-2026-000077", profile="bilateral")}
        body = InformationBody(asked=asked, text=text, reasons="Може да биде од корист.")
        return self.sealed("exchange.information", body.model_dump(mode="json"), **members)

    def correction(self, about: UUID, text: str, **members: Any) -> Sealed:
        body = CorrectionBody(about=about, text=text, reason="Погрешен број.")
        return self.sealed("exchange.correction", body.model_dump(mode="json"), **members)

    def sealed(self, type: str, body: dict[str, Any], **members: Any) -> Sealed:
        head = header(self.ring, members.pop("to", [self.theirs.unit]), type=type, **members)
        return seal.seal(head, body, self.ring, [open_key(self.theirs)])

    def line(self, ours: Line | None = None) -> Connection:
        return Connection(f"https://{self.to.door}", ours or self.ring.line, [self.theirs.line.pem])

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """One request on a line of its own. The door of a busy machine may take some time to open."""
        for _try in range(TRIES - 1):
            try:
                return self._ask(method, path, body, headers)
            except Failure:
                continue
        return self._ask(method, path, body, headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str] | None) -> Answer:
        line = self.line()
        try:
            return line.ask(method, path, body, headers)
        finally:
            line.close()

    def is_let_in(self, ours: Line | None = None) -> bool:
        """Whether the door opens to this certificate; a pin that was put in just now is known within a second."""
        line = self.line(ours)
        try:
            return line.ask("GET", "/up").status == 200
        except Failure:
            return False
        finally:
            line.close()

    def bring(self, *lines: bytes, path: str = "/envelopes") -> list[bytes]:
        """The answers to these sealed lines."""
        answer = self.ask("POST", path, b"".join(line + b"\n" for line in lines))
        assert answer.status == 200, f"{answer.status} {answer.code}"
        return answer.lines()

    def codes(self, *lines: bytes, path: str = "/envelopes") -> list[str]:
        """For each line `kept` (or `noted`), or the code of its refusal."""
        return [code_of(answer) for answer in self.bring(*lines, path=path)]


def code_of(answer: bytes) -> str:
    said = json.loads(answer)
    if "error" in said:
        assert said["error"]["sentence"].endswith("."), said
        return str(said["error"]["code"])
    return "kept" if "receipt" in said else "noted"
