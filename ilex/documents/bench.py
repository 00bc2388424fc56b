"""A cellar full of invented papers, and how fast one is found in it. For a throw-away database only."""

from __future__ import annotations

import os
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import now

from ilex.documents import index, queries
from ilex.documents.models import Document, Word
from ilex.gate.models import Attachment
from ilex.index import vector
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.journal.rows import insert_many
from ilex.units.models import Officer

BATCH = 2_000
MANY = 20_000  # documents for which the index of words is made anew
SENTENCES = 30_000
WORDS = 80_000  # in all scripts together; a big dictionary of one language has as many
IN_SENTENCE, SENTENCES_EACH = 12, 12  # a page of 150 words
YEARS = 10
# Syllables of no language: nobody real and no real word.
SYLLABLES = {
    "Latn": "ba če di fo gu hra ji kla lo mu nje pro ru ša ti vi zo žu đe lja",
    "Cyrl": "ба че ди фо гу хра ји кла ло му ње про ру ша ти ви зо жу ђе ља",
    "Geor": "ბა გე დი ვო ზუ თა ლე მი ნო პუ რა სე ტი ფო ქა ყე ში ჩო ცა ძე",
    "Armn": "բա գե դի զո լու կա մե նի շո չու պա ռե սի տո րա քե օյ ժա ծի հո",
}


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one kind of question."""

    what: str
    median: float
    p95: float
    slowest: float


@dataclass(frozen=True)
class Sentence:
    text: str
    words: tuple[str, ...]  # folded


def seed_many(count: int, places: Sequence[tuple[str, UUID]], *, seed: int = 1) -> int:
    """Put `count` invented documents with a page of text each on file, spread over these places; returns how many.

    The same seed gives the same texts. Each batch is one transaction.
    """
    maker = _Maker(random.Random(seed), places, now())  # noqa: S311  # invented data, no secret
    with _index_made_anew() if count >= MANY else nullcontext():
        for first in range(0, count, BATCH):
            maker.make(min(BATCH, count - first))
    _settle()
    return count


def _settle() -> None:
    """As autovacuum would have done by then."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE documents_document, documents_word")


@contextmanager
def _index_made_anew() -> Iterator[None]:
    """The index of words is made at the end in one go: row by row takes several times as long."""
    words = next(one for one in Document._meta.indexes if one.name == "documents_document_search")
    with connection.schema_editor() as editor:
        editor.remove_index(Document, words)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
    with connection.schema_editor() as editor:
        editor.add_index(Document, words)


class _Maker:
    def __init__(self, dice: random.Random, places: Sequence[tuple[str, UUID]], at: datetime) -> None:
        self._dice, self._places, self._at = dice, places, at
        vocabulary = [self._word() for _ in range(WORDS)]
        weights = [1 / (rank + 10) for rank in range(WORDS)]  # as words of a language are spread: Zipf
        drawn = dice.choices(vocabulary, weights, k=SENTENCES * IN_SENTENCE)
        self._sentences = [_sentence(drawn[first : first + IN_SENTENCE]) for first in range(0, len(drawn), IN_SENTENCE)]
        with transaction.atomic():
            index.remember(index.words(*vocabulary[: index.WORDS]))
            for first in range(0, len(vocabulary), index.WORDS):
                index.remember(index.words(*vocabulary[first : first + index.WORDS]))

    def _word(self) -> str:
        script = self._dice.choice(list(SYLLABLES))
        return "".join(self._dice.choices(SYLLABLES[script].split(), k=self._dice.randint(2, 5)))

    @transaction.atomic
    def make(self, count: int) -> None:
        attachment = self._attachment()
        attachment.save()
        insert_many([self._document(attachment) for _ in range(count)])
        write("documents.invented", Operation.OPERATION, by=None, count=count)

    def _attachment(self) -> Attachment:
        digest = os.urandom(32)
        return Attachment(
            name="invented.txt",
            media="text/plain",
            size=1000,
            digest=digest,
            sealed_size=1200,
            sealed_digest=digest,
            key=os.urandom(32),
            arrived=1200,
            whole_at=self._at,
        )

    def _document(self, attachment: Attachment) -> Document:
        chosen = self._dice.choices(self._sentences, k=SENTENCES_EACH)
        own = f"{self._word()} {self._word()} {plate(self._dice)}"
        words = {*index.words(own), *(word for sentence in chosen for word in sentence.words)}
        kind, id = self._dice.choice(self._places)
        return Document(
            attachment_id=attachment.pk,
            on_kind=kind,
            on_id=id,
            digest=bytes(attachment.digest),
            title=own,
            kind="text",
            check_state=Document.Check.CLEAN,
            reading=Document.Reading.READ,
            text="\n".join(sentence.text for sentence in chosen),
            made_at=self._at - timedelta(days=365 * YEARS * self._dice.random()),
            search=vector(words),
        )


