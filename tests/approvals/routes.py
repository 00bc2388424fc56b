from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from ilex.approvals import actions
from ilex.exchange.actions import keep_draft
from ilex.units.models import Role
from tests.exchange.conftest import officer
from tests.routes import HANDLE, Rule, Rules, World

NOBODY: frozenset[Role] = frozenset()  # only its author, who is none of those that try


def waiting(world: World) -> Sequence[object]:
    """A letter of a colleague that waits for a second person."""
    author = officer(f"author.{uuid4().hex[:12]}", [Role.CASE], world.house)
    draft = keep_draft(author, "answer", {"handling": ["H2"]}, request=world.asked)
    asked = actions.ask(
        author,
        "letter",
        draft.pk,
        title="Answer",
        rules=["handling-h2"],
        recipients=["ilecu-mk"],
        handling="H2",
        digest=bytes(32),
    )
    return [asked.pk]


RULES: Rules = {
    "approvals": Rule(HANDLE | {Role.TRANSLATOR, Role.AUTHORITY}),
    "approval": Rule(HANDLE, waiting),
    "approval-approve": Rule(HANDLE, waiting, post={}),
    "approval-return": Rule(HANDLE, waiting, post={"answer": "x"}),
    "approval-withdraw": Rule(NOBODY, waiting, post={}),
    "approval-edits": Rule(NOBODY, waiting, post={}),
    "approval-alone": Rule(NOBODY, waiting, post={"reason": "x"}),
    "approval-noted": Rule(frozenset({Role.HEAD}), waiting, post={}),
}
