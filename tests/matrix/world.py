"""One thing of each sort for each handling code, open and in a closed circle, and how each can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from ilex.cases import actions as cases
from ilex.cases.models import Case, Task
from ilex.crosscheck import actions as crosscheck
from ilex.crosscheck import queries as crosscheck_queries
from ilex.crosscheck.facts import of_subject
from ilex.crosscheck.models import Hit
from ilex.desk import searches
from ilex.documents import actions as documents
from ilex.documents.models import Document
from ilex.gate.store import seal_stream
from ilex.matching.facts import Facts
from ilex.subjects import actions as subjects
from ilex.subjects.models import Subject
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Circle, Officer, Organisation
from tests.crosscheck import wanted
from tests.exchange.conftest import officer

CODES = ("H0", "H1", "H2", "H3")
CYRILLIC = str.maketrans("zimelnhcosdp", "зимелнхцосдп")
BORDER = "rs-mup-border"
CUSTOMS = "rs-customs-matrix"


@dataclass(frozen=True)
class Things:
    """Of one handling code, open or closed."""

    code: str
    closed: bool
    word: str  # stands in each of them and nowhere else
    case: Case
    subject: Subject
    document: Document
    task: Task
    hit: Hit


def authority(id: str, name: str) -> Organisation:
    """A national authority with an officer who signs in."""
    place = Organisation.objects.get(pk="ilecu-rs").place
    made, _new = Organisation.objects.get_or_create(
        pk=id, defaults={"kind": Organisation.Kind.AUTHORITY, "name": name, "place": place}
    )
    if not made.officers.exists():
        officer(f"{id}.first", ["authority"], made)
    return made


def things(ana: Officer) -> Iterator[Things]:
    border = authority(BORDER, "Border Police (invented)")
    circle = Circle.objects.create(name="Winter")
    circle.officers.add(ana)
    words = [word_of(code, closed) for code in CODES for closed in (False, True)]
    wanted.load([wanted.person(key_of(word), f"Илија {word.translate(CYRILLIC)}") for word in words])
    for code in CODES:
        for closed in (False, True):
            yield _made(ana, border, code, circle if closed else None)


def key_of(word: str) -> str:
    """Of the record that a list of wanted persons has on the same person; it does not hold the word itself."""
    return word.removeprefix("zimzelen")


def word_of(code: str, closed: object) -> str:
    return f"zimzelen{code.lower()}{'closed' if closed else 'open'}"


def _made(ana: Officer, border: Organisation, code: str, circle: Circle | None) -> Things:
    word = word_of(code, circle)
    note = "Only for the team." if code == "H3" else ""
    how = Evaluation(handling=code, handling_note=note)
    subject = subjects.add_subject(
        ana, "person", [Said("name", f"Ilija {word}", evaluation=how)], category="suspect", circle=circle
    )
    case = cases.open_case(ana, title=f"Matter {word}", circle=circle)
    cases.add_subject(ana, case, subject)
    paper = seal_stream([f"The paper says {word}.".encode()], name=f"{word}.txt", media="text/plain")
    document = documents.keep(paper, ("case", case.pk), by=ana, title=f"Paper {word}", handling=code, circle=circle)
    task = cases.send_task(
        ana,
        authority=border,
        title=f"Find {word}",
        text="Who lives there?",
        case=case,
        handling=code,
        handling_note=note,
    )
    look = crosscheck.look(ana, of_subject(subject), reason="Case work", subject=subject)
    [hit] = [one for one in crosscheck_queries.hits_in(look, ana) if one.held_key == key_of(word)]
    return Things(code, circle is not None, word, case, subject, document, task, hit)


@dataclass(frozen=True)
class Ways:
    """The ways by which one officer gets at things. Each tells whether he got there."""

    who: Officer
    client: Client

    def case(self, one: Things) -> dict[str, bool]:
        return {
            "list": self._lists("cases", one.word),
            "page": self._opens(reverse("case", args=[one.case.number])),
            "search": self._finds("cases", one),
            "export": self._lists("cases-csv", one.word),
            "verb": self._may(lambda: cases.note(self.who, one.case, "A word.")),
        }

    def subject(self, one: Things) -> dict[str, bool]:
        return {
            "list": self._lists("subjects", one.word),
            "page": self._opens(reverse("subject", args=[one.subject.pk])),
            "search": self._finds("subjects", one),
            "verb": self._may(lambda: subjects.state(self.who, one.subject, Said("name", "Ika", name_kind="nickname"))),
        }

    def document(self, one: Things) -> dict[str, bool]:
        return {
            "page": self._opens(reverse("document", args=[one.document.pk])),
            "search": self._finds("documents", one),
            "address": self._gets(reverse("document-file", args=[one.document.pk])),
        }

    def task(self, one: Things) -> dict[str, bool]:
        return {
            "list": self._lists("tasks", one.word),
            "page": self._opens(reverse("task", args=[one.task.number])),
        }

    def hit(self, one: Things) -> dict[str, bool]:
        return {
            "list": self._lists("hits-list", one.word),
            "page": self._opens(reverse("hit", args=[one.hit.pk])),
            "search": self._looks_up(one),
            "verb": self._may(lambda: crosscheck.judge(self.who, one.hit, "unsure", "A look-alike.")),
        }

    def _looks_up(self, one: Things) -> bool:
        """Whether the subject is among what he finds, or counted, when he types its name."""
        facts = Facts(kind="person", names=(f"Ilija {one.word}",))
        try:
            look = crosscheck.look(self.who, facts, reason="complaint 12")
        except PermissionDenied:
            return False
        found = {hit.held_subject for hit in crosscheck_queries.hits_in(look, self.who)}
        assert look.found == len(crosscheck_queries.hits_in(look, self.who))
        return one.subject in found

    def _lists(self, name: str, word: str) -> bool:
        return word in text_of(self.client.get(reverse(name)))

    def _opens(self, address: str) -> bool:
        """With a reason, as who supervises must give one; for the others it is an ordinary form that nobody sends."""
        answer = self.client.get(address)
        if answer.status_code == 200 and "zimzelen" not in text_of(answer):
            answer = self.client.post(address, {"reason": "complaint 12"})
        return answer.status_code == 200 and "zimzelen" in text_of(answer)

    def _gets(self, address: str) -> bool:
        return "zimzelen" in text_of(self.client.get(address))

    def _finds(self, room: str, one: Things) -> bool:
        try:
            found = searches.find(self.who, one.word, [room], "complaint 12")
        except (PermissionDenied, ValidationError):
            return False
        key = {"cases": one.case.pk, "subjects": one.subject.pk, "documents": one.document.pk}[room]
        return any(hit.key == str(key) for _finder, hits in found for hit in hits.rows)

    def _may(self, verb: object) -> bool:
        try:
            verb()  # type: ignore[operator]
        except (PermissionDenied, ObjectDoesNotExist):
            return False
        return True


def text_of(answer: HttpResponseBase) -> str:
    if answer.status_code != 200:
        return ""
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    return b"".join(parts).decode()