def _sentence(words: Sequence[str]) -> Sentence:
    text = " ".join(words)
    return Sentence(text, tuple(index.words(text)))


def plate(dice: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVZ"
    return f"{''.join(dice.choices(letters, k=2))}-{dice.randrange(1000):03}-{''.join(dice.choices(letters, k=2))}"


def measure(officer: Officer, *, rounds: int = 100, seed: int = 7) -> list[Speed]:
    """How long the officer waits for each kind of search, the line in the journal and his permission with it."""
    dice = random.Random(seed)  # noqa: S311
    texts = _texts(dice, rounds)
    return [
        _timed(what, [partial(_search, officer, text, tolerant) for text in asked]) for what, asked, tolerant in texts
    ]


def _texts(dice: random.Random, rounds: int) -> Iterator[tuple[str, list[str], bool]]:
    """Words that stand in documents drawn by lot, in their own script."""
    drawn = Document.objects.order_by("id").values_list("title", "text")
    total = drawn.count()
    found = [drawn[dice.randrange(total)] for _ in range(rounds)]
    words = [dice.choice(text.split()) for _title, text in found]
    pairs = [" ".join(dice.sample(text.split(), 2)) for _title, text in found]
    common = [word for word, _count in _most_common(text for _title, text in found)]
    yield "a plate", [title.split()[-1] for title, _text in found], False
    yield "a name of two words", [" ".join(title.split()[:2]) for title, _text in found], False
    yield "a word", words, False
    yield "the beginning of a word", [word[:3] for word in words], False
    yield "two words", pairs, False
    yield "one of the commonest words", [common[number % len(common)] for number in range(rounds)], False
    yield "two of the commonest words", [" ".join(dice.sample(common, 2)) for _ in range(rounds)], False
    yield "a word with a wrong letter, tolerant", [_mistyped(dice, word) for word in words], True
    yield "two words, tolerant", pairs, True
    yield "a word that stands nowhere", [f"zzqx{number}" for number in range(rounds)], False


def _most_common(texts: Iterator[str]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for text in texts:
        for word in text.split():
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])[:20]


def _mistyped(dice: random.Random, word: str) -> str:
    at = dice.randrange(len(word))
    return word[:at] + word[at + 1 :] if len(word) > 5 else word + word[0]


def _search(officer: Officer, text: str, tolerant: bool) -> None:
    queries.search(officer, text, tolerant=tolerant)


def _timed(what: str, searches: Sequence[Callable[[], None]]) -> Speed:
    taken = []
    for one in searches:
        begun = perf_counter()
        one()
        taken.append(1000 * (perf_counter() - begun))
    taken.sort()
    return Speed(what, statistics.median(taken), taken[int(len(taken) * 0.95)], taken[-1])


def facts() -> str:
    """What lies there, for the report."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('documents_document'))")
        size = cursor.fetchone()[0]
    return f"{Document.objects.count()} documents, {Word.objects.count()} words, {size}"
