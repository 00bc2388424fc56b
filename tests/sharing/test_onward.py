"""A paper that came under H2 is known again by its content, and does not leave with a letter to somebody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ilex.exchange import actions as exchange
from ilex.exchange.actions.entries import attach
from ilex.exchange.models import Entry
from ilex.exchange.rules import Information, Invalid
from ilex.gate import store
from ilex.gate.models import Attachment
from ilex.sharing import actions
from ilex.sharing.models import Consent
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer
from tests.sharing.ceca import Partner
from tests.sharing.making import person

pytestmark = pytest.mark.django_db

NEWS = Information(text="Ово смо добили.", language="hu")


def photograph(name: str = "photo.txt") -> Attachment:
    return store.seal_stream(iter([b"one and the same photograph"]), name=name, media="text/plain")


def letter_of_hers(ceca: Partner, handling: str) -> Entry:
    """A request of hers, to which her photograph belongs."""
    entry = ceca.asks(handling=handling).entries.get(kind=Entry.Kind.REQUEST)
    attach(entry, None, [photograph("her-name.txt")])
    return entry


def test_paper_under_h2_does_not_go_to_another_unit(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    letter_of_hers(ceca, "H2")

    with pytest.raises(Invalid) as refused:
        exchange.inform(ana, NEWS, to=["spoc-hu"], attachments=[photograph()], confirmed=True)

    assert "photo.txt" in refused.value.fields["to"]
    assert "Unit of MK" in refused.value.fields["to"]
    assert not budapest.mail("exchange.information")


def test_it_goes_back_to_its_owner_and_a_free_one_to_anybody(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    letter_of_hers(ceca, "H1")
    exchange.inform(ana, NEWS, to=["spoc-hu"], attachments=[photograph()], confirmed=True)
    letter_of_hers(ceca, "H2")
    exchange.inform(ana, NEWS, to=["ilecu-mk"], attachments=[photograph()], confirmed=True)

    assert len(budapest.mail("exchange.information")) == len(ceca.mail("exchange.information")) == 1


def test_consent_of_its_owner_lets_it_go_to_the_units_it_names(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    entry = letter_of_hers(ceca, "H2")
    client = Client()
    client.force_login(ana)
    client.post(reverse("entry-consent", args=[entry.pk]), {"to": ["spoc-hu"], "reason": "Треба."})
    consent = Consent.objects.get()
    (asked,) = ceca.mail("sharing.consent-asked")
    assert asked.body["items"][0]["number"] == str(entry.message)

    ceca.says("sharing.consent-decided", {"number": str(consent.number), "decision": "granted"}, consent.number)
    exchange.inform(ana, NEWS, to=["spoc-hu"], attachments=[photograph()], confirmed=True)

    assert len(budapest.mail("exchange.information")) == 1
    ceca.says("sharing.consent-decided", {"number": str(consent.number), "decision": "withdrawn"}, consent.number)
    with pytest.raises(Invalid):
        exchange.inform(ana, NEWS, to=["spoc-hu"], attachments=[photograph()], confirmed=True)


def test_consent_for_one_statement_does_not_free_the_whole_letter(
    ana: Officer, bojan: Officer, ceca: Partner, budapest: Partner
) -> None:
    entry = letter_of_hers(ceca, "H2")
    told = Evaluation(owner="ilecu-mk", from_kind="entry", from_key=str(entry.pk), handling="H2")
    row = person(ana, Said("name", "Ѓорѓи", evaluation=told)).statements.get()
    actions.record_consent(bojan, [row], "forward", ["spoc-hu"], "Телефоном.")

    with pytest.raises(Invalid):
        exchange.inform(ana, NEWS, to=["spoc-hu"], attachments=[photograph()], confirmed=True)
