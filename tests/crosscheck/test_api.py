"""The interface for other national systems: yente's shape, a token and its quota, every query in the journal."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate, now

from ilex.crosscheck import actions
from ilex.crosscheck.api.messages import MatchResponse
from ilex.crosscheck.api.views import LONGEST_BODY
from ilex.crosscheck.models import Access, Hit, Look
from ilex.crosscheck.rules import Invalid, NotNow
from ilex.holdings import actions as holdings
from ilex.holdings.actions import Description
from ilex.holdings.models import Source
from ilex.holdings.queries import find
from ilex.journal.models import Line, Operation
from ilex.matching.facts import Facts
from ilex.units.models import Officer, Organisation
from tests.crosscheck import wanted
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

QUERY = {
    "schema": "Person",
    "properties": {"name": ["Ђорђе Измишљеновић"], "birthDate": ["1985-03-12"], "nationality": ["rs"]},
}


@pytest.fixture
def border(house: Organisation) -> Organisation:
    return Organisation.objects.create(
        id="border-rs", kind=Organisation.Kind.AUTHORITY, name="Border police", place=house.place
    )


def given(head: Officer, border: Organisation, **more: Any) -> tuple[Access, str]:
    asked: dict[str, Any] = {
        "system": "Border control",
        "organisation": border,
        "purpose": "Checks at the border",
        "sources": ["wanted"],
        "quota": 100,
        "until": localdate() + timedelta(days=30),
    }
    return actions.give_access(head, **(asked | more))


@pytest.fixture
def token(head: Officer, border: Organisation) -> str:
    """Of the border police, for the list of wanted persons."""
    wanted.load()
    return given(head, border)[1]


def match(token: str, queries: Any = None, dataset: str = "wanted", query: str = "", **more: Any) -> HttpResponse:
    body = queries if isinstance(queries, str | bytes) else json.dumps({"queries": queries or {"q1": QUERY}})
    headers = {"Authorization": f"ApiKey {token}"} if token else {}
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/api/match/{dataset}{query}", body, content_type="application/json", headers=headers, **more)  # type: ignore[return-value]


def test_answer_has_the_shape_that_clients_of_yente_read(token: str) -> None:
    answer = match(token)
    assert answer.status_code == 200
    said = json.loads(answer.content)
    MatchResponse.model_validate(said)
    assert set(said) == {"responses", "matcher", "limit"}
    one = said["responses"]["q1"]
    assert one["status"] == 200
    assert one["total"] == {"value": 1, "relation": "eq"}
    assert one["query"]["schema"] == "Person"
    [result] = one["results"]
    assert (result["id"], result["caption"], result["schema"]) == ("w-1", "Đorđe Izmišljenović", "Person")
    assert (result["datasets"], result["match"]) == (["wanted"], True)
    assert result["properties"]["birthDate"] == ["1985-03-12"]
    assert 0 < result["score"] <= 1
    assert {"name", "born", "country"} <= set(result["features"])
    assert result["explanations"]["name"]["candidate"] == "Đorđe Izmišljenović"


def test_each_query_is_a_look_with_a_line_that_names_no_person(token: str) -> None:
    match(token, {"a": QUERY, "b": {"schema": "Person", "properties": {"name": ["Nobody Atall"]}}})
    looks = Look.objects.order_by("at")
    assert [(look.about, look.found) for look in looks] == [("api", 1), ("api", 0)]
    lines = Line.objects.filter(act="crosscheck.matched").order_by("id")
    assert [line.op for line in lines] == [Operation.DISCLOSURE, Operation.CONSULTATION]
    assert [line.recipients for line in lines] == [["border-rs"], []]
    assert lines[0].detail["shown"] == ["wanted/w-1"]
    assert lines[0].reason == "Checks at the border"
    assert not any("Измишљеновић" in str(line.record) for line in lines)
    assert not Hit.objects.exists()  # whoever asked judges for himself


@pytest.mark.parametrize("said", ["", "ApiKey", "ApiKey wrong", "Bearer wrong", "ApiKey " + "x" * 300])
def test_without_a_token_nothing_is_told(said: str, token: str) -> None:
    headers = {"Authorization": said} if said else {}
    answer = Client().post("/api/match/wanted", "{}", content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "ApiKey"
    assert not Look.objects.exists()


def test_session_of_an_officer_opens_nothing(token: str, as_ana: Client) -> None:
    assert as_ana.post("/api/match/wanted", "{}", content_type="application/json").status_code == 401


def test_token_is_kept_as_a_digest_only(token: str) -> None:
    row = Access.objects.get()
    assert token not in str(vars(row))
    assert not any(token in str(line.record) for line in Line.objects.all())


def test_closed_or_expired_token_opens_nothing(token: str, head: Officer) -> None:
    row = Access.objects.get()
    Access.objects.update(until=localdate() - timedelta(days=1))
    assert match(token).status_code == 401
    Access.objects.update(until=localdate())
    assert match(token).status_code == 200
    actions.close_access(head, row, "The system was replaced.")
    assert match(token).status_code == 401
    with pytest.raises(NotNow):
        actions.close_access(head, row, "Once more.")


def test_quota_of_the_day_is_not_exceeded_by_one_query(token: str, head: Officer, border: Organisation) -> None:
    _access, small = given(head, border, quota=3)
    assert match(small, {"a": QUERY, "b": QUERY}).status_code == 200
    answer = match(small, {"a": QUERY, "b": QUERY})
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    assert match(small, {"a": QUERY}).status_code == 200
    assert match(small, {"a": QUERY}).status_code == 429
    Access.objects.update(day=now().date() - timedelta(days=1))
    assert match(small, {"a": QUERY}).status_code == 200


def test_only_sources_of_the_access_exist_for_it(token: str, head: Officer, ana: Officer) -> None:
    wanted.load([wanted.person("s-1", "Ђорђе Измишљеновић", "1985-03-12")], code="secret")
    person(ana, "Ђорђе Измишљеновић")
    assert match(token, dataset="secret").status_code == 404
    assert match(token, dataset="subjects").status_code == 404
    said = json.loads(match(token, dataset="default").content)
    assert [one["id"] for one in said["responses"]["q1"]["results"]] == ["w-1"]
    said = json.loads(match(token, dataset="default", query="?include_dataset=secret").content)
    assert said["responses"]["q1"]["results"] == []


def test_source_that_is_switched_off_gives_nothing(token: str, head: Officer) -> None:
    holdings.switch(head, Source.objects.get(code="wanted"), False, "The agreement ended.")
    assert json.loads(match(token).content)["responses"]["q1"]["results"] == []


def test_limit_threshold_and_exclusions_of_the_address_count(token: str) -> None:
    wanted.load([wanted.DJORDJE, wanted.person("w-2", "Djordje Izmisljenovic", "1985-03-12")])
    both = json.loads(match(token).content)["responses"]["q1"]
    assert [one["id"] for one in both["results"]] == ["w-1", "w-2"]
    one = json.loads(match(token, query="?limit=1").content)["responses"]["q1"]
    assert ([row["id"] for row in one["results"]], one["total"]["value"]) == (["w-1"], 2)
    other = json.loads(match(token, query="?exclude_entity_ids=w-1").content)["responses"]["q1"]
    assert [row["id"] for row in other["results"]] == ["w-2"]
    high = json.loads(match(token, query="?threshold=1").content)["responses"]["q1"]
    assert not any(row["match"] for row in high["results"])


def test_who_is_left_out_makes_room_for_the_next(token: str) -> None:
    wanted.load([wanted.person(f"w-{number}", "Djordje Izmisljenovic", "1985-03-12") for number in range(51)])
    first = json.loads(match(token, query="?limit=50").content)["responses"]["q1"]
    assert (len(first["results"]), first["total"]) == (50, {"value": 50, "relation": "gte"})
    left_out = first["results"][0]["id"]
    others = json.loads(match(token, query=f"?limit=50&exclude_entity_ids={left_out}").content)["responses"]["q1"]
    assert len({row["id"] for row in others["results"]} - {left_out}) == 50


@pytest.mark.parametrize(
    "query",
    [
        *("?limit=0", "?limit=many", "?threshold=nan", "?threshold=2", "?topics=crime"),
        "?" + "&".join(f"exclude_entity_ids=w-{number}" for number in range(51)),
    ],
)
def test_what_the_address_asks_wrongly_is_refused(query: str, token: str) -> None:
    answer = match(token, query=query)
    assert answer.status_code == 400
    assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"queries": {}}',
        b'{"queries": {"q": {}}}',
        b'{"queries": {"q": {"schema": "Person"}}}',
        b'{"queries": {"q": {"schema": "Person", "properties": []}}}',
        b"\xff\xfe",
        json.dumps({"queries": {str(at): QUERY for at in range(101)}}).encode(),
        b'{"queries": ' + b"[" * 50_000,
    ],
)
def test_broken_body_is_refused_and_costs_no_query(body: bytes, token: str) -> None:
    answer = match(token, body)
    assert answer.status_code == 400
    assert "Измишљеновић" not in answer.content.decode()
    assert Access.objects.get().used == 0


def test_body_that_is_too_long_is_refused(token: str) -> None:
    assert match(token, b" " * (LONGEST_BODY + 1)).status_code == 413


def test_query_that_cannot_be_read_says_so_and_holds_no_other_up(token: str) -> None:
    wrong = {"schema": "Person", "properties": {"name": ["Ana"], "birthDate": ["yesterday"]}}
    alien = {"schema": "Spaceship", "properties": {"name": ["Ana"]}}
    nothing = {"schema": "Person", "properties": {}}
    said = json.loads(match(token, {"a": wrong, "b": alien, "c": nothing, "d": QUERY}).content)["responses"]
    assert [said[name]["status"] for name in "abcd"] == [400, 400, 400, 200]
    assert said["a"]["detail"].startswith("birthDate:")
    assert len(said["d"]["results"]) == 1
    assert Look.objects.count() == 1


def test_who_does_not_know_whether_it_is_a_person_asks_for_anybody(token: str) -> None:
    said = json.loads(match(token, {"q": {**QUERY, "schema": "LegalEntity"}}).content)["responses"]["q"]
    assert [one["id"] for one in said["results"]] == ["w-1"]


def test_health_and_description_are_open_and_say_nothing_of_holdings(house: Organisation) -> None:
    assert json.loads(Client().get("/api/healthz").content) == {"status": "ok"}
    document = json.loads(Client().get("/api/openapi.json").content)
    assert document["openapi"].startswith("3.1.")
    assert set(document["paths"]) == {"/match/{dataset}", "/healthz", "/openapi.json"}
    assert Client().post("/api/healthz").status_code == 405
    assert Client().get("/api/match/wanted").status_code == 405


def test_description_names_no_schema_that_it_does_not_hold(house: Organisation) -> None:
    text = Client().get("/api/openapi.json").content.decode()
    known = set(json.loads(text)["components"]["schemas"])
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= known
    assert {"MatchQuery", "MatchResponse", "Status", "Failure"} <= known


def test_access_is_given_by_the_head_for_sources_that_exist(
    head: Officer, ana: Officer, border: Organisation, house: Organisation
) -> None:
    wanted.load()
    with pytest.raises(PermissionDenied):
        given(ana, border)
    skopje = Organisation.objects.get(pk="ilecu-mk")
    for name, value in (
        ("system", " "),
        ("organisation", skopje),
        ("purpose", ""),
        ("sources", ["subjects"]),
        ("sources", []),
        ("quota", 0),
        ("until", localdate() + timedelta(days=4_000)),
    ):
        with pytest.raises(Invalid) as refused:
            given(head, border, **{name: value})
        assert list(refused.value.fields) == [name]
    assert not Access.objects.exists()


def test_nobody_is_given_what_the_unit_would_not_show(token: str, head: Officer) -> None:
    names = ("Измишљеновић", "Đorđe Izmišljenac", "Јорго Измишљенов")
    others = [wanted.person(f"o-{number}", name, "1950-07-30", nationality="br") for number, name in enumerate(names)]
    wanted.load([wanted.DJORDJE, *others])
    asked = Facts("person", ("Ђорђе Измишљеновић",), born=("1985-03-12",), countries=("RS",))
    assert len(find(asked)) > 1  # there is more that comes into question
    actions.set_threshold(head, source="wanted", show=0.5, strong=0.9, reason="Too many.")
    for query in ("", "?cutoff=0", "?threshold=0", "?cutoff=0&threshold=0&limit=50", "?cutoff=0.6"):
        said = json.loads(match(token, query=query).content)["responses"]["q1"]
        assert ([one["id"] for one in said["results"]], said["total"]["value"]) == (["w-1"], 1)
    assert json.loads(match(token, query="?cutoff=1").content)["responses"]["q1"]["results"] == []


def test_records_that_may_not_be_passed_on_are_not_given(token: str, head: Officer, border: Organisation) -> None:
    wanted.load([wanted.person("s-1", "Ђорђе Измишљеновић", "1985-03-12")], code="lent", handling="H1")
    both = given(head, border, sources=["wanted", "lent"])[1]
    assert shown(both) == {("w-1", "H0", ""), ("s-1", "H1", "")}
    source = Source.objects.get(code="lent")
    holdings.describe(head, source, Description("Lent", "To find", handling="H1+H2"))
    assert shown(both) == {("w-1", "H0", "")}
    with pytest.raises(Invalid) as refused:
        given(head, border, sources=["wanted", "lent"])
    assert list(refused.value.fields) == ["sources"]
    note = Description("Lent", "To find", handling="H3", handling_note="Ask us before an arrest.")
    holdings.describe(head, source, note)
    assert shown(both) == {("w-1", "H0", ""), ("s-1", "H3", "Ask us before an arrest.")}


def shown(token: str) -> set[tuple[str, str, str]]:
    answer = json.loads(match(token, dataset="default").content)["responses"]["q1"]
    return {(one["id"], one["handling"], one["handling_note"]) for one in answer["results"]}


def test_description_says_that_results_carry_their_handling_code(house: Organisation) -> None:
    document = json.loads(Client().get("/api/openapi.json").content)
    result = document["components"]["schemas"]["Result"]
    assert {"handling", "handling_note"} <= set(result["required"])


def test_journal_names_a_query_by_its_place(token: str) -> None:
    match(token, {"Ђорђе Измишљеновић": QUERY, "Jane Doe": QUERY})
    lines = Line.objects.filter(act="crosscheck.matched").order_by("id")
    assert [line.detail["query"] for line in lines] == [1, 2]
    assert not any(name in str(line.record) for line in lines for name in ("Измишљеновић", "Jane"))


def test_look_counts_the_name_on_lists_alone(ana: Officer) -> None:
    wanted.load()
    person(ana, "Ђорђе Измишљеновић")
    look = actions.look(ana, Facts("person", ("Ђорђе Измишљеновић",)), reason="Checked at the border")
    assert look.common == 1
