"""Forms A and B of invented persons, and any form that hypothesis can think of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ilex.exchange.papers.fields import (
    Agent,
    Authority,
    Delay,
    FormA,
    FormB,
    OtherState,
    Paper,
    Person,
    Previous,
    Recipient,
    Refusal,
    State,
)

AT = datetime(2026, 11, 21, 8, 15, tzinfo=UTC)

SERBIA = Authority(
    unit="ilecu-rs",
    name="International Law Enforcement Coordination Unit",
    address="Belgrade",
    email="ilecu@example.org",
    state=State(code="RS", name="Serbia"),
)
GEORGIA = Authority(unit="ilecu-ge", name="ILECC Tbilisi", state=State(code="GE", name="Georgia"))

NAMES = {  # invented persons, each name in its own script
    "ka": "გიორგი მაისურაძე",
    "hy": "Հայկ Սարգսյան",
    "sr": "Ђорђе Његован",
    "mk": "Ѓорѓи Ќосевски",
    "uk": "Їржі Ґалаґан",
    "hu": "Őrsi Zsófia Tünde",
    "ro": "Ștefan Țurcanu",
    "sq": "Çlirim Dëshmori",
}


def form_b(**fields: Any) -> FormB:
    shared: dict[str, Any] = {
        "made_at": AT,
        "profile": "eu-2023-977",
        "language": "en",
        "handling": "H1",
        "requesting": SERBIA,
        "requested": GEORGIA,
        "agent": Agent(function="Duty officer"),
        "reference": "RS-2026-000412",
        "due_at": AT + timedelta(hours=8),
        "sent_at": AT,
        "sent_to": (Recipient(name="ILECC Tbilisi", channel="OTHER", purpose="execution"),),
        "urgent": True,
        "urgency": "U_B",
        "urgency_reason": "Two minors were last seen eleven hours ago.",
        "requested_information": "Border crossings since 1 November 2026.",
        "facts": "Two minors were reported missing in Subotica.",
        "underlying_offence": "Trafficking in human beings",
        "offences": ("human-trafficking",),
        "purpose": "To find the two minors.",
        "grounds_available": "The first person is a Georgian citizen.",
        "subjects": tuple(Person(name=name, language=language, category="witness") for language, name in NAMES.items()),
    }
    return FormB(**shared | fields)


def form_a(**fields: Any) -> FormA:
    shared: dict[str, Any] = {
        "made_at": AT,
        "profile": "eu-2023-977",
        "language": "en",
        "handling": "H2",
        "requesting": SERBIA,
        "requested": GEORGIA,
        "reference": "GE-2026-000087",
        "answered_at": AT,
        "request_at": AT,
        "request_reference": "RS-2026-000412",
        "limit": "8H",
        "information": "The vehicle entered at Sarpi.",
        "use": "PURPOSE_ONLY_OR_IMMEDIATE_THREAT",
        "reliability": "RELIABLE",
        "accuracy": "CERTAIN",
    }
    return FormA(**shared | fields)


HOSTILE = (
    '#import "/etc/passwd": *',
    '#read("/etc/passwd")',
    '#panic("x") $ integral $ = Heading\n- list',
    "*bold* _it_ `raw` <label> @ref // comment /* not closed",
    '\\u{0} "quoted" #[ ] } ) { \\n \\\\n',
    "null\0byte \x07\x1b[31m \x85",
    "\u202egnp.exe \u2066x\u2069 \ufeff\u200b",
    "😀 👩‍👩‍👧 🏳️‍🌈 é́́́́ გ́ \u0301\u0301",
    "محمد בן-דוד \u064b",
    "漢字 ไทย हिन्दी \U000e0041 \ue000 \uffff",
    "W" * 400,
    "\n\n\n \t\r\n\r",
)

words = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))
texts = st.lists(words, max_size=3).map("\n".join)
codes = st.from_regex(r"\A[A-Za-z0-9_.+\-]{0,12}\Z")
moments = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
states = st.builds(State, code=codes, name=words, footnote=texts)
authorities = st.builds(
    Authority, unit=codes, name=words, address=words, telephone=words, fax=words, email=words, state=states
)
people = st.builds(
    Person,
    kind=st.sampled_from(["person", "vehicle"]),
    category=st.sampled_from(["", "victim"]),
    name=words,
    language=codes,
    other_names=st.lists(words, max_size=2).map(tuple),
    born=words,
    nationality=words,
    numbers=st.lists(words, max_size=2).map(tuple),
    note=texts,
)
shared: dict[str, Any] = {
    "made_at": st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    "profile": st.sampled_from(["eu-2023-977", "bilateral", "unknown", ""]),
    "language": codes | st.sampled_from(["sr-latn", "ka"]),
    "handling": st.sampled_from(["H0", "H1+H2", "H3", "X9", ""]),
    "handling_note": texts,
    "requesting": authorities,
    "requested": authorities,
    "agent": st.builds(Agent, function=words, telephone=words, email=words),
    "reference": words,
    "due_at": moments,
    "due_reason": words,
    "corrected_at": moments,
    "recalled_at": moments,
}
any_b = st.builds(
    FormB,
    **shared,
    on_behalf_of=words,
    sent_at=moments,
    first=st.none() | st.booleans(),
    previous=st.lists(st.builds(Previous, kind=st.just("answer"), at=moments, reference=words), max_size=2).map(tuple),
    sent_to=st.lists(st.builds(Recipient, name=words, channel=codes, other_channel=words), max_size=2).map(tuple),
    other_states=st.lists(st.builds(OtherState, state=states, authority=words, channel=codes), max_size=2).map(tuple),
    urgent=st.booleans(),
    urgency=codes,
    urgency_reason=texts,
    requested_information=texts,
    underlying_offence=texts,
    facts=texts,
    offences=st.lists(codes, max_size=2).map(tuple),
    purpose=texts,
    link_explanation=texts,
    subjects=st.lists(people, max_size=2).map(tuple),
    grounds_available=texts,
    restriction=codes,
    use_restrictions=texts,
)
any_a = st.builds(
    FormA,
    **shared,
    stage=st.sampled_from(["", "interim", "partial", "final"]),
    answered_at=moments,
    previous_at=moments,
    previous_reference=words,
    request_at=moments,
    request_reference=words,
    limit=st.sampled_from(["8H", "1W", "14D", ""]),
    listed_offence=st.none() | st.booleans(),
    direct_access=st.none() | st.booleans(),
    information=texts,
    papers=st.lists(st.builds(Paper, name=words, size=st.integers(0, 2**40), sha256=st.just("0f" * 32))).map(tuple),
    use=codes,
    use_conditions=texts,
    reliability=codes,
    accuracy=codes,
    outcome_wanted=st.none() | st.booleans(),
    spontaneous=st.booleans(),
    spontaneous_reasons=texts,
    delay=st.none() | st.builds(Delay, reasons=texts, expected=codes, expected_at=moments, judicial=st.booleans()),
    refusal=st.none()
    | st.builds(
        Refusal,
        reasons=st.lists(codes, max_size=2).map(tuple),
        grounds=st.lists(codes, max_size=2).map(tuple),
        part=texts,
        offence=texts,
        text=texts,
    ),
)
any_form = st.one_of(any_a, any_b)
