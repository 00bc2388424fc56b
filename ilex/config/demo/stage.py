"""The part of one node in the demonstration's story: each of its officers' words by the real verbs.

How far a scene has come is read from the request itself, on either side, so that every node knows when it is its
turn, and a demonstration that was cut short goes on where it stood.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from ilex.config.demo import people
from ilex.config.demo.cooperation import part_of
from ilex.exchange import actions
from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.queries import consult
from ilex.exchange.rules import Content, Information, Refused, SubjectContent
from ilex.units.models import Officer
from ilex.words import law

STORY = Path(__file__).with_name("story.toml")
PATIENCE = 120.0  # seconds for the whole story
# What the house says by itself stands between the officers' words.
SILENT = (Entry.Kind.NOTE, Entry.Kind.ACKNOWLEDGEMENT)

CONTENT = {
    *("requested_information", "facts", "underlying_offence", "purpose", "grounds_available"),
    *("link_explanation", "urgency", "urgency_reason", "handling"),
}


@dataclass
class Scene:
    facts: dict[str, Any]
    asker: str  # unit ids
    asked: str
    over: bool = False

    @property
    def steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = self.facts.get("steps", [])
        return steps


def play(code: str, units: Sequence[str]) -> int:
    """Play this unit's part until every scene is over, and what it does with the others; returns how many scenes."""
    officer = Officer.objects.get(sign_in=people.sign_in(people.ROLES[0], code))
    story = tomllib.loads(STORY.read_text(encoding="utf-8"))
    others = [unit for unit in sorted(units) if unit != code]
    for number, facts in enumerate(story["recorded"]):
        _record(officer, facts, _unit(others[number % len(others)]))
    scenes = [
        scene
        for scene in _cast([*story["scene"], *story["information"]], sorted(units))
        if settings.ILEX_UNIT in {scene.asker, scene.asked}
    ]
    part = part_of(code, sorted(units))
    deadline = time.monotonic() + PATIENCE
    while not (part.over and all(scene.over for scene in scenes)) and time.monotonic() < deadline:
        turns = [_turn(officer, scene) for scene in scenes if not scene.over]
        if not any([*turns, part.turn()]):
            time.sleep(0.1)
    return len(scenes)


def _unit(code: str) -> str:
    return f"ilecu-{code.lower()}"


def _cast(scenes: Sequence[dict[str, Any]], units: Sequence[str]) -> Iterator[Scene]:
    """Each unit asks once in every scene and is asked once, and the partner changes from scene to scene."""
    for number, facts in enumerate(scenes):
        shift = 1 + number % (len(units) - 1)
        for place, code in enumerate(units):
            yield Scene(facts, _unit(code), _unit(units[(place + shift) % len(units)]))


def _turn(officer: Officer, scene: Scene) -> bool:
    """Do the next step if it is ours; False when there is nothing to do now."""
    ours = scene.asker == settings.ILEX_UNIT
    request = _find(scene, ours)
    if request is None:
        if ours:
            _begin(officer, scene)
        return ours
    for step in _remaining(request, scene):
        if (step["side"] == "asker") != ours or _on_its_way(request):
            return False
        DO[step["do"]](officer, request, step)
        return True
    if _on_its_way(request):
        return False
    _look(officer, request)
    scene.over = True
    return True


def _find(scene: Scene, ours: bool) -> Request | None:
    way, partner = (Way.OUT, scene.asked) if ours else (Way.IN, scene.asker)
    found = Request.objects.filter(way=way, partner=partner, channel="node")
    if text := scene.facts.get("text"):
        return found.filter(entries__text=text).first()
    return found.filter(requested_information=scene.facts["requested_information"]).first()


def _remaining(request: Request, scene: Scene) -> list[dict[str, Any]]:
    """Steps without a word of their own (take, close) show in the state; every other one in an entry."""
    said = request.entries.exclude(kind__in=SILENT).count() - 1
    rest = []
    for step in scene.steps:
        if step["do"] == "take":
            waits = request.way == Way.IN and request.state == State.RECEIVED
        elif step["do"] == "close":
            waits = request.way == Way.OUT and request.state != State.CLOSED
        else:
            said -= 1
            waits = said < 0
        if waits:
            rest.append(step)
    return rest


