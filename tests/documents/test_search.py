from __future__ import annotations

import contextlib

import pytest
from django.test import Client
from django.urls import reverse

from ilex.documents import actions, index, queries
from ilex.documents.errors import Refused
from ilex.documents.models import Document, Word
from ilex.documents.queries.nearness import distance
from ilex.documents.queries.search import excerpt
from ilex.index import LENGTH
from ilex.journal.models import Line
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.documents.conftest import Drawer, sealed
from tests.documents.daemon import EICAR, Daemon
from tests.documents.test_jobs import examined
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db


def kept(ana: Officer, drawer: Drawer, text: str, name: str = "note.txt", **more: object) -> Document:
    return examined(actions.keep(sealed(text.encode(), name), drawer.place, by=ana, **more))  # type: ignore[arg-type]


def titles(officer: Officer, text: str, *, tolerant: bool = False) -> list[str]:
    return [row.title for row in queries.search(officer, text, tolerant=tolerant).rows]


@pytest.mark.parametrize(
    "text",
    [
        "Марковић",
        "MARKOVIĆ",
        "markovic",
        "Marković Марко",
        "BG-123-AA",
        "БГ-123-АА",
        "მარკო",
        "Մարկո",
        "изјава",
        "Izjava",
        "marko mar",
    ],
)
def test_document_is_found_in_every_script(ana: Officer, drawer: Drawer, text: str) -> None:
    kept(ana, drawer, "Марко Марковић је возио BG-123-AA. მარკო Մարկո", "Изјава.txt")
    kept(ana, drawer, "something else", "other.txt")
    assert titles(ana, text) == ["Изјава.txt"]


def test_all_words_must_stand_in_it_and_newest_comes_first(ana: Officer, drawer: Drawer) -> None:
    kept(ana, drawer, "red car", "old.txt")
    kept(ana, drawer, "red car again", "new.txt")
    kept(ana, drawer, "red bicycle", "bicycle.txt")
    assert titles(ana, "car red") == ["new.txt", "old.txt"]


def test_tolerant_search_forgives_a_letter_and_exact_does_not(ana: Officer, drawer: Drawer) -> None:
    kept(ana, drawer, "Шевченко and Bergström met in Belgrade", "note.txt")
    assert titles(ana, "Shevchemko") == []
    (row,) = queries.search(ana, "Shevchemko Belgrad", tolerant=True).rows
    assert (row.title, row.excerpt) == ("note.txt", "Шевченко and Bergström met in Belgrade")
    assert titles(ana, "Begrstrom", tolerant=True) == ["note.txt"]
    assert titles(ana, "Petrovic", tolerant=True) == []


def test_numbers_are_never_guessed(ana: Officer, drawer: Drawer) -> None:
    kept(ana, drawer, "account 1234567890", "note.txt")
    assert titles(ana, "1234567891", tolerant=True) == []
    assert not Word.objects.filter(word="1234567890").exists()


def test_only_what_he_may_see_is_found(ana: Officer, bojan: Officer, drawer: Drawer) -> None:
    kept(ana, drawer, "a secret word")
    circle = Circle.objects.create(name="Source 7")
    circle.officers.add(ana)
    closed = kept(ana, drawer, "another secret word", circle=circle)
    assert titles(bojan, "secret") == []
    drawer.officers.add(bojan.pk)
    assert titles(bojan, "secret") == ["note.txt"]
    assert len(titles(ana, "secret")) == 2
    actions.remove(closed, by=ana, reason="Wrong case.")
    assert len(titles(ana, "secret")) == 1


def test_what_others_own_hides_nothing_of_ones_own(ana: Officer, bojan: Officer, drawer: Drawer) -> None:
    mine = kept(ana, drawer, "common word", "mine.txt")
    other = Drawer()
    for number in range(250):
        actions.keep(sealed(b"x"), other.place, by=bojan, title=f"common word {number}")
    assert titles(ana, "common") == [mine.title]


def test_malware_is_not_found_by_its_words(ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    kept(ana, drawer, "harmless words " + EICAR.decode(), "bad.txt")
    assert titles(ana, "harmless") == []


def test_search_is_a_consultation(ana: Officer, drawer: Drawer) -> None:
    document = kept(ana, drawer, "a word")
    titles(ana, "word")
    line = Line.objects.get(act="document.searched")
    assert (line.detail["text"], line.detail["found"]) == ("word", [str(document.pk)])


def test_supervisor_gives_a_reason_and_an_empty_search_is_refused(
    ana: Officer, house: Organisation, drawer: Drawer
) -> None:
    kept(ana, drawer, "a word")
    dora = officer("dora", [Role.PROTECTION], house)
    with pytest.raises(Refused, match="reason"):
        queries.search(dora, "word")
    assert queries.search(dora, "word", reason="Complaint 7").rows
    with pytest.raises(Refused, match="Type a word"):
        queries.search(ana, " … ")


@pytest.mark.parametrize("text", ["' & | ! ( ) :*", "a:* | b", "'; DROP TABLE x; --", "\\'", "%_", "\0", "(((" * 60])
def test_text_that_is_no_text_finds_nothing_and_breaks_nothing(ana: Officer, drawer: Drawer, text: str) -> None:
    kept(ana, drawer, "a word")
    with contextlib.suppress(Refused):
        queries.search(ana, text, tolerant=True)


def test_distance_counts_letters_that_are_wrong() -> None:
    assert distance("petar", "petar", 2) == 0
    assert distance("petar", "petra", 2) == 1
    assert distance("petar", "peter", 2) == 1
    assert distance("petar", "ptar", 2) == 1
    assert distance("petar", "marko", 2) == 3


def test_excerpt_stands_around_the_word_in_its_own_script() -> None:
    text = "почетак " * 50 + "Марко Марковић возио " + "крај " * 50
    assert "Марковић" in excerpt(text, {"markovic"})
    assert excerpt(text, {"nothing"}).startswith("почетак")


def test_text_of_long_words_fits_into_the_index(ana: Officer, drawer: Drawer) -> None:
    text = " ".join(f"{number:05}{'q' * 55}" for number in range(16_000))
    assert kept(ana, drawer, text).reading == Document.Reading.READ
    assert titles(ana, f"00007{'q' * 55}") == ["note.txt"]


def test_what_he_may_not_see_is_not_proposed_either(ana: Officer, bojan: Officer, drawer: Drawer) -> None:
    kept(ana, drawer, "Bergström")
    assert queries.search(bojan, "Bergstrim", tolerant=True).rows == ()


def test_words_are_bounded() -> None:
    assert len(index.words(" ".join(f"w{n}" for n in range(30_000)))) == index.WORDS
    assert max(map(len, index.words("x" * 5000))) <= LENGTH


def test_page_finds_and_offers_a_tolerant_search(client: Client, ana: Officer, drawer: Drawer) -> None:
    client.force_login(ana)
    kept(ana, drawer, "Шевченко met somebody", "note.txt")
    assert client.get(reverse("documents")).status_code == 200
    assert "Nothing was found" in client.get(reverse("documents"), {"q": "Shevchemko"}).content.decode()
    shown = client.get(reverse("documents"), {"q": "Shevchemko", "tolerant": "on"}).content.decode()
    assert "note.txt" in shown
    assert "D-1" in shown
    assert client.get(reverse("documents"), {"q": "?"}).status_code == 422
