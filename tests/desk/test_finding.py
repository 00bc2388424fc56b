"""One text looked for in all rooms, and searches that tell when there is something new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ilex.desk import searches, tiles
from ilex.desk.models import SavedSearch
from ilex.journal.models import Line
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer

pytestmark = pytest.mark.django_db


def found_by(who: Officer, text: str, rooms: tuple[str, ...] = ()) -> dict[str, list[str]]:
    return {finder.name: [hit.caption for hit in hits.rows] for finder, hits in searches.find(who, text, rooms)}


def test_a_name_is_found_in_another_script(as_ana: Client, ceca: Ceca, ana: Officer) -> None:
    asked = ceca.asks(requested_information="Кому припаѓа возилото на Ѓорѓи Измислен?")
    assert found_by(ana, "Gjorgji")["requests"] == [asked.our_ref]
    page = as_ana.get(reverse("find"), {"q": "gorgi izmislen"}).content.decode()
    assert asked.our_ref in page
    assert "Keep this search" in page


def test_each_look_is_a_consultation_with_its_reason(ana: Officer, ceca: Ceca) -> None:
    ceca.asks()
    searches.find(ana, "возило", ["requests"], "tip from the hotline")
    line = Line.objects.filter(act="request.searched").latest("at")
    assert (line.op, line.reason, line.by) == ("consultation", "tip from the hotline", str(ana.pk))


def test_only_the_chosen_rooms_are_asked_and_only_those_he_may_use(ana: Officer, house: Organisation) -> None:
    assert set(found_by(ana, "возило", ("requests",))) == {"requests"}
    auditor = officer("revizor", [Role.AUDITOR], house)
    assert searches.chosen(auditor, ()) == []


def test_who_supervises_is_asked_for_a_reason(client: Client, house: Organisation) -> None:
    client.force_login(officer("zastita", [Role.PROTECTION], house))
    assert client.get(reverse("find"), {"q": "возило"}).status_code == 422
    assert client.get(reverse("find"), {"q": "возило", "reason": "complaint 12"}).status_code == 200


def test_a_text_without_a_word_is_told_so(as_ana: Client) -> None:
    answer = as_ana.get(reverse("find"), {"q": "…"})
    assert answer.status_code == 422
    assert "Type a word" in answer.content.decode()


def test_a_kept_search_tells_only_what_is_new(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    ceca.asks(reference="MK-1", requested_information="Кому припаѓа возилото?")
    as_ana.post(reverse("search-keep"), {"q": "возило", "reason": "case 7", "alert": "1"})
    kept = SavedSearch.objects.get(officer=ana)
    later = now() + searches.EVERY + timedelta(minutes=1)
    searches.look(at=later)
    kept.refresh_from_db()
    assert kept.fresh == []

    newer = ceca.asks(reference="MK-2", requested_information="Кому припаѓа возилото?")
    searches.look(at=later)  # not due: nothing happens
    kept.refresh_from_db()
    assert kept.fresh == []
    searches.look(at=later + searches.EVERY)
    kept.refresh_from_db()
    assert kept.fresh == [f"requests:{newer.pk}"]
    assert [tile.count for tile in tiles.tiles(ana) if tile.name == "searches"] == [1]
    assert "1 new" in as_ana.get(reverse("find")).content.decode()

    assert newer.our_ref in as_ana.post(reverse("search-look", args=[kept.pk]), follow=True).content.decode()
    kept.refresh_from_db()
    assert kept.fresh == []
    searches.look(at=later + 2 * searches.EVERY)
    kept.refresh_from_db()
    assert kept.fresh == []


def test_a_kept_search_belongs_to_its_officer(client: Client, ana: Officer, bojan: Officer) -> None:
    kept = searches.keep(ana, "возило", ["requests"], reason="case 7", alert=True)
    client.force_login(bojan)
    assert client.post(reverse("search-look", args=[kept.pk])).status_code == 404
    assert client.post(reverse("search-drop", args=[kept.pk])).status_code == 404
    assert "case 7" not in client.get(reverse("find")).content.decode()


def test_a_kept_search_ends_with_its_purpose(ana: Officer) -> None:
    kept = searches.keep(ana, "возило", ["requests"], reason="case 7", alert=True)
    searches.look(at=now() + searches.LASTS + timedelta(days=2))
    kept.refresh_from_db()
    assert kept.look_at is None


def test_a_search_is_kept_with_a_reason_and_thrown_away(as_ana: Client, ana: Officer) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        searches.keep(ana, "возило", reason=" ", alert=False)
    kept = searches.keep(ana, "возило", ["requests"], reason="case 7", alert=False)
    as_ana.post(reverse("search-drop", args=[kept.pk]))
    assert not SavedSearch.objects.exists()
    assert Line.objects.filter(act="search.dropped", object_id=str(kept.pk)).exists()