def _on_its_way(request: Request) -> bool:
    """One word at a time: the partner has what we said before."""
    waiting = {"envelope__deliveries__state": "waiting", "envelope__deliveries__peer": request.partner_id}
    return request.entries.filter(way=Way.OUT, **waiting).exists()


def _begin(officer: Officer, scene: Scene) -> None:
    if "text" in scene.facts:
        names = {"text", "reasons", "source_grade", "information_grade", "outcome_wanted"}
        words = {name: value for name, value in scene.facts.items() if name in names}
        information = Information(**words, offences=tuple(scene.facts["offences"]))
        actions.inform(officer, information, to=[scene.asked], confirmed=True)
        return
    actions.ask(officer, _content(scene.facts, scene.asked), to=[scene.asked], confirmed=True)


def _content(facts: dict[str, Any], partner: str) -> Content:
    from ilex.exchange.actions.requests import profile_with, recipients

    content = Content(
        **{name: value for name, value in facts.items() if name in CONTENT},
        offences=tuple(facts["offences"]),
        subjects=tuple(_subject(subject) for subject in facts["subjects"]),
        necessary=True,
        proportionate=True,
        available=True,
    )
    profile = law.profile(profile_with(recipients([partner])[0], ""))
    if profile.needs_channel_exception("node"):
        content = replace(content, channel_exception="a", channel_note="The demonstration has this line only.")
    if content.urgency and content.urgency not in {entry.code for entry in profile.urgency}:
        content = replace(content, urgency=profile.urgency[0].code)
    return content


def _subject(facts: dict[str, Any]) -> SubjectContent:
    lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
    return SubjectContent(**{**facts, **lists})


def _record(officer: Officer, facts: dict[str, Any], sender: str) -> None:
    """What came by another channel some time ago, so that a clock is half over, nearly over or over."""
    if Request.objects.filter(their_ref=facts["their_ref"]).exists():
        return
    at = now()
    request = actions.record_incoming(
        officer,
        _content(facts, sender),
        sender=sender,
        channel=facts["channel"],
        received_at=at - timedelta(hours=facts["hours"]),
        their_ref=facts["their_ref"],
    )
    if facts.get("take"):
        actions.take(officer, request)
    if "answer" in facts:
        actions.answer(officer, request, facts["answer"], said_at=at - timedelta(hours=facts["answer_hours"]))


def _look(officer: Officer, request: Request) -> None:
    """Open what came, so that the partner sees `read`; a request nobody has taken stays unopened."""
    if request.unread_since and request.state not in {State.RECEIVED, State.SENT}:
        consult(officer, request)


def _take(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    consult(officer, request)
    actions.take(officer, request)


def _question(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    actions.question(officer, request, step["text"])


def _clarify(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    actions.give_clarification(officer, request, step["text"])


def _delay(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    actions.delay(officer, request, step["text"], now() + timedelta(days=step["days"]))


def _answer(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    names = {"stage", "settles", "source_grade", "information_grade", "outcome_wanted", "use"}
    words = {name: value for name, value in step.items() if name in names}
    if "refuse_part" in step:
        grounds = _grounds(request, step["refuse_grounds"])
        words["refuse_part"] = Refused(grounds, step["refuse_part"], step["refuse_reasons"])
    actions.answer(officer, request, step["text"], **words)


def _refuse(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    actions.refuse(officer, request, Refused(_grounds(request, step["grounds"]), "", step["text"]))


def _grounds(request: Request, grounds: list[str]) -> tuple[str, ...]:
    """Those of the story, or the first ones of rules that count their grounds otherwise."""
    known = [entry.code for entry in law.profile(request.profile).refusal]
    return tuple(ground for ground in grounds if ground in known) or (known[0],)


def _correct(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    answer = request.entries.filter(kind=Entry.Kind.ANSWER).latest("at")
    actions.correct(officer, answer, step["text"], step["reason"])


def _recall(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    actions.recall(officer, request.entries.get(kind=Entry.Kind.REQUEST), step["text"])


def _report(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    consult(officer, request)
    actions.report_outcome(officer, request, step["text"])


def _close(officer: Officer, request: Request, step: dict[str, Any]) -> None:
    actions.close(request, by=officer)


DO = {
    "take": _take,
    "question": _question,
    "give_clarification": _clarify,
    "delay": _delay,
    "answer": _answer,
    "refuse": _refuse,
    "correct": _correct,
    "recall": _recall,
    "report_outcome": _report,
    "close": _close,
}
