"""Sending a request to one or several units."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from ilex.exchange import actions, queries
from ilex.exchange.models import ClockMove, Entry, Request, State, Way
from ilex.exchange.rules import Content, Invalid, SubjectContent, Unconfirmed
from ilex.gate.models import Delivery, Envelope
from ilex.journal.models import Line, Operation
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db

CONTENT = Content(
    requested_information="Да ли је возило прешло границу?",
    facts="Возило је одузето у Београду.",
    underlying_offence="Крађа возила",
    purpose="Проналажење возила",
    grounds_available="Возило је виђено на путу ка граници.",
    link_explanation="Осумњичени је возио возило.",
    subjects=(SubjectContent("person", "Ђорђе Измишљени", category="suspect", language="sr", born="1985-03"),),
    language="en",
    profile="bilateral",
    necessary=True,
    proportionate=True,
    available=True,
)
URGENT = replace(CONTENT, urgency="U_D", urgency_reason="Траг се хлади.")


def test_request_goes_sealed_to_each_unit_in_one_envelope(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    requests = actions.ask(ana, CONTENT, to=["ilecu-mk", "spoc-hu"])

    assert [request.our_ref for request in requests] == ["RS-2026-000001", "RS-2026-000002"]
    assert len({request.inquiry for request in requests}) == 1
    assert Envelope.objects.filter(type="exchange.request").count() == 1
    (hers,), (theirs,) = ceca.mail("exchange.request"), budapest.mail("exchange.request")
    assert hers.body == theirs.body
    assert hers.body["asked"]["ilecu-mk"]["reference"] == "RS-2026-000001"
    assert hers.body["asked"]["spoc-hu"]["reference"] == "RS-2026-000002"


def test_journal_says_who_disclosed_what_to_whom_and_why(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    line = Line.objects.get(act="request.sent")
    assert line.op == Operation.DISCLOSURE
    assert line.recipients == ["ilecu-mk"]
    assert line.by == str(ana.pk)
    assert line.reason == CONTENT.purpose
    assert line.detail["references"] == [request.our_ref]


def test_clock_of_our_request_runs_from_the_partners_receipt(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, URGENT, to=["ilecu-mk"])
    assert request.received_at is None
    assert request.alarm_at is None

    received = now() + timedelta(minutes=2)
    ceca.stores(request.entries.get().envelope, at=received)

    request.refresh_from_db()
    assert request.received_at is not None
    assert abs(request.received_at - received) < timedelta(milliseconds=1)
    assert request.due_at == request.received_at + timedelta(hours=8)
    assert request.clock_moves.get().kind == ClockMove.Kind.STARTED


def test_receipt_dated_far_ahead_gives_its_signer_no_time(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, URGENT, to=["ilecu-mk"])

    ceca.stores(request.entries.get().envelope, at=now() + timedelta(days=3))

    request.refresh_from_db()
    assert request.due_at is not None
    assert request.due_at < now() + timedelta(hours=8, minutes=6)


@pytest.mark.parametrize(
    "field",
    [
        *("requested_information", "facts", "underlying_offence", "purpose", "grounds_available"),
        *("link_explanation", "necessary", "proportionate", "available"),
    ],
)
def test_each_missing_content_is_told_beside_its_field(ana: Officer, ceca: Ceca, field: str) -> None:
    empty = False if field in ("necessary", "proportionate", "available") else " "

    with pytest.raises(Invalid) as told:
        actions.ask(ana, replace(CONTENT, **{field: empty}), to=["ilecu-mk"])  # type: ignore[arg-type]

    assert list(told.value.fields) == [field]
    assert not Request.objects.exists()
    assert not Envelope.objects.exists()


def test_urgent_request_needs_its_reason(ana: Officer, ceca: Ceca) -> None:
    with pytest.raises(Invalid) as told:
        actions.ask(ana, replace(CONTENT, urgency="U_A"), to=["ilecu-mk"])

    assert "urgency_reason" in told.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"urgency": "U_Z", "urgency_reason": "x"}, "urgency"),
        ({"offences": ("no-such",)}, "offences"),
        ({"handling": "H9"}, "handling"),
        ({"handling": "H3"}, "handling_note"),
        ({"profile": "no-such"}, "profile"),
        ({"on_behalf_place": "ZZ"}, "on_behalf_place"),
        ({"facts": "x" * 50_000}, "facts"),
        ({"facts": "a\0b"}, "facts"),
        ({"copy_withheld": "a", "copy_withheld_reason": "x"}, "copy_withheld"),
        ({"subjects": (SubjectContent("person", "Нико"),)}, "subjects-0-category"),
        ({"subjects": (SubjectContent("person", "Нико", category="suspect", born="1985-13"),)}, "subjects-0-born"),
    ],
)
def test_wrong_content_is_told_and_changes_nothing(
    ana: Officer, ceca: Ceca, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as told:
        actions.ask(ana, replace(CONTENT, **changes), to=["ilecu-mk"])  # type: ignore[arg-type]

    assert field in told.value.fields
    assert not Request.objects.exists()


@pytest.mark.parametrize("to", [[], ["ilecu-rs"], ["no-such-unit"], ["spoc-hu"]])
def test_recipients_must_be_others_that_are_known_and_paired(ana: Officer, ceca: Ceca, to: list[str]) -> None:
    with pytest.raises((Invalid, Unconfirmed)):
        actions.ask(ana, CONTENT, to=to)
    with pytest.raises(Invalid):
        actions.ask(ana, CONTENT, to=to, confirmed=True)

    assert not Request.objects.exists()


def test_failed_sending_gives_its_number_back(ana: Officer, ceca: Ceca) -> None:
    with pytest.raises(Invalid):
        actions.ask(ana, CONTENT, to=["spoc-hu"], confirmed=True)

    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    assert request.our_ref == "RS-2026-000001"


def test_language_that_the_unit_does_not_accept_must_be_confirmed(ana: Officer, ceca: Ceca) -> None:
    with pytest.raises(Unconfirmed) as told:
        actions.ask(ana, replace(CONTENT, language="ka"), to=["ilecu-mk"])
    assert [warning.code for warning in told.value.warnings] == ["language"]
    assert not Request.objects.exists()

    assert actions.ask(ana, replace(CONTENT, language="ka"), to=["ilecu-mk"], confirmed=True)


def test_directive_between_member_states_asks_why_siena_is_not_used(ana: Officer, ceca: Ceca) -> None:
    content = replace(CONTENT, profile="eu-2023-977")
    with pytest.raises(Invalid) as told:
        actions.ask(ana, content, to=["ilecu-mk"])
    assert list(told.value.fields) == ["channel_exception"]

    (request,) = actions.ask(ana, replace(content, channel_exception="a"), to=["ilecu-mk"])
    assert request.channel_exception == "a"


def test_request_that_went_by_another_channel_is_recorded_with_the_officers_moment(
    ana: Officer, house: Organisation
) -> None:
    sent = now() - timedelta(hours=1)

    (request,) = actions.ask(ana, URGENT, to=["spoc-hu"], channel="interpol", said_at=sent)

    assert request.received_at == sent
    assert request.due_at == sent + timedelta(hours=8)
    assert not Envelope.objects.exists()
    with pytest.raises(Invalid):
        actions.ask(ana, URGENT, to=["spoc-hu"], channel="interpol")


def test_designated_authority_submits_itself_and_its_unit_gets_the_copy(ana: Officer, ceca: Ceca) -> None:
    vesna = authority_officer(designated=True)

    (request,) = actions.ask(vesna, CONTENT, to=["ilecu-mk"])

    assert request.submitted_by == vesna.organisation
    assert queries.request_for(ana, request.our_ref) == request
    assert ceca.mail("exchange.request")[0].body["submitted_by"] == "Customs, invented"


def test_withheld_copy_is_not_there_for_the_unit(ana: Officer, ceca: Ceca) -> None:
    vesna = authority_officer(designated=True)
    content = replace(CONTENT, copy_withheld="a", copy_withheld_reason="Осетљива истрага")

    (request,) = actions.ask(vesna, content, to=["ilecu-mk"])

    assert queries.request_for(vesna, request.our_ref) == request
    with pytest.raises(Request.DoesNotExist):
        queries.request_for(ana, request.our_ref)
    assert queries.desk_rows(ana) == []
    assert queries.search(ana, "возило").rows == ()
    with pytest.raises(PermissionDenied):
        actions.note(ana, request, "I know of it")


def test_withheld_copy_is_open_to_the_protection_officer_with_a_reason(house: Organisation, ceca: Ceca) -> None:
    vesna = authority_officer(designated=True)
    protector = officer("petra", [Role.PROTECTION], house)
    content = replace(CONTENT, copy_withheld="a", copy_withheld_reason="Осетљива истрага")
    (request,) = actions.ask(vesna, content, to=["ilecu-mk"])

    found = queries.request_for(protector, request.our_ref)
    with pytest.raises(Invalid):
        queries.consult(protector, found)
    queries.consult(protector, found, "Complaint 7/2026")

    assert Line.objects.get(act="request.opened").reason == "Complaint 7/2026"


def test_authority_that_is_not_designated_sends_nothing(house: Organisation, ceca: Ceca) -> None:
    with pytest.raises(PermissionDenied):
        actions.ask(authority_officer(designated=False), CONTENT, to=["ilecu-mk"])


def test_translator_sends_nothing(house: Organisation, ceca: Ceca) -> None:
    with pytest.raises(PermissionDenied):
        actions.ask(officer("tamara", [Role.TRANSLATOR], house), CONTENT, to=["ilecu-mk"])


def test_reach_shows_recipients_and_fields_before_anything_leaves(ana: Officer, ceca: Ceca) -> None:
    shown = queries.reach(URGENT, ["ilecu-mk"])

    assert [recipient.name for recipient in shown.recipients] == ["Unit of MK"]
    assert {field.name for field in shown.fields} >= {"requested_information", "urgency_reason", "subjects"}
    assert not {field.name for field in shown.fields} & {"necessary", "copy_withheld"}
    assert shown.warnings == ()
    assert [warning.code for warning in queries.reach(URGENT, []).warnings] == ["nobody"]


def test_request_turned_away_by_the_partner_calls_for_attention(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    envelope = request.entries.get().envelope
    ceca.stores(envelope)

    ceca.stores(envelope, kind="refused", code="unsupported")

    request.refresh_from_db()
    assert request.unread_since is not None
    ticks = [tick.label for moment in queries.timeline(request) for tick in moment.ticks]
    assert "refused by the partner: unsupported" in ticks
    assert Delivery.objects.get().state == Delivery.State.REFUSED


def test_year_of_the_reference_is_the_units_own(ana: Officer, ceca: Ceca) -> None:
    ceca.asks(at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert Request.objects.get().our_ref == "RS-2027-000001"


def test_state_of_a_fresh_request_is_sent(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    assert (request.state, request.way, request.owner) == (State.SENT, Way.OUT, ana)
    assert request.entries.get().kind == Entry.Kind.REQUEST
    assert request.entries.get().details["tested"] == ["necessary", "proportionate", "available"]


def authority_officer(*, designated: bool) -> Officer:
    customs = Organisation.objects.create(
        id="customs-rs",
        kind=Organisation.Kind.AUTHORITY,
        place_id="RS",
        name="Customs, invented",
        designated=designated,
    )
    return officer("vesna", [Role.AUTHORITY], customs)
