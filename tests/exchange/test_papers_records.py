"""Forms A and B out of the record: each field of the form comes from the row that holds it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from ilex.exchange.models import Entry, Request, State, Subject
from ilex.exchange.papers.fields import FormError
from ilex.exchange.papers.forms import form_a, form_b, read_pdf, to_content, to_pdf
from ilex.gate.models import Attachment
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.units.models import Contact, Officer, Organisation, OrganisationName, Place, PlaceName

pytestmark = pytest.mark.django_db

SENT = datetime(2026, 11, 21, 8, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def line(db: None) -> None:
    """One transaction, one line: the guard of the journal asks for it."""
    write("test.made", Operation.OPERATION, by=None)


def unit(id: str, code: str, name: str, state: str) -> Organisation:
    place, _new = Place.objects.get_or_create(code=code, defaults={"kind": Place.Kind.STATE})
    PlaceName.objects.get_or_create(place=place, language="en", style="short", text=state, defaults={"source": "t"})
    made, _new = Organisation.objects.get_or_create(
        id=id, defaults={"kind": Organisation.Kind.UNIT, "name": name, "place": place}
    )
    return made


@pytest.fixture
def belgrade() -> Organisation:
    made = unit("ilecu-rs", "RS", "ILECU Belgrade", "Serbia")
    Contact.objects.create(organisation=made, kind="telephone", value="+381 11 000")
    Contact.objects.create(organisation=made, kind="e-mail", value="ilecu@example.org")
    return made


@pytest.fixture
def skopje() -> Organisation:
    made = unit("ilecu-mk", "MK", "ILECU Skopje", "North Macedonia")
    OrganisationName.objects.create(organisation=made, language="mk", text="ИЛЕКУ Скопје")
    return made


@pytest.fixture
def ana(belgrade: Organisation) -> Officer:
    return Officer.objects.create(
        sign_in="ana", name="Ana Anić", function="Duty officer", organisation=belgrade, roles=["duty"]
    )


def asked(ours: Organisation, partner: Organisation, **fields: Any) -> Request:
    shared: dict[str, Any] = {
        "inquiry": uuid.uuid4(),
        "way": "out",
        "partner": partner,
        "submitted_by": ours,
        "our_ref": "RS-2026-000412",
        "their_ref": "MK/77",
        "state": State.SENT,
        "profile": "eu-2023-977",
        "requested_information": "Border crossings",
        "facts": "Two minors are missing",
        "underlying_offence": "Trafficking",
        "offences": ["human-trafficking"],
        "purpose": "To find them",
        "grounds_available": "He lives in Skopje",
        "link_explanation": "He drove",
        "use_restrictions": "DO_NOT_USE",
        "urgency": "U_B",
        "urgency_reason": "Their lives",
        "language": "en",
        "handling": "H1",
        "received_at": SENT,
        "first_due_at": SENT + timedelta(hours=8),
        "due_at": SENT + timedelta(hours=8),
        "due_reason": "Directive (EU) 2023/977 Art. 5(1)",
        "made_at": SENT,
    }
    request = Request.objects.create(**shared | fields)
    Subject.objects.create(
        request=request,
        kind="person",
        category="suspect",
        name="Ѓорѓи Ќосевски",
        language="mk",
        other_names=["Gjorgji Kjosevski"],
        born="1985-03",
        nationality="MK",
        numbers=["A123"],
        folded="x",
    )
    return request


def said(request: Request, kind: str, way: str, hours: float = 1, **fields: Any) -> Entry:
    return Entry.objects.create(
        **{
            "request": request,
            "kind": kind,
            "way": way,
            "at": SENT + timedelta(hours=hours),
            "language": "en",
            "channel": request.channel,
        }
        | fields
    )


def test_our_request_fills_form_b(belgrade: Organisation, skopje: Organisation, ana: Officer) -> None:
    request = asked(belgrade, skopje)
    said(request, Entry.Kind.REQUEST, "out", 0, by=ana)
    form = form_b(request, SENT)
    assert form.requesting.name == "ILECU Belgrade"
    assert form.requesting.telephone == "+381 11 000"
    assert form.requesting.email == "ilecu@example.org"
    assert form.requested.state.name == "North Macedonia"
    assert form.agent.function == "Duty officer"
    assert form.reference == "RS-2026-000412"
    assert form.sent_at == SENT
    assert form.urgent
    assert form.restriction == "DO_NOT_USE"
    assert form.sent_to[0].purpose == "execution"
    assert form.sent_to[0].channel == "OTHER"
    assert form.subjects[0].name == "Ѓорѓи Ќосевски"
    assert form.subjects[0].numbers == ("A123",)
    assert "Ana Anić" not in form.model_dump_json()


def test_a_request_comes_through_a_pdf_back_to_the_fields_of_the_record(
    belgrade: Organisation, skopje: Organisation
) -> None:
    request = asked(belgrade, skopje, way="in", use_restrictions="Not the witness")
    content = to_content(read_pdf(to_pdf(form_b(request), "en")))
    assert content["way"] == "in"
    assert content["partner"] == "ilecu-mk"
    assert content["their_ref"] == "MK/77"
    for name in (
        *("requested_information", "facts", "underlying_offence", "offences", "purpose", "grounds_available"),
        *("link_explanation", "use_restrictions", "urgency", "urgency_reason", "language", "handling", "profile"),
    ):
        assert content[name] == getattr(request, name), name
    subject = request.subjects.get()
    for name, value in content["subjects"][0].items():
        assert value == getattr(subject, name), name


def test_a_request_on_behalf_of_an_authority_names_it(belgrade: Organisation, skopje: Organisation) -> None:
    police = Organisation.objects.create(id="police-rs", kind="authority", name="Criminal Police")
    assert form_b(asked(police, skopje, on_behalf_of="The court in Subotica")).on_behalf_of == (
        "Criminal Police, The court in Subotica"
    )


def test_names_stand_in_the_language_of_the_letter(belgrade: Organisation, skopje: Organisation) -> None:
    with override("ka"):
        assert form_b(asked(belgrade, skopje, language="mk")).requested.name == "ИЛЕКУ Скопје"


def test_other_states_are_named_with_their_channel(belgrade: Organisation, skopje: Organisation) -> None:
    budapest = unit("ilecu-hu", "HU", "ILECU Budapest", "Hungary")
    request = asked(belgrade, skopje, also_sent_to=["ilecu-hu", "nobody"])
    Request.objects.create(
        inquiry=request.inquiry,
        way="out",
        partner=budapest,
        submitted_by=belgrade,
        our_ref="RS-2026-000413",
        state=State.SENT,
        profile="bilateral",
        language="en",
        channel="siena",
        made_at=SENT,
    )
    first, second = form_b(request).other_states
    assert (first.state.name, first.authority, first.channel) == ("Hungary", "ILECU Budapest", "siena")
    assert (second.state.code, second.authority) == ("", "nobody")


def test_an_answer_fills_form_a(belgrade: Organisation, skopje: Organisation) -> None:
    request = asked(belgrade, skopje)
    said(request, Entry.Kind.DELAY, "in", 1, expected_at=SENT + timedelta(days=3), reasons="Court")
    answer = said(
        request,
        Entry.Kind.ANSWER,
        "in",
        5,
        text="He crossed at Tabanovce",
        stage="partial",
        source_grade="B",
        information_grade="3",
        use="OTHER_PURPOSES_WITH_CONDITIONS",
        use_conditions="Not in court",
        outcome_wanted=True,
        handling="H2",
        grounds=["f.ii", "b"],
        refused_part="His address",
        reasons="Investigation",
        details={"agent": "Case officer"},
    )
    answer.papers.add(
        Attachment.objects.create(
            name="list.csv",
            media="text/csv",
            size=12,
            digest=b"\x01" * 32,
            sealed_size=20,
            sealed_digest=b"\x02" * 32,
            key=b"k",
        )
    )
    form = form_a(answer, SENT)
    assert (form.requested.name, form.requesting.name) == ("ILECU Skopje", "ILECU Belgrade")
    assert (form.reference, form.request_reference) == ("MK/77", "RS-2026-000412")
    assert form.agent.function == "Case officer"
    assert form.previous_at == SENT + timedelta(hours=1)
    assert (form.limit, form.listed_offence, form.direct_access) == ("8H", True, True)
    assert (form.reliability, form.accuracy) == ("MOSTLY_RELIABLE", "HEARSAY_CONFIRMED")
    assert (form.use, form.use_conditions) == ("OTHER_PURPOSES_WITH_CONDITIONS", "Not in court")
    assert form.handling == "H2"
    assert form.papers[0].sha256 == "01" * 32
    assert form.refusal is not None
    assert form.refusal.reasons == ("B.2", "B.3")
    assert form.refusal.grounds == ("f.ii", "b")
    assert form.refusal.part == "His address"
    assert form.delay is None


def test_our_own_answer_comes_from_us(belgrade: Organisation, skopje: Organisation, ana: Officer) -> None:
    request = asked(belgrade, skopje, way="in")
    form = form_a(said(request, Entry.Kind.ANSWER, "out", text="Yes", by=ana))
    assert (form.requested.name, form.reference) == ("ILECU Belgrade", "RS-2026-000412")
    assert form.request_reference == "MK/77"
    assert form.agent.function == "Duty officer"


@pytest.mark.parametrize(
    ("days", "expected", "weeks"),
    [(0.5, "1D", 1), (2, "2D", 1), (3, "3D", 1), (4, "WEEKS", 1), (15, "WEEKS", 3), (30, "1M", 5), (60, "WEEKS", 9)],
)
def test_a_delay_says_when_the_answer_will_come(
    belgrade: Organisation, skopje: Organisation, days: float, expected: str, weeks: int
) -> None:
    entry = said(
        asked(belgrade, skopje),
        Entry.Kind.DELAY,
        "in",
        0,
        reasons="The court sits on Monday",
        expected_at=SENT + timedelta(days=days),
    )
    delay = form_a(entry).delay
    assert delay is not None
    assert (delay.expected, delay.judicial_weeks, delay.reasons) == (expected, weeks, "The court sits on Monday")


def test_information_given_unasked_comes_from_whoever_gives_it(belgrade: Organisation, skopje: Organisation) -> None:
    request = asked(belgrade, skopje, kind="information", received_at=None, first_due_at=None, due_at=None, urgency="")
    entry = said(request, Entry.Kind.INFORMATION, "out", text="A van", reasons="It goes to you")
    form = form_a(entry)
    assert form.spontaneous
    assert form.spontaneous_reasons == "It goes to you"
    assert (form.requested.name, form.requesting.name) == ("ILECU Belgrade", "ILECU Skopje")
    assert form.request_reference == ""
    assert to_content(form)["kind"] == "information"
    with pytest.raises(FormError, match="Nothing was requested here"):
        form_b(request)


def test_a_three_day_limit_has_no_box_on_form_a(belgrade: Organisation, skopje: Organisation) -> None:
    request = asked(belgrade, skopje, first_due_at=SENT + timedelta(days=3))
    assert form_a(said(request, Entry.Kind.ANSWER, "in", text="Yes")).limit == ""


def test_a_week_across_the_change_of_the_clocks_is_a_week(belgrade: Organisation, skopje: Organisation) -> None:
    request = asked(belgrade, skopje, first_due_at=SENT + timedelta(days=7, hours=1))
    assert form_a(said(request, Entry.Kind.ANSWER, "in", text="Yes")).limit == "1W"


def test_grounds_of_the_framework_decision_are_the_boxes_themselves(
    belgrade: Organisation, skopje: Organisation
) -> None:
    request = asked(belgrade, skopje, profile="fd-2006-960")
    form = form_a(said(request, Entry.Kind.REFUSAL, "in", grounds=["A.2", "F"], reasons="No"))
    assert form.refusal is not None
    assert form.refusal.reasons == ("A.2", "F")


def test_a_question_is_no_form_a(belgrade: Organisation, skopje: Organisation) -> None:
    with pytest.raises(FormError, match="Form A is for answers"):
        form_a(said(asked(belgrade, skopje), Entry.Kind.QUESTION, "in", text="Which van?"))


def test_a_record_longer_than_the_form_is_told_in_one_sentence(belgrade: Organisation, skopje: Organisation) -> None:
    with pytest.raises(FormError, match="too long for the form"):
        form_b(asked(belgrade, skopje, facts="a" * 60_000))


def test_a_recalled_answer_warns(belgrade: Organisation, skopje: Organisation) -> None:
    entry = said(asked(belgrade, skopje), Entry.Kind.ANSWER, "in", text="Yes", recalled_at=SENT)
    assert form_a(entry).recalled_at == SENT
