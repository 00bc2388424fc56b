"""What officers do at a node, as whole letters and not as bytes: runs in the node's own process.

say(network, "RS", "write", 300, ["ilecu-mk"])
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ilex.exchange import actions
from ilex.exchange.models import Entry, Request, State, Way
from ilex.exchange.queries import corrections
from ilex.exchange.rules import Content, Information, SubjectContent
from ilex.gate.models import Attachment
from ilex.gate.store import PIECE, seal_stream
from ilex.units.models import Officer

SUSPECT = SubjectContent(kind="person", category="suspect", name="Ђорђе Измишљени", language="sr", born="1985-03")
LETTER = Content(
    requested_information="Да ли је возило ВВ-000-АА прешло границу после 1. новембра?",
    facts="Возило је одузето 31. октобра у Београду.",
    underlying_offence="Крађа возила",
    purpose="Проналажење возила.",
    grounds_available="Возило је виђено на путу ка граничном прелазу.",
    link_explanation="Осумњичени је последњи возио возило.",
    subjects=(SUSPECT,),
    language="sr",
    necessary=True,
    proportionate=True,
    available=True,
)


def ana() -> Officer:
    return Officer.objects.get(sign_in__startswith="ana.")


def write(count: int, to: Sequence[str]) -> None:
    """So many messages of three kinds: information, a correction of some of it, and requests."""
    officer, said, turn = ana(), 0, 0
    while said < count:
        turn += 1
        if turn % 10 == 0:
            actions.ask(officer, LETTER, to=to, confirmed=True)
            said += 1
        else:
            said += 1 + (_inform(officer, turn, to) if turn % 5 else _inform_and_correct(officer, turn, to))


def _inform(officer: Officer, turn: int, to: Sequence[str], papers: Sequence[Attachment] = ()) -> int:
    information = Information(text=f"Обавештење {turn}", reasons="Може бити од користи.", language="sr")
    actions.inform(officer, information, to=to, attachments=papers, confirmed=True)
    return 0


def _inform_and_correct(officer: Officer, turn: int, to: Sequence[str]) -> int:
    information = Information(text=f"Обавештење {turn}", reasons="Може бити од користи.", language="sr")
    request = actions.inform(officer, information, to=to, confirmed=True)[0]
    actions.correct(officer, request.entries.get(), f"Исправљено обавештење {turn}", "Погрешан број.")
    return 1


def inform(count: int, to: Sequence[str]) -> None:
    """So many pieces of information."""
    for turn in range(count):
        _inform(ana(), turn, to)


def inform_with_file(size: int, to: Sequence[str]) -> None:
    """One piece of information with a file of so many bytes that no other file is like."""
    _inform(ana(), 0, to, [seal_stream(_bytes(size), name="снимак.bin")])


def _bytes(size: int) -> Sequence[bytes]:
    with Path("/dev/urandom").open("rb") as source:
        return [source.read(min(PIECE, size - at)) for at in range(0, size, PIECE)]


def ask(count: int, to: Sequence[str]) -> None:
    for _turn in range(count):
        actions.ask(ana(), LETTER, to=to, confirmed=True)


def ask_back() -> None:
    """A question about every request that came in."""
    for request in Request.objects.filter(way=Way.IN, kind=Request.Kind.REQUEST, state=State.RECEIVED):
        actions.question(ana(), request, "Која је боја возила?")


def clarify() -> None:
    """The answer to every question that came in."""
    for request in Request.objects.filter(way=Way.OUT, entries__kind=Entry.Kind.QUESTION).distinct():
        actions.give_clarification(ana(), request, "Возило је тамноплаво.")


def answer() -> None:
    """A final answer to every request that came in and was clarified."""
    for request in Request.objects.filter(way=Way.IN, entries__kind=Entry.Kind.CLARIFICATION).distinct():
        actions.answer(ana(), request, "Возилото влезе на 2 ноември во 04:10.", source_grade="B", information_grade="2")


def text_now(message: str) -> None:
    """Prints the text that a reader sees on top of one message: its newest correction's, or its own."""
    entry = Entry.objects.get(message=message)
    print(next((later.text for later in corrections(entry)), entry.text), end="")
