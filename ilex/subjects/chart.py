"""The drawing beside the table of links: the subject in the middle, what it is linked with around it.

Contacts of contacts are not drawn: the law lets nobody keep them (Regulation (EU) 2016/794, Annex II.B).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from uuid import UUID

from ilex.subjects.models import Subject
from ilex.subjects.queries.page import LinkLine
from ilex.web.languages import tag_of_text

MOST = 16  # around the middle; the table has all
WIDTH, HEIGHT = 560, 400
RADIUS = (185, 145)
SIDE = 24
LONGEST = 20  # letters of a caption


@dataclass(frozen=True)
class Node:
    x: float
    y: float
    text: str
    tag: str  # for `lang`
    person: bool

    @property
    def left(self) -> float:
        return round(self.x - SIDE / 2, 1)

    @property
    def top(self) -> float:
        return round(self.y - SIDE / 2, 1)

    @property
    def text_y(self) -> float:
        """Under the sign, or above it in the upper half."""
        return round(self.y + (28 if self.y >= HEIGHT / 2 else -20), 1)


@dataclass(frozen=True)
class Edge:
    x: float
    y: float
    numbers: str  # of the rows of the table that say what connects them
    at_x: float
    at_y: float
    assessed: bool  # all of them are assessments: drawn with a broken line


@dataclass(frozen=True)
class Chart:
    middle: Node
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int
    width: int = WIDTH
    height: int = HEIGHT


def chart(subject: Subject, links: Sequence[LinkLine]) -> Chart | None:
    """None when there is nothing to draw."""
    around: dict[UUID, list[LinkLine]] = {}
    for line in links:
        around.setdefault(line.other.pk, []).append(line)
    if not around:
        return None
    drawn = list(around.values())[:MOST]
    places = [_place(number, len(drawn)) for number in range(len(drawn))]
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    return Chart(
        _node(subject, middle_x, middle_y),
        tuple(_node(lines[0].other, x, y) for lines, (x, y) in zip(drawn, places, strict=True)),
        tuple(_edge(lines, x, y) for lines, (x, y) in zip(drawn, places, strict=True)),
        len(around) - len(drawn),
    )


def _place(number: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * number / count - pi / 2
    return round(WIDTH / 2 + RADIUS[0] * cos(angle), 1), round(HEIGHT / 2 + RADIUS[1] * sin(angle), 1)


def _node(subject: Subject, x: float, y: float) -> Node:
    text = subject.caption if len(subject.caption) <= LONGEST else f"{subject.caption[: LONGEST - 1]}…"
    return Node(x, y, text, tag_of_text(subject.caption, subject.language), subject.kind == "person")


def _edge(lines: Sequence[LinkLine], x: float, y: float) -> Edge:
    numbers = ", ".join(str(line.number) for line in lines)
    assessed = all(line.row.basis == "assessment" for line in lines)
    return Edge(x, y, numbers, round((WIDTH / 2 + 1.2 * x) / 2.2, 1), round((HEIGHT / 2 + 1.2 * y) / 2.2, 1), assessed)
