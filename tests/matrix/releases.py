"""What went out and what came for each handling code, open and in a closed circle, and how it can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ilex.sharing import actions
from ilex.sharing.actions.sending import send
from ilex.sharing.models import Release
from ilex.sharing.queries.review import review
from ilex.sharing.rules import Invalid, Letter
from ilex.subjects import actions as subjects
from ilex.units.models import Circle, Officer
from tests.matrix.world import Things, text_of
from tests.sharing.ceca import Partner, person, statement

TO = "ilecu-mk"


@dataclass(frozen=True)
class Released:
    """Of one handling code, open or closed: what we gave of a subject, and what a partner gave us."""

    code: str
    closed: bool
    word: str
    out: Release
    come: Release


def released(ana: Officer, ceca: Partner, made: list[Things]) -> Iterator[Released]:
    for one in made:
        yield Released(one.code, one.closed, one.word, _given(ana, one), _got(ana, ceca, one))


def _given(ana: Officer, one: Things) -> Release:
    """Sent as after the word of a second person: here it is about who sees it."""
    letter = Letter(title=f"About {one.word}", purpose="To find him.")
    draft = actions.draft_release(ana, letter, statements=_statements(one), to=[TO])
    with transaction.atomic():
        return send(draft, ana, review(draft))


def _got(ana: Officer, ceca: Partner, one: Things) -> Release:
    note = {"handling_note": "Only for the team."} if one.code == "H3" else {}
    said = statement(value=f"Ilija {one.word}", handling=one.code, **note)
    got = ceca.gives(person(said), title=f"From Skopje about {one.word}")
    if one.closed:
        subjects.move_to_circle(ana, got.statements.get().subject, Circle.objects.get(name="Winter"), "Winter")
    return got


def _statements(one: Things) -> list[str]:
    return [str(pk) for pk in one.subject.statements.values_list("pk", flat=True)]


@dataclass(frozen=True)
class ReleaseWays:
    """The ways by which one officer gets at releases. Each tells whether he got there."""

    who: Officer
    client: Client

    def ways(self, things: Things, one: Released) -> dict[str, bool]:
        return {
            "list": self._reaches(reverse("releases"), one.out.title),
            "list of what came": self._reaches(reverse("releases"), one.come.title),
            "page": self._reaches(reverse("release", args=[one.out.pk]), one.word),
            "page of what came": self._reaches(reverse("release", args=[one.come.pk]), one.word),
            "ledger": self._reaches(reverse("ledger"), one.word),
            "export": self._reaches(reverse("ledger-csv"), one.word),
            "verb": self._drafts(things),
            "verb on what came": self._attaches(things, one),
        }

    def _reaches(self, address: str, word: str) -> bool:
        """With a reason, as who supervises must give one."""
        answer = self.client.get(address)
        return word in text_of(answer) or word in text_of(self.client.post(address, {"reason": "complaint 12"}))

    def _drafts(self, things: Things) -> bool:
        letter = Letter(title="Again", purpose="To find him.")
        try:
            actions.draft_release(self.who, letter, statements=_statements(things), to=[TO])
        except (PermissionDenied, Invalid):
            return False
        return True

    def _attaches(self, things: Things, one: Released) -> bool:
        try:
            actions.attach_to_case(self.who, one.come, things.case.number)
        except (PermissionDenied, LookupError):
            return False
        return True
