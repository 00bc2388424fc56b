"""The three addresses of the interface. Who asks shows a token; every query is a look of its own in the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError

from ilex.crosscheck.actions.accesses import opened_by, spend
from ilex.crosscheck.api.answering import Options, match_all
from ilex.crosscheck.api.document import openapi
from ilex.crosscheck.api.messages import FEW_RESULTS, MOST_EXCLUDED, MOST_RESULTS, Failure, MatchQuery, Status
from ilex.crosscheck.models import Access

LONGEST_BODY = 2**20  # bytes
SCHEME = "ApiKey "
EVERYTHING = "default"  # the dataset that is all sources of the access
NOT_HERE = ("topics", "changed_since")  # filters of yente that a holding cannot answer
Answer = Callable[..., HttpResponse]


class Refused(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def only(method: str) -> Callable[[Answer], Answer]:
    """This method alone; what is refused is told in one sentence as JSON."""

    def decorated(answer: Answer) -> Answer:
        @login_not_required
        @wraps(answer)
        def asked(request: HttpRequest, **named: Any) -> HttpResponse:
            try:
                if request.method != method:
                    raise Refused(405, f"Only {method} is answered here.")
                response = answer(request, **named)
            except Refused as refused:
                response = _json(Failure(detail=str(refused)), refused.status)
                _tell_how(response, refused.status, method)
            response.headers["Cache-Control"] = "no-store"
            return response

        return asked

    return decorated


def _tell_how(response: HttpResponse, status: int, method: str) -> None:
    if status == 401:
        response.headers["WWW-Authenticate"] = "ApiKey"
    if status == 405:
        response.headers["Allow"] = method
    if status == 429:
        response.headers["Retry-After"] = "3600"


@csrf_exempt  # no browser's session counts here, only the token
@only("POST")
def match(request: HttpRequest, dataset: str) -> HttpResponse:
    access = _access(request)
    sources = _sources(access, dataset, request.GET)
    options = _options(request.GET, sources)
    query = _body(request)
    if not spend(access, len(query.queries)):
        raise Refused(429, f"The {access.quota} queries of this day are used up.")
    return _json(match_all(access, query, options))


@only("GET")
def health(request: HttpRequest) -> HttpResponse:
    return _json(Status(status="ok"))


@only("GET")
def document(request: HttpRequest) -> HttpResponse:
    return JsonResponse(openapi())


def _access(request: HttpRequest) -> Access:
    said = request.headers.get("Authorization", "")
    token = said[len(SCHEME) :].strip() if said[: len(SCHEME)].lower() == SCHEME.lower() else ""
    found = opened_by(token) if 0 < len(token) <= 200 else None
    if found is None:
        raise Refused(401, "Show a token that is valid today: Authorization: ApiKey <token>.")
    return found


def _sources(access: Access, dataset: str, asked: QueryDict) -> list[str]:
    """Those that are searched; what the access does not name does not exist."""
    if dataset != EVERYTHING and dataset not in access.sources:
        raise Refused(404, "There is no such dataset.")
    among = list(access.sources) if dataset == EVERYTHING else [dataset]
    only_these, not_these = asked.getlist("include_dataset"), asked.getlist("exclude_dataset")
    return [one for one in among if one not in not_these and (not only_these or one in only_these)]


def _options(asked: QueryDict, sources: list[str]) -> Options:
    for name in NOT_HERE:
        if any(asked.getlist(name)):
            raise Refused(400, f"The holdings cannot be filtered by {name}.")
    limit = _number(asked, "limit", FEW_RESULTS, 1, MOST_RESULTS)
    return Options(
        sources=sources,
        limit=int(limit),
        threshold=_number(asked, "threshold", None, 0, 1),
        cutoff=_number(asked, "cutoff", None, 0, 1),
        exclude=_several(asked, "exclude_entity_ids"),
        exclude_schemata=_several(asked, "exclude_schema"),
    )


def _several(asked: QueryDict, name: str) -> frozenset[str]:
    found = frozenset(asked.getlist(name))
    if len(found) > MOST_EXCLUDED:
        raise Refused(400, f"{name} may stand {MOST_EXCLUDED} times at the most.")
    return found


def _number(asked: QueryDict, name: str, default: float | None, least: float, most: float) -> Any:
    text = asked.get(name, "")
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise Refused(400, f"{name} is a number from {least} to {most}.")
    return number


def _body(request: HttpRequest) -> MatchQuery:
    raw = request.read(LONGEST_BODY + 1)
    if len(raw) > LONGEST_BODY:
        raise Refused(413, f"A body holds at most {LONGEST_BODY} bytes.")
    try:
        return MatchQuery.model_validate_json(raw)
    except ValidationError as wrong:
        raise Refused(400, _told(wrong)) from None


def _told(wrong: ValidationError) -> str:
    """The first fault by place and kind, without the value: that may be a person's name."""
    first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"] if part != "[key]")[:120]
    return f"{place}: {first['type']}" if place else f"The body is not as the interface has it: {first['type']}"


def _json(body: BaseModel, status: int = 200) -> HttpResponse:
    text = body.model_dump_json(by_alias=True, exclude_none=False)
    return HttpResponse(text, content_type="application/json", status=status)
