from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.utils.timezone import now

from ilex.sharing.models import Consent, Release
from ilex.subjects import actions as subjects
from ilex.subjects.models import Statement
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer, Organisation, Role
from tests.routes import HANDLE, SUPERVISE, Rule, Rules, World

READ = HANDLE | SUPERVISE
DECIDE = frozenset({Role.CASE, Role.HEAD})
NOBODY: frozenset[Role] = frozenset()


def received(world: World) -> Sequence[object]:
    """A release that came from Skopje."""
    release = Release.objects.create(
        way=Release.Way.IN,
        state=Release.State.RECEIVED,
        partner=world.asked.partner,
        title="Возило",
        purpose="Пронаоѓање",
        made_at=now(),
    )
    return [release.pk]


def asked(world: World) -> Sequence[object]:
    consent = Consent.objects.create(
        way=Consent.Way.GIVEN,
        unit=world.asked.partner,
        number=uuid4(),
        statements=[uuid4()],
        use="court",
        reason="Доказ",
        asked_at=now(),
    )
    return [consent.pk]


def theirs(world: World) -> Sequence[object]:
    """A statement of which Skopje is the owner."""
    writer = Officer.objects.create(
        sign_in=f"writer.{uuid4()}", name="Writer", roles=[Role.CASE], organisation=world.house
    )
    said = Said("name", "Ѓорѓи Измислен", evaluation=Evaluation(owner="ilecu-mk"))
    Organisation.objects.get(pk="ilecu-mk")
    subject = subjects.add_subject(writer, "person", [said], "suspect")
    return [Statement.objects.get(subject=subject).pk]


def own_draft(world: World) -> Sequence[object]:
    """Of nobody who tries: only the author of a draft changes, reviews and drops it."""
    release = Release.objects.create(way=Release.Way.OUT, title="Нацрт", purpose="x", made_at=now())
    return [release.pk]


RULES: Rules = {
    "releases": Rule(READ),
    "release-new": Rule(HANDLE),
    "release": Rule(READ, received),
    "release-edit": Rule(NOBODY, own_draft),
    "release-review": Rule(NOBODY, own_draft),
    "release-leave-out": Rule(NOBODY, own_draft, post={}),
    "release-consent": Rule(NOBODY, own_draft, post={}),
    "release-drop": Rule(NOBODY, own_draft, post={}),
    "release-attach": Rule(HANDLE, received, post={}),
    "consents": Rule(READ),
    "consent": Rule(READ, asked),
    "consent-decide": Rule(DECIDE, asked, post={"decision": "grant"}),
    "entry-consent": Rule(HANDLE, lambda world: [world.asked.entries.get(kind="request").pk]),
    "statement-consent": Rule(HANDLE, theirs),
    "statement-court": Rule(HANDLE, theirs),
    "ledger": Rule(READ),
    "ledger-csv": Rule(READ),
}
