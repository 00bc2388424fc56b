"""The pages of nominations in Chromium: accessible, without complaints, and no wider than a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import attending, certificates, deciding, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.invitations import Terms, draft_invitation
from ilex.programme.actions.nominating import Nominee
from ilex.programme.models import Nomination
from ilex.units.models import Officer
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.programme.inviting import invited, invites, nominates, over, person, workshop
from tests.sharing.ceca import Partner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]


@pytest.fixture
def addresses(vera: Officer, ceca: Partner, budapest: Partner) -> dict[str, str]:
    """One invitation of each sort, with people in every state."""
    at_home = invites(ceca, 2, text="Доаѓајте со лаптоп.", travel_wanted=True)
    rows = [nominating.propose(vera, at_home, Nominee(name, "Duty officer")) for name in ("Ana Anić", "Бојан Бојић")]
    nominating.choose(vera, rows[0])
    draft = draft_invitation(vera, workshop(), Terms(quotas={"ilecu-mk": 3, "spoc-hu": 2, "ilecu-rs": 1}))
    open_one = invited(vera, {"ilecu-mk": 3, "spoc-hu": 1})
    nominates(ceca, open_one, person("Ѓорѓи Измислен", prepares=True), person("Марија Измислена"))
    held = workshop()
    past = invited(vera, activity=held)
    one, other = nominates(ceca, past, person("Ѓорѓи Измислен"), person("Марија Измислена"))
    deciding.decide(vera, past, {row.pk: Decision("confirmed") for row in (one, other)})
    over(held)
    attending.record_attendance(vera, past, {one.pk: True, other.pk: False})
    certificates.certify(vera, past, [one])
    said = {"number": str(past.pk), "nomination": str(one.pk), "marks": {"content": 5, "use": 4}, "text": "Одлично."}
    ceca.says("programme.evaluation", said, past.conversation)
    confirmed = rows[1]
    with act("nominations.decision-arrived", Operation.COLLECTION, by=None):
        Nomination.objects.filter(pk=confirmed.pk).update(state="confirmed")
    return {
        "received": reverse("nominations"),
        "ours": reverse("nominations") + "?show=ours",
        "new": reverse("invitation-new", args=[workshop().key]),
        "draft": reverse("invitation", args=[draft.pk]),
        "open": reverse("invitation", args=[open_one.pk]),
        "past": reverse("invitation", args=[past.pk]),
        "home": reverse("invitation", args=[at_home.pk]),
        "propose": reverse("nomination-new", args=[at_home.pk]),
        "send": reverse("nominations-send", args=[at_home.pk]),
        "person": reverse("nomination", args=[one.pk]),
        "travel": reverse("nomination-travel", args=[confirmed.pk]),
        "verify": reverse("certificate-verify"),
    }


@pytest.mark.parametrize("look", [pytest.param({}, id="desk"), pytest.param({"viewport": SMALL}, id="small")])
def test_pages_are_accessible_and_fit(
    live_server: LiveServer,
    vera: Officer,
    addresses: dict[str, str],
    browsing: Browsing,
    shot: Shot,
    look: dict[str, object],
) -> None:
    page = signed_in(browsing(**look), live_server, vera)
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        axe(page)
        assert not is_too_wide(page), address
        shot(page, f"{name}-{'small' if look else 'desk'}")
